"""Names of the old pact that a new one should no longer say: organisations renamed since, people elected then."""

from partners.models import Contact, OrganisationName, Signature


def names(pact):
    """[(what, word)] for pti.traces."""
    old = pact.previous
    renamed = OrganisationName.objects.filter(
        organisation__partners__pact__in=[pact, old], is_alias=False, ends_on__isnull=False
    )
    words = [("Ancien nom d’un organisme", one.name) for one in renamed.distinct()]
    elected = Contact.objects.filter(pact=old, is_elected=True)
    words += [("Personne élue du pacte précédent", str(one)) for one in elected]
    signed = Signature.objects.filter(partner__pact=old).values_list("signatory", flat=True)
    return words + [("Signataire du pacte précédent", name) for name in signed if name]
