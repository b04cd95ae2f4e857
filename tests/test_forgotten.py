"""A person who asks to be forgotten leaves no trace: every text of every table is read after the act."""

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from partners.enums import OpinionKind
from partners.models import Contact, Proposal, Signatory
from partners.services import invite_contact
from pti.accounts import invite
from pti.enums import Role
from pti.models import User
from tests.factories.partners import ConsultationFactory, ContactFactory, PartnerFactory, ProposalFactory, member
from tests.factories.pti import PactFactory, SectionFactory, person
from tests.factories.whole import DAY, whole_pact
from tests.filling import fill
from tests.world import log_in

TRACES = ("zwingelstein", "0612345678", "06 12 34 56 78")


def traces():
    """(table, column) of every stored text that still names the person: every table is read whole, once."""
    quote, found = connection.ops.quote_name, set()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            columns = model._meta.concrete_fields
            texts = ", ".join(f"CAST({quote(column.column)} AS TEXT)" for column in columns)
            cursor.execute(f"SELECT {texts} FROM {quote(model._meta.db_table)}")
            rows = cursor.fetchall()
            found |= {f"{model._meta.label}.{one.name}" for at, one in enumerate(columns) if names(row[at] for row in rows)}
    return sorted(found)


def names(texts):
    """True when one of these stored texts names the person, in whatever letters."""
    text = "\n".join(filter(None, texts)).lower()
    return any(trace in text for trace in TRACES)


def test_nothing_names_a_forgotten_account(client, mailoutbox):
    pact = whole_pact()
    contact = Contact.objects.create(
        pact=pact,
        organisation=pact.partners.first().organisation,
        first_name="Ada",
        last_name="Zwingelstein",
        email="ada.zwingelstein@caf.example",
        phone="06 12 34 56 78",
    )
    partner = pact.partners.signatories().first()
    named = {"name": "Ada Zwingelstein", "email": "Ada.Zwingelstein@caf.example", "capacity": "Directrice", "starts_on": DAY}
    Signatory.objects.create(partner=partner, contact=contact, ends_on=DAY, **named)
    Signatory.objects.create(partner=pact.partners.exclude(pk=partner.pk).first(), **named)
    user = invite_contact(contact=contact, by=person(Role.ANIMATOR, None))
    client.post(reverse("account_login"), {"email": user.email})
    log_in(client, user)
    client.get("/")
    assert traces()
    call_command("forget_person", user=user.email)
    assert traces() == []


def test_nothing_names_who_answered_a_consultation(client):
    """Her own answers, and the one that the staff recorded under her name; those of others keep theirs."""
    pact = PactFactory()
    section = SectionFactory(pact=pact, text="<p>Le pacte dure trois ans.</p>")
    partner = PartnerFactory(pact=pact)
    consultation = ConsultationFactory(pact=pact, partners=[partner])
    whole = {"first_name": "Ada", "last_name": "Zwingelstein"}
    ContactFactory(pact=pact, organisation=partner.organisation, email="ada@caf.example", **whole)
    user = member(partner, email="ada@caf.example", **whole)
    log_in(client, user)
    base = [pact.pk, consultation.pk]
    fill(client, reverse("partners:proposal_add", args=[*base, section.uid, "text"]), text="Le pacte dure cinq ans.")
    fill(client, reverse("partners:opinion_edit", args=base), kind=OpinionKind.FAVOURABLE)
    on_behalf = {"consultation": consultation, "partner": partner, "target": section, "on_behalf": True}
    ProposalFactory(author_name="Ada Zwingelstein", **on_behalf)
    ProposalFactory(author_name="Paul Martin", **on_behalf)
    assert "partners.Opinion.author_name" in traces()
    assert "partners.Proposal.author_name" in traces()
    call_command("forget_person", user=user.email)
    assert traces() == []
    assert [one.author_name for one in Proposal.objects.order_by("pk")] == ["", "", "Paul Martin"]


def test_nothing_names_a_forgotten_officer(client):
    """Staff write, and the journal and the versions follow."""
    pact = whole_pact()
    user = invite(
        email="ada.zwingelstein@departement.example",
        role=Role.OFFICER,
        pact=pact,
        first_name="Ada",
        last_name="Zwingelstein",
        phone="06 12 34 56 78",
    )
    log_in(client, user)
    fill(client, f"/pactes/{pact.pk}/cadre/modifier/", subtitle="Nouveau")
    call_command("forget_person", user=user.email)
    assert traces() == []
    assert User.objects.get(pk=user.pk).is_active is False


def test_nothing_names_a_forgotten_contact(client):
    pact = whole_pact()
    contact = Contact.objects.create(
        pact=pact,
        organisation=pact.partners.first().organisation,
        last_name="Zwingelstein",
        email="ada.zwingelstein@caf.example",
    )
    contact.last_name = "Zwingelstein-Martin"
    contact.save()
    call_command("forget_person", contact=str(contact.uid))
    assert traces() == []
