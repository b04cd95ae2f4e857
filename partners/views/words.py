"""What partners say and who speaks for them: commitments, agreements, contacts."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from partners import access
from partners.forms import AgreementForm, CommitmentForm, CommitmentUpdateForm, ContactForm
from partners.models import Agreement, Commitment, Contact, Partner, PartnerDocument
from partners.services import invite_contact, tell_commitment
from partners.signals import commitment_told
from pti.access import is_animator_on, is_staff_on, require
from pti.documents import attach, detach
from pti.forms import saved
from pti.views import pact_or_404


def entry(request, pact, form, *, title, verb, back, done, delete_url=""):
    """One form on a page: save, say so, go back."""
    if request.method == "POST" and saved(form):
        messages.success(request, done)
        return redirect(back)
    context = {"pact": pact, "form": form, "title": title, "verb": verb, "back": back, "delete_url": delete_url}
    return render(request, "partners/entry_form.html", context)


def confirm_delete(request, pact, row, *, title, back, done):
    """Asked by GET, done by POST."""
    if request.method == "POST":
        row.delete()
        messages.success(request, done)
        return redirect(back)
    return render(request, "partners/confirm_delete.html", {"pact": pact, "row": row, "title": title, "back": back})


def home_of(pact, partner):
    """Where a commitment is read: its partner's page, or the pact's."""
    return partner.get_absolute_url() if partner is not None else f"{pact.get_absolute_url()}#engagements"


def commitment_add(request, pact_pk):
    """By staff, for any partners or for all."""
    pact = pact_or_404(request.user, pact_pk)
    require(is_staff_on(request.user, pact) and not pact.is_frozen)
    row = Commitment(pact=pact, order=next_order(pact))
    form = CommitmentForm(request.POST or None, instance=row, pact=pact)
    return entry(
        request, pact, form, title="Ajouter un engagement", verb="Enregistrer l’engagement", back=home_of(pact, None),
        done="Engagement enregistré.",
    )  # fmt: skip


def next_order(pact):
    last = pact.commitments.aggregate(last=Max("order"))["last"]
    return 0 if last is None else last + 1


def own_commitment_add(request, pact_pk, pk):
    """A commitment of one partner: by staff, or by its own people."""
    pact = pact_or_404(request.user, pact_pk)
    partner = get_object_or_404(Partner.objects.filter(pact=pact).select_related("organisation", "pact"), pk=pk)
    require(access.can_add_commitment(request.user, partner))
    row = Commitment(pact=pact, order=next_order(pact))
    form = CommitmentForm(request.POST or None, instance=row, pact=pact, only=partner)
    return entry(
        request, pact, form, title=f"Ajouter un engagement : {partner}", verb="Enregistrer l’engagement",
        back=partner.get_absolute_url(), done="Engagement enregistré.",
    )  # fmt: skip


def commitment_or_404(request, pact_pk, pk):
    """The pact, one of its commitments that the person may write, and the partner that it is alone to bind."""
    pact = pact_or_404(request.user, pact_pk)
    row = get_object_or_404(Commitment.objects.filter(pact=pact).prefetch_related("partners__organisation"), pk=pk)
    require(access.can_write_commitment(request.user, row))
    partners = list(row.partners.all())
    return pact, row, partners[0] if len(partners) == 1 else None


def commitment_edit(request, pact_pk, pk):
    pact, row, partner = commitment_or_404(request, pact_pk, pk)
    only = None if is_staff_on(request.user, pact) else partner
    form = CommitmentForm(request.POST or None, instance=row, pact=pact, only=only)
    return entry(
        request, pact, form, title="Modifier l’engagement", verb="Enregistrer l’engagement", back=home_of(pact, partner),
        done="Engagement enregistré.", delete_url=reverse("partners:commitment_delete", args=[pact.pk, row.pk]),
    )  # fmt: skip


def commitment_delete(request, pact_pk, pk):
    pact, row, partner = commitment_or_404(request, pact_pk, pk)
    return confirm_delete(
        request, pact, row, title="Supprimer l’engagement", back=home_of(pact, partner), done="Engagement supprimé."
    )


def commitment_tell(request, pact_pk, pk):
    """Whether it is kept: said by its partner, or by staff in its name."""
    pact = pact_or_404(request.user, pact_pk)
    row = get_object_or_404(Commitment.objects.filter(pact=pact).prefetch_related("partners__organisation"), pk=pk)
    row.pact = pact
    require(access.can_tell_commitment(request.user, row))
    staff, partners = is_staff_on(request.user, pact), list(row.partners.all())
    own = partners if staff else [one for one in partners if access.acts_for(request.user, one)]
    speaker = own[0] if len(own) == 1 or (own and not staff) else None
    form = CommitmentUpdateForm(request.POST or None)
    if form.is_valid():
        organisation = speaker and speaker.organisation
        told = tell_commitment(
            commitment=row, by=request.user, organisation=organisation, on_behalf=staff and organisation is not None,
            **form.cleaned_data,
        )  # fmt: skip
        commitment_told.send(type(told), update=told)
        messages.success(request, "Suivi enregistré.")
        return redirect(home_of(pact, speaker))
    context = {"pact": pact, "form": form, "one": row, "partner": speaker, "back": home_of(pact, speaker)}
    return render(request, "partners/commitment_tell.html", context)


def agreement_add(request, pact_pk):
    """Conventions live beside the pact: staff write them whatever its state."""
    pact = pact_or_404(request.user, pact_pk)
    require(is_staff_on(request.user, pact))
    form = AgreementForm(request.POST or None, instance=Agreement(pact=pact, order=pact.agreements.count()))
    return entry(
        request, pact, form, title="Ajouter une convention", verb="Enregistrer la convention",
        back=f"{pact.get_absolute_url()}#conventions", done="Convention enregistrée.",
    )  # fmt: skip


def agreement_or_404(request, pact_pk, pk):
    pact = pact_or_404(request.user, pact_pk)
    row = get_object_or_404(Agreement.objects.filter(pact=pact), pk=pk)
    require(is_staff_on(request.user, pact))
    return pact, row, f"{pact.get_absolute_url()}#conventions"


def agreement_edit(request, pact_pk, pk):
    pact, row, back = agreement_or_404(request, pact_pk, pk)
    form = AgreementForm(request.POST or None, instance=row)
    return entry(
        request, pact, form, title="Modifier la convention", verb="Enregistrer la convention", back=back,
        done="Convention enregistrée.", delete_url=reverse("partners:agreement_delete", args=[pact.pk, row.pk]),
    )  # fmt: skip


def agreement_delete(request, pact_pk, pk):
    pact, row, back = agreement_or_404(request, pact_pk, pk)
    return confirm_delete(request, pact, row, title="Supprimer la convention", back=back, done="Convention supprimée.")


def contact_add(request, pact_pk, pk):
    """A person of this partner, by staff or by its own people."""
    pact = pact_or_404(request.user, pact_pk)
    partner = get_object_or_404(Partner.objects.filter(pact=pact).select_related("organisation", "pact"), pk=pk)
    require(access.can_add_contact(request.user, partner))
    row = Contact(pact=pact, organisation=partner.organisation)
    form = ContactForm(request.POST or None, instance=row, pact=pact)
    return entry(
        request, pact, form, title=f"Ajouter un contact : {partner}", verb="Enregistrer le contact",
        back=partner.get_absolute_url(), done="Contact enregistré.",
    )  # fmt: skip


def contact_or_404(request, pact_pk, pk):
    """The pact, a contact that the person may write, and where to go back."""
    pact = pact_or_404(request.user, pact_pk)
    row = get_object_or_404(Contact.objects.filter(pact=pact).select_related("organisation", "pact", "user"), pk=pk)
    require(access.can_write_contact(request.user, row))
    partner = pact.partners.filter(organisation=row.organisation).first()
    return pact, row, partner.get_absolute_url() if partner else reverse("partners:partner_list", args=[pact.pk])


def contact_edit(request, pact_pk, pk):
    pact, row, back = contact_or_404(request, pact_pk, pk)
    form = ContactForm(request.POST or None, instance=row, pact=pact)
    return entry(
        request, pact, form, title="Modifier le contact", verb="Enregistrer le contact", back=back,
        done="Contact enregistré.", delete_url=reverse("partners:contact_delete", args=[pact.pk, row.pk]),
    )  # fmt: skip


def contact_delete(request, pact_pk, pk):
    pact, row, back = contact_or_404(request, pact_pk, pk)
    return confirm_delete(request, pact, row, title="Supprimer le contact", back=back, done="Contact supprimé.")


@require_POST
def contact_invite(request, pact_pk, pk):
    """Open an account for a contact: the animator of the pact alone gives accesses."""
    pact, row, back = contact_or_404(request, pact_pk, pk)
    require(is_animator_on(request.user, pact))
    try:
        invite_contact(contact=row, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Invitation envoyée à {row}.")
    return redirect(back)


def document_add(request, pact_pk, pk):
    """Attach a file to a partner: staff, and its own people."""
    pact = pact_or_404(request.user, pact_pk)
    partner = get_object_or_404(Partner.objects.filter(pact=pact).select_related("organisation", "pact"), pk=pk)
    require(access.can_write_documents(request.user, partner))
    crumbs = ("Partenaires", reverse("partners:partner_list", args=[pact.pk]))
    document = PartnerDocument(pact=pact, partner=partner)
    return attach(request, document, pact=pact, owner=partner, back=f"{partner.get_absolute_url()}#documents", crumbs=crumbs)


@require_POST
def document_delete(request, pact_pk, pk):
    """Remove a file of a partner; the proof of an act or of a signature stays."""
    pact = pact_or_404(request.user, pact_pk)
    rows = PartnerDocument.objects.filter(pact=pact).exclude(partner=None)
    document = get_object_or_404(rows.select_related("partner__organisation", "partner__pact"), pk=pk)
    require(access.can_write_documents(request.user, document.partner))
    return detach(request, document, back=f"{document.partner.get_absolute_url()}#documents")
