"""The life of a pact on its pages: to-do list, steps, versions and their printable page."""

import json

import pytest
from django.db import connection
from django.urls import reverse

from partners.models import Partner
from pti.dates import today
from pti.enums import PactState, Role
from pti.models import Pact, Version
from pti.pact_views.versions import ROWS_OF_A_CHAPTER
from pti.services import change_state
from pti.templatetags.pti import french_date
from tests.factories.partners import PartnerFactory, SignatureFactory
from tests.factories.pti import AccessFactory, PactFactory, SectionFactory, person


@pytest.fixture
def pact():
    return PactFactory()


@pytest.fixture
def animator(client, pact):
    user = person(Role.ANIMATOR, pact)
    client.force_login(user)
    return user


def url(name, pact, *args):
    return reverse(name, args=[pact.pk, *args])


def state_of(pact):
    return Pact.objects.get(pk=pact.pk).state


def step(client, pact, to, **data):
    return client.post(url("pact_step", pact, to), {"on": f"{today():%d/%m/%Y}", **data})


def test_todo_list_links_to_the_field(client, pact, animator):
    page = client.get(url("pact_life", pact))
    assert f"{url('frame_edit', pact)}#div_id_legal_basis" in [todo.url for todo in page.context["missing"]]


@pytest.mark.parametrize("reads_it", [True, False])
def test_the_previous_pact_is_named_to_who_may_read_it(client, pact, animator, reads_it):
    pact.previous = PactFactory(title="Pacte d’avant")
    pact.save()
    if reads_it:
        AccessFactory(user=animator, pact=pact.previous, role=Role.READER)
    assert ("Pacte d’avant" in client.get(url("pact_life", pact)).content.decode()) == reads_it


def test_freezing_an_incomplete_text_demands_a_reason(client, pact, animator):
    response = step(client, pact, "adoption")
    assert set(response.context["form"].errors) == {"reason"}
    assert state_of(pact) == PactState.DRAFTING
    step(client, pact, "adoption", reason="Le comité le demande")
    assert state_of(pact) == PactState.ADOPTION
    change = pact.state_changes.get()
    assert change.overridden != []
    assert change.by == animator


def test_a_step_says_in_words_where_the_pact_stands(client, pact, animator):
    response = client.post(url("pact_step", pact, "consultation"), {"on": f"{today():%d/%m/%Y}"}, follow=True)
    assert "Le pacte est maintenant en concertation." in response.content.decode()


def test_entry_into_force_is_recorded_with_its_ground(client, pact, animator):
    change_state(pact=pact, to="adoption", by=animator, reason="x")
    assert set(step(client, pact, "in_force").context["form"].errors) == {"act"}
    step(client, pact, "in_force", act="Dernière signature")
    pact.refresh_from_db()
    assert (pact.state, pact.in_force_on, pact.state_changes.last().act) == (PactState.IN_FORCE, today(), "Dernière signature")


def test_reopening_keeps_the_version_as_replaced(client, pact, animator):
    partner = PartnerFactory(pact=pact, signatory=True)
    change_state(pact=pact, to="adoption", by=animator, reason="x")
    SignatureFactory(partner=partner, version=pact.versions.get())
    assert set(step(client, pact, "drafting").context["form"].errors) == {"reason"}
    step(client, pact, "drafting", reason="Une erreur de chiffre")
    assert "Le texte a été rouvert" in client.get(url("version_detail", pact, 1)).content.decode()
    board = client.get(url("partners:signature_board", pact)).content.decode()
    assert ("Le texte a été rouvert" in board, "Exemplaire à signer" in board) == (True, False)
    for name in ("pact_life", "pact_detail"):
        assert f"arrêtée le {french_date(today())}, remplacée" in client.get(url(name, pact)).content.decode()
    assert "la version 1 est remplacée" in client.get(partner.signing_file_url()).content.decode()
    step(client, pact, "adoption", reason="Corrigé")
    assert "Exemplaire à signer" in client.get(url("partners:signature_board", pact)).content.decode()
    assert [one.number for one in pact.versions.order_by("number")] == [1, 2]
    assert "est remplacée" in client.get(url("version_detail", pact, 1)).content.decode()
    assert "est remplacée" not in client.get(url("version_detail", pact, 2)).content.decode()


def test_a_step_that_does_not_exist_is_hidden(client, pact, animator):
    assert client.get(url("pact_step", pact, "closed")).status_code == 404
    assert client.get(url("pact_step", pact, "ailleurs")).status_code == 404


def test_officers_open_the_drafting_but_do_not_freeze(client):
    pact = PactFactory(scoping=True)
    client.force_login(person(Role.OFFICER, pact))
    step(client, pact, "drafting")
    assert state_of(pact) == PactState.DRAFTING
    assert step(client, pact, "adoption", reason="x").status_code == 403


def test_an_officer_does_not_reopen_a_text_that_was_adopted_while_she_sent_it_back_to_the_drafting(client, monkeypatch):
    """The same state by another step: from the concertation it is hers, from the adoption the animator's."""
    pact = PactFactory(state=PactState.CONSULTATION)
    client.force_login(person(Role.OFFICER, pact))

    def adopted_meanwhile(**deed):
        Pact.objects.filter(pk=pact.pk).update(state=PactState.ADOPTION)
        return change_state(**deed)

    monkeypatch.setattr("pti.pact_views.life.change_state", adopted_meanwhile)
    typed = {"on": f"{today():%d/%m/%Y}", "reason": "À revoir"}
    response = client.post(reverse("pact_step", args=[pact.pk, "drafting"]), typed)
    pact.refresh_from_db()
    assert (pact.state, len(response.context["form"].non_field_errors())) == (PactState.ADOPTION, 1)


def test_extension_needs_a_later_end(client, animator, pact):
    change_state(pact=pact, to="adoption", by=animator, reason="x")
    change_state(pact=pact, to="in_force", by=animator, act="x")
    early = client.post(url("pact_extend", pact), {"new_end_on": "31/12/2027", "reason": "Élections"})
    assert set(early.context["form"].errors) == {"new_end_on"}
    client.post(url("pact_extend", pact), {"new_end_on": "31/12/2029", "reason": "Élections", "decision": "COPIL"})
    pact.refresh_from_db()
    assert str(pact.effective_end) == "2029-12-31"
    assert "Élections" in client.get(pact.get_absolute_url()).content.decode()


def test_settings_stay_open_on_a_frozen_text(client, pact, animator):
    change_state(pact=pact, to="adoption", by=animator, reason="x")
    data = {"silence_months": "6", "late_days": "0", "alert_confidence": "support"}
    client.post(url("pact_settings", pact), data)
    pact.refresh_from_db()
    assert pact.silence_months == 6
    response = client.post(url("pact_settings", pact), data | {"silence_months": "0"})
    assert set(response.context["form"].errors) == {"silence_months"}


@pytest.fixture
def frozen(pact, animator):
    SectionFactory(pact=pact, title="Préambule", text="<p>Le texte voté.</p>")
    PartnerFactory(pact=pact, organisation__name="CAF Touraine", signatory=True)
    change_state(pact=pact, to="adoption", by=animator, reason="x")
    return Version.objects.get(pact=pact)


def test_version_page_shows_the_stored_text_and_never_the_living_rows(client, pact, frozen):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pti_section SET text = '<p>Changé en base.</p>'")
        cursor.execute("UPDATE pti_pact SET title = 'Autre titre'")
        cursor.execute("UPDATE partners_partner SET standing = 'invited'")
    html = client.get(url("version_detail", pact, 1)).content.decode()
    assert "Le texte voté." in html
    assert "Changé en base." not in html
    assert client.get(url("version_detail", pact, 1)).context["document"].signatories == ["CAF Touraine"]
    assert Partner.objects.get().standing == "invited"
    assert html.count(frozen.sha256) == 2  # the foot, and one signature page


def test_a_long_text_is_printed_in_whole_and_a_part_of_it_says_so_on_paper(client, pact, animator):
    SectionFactory.create_batch(ROWS_OF_A_CHAPTER + 1, pact=pact)
    change_state(pact=pact, to="adoption", by=animator, reason="x")
    part = client.get(url("version_detail", pact, 1)).content.decode()
    assert "data-pti-print" not in part
    assert 'class="btn btn-primary" href="?entier"' in part
    assert '<p class="pti-note mb-4">Ce texte est long' in part
    assert client.get(f"{url('version_detail', pact, 1)}?entier").content.decode().count("data-pti-print") == 1


def test_version_with_one_changed_character_says_so(client, pact, frozen):
    assert "Empreinte différente" not in client.get(url("version_detail", pact, 1)).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pti_version SET content = %s", [frozen.content.replace("voté", "votè")])
    assert "Empreinte différente" in client.get(url("version_detail", pact, 1)).content.decode()


def test_version_text_is_the_canonical_form(client, pact, frozen):
    response = client.get(url("version_text", pact, 1))
    assert response.content.decode() == frozen.content
    assert json.loads(response.content)["number"] == 1


def test_a_version_that_cannot_be_read_still_has_its_page(client, pact, frozen):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pti_version SET content = %s", ["{cassé"])
    assert "Empreinte différente" in client.get(url("version_detail", pact, 1)).content.decode()
