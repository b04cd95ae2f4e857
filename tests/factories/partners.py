"""Factories of the partners' floor: minimal rows, traits named after states."""

import datetime
import uuid

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from partners.enums import ApprovalBody, OpinionKind, ProposalState, SignatureMethod, Standing
from partners.models import (
    Agreement,
    Approval,
    Commitment,
    Consultation,
    ConsultedPartner,
    Contact,
    Membership,
    Opinion,
    Organisation,
    Partner,
    PartnerDocument,
    Proposal,
    Publication,
    Refusal,
    Signatory,
    Signature,
)
from pti.dates import today
from pti.enums import Role, VersionStage
from pti.models import Version, VersionDocument
from pti.versions import freeze
from tests.factories.pti import PactFactory, UserFactory, person

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisme {n}")


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = Partner

    class Params:
        signatory = factory.Trait(standing=Standing.SIGNATORY)
        conditional = factory.Trait(
            standing=Standing.SIGNATORY, is_conditional=True, condition="sous réserve de sa commission permanente"
        )

    pact = factory.SubFactory(PactFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)


def member(partner, **fields):
    """An account that acts for `partner`."""
    user = person(Role.PARTNER, partner.pact, **fields)
    MembershipFactory(user=user, organisation=partner.organisation)
    return user


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = Commitment
        skip_postgeneration_save = True

    pact = factory.SubFactory(PactFactory)
    text = "<p>Mobiliser ses conseillers.</p>"

    @factory.post_generation
    def partners(self, create, extracted, **kwargs):
        if create and extracted:
            self.partners.set(extracted)


class AgreementFactory(DjangoModelFactory):
    class Meta:
        model = Agreement

    pact = factory.SubFactory(PactFactory)
    name = factory.Sequence(lambda n: f"Convention {n}")


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    pact = factory.SubFactory(PactFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    first_name = "Claire"
    last_name = factory.Sequence(lambda n: f"Morvan{n}")
    email = factory.Sequence(lambda n: f"contact{n}@exemple.test")
    phone = "02 47 00 00 00"


class VersionFactory(DjangoModelFactory):
    """A frozen text that holds nothing: enough for what bears on it."""

    class Meta:
        model = Version

    pact = factory.SubFactory(PactFactory)
    number = factory.Sequence(lambda n: n + 1)
    frozen_on = factory.LazyFunction(today)
    content = "{}"
    sha256 = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


class PartnerDocumentFactory(DjangoModelFactory):
    class Meta:
        model = PartnerDocument

    partner = factory.SubFactory(PartnerFactory)
    pact = factory.SelfAttribute("partner.pact")
    file = factory.django.FileField(filename="deliberation.pdf", data=PDF)


class ApprovalFactory(DjangoModelFactory):
    class Meta:
        model = Approval

    class Params:
        steering = factory.Trait(kind=ApprovalBody.STEERING, partner=None, body="Comité de pilotage")

    partner = factory.SubFactory(PartnerFactory, signatory=True)
    pact = factory.LazyAttribute(lambda o: o.partner.pact if o.partner else PactFactory())
    kind = ApprovalBody.PARTNER
    body = "Conseil d’administration"
    held_on = factory.LazyFunction(today)


class PublicationFactory(DjangoModelFactory):
    """A page on line, with the PDF of its version."""

    class Meta:
        model = Publication
        skip_postgeneration_save = True

    pact = factory.SubFactory(PactFactory)
    version = factory.SubFactory(VersionFactory, pact=factory.SelfAttribute("..pact"))
    posted_on = factory.LazyFunction(today)

    @factory.post_generation
    def pdf(self, create, extracted, **kwargs):
        VersionDocument.objects.create(version=self.version, file=ContentFile(PDF, name="pacte.pdf"))


class SignatureFactory(DjangoModelFactory):
    class Meta:
        model = Signature

    partner = factory.SubFactory(PartnerFactory, signatory=True)
    version = factory.SubFactory(VersionFactory, pact=factory.SelfAttribute("..partner.pact"))
    capacity = "Directrice"
    signed_on = factory.LazyFunction(today)
    method = SignatureMethod.SCAN
    proof = factory.SubFactory(PartnerDocumentFactory, partner=factory.SelfAttribute("..partner"))


class SignatoryFactory(DjangoModelFactory):
    class Meta:
        model = Signatory

    partner = factory.SubFactory(PartnerFactory, signatory=True)
    name = "Anne Roche"
    capacity = "Directrice"
    email = "anne.roche@exemple.test"
    starts_on = factory.LazyFunction(today)


class RefusalFactory(DjangoModelFactory):
    class Meta:
        model = Refusal

    partner = factory.SubFactory(PartnerFactory, signatory=True)
    version = factory.SubFactory(VersionFactory, pact=factory.SelfAttribute("..partner.pact"))
    refused_on = factory.LazyFunction(today)
    said_by = "Conseil d’administration"
    reason = "Les moyens demandés ne sont pas au budget."


class ConsultationFactory(DjangoModelFactory):
    """An open consultation on the text of today; `partners` are those it asks."""

    class Meta:
        model = Consultation
        skip_postgeneration_save = True

    class Params:
        closed = factory.Trait(closed_on=factory.LazyFunction(today))

    pact = factory.SubFactory(PactFactory)
    title = factory.Sequence(lambda n: f"Lecture {n}")
    version = factory.LazyAttribute(lambda row: freeze(pact=row.pact, by=None, stage=VersionStage.WORKING))
    deadline = factory.LazyFunction(lambda: today() + datetime.timedelta(days=15))

    @factory.post_generation
    def partners(self, create, extracted, **kwargs):
        for partner in extracted or []:
            ConsultedPartner.objects.create(consultation=self, partner=partner)


class ProposalFactory(DjangoModelFactory):
    """A proposal on the text of a section (`target`)."""

    class Meta:
        model = Proposal

    class Params:
        target = None
        refused = factory.Trait(
            state=ProposalState.REFUSED, answer="Déjà dit ailleurs.", decided_on=factory.LazyFunction(today)
        )
        accepted = factory.Trait(state=ProposalState.ACCEPTED, answer="Merci.", decided_on=factory.LazyFunction(today))

    consultation = factory.SubFactory(ConsultationFactory)
    partner = factory.SubFactory(PartnerFactory, pact=factory.SelfAttribute("..consultation.pact"))
    target_model = "Section"
    target_uid = factory.LazyAttribute(lambda row: row.target.uid if row.target else uuid.uuid4())
    target_name = factory.LazyAttribute(lambda row: row.target.title if row.target else "Section disparue")
    field = "text"
    base = factory.LazyAttribute(lambda row: row.target.text if row.target else "<p>Ancien texte.</p>")
    text = "<p>Ce que disent ensemble les partenaires.</p>"


class OpinionFactory(DjangoModelFactory):
    class Meta:
        model = Opinion

    consultation = factory.SubFactory(ConsultationFactory)
    partner = factory.SubFactory(PartnerFactory, pact=factory.SelfAttribute("..consultation.pact"))
    kind = OpinionKind.FAVOURABLE
