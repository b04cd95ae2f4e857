"""A `<script>` is tried by every way in: form, import of facts and of our own format, admin, restore from the journal."""

import json

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from actions.models import Action
from pti import exchange
from pti.enums import LegalTextKind, Role
from pti.importing import import_file
from pti.models import LegalText, Pact, Section
from tests.emptied import empty_base
from tests.factories.pti import PactFactory, SectionFactory, person
from tests.world import log_in

EVIL = '<p>Un <strong>constat</strong></p><script>alert(1)</script><p onclick="alert(2)">Suite</p>'
CLEAN = "<p>Un <strong>constat</strong></p><p>Suite</p>"


@pytest.fixture
def pact():
    return PactFactory()


def test_by_form(client, pact):
    client.force_login(person(Role.OFFICER, pact))
    response = client.post(reverse("piece_add", args=[pact.pk, "section"]), {"title": "Préambule", "text": EVIL})
    assert response.status_code == 302
    assert Section.objects.get().text == CLEAN


def test_by_import_of_facts(db):
    facts = json.loads((settings.BASE_DIR / "evaluation" / "demo" / "indre-et-loire-2015-2017.json").read_text("utf-8"))
    axis = next(axis for axis in facts["axes"] if axis["actions"])
    axis["actions"][0]["diagnosis"] = EVIL
    few = {key: facts[key] for key in ("title", "department", "period")}
    import_file(json.dumps({**few, "axes": [axis]}).encode())
    texts = [text for row in Action.objects.values_list("diagnosis", "objectives", "content") for text in row]
    assert any("constat" in text for text in texts)
    assert [text for text in texts if "<script" in text or "<p onclick" in text] == []


def test_by_import_of_our_own_format(pact):
    SectionFactory(pact=pact, text="<p>GABARIT</p>")
    content = exchange.export_bytes(pact).decode().replace("<p>GABARIT</p>", json.dumps(EVIL, ensure_ascii=False)[1:-1])
    assert "<script>" in content
    empty_base()
    again = exchange.load(*exchange.read(content.encode()))
    assert Section.objects.get(pact=again).text == CLEAN


def test_by_admin(client, pact):
    animator = person(Role.ANIMATOR)
    log_in(client, animator)
    text, _ = LegalText.objects.get_or_create(kind=LegalTextKind.LEGAL)
    url = reverse("admin:pti_legaltext_change", args=[text.pk])
    form = client.get(url).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields} | {"text": EVIL}
    assert client.post(url, data).status_code == 302
    text.refresh_from_db()
    assert text.text == CLEAN


def test_by_restore_from_the_journal(client, pact):
    section = SectionFactory(pact=pact, text="<p>Avant</p>")
    past = section.history.first()
    with connection.cursor() as cursor:  # a past older than the cleaning; the journal itself refuses every write
        cursor.execute(f"UPDATE {past._meta.db_table} SET text = %s WHERE history_id = %s", [EVIL, past.pk])
    section.text = "<p>Après</p>"
    section.save()
    client.force_login(person(Role.OFFICER, pact))
    client.post(reverse("row_restore", args=[pact.pk, "pti.section", section.uid, past.pk]))
    section.refresh_from_db()
    assert section.text == CLEAN
    assert "<script>alert" not in client.get(pact.get_absolute_url()).content.decode()


def test_no_stored_text_of_a_pact_has_a_script(pact):
    pact.audience_definition = EVIL
    pact.save()
    assert Pact.objects.get(pk=pact.pk).audience_definition == CLEAN
