"""The public page of a signed pact, and its deliberations as open data."""

import csv
import datetime
import hashlib
import io
import json
import re

import pytest
from django.urls import reverse

from partners.deliberations import deliberations_of
from partners.enums import OrganisationKind, Standing
from partners.models import Publication
from partners.publishing import publish, withdraw
from pti.enums import PactState, Role
from pti.scdl import FOLDER
from pti.versions import freeze as freeze_text
from tests.factories.actions import ActionFactory, AxisFactory, UpdateFactory
from tests.factories.governance import CommitteeFactory, SeatFactory
from tests.factories.partners import (
    ApprovalFactory,
    ContactFactory,
    OrganisationFactory,
    PartnerFactory,
    PublicationFactory,
    SignatureFactory,
)
from tests.factories.pti import PactFactory, SectionFactory, freeze, person
from tests.pdf import words_of


@pytest.fixture
def pact():
    """A signed pact in force."""
    pact = PactFactory(title="Pacte de Touraine")
    SectionFactory(pact=pact, title="Nos ambitions", text="<p>Lever les freins.</p>")
    ActionFactory(pact=pact, axis=AxisFactory(pact=pact, title="Mobilité"), title="Garage solidaire")
    secret = ContactFactory(pact=pact, last_name="Secret", email="secret@exemple.test", phone="0247000000")
    SeatFactory(committee=CommitteeFactory(pact=pact, name="Comité réservé"), holder=secret, organisation=secret.organisation)
    partner = PartnerFactory(pact=pact, organisation__name="CAF Touraine", standing=Standing.SIGNATORY)
    version = freeze_text(pact=pact, by=None)
    SignatureFactory(partner=partner, version=version, signatory="Marie Exemple", capacity="Directrice")
    return freeze(pact, PactState.IN_FORCE)


@pytest.fixture
def animator(client, pact):
    user = person(Role.ANIMATOR, pact)
    client.force_login(user)
    return user


@pytest.fixture
def drafted():
    return PactFactory()


@pytest.fixture
def reader(client, drafted):
    user = person(Role.READER, drafted)
    client.force_login(user)
    return user


def edit(pact):
    return reverse("partners:publication_edit", args=[pact.pk])


@pytest.mark.django_db
def test_the_animator_puts_the_pact_on_line_for_everybody(client, pact, animator):
    client.post(edit(pact))
    row = Publication.objects.get()
    client.logout()
    text = client.get(row.get_absolute_url()).content.decode()
    for said in ("Pacte de Touraine", "Nos ambitions", "Lever les freins.", "CAF Touraine", "Marie Exemple", "Directrice"):
        assert text.count(said) >= 1, said
    assert row.version.sha256 in text
    pdf = client.get(reverse("partners:public_pact_pdf", args=[row.uid])).content
    assert pdf.startswith(b"%PDF-")
    assert hashlib.sha256(pdf).hexdigest() in text


@pytest.mark.django_db
def test_the_public_page_says_nothing_else(client, pact, animator):
    UpdateFactory(action=pact.actions.get(), blocking_point="Un blocage interne")
    row = publish(pact=pact, by=animator)
    pages = [client.get(row.get_absolute_url()).content.decode()]
    pages.append(words_of(client.get(reverse("partners:public_pact_pdf", args=[row.uid])).content))
    for hidden in ("Secret", "secret@exemple.test", "0247000000", "Un blocage interne"):
        assert [page for page in pages if hidden in page] == [], hidden
    assert ["Comité réservé" in page for page in pages] == [False, True]


@pytest.mark.django_db
def test_a_page_taken_down_answers_no_more_and_comes_back_where_it_was(client, pact, animator):
    row = publish(pact=pact, by=animator)
    client.post(edit(pact), {"retirer": "1"})
    client.logout()
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.get(reverse("partners:public_pact_pdf", args=[row.uid])).status_code == 404
    again = publish(pact=pact, by=animator)
    assert again.get_absolute_url() == row.get_absolute_url()
    assert client.get(row.get_absolute_url()).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("state", [PactState.DRAFTING, PactState.ADOPTION, PactState.SIGNATURE])
def test_nothing_is_published_before_it_is_in_force(client, animator, pact, state):
    freeze(pact, state)
    page = client.post(edit(pact), follow=True)
    assert "Un pacte se publie une fois en vigueur." in page.content.decode()
    assert not Publication.objects.exists()


@pytest.mark.django_db
def test_a_later_version_waits_for_the_animator(client, pact, animator):
    row = publish(pact=pact, by=animator)
    freeze_text(pact=pact, by=animator)
    assert "la page montre la version 1" in client.get(edit(pact)).content.decode()
    client.post(edit(pact))
    row.refresh_from_db()
    assert row.version.number == 2


@pytest.mark.django_db
def test_a_page_is_withdrawn_once(pact, animator):
    row = withdraw(publication=publish(pact=pact, by=animator), by=animator)
    with pytest.raises(Exception, match="déjà retirée"):
        withdraw(publication=row, by=animator)


# Deliberations as open data -------------------------------------------------------------------------------------------


def council(pact, **fields):
    organisation = OrganisationFactory(name="Ville de Tours", kind=OrganisationKind.AUTHORITY, siret="21370261800011")
    partner = PartnerFactory(pact=pact, organisation=organisation, standing=Standing.SIGNATORY)
    return ApprovalFactory(
        partner=partner, pact=pact, act_number="2026-114", held_on=datetime.date(2026, 6, 19), present=30, absent=2, voters=30,
        votes_for=29, votes_against=0, abstentions=1, **fields,
    )  # fmt: skip


def published(client, pact):
    response = client.get(reverse("partners:deliberation_export", args=[pact.pk]))
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8"))))


@pytest.mark.django_db
def test_the_file_follows_our_transcription_of_the_schema(client, drafted, reader):
    council(drafted)
    rows = published(client, drafted)
    heads = ("COLL_NOM", "DELIB_ID", "DELIB_DATE", "VOTE_EFFECTIF")
    assert [tuple(row[head] for head in heads) for row in rows] == [("Ville de Tours", "2026-114", "2026-06-19", "32")]
    fields = json.loads((FOLDER / "deliberations-2.1.json").read_text())["fields"]
    assert [field["name"] for field in fields] == list(rows[0])
    for field in fields:
        rules, value = field.get("constraints", {}), rows[0][field["name"]]
        assert value or not rules.get("required"), field["name"]
        assert not value or re.fullmatch(rules.get("pattern", ".*"), value), field["name"]


@pytest.mark.django_db
def test_an_act_that_lacks_what_the_schema_demands_is_told_and_left_out(client, drafted, reader):
    act = council(drafted)
    act.act_number = ""
    act.save()
    organisation = act.partner.organisation
    organisation.siret = ""
    organisation.save()
    assert published(client, drafted) == []
    assert deliberations_of(drafted)[0].lacks == "le SIRET de l’organisme manque, le numéro de l’acte manque"


@pytest.mark.django_db
def test_an_act_of_another_kind_of_body_is_not_in_the_file(client, drafted, reader):
    ApprovalFactory(partner=PartnerFactory(pact=drafted, standing=Standing.SIGNATORY), pact=drafted)
    assert deliberations_of(drafted) == []


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_act_as_for_three(client, drafted, reader, count, django_assert_num_queries):
    for number in range(count):
        organisation = OrganisationFactory(kind=OrganisationKind.AUTHORITY)
        partner = PartnerFactory(pact=drafted, organisation=organisation, standing=Standing.SIGNATORY)
        ApprovalFactory(partner=partner, pact=drafted, act_number=str(number))
    with django_assert_num_queries(6):
        response = client.get(reverse("partners:deliberation_list", args=[drafted.pk]))
    assert len(response.context["page"].object_list) == count


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_public_page_asks_as_many_queries_for_one_signature_as_for_three(client, count, django_assert_num_queries):
    row = PublicationFactory()
    for _ in range(count):
        SignatureFactory(partner=PartnerFactory(pact=row.pact, standing=Standing.SIGNATORY), version=row.version)
    with django_assert_num_queries(4):
        response = client.get(row.get_absolute_url())
    assert len(response.context["signatures"]) == count
