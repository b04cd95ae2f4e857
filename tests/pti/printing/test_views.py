"""The files of a pact: what is asked for, by whom, of which text."""

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Action
from pti.enums import PactState
from pti.models import Pact, VersionDocument
from pti.printing import document_of, pdf_of
from pti.printing.nodes import text_of_nodes
from pti.services import change_state
from pti.versions import draft_of, is_intact, late_row
from tests.factories.actions import ActionFactory
from tests.factories.partners import VersionFactory
from tests.factories.pti import SectionFactory, person
from tests.factories.whole import whole_pact

HEADS = {"pdf": b"%PDF-1.7", "livret": b"%PDF-1.", "docx": b"PK", "odt": b"PK"}


@pytest.fixture
def pact(db):
    return whole_pact()


@pytest.fixture
def animator(pact, client):
    user = person("animator", pact)
    client.force_login(user)
    return user


@pytest.mark.parametrize("form", HEADS)
def test_pact_is_given_in_each_form(client, animator, pact, form):
    response = client.get(reverse("pact_print", args=[pact.pk, form]))
    assert (response.status_code, response.content.startswith(HEADS[form])) == (200, True)
    assert response["Content-Disposition"].startswith('attachment; filename="pacte-ete-projet')


def test_the_name_of_the_file_keeps_every_letter(client, animator, pact):
    Pact.objects.update(title="Mise en œuvre")
    response = client.get(reverse("pact_print", args=[pact.pk, "odt"]))
    assert response["Content-Disposition"].startswith('attachment; filename="mise-en-oeuvre-projet')


def test_unknown_form_is_not_found(client, animator, pact):
    assert client.get(reverse("pact_print", args=[pact.pk, "rtf"])).status_code == 404


def test_a_partner_who_joined_after_the_text_has_its_file_too(client, animator, pact):
    partner = pact.partners.exclude(joined_on=None).get()
    said = draft_of(pact)
    with pytest.raises(LookupError):
        document_of(said, only=("engagements", str(partner.uid)))
    words = text_of_nodes(document_of(said, only=("engagements", str(partner.uid)), late=late_row(pact, partner.uid)).body)
    assert partner.organisation.name in words
    assert "A adhéré au pacte le" in words
    address = reverse("extract_print", args=[pact.pk, "engagements", partner.uid, "odt"])
    assert client.get(address).content.startswith(b"PK")
    assert address in client.get(partner.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["fiche", "axe", "engagements"])
def test_piece_is_given_alone(client, animator, pact, name):
    row = {"fiche": pact.actions, "axe": pact.axes, "engagements": pact.partners.filter(joined_on=None)}[name].first()
    response = client.get(reverse("extract_print", args=[pact.pk, name, row.uid, "odt"]))
    assert zipfile.ZipFile(io.BytesIO(response.content)).read("mimetype") == b"application/vnd.oasis.opendocument.text"


def test_piece_of_another_pact_is_not_found(client, animator, pact):
    other = Pact.objects.create(title="Autre")
    theirs = Action.objects.create(pact=other, title="La leur")
    assert client.get(reverse("extract_print", args=[pact.pk, "fiche", theirs.uid, "odt"])).status_code == 404


def test_adoption_keeps_the_pdf_with_the_version(animator, pact):
    change_state(pact=pact, to=PactState.CONSULTATION, by=animator)
    change_state(pact=pact, to=PactState.ADOPTION, by=animator, reason="Prêt")
    version = pact.versions.first()
    kept = VersionDocument.objects.get(version=version)
    with kept.file.open() as stored:
        assert stored.read() == pdf_of(version)
    assert is_intact(version)


def test_version_without_pdf_is_printed_from_its_text(client, animator, pact):
    old = pact.versions.get()
    version = VersionFactory(pact=pact, number=8, content=old.content, sha256=old.sha256, frozen_on=old.frozen_on)
    response = client.get(reverse("version_print", args=[pact.pk, 8, "pdf"]))
    assert (response.content == pdf_of(version), hasattr(version, "pdf")) == (True, False)


def test_altered_version_is_not_printed(client, animator, pact):
    VersionFactory(pact=pact, number=9, content='{"parts": {}}')
    assert client.get(reverse("version_print", args=[pact.pk, 9, "pdf"])).status_code == 404


def questions(client, pact):
    with CaptureQueriesContext(connection) as asked:
        html = client.get(pact.get_absolute_url()).content.decode()
    return len(asked), html


def test_generated_section_is_on_the_page_and_asks_no_more_for_more_rows(client, animator, pact):
    SectionFactory(pact=pact, title="Nos fiches", source="fiches")
    questions(client, pact)
    before, html = questions(client, pact)
    assert pact.actions.first().title in html
    ActionFactory.create_batch(3, pact=pact, axis=pact.axes.first())
    assert questions(client, pact)[0] == before


def test_source_is_placed_once(client, animator, pact):
    url = reverse("piece_add", args=[pact.pk, "section"])
    response = client.post(url, {"title": "Encore", "source": "axes", "text": "", "revision": 0})
    assert "déjà placé dans la section" in response.content.decode()


@pytest.mark.parametrize("name", ["tableau", "frise", "priorites", "carte"])
def test_a_picture_of_the_fiches_is_given_alone_as_of_today(client, animator, pact, name, settings):
    settings.REFERENCE_DAY = "2026-11-21"
    Action.objects.filter(pact=pact).update(impact=2, complexity=1)
    response = client.get(reverse("section_print", args=[pact.pk, name, "odt"]))
    content = zipfile.ZipFile(io.BytesIO(response.content)).read("content.xml").decode()
    assert response["Content-Disposition"].endswith('-2026-11-21.odt"')
    assert ("État au 21\u00a0novembre 2026" in content, "Rien à montrer" in content) == (True, False)


def test_only_a_section_that_is_known_is_printed_alone(client, animator, pact):
    found = [client.get(reverse("section_print", args=[pact.pk, *asked])) for asked in (("rien", "pdf"), ("frise", "livret"))]
    assert [response.status_code for response in found] == [404, 404]


def test_a_picture_of_a_frozen_pact_is_that_of_today(client, animator, pact):
    change_state(pact=pact, to=PactState.CONSULTATION, by=animator)
    change_state(pact=pact, to=PactState.ADOPTION, by=animator, reason="Prêt")
    Action.objects.filter(pact=pact).update(status="paused")
    said = draft_of(Pact.objects.get(pk=pact.pk), also=["tableau"])
    assert set(said["followed"]["tableau"]["status"].values()) == {"paused"}
    assert "followed" not in json.loads(pact.versions.first().content)
