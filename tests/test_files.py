"""One file of each floor, asked by each role: the view asks `visible_to` of what the file belongs to."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse

from actions.models import Action, ActionDocument
from governance.models import Committee, Meeting, MeetingDocument
from partners.models import Membership, Organisation, Partner, PartnerDocument
from pti import files
from tests.world import log_in

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"


def pdf(name="Délibération.pdf"):
    return ContentFile(PDF, name=name)


@pytest.fixture
def documents(world):
    organisation = Organisation.objects.create(name="CAF Touraine")
    partner = Partner.objects.create(pact=world.pact, organisation=organisation)
    Membership.objects.create(user=world.users["partner"], organisation=organisation)
    action = Action.objects.create(pact=world.pact, title="Accueil")
    committee = Committee.objects.create(pact=world.pact, name="COPIL")
    meeting = Meeting.objects.create(committee=committee)
    return {
        "partenaire": PartnerDocument.objects.create(pact=world.pact, partner=partner, file=pdf()),
        "fiche": ActionDocument.objects.create(action=action, file=pdf()),
        "seance": MeetingDocument.objects.create(meeting=meeting, file=pdf()),
    }


def status(client, user, document):
    response = log_in(client, user).get(document.get_absolute_url())
    response.getvalue()  # reads to the end, which closes the file
    return response.status_code


def test_file_is_served_as_a_download_that_no_browser_runs(client, world, documents):
    client.force_login(world.users["officer"])

    response = client.get(documents["fiche"].get_absolute_url())

    assert response.getvalue() == PDF
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''D%C3%A9lib%C3%A9ration.pdf"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("kind", ["partenaire", "fiche", "seance"])
def test_file_of_another_pact_does_not_exist(client, world, documents, kind):
    assert status(client, world.users["other_partner"], documents[kind]) == 404
    assert status(client, world.users["animator"], documents[kind]) == 200


def test_file_of_a_withdrawn_fiche_is_read_from_its_page_and_stays(client, world, documents):
    document = documents["fiche"]
    Action.objects.filter(pk=document.action_id).update(withdrawn_on="2026-01-01", withdrawn_by=1)
    page = log_in(client, world.users["reader"]).get(document.action.get_absolute_url())
    assert document.get_absolute_url() in page.content.decode()
    assert status(client, world.users["reader"], document) == 200
    assert status(client, world.users["other_partner"], document) == 404
    log_in(client, world.users["officer"])
    assert client.post(reverse("actions:document_delete", args=[world.pact.pk, document.pk])).status_code == 404


def test_file_of_a_partner_is_for_staff_and_its_own_people(client, world, documents):
    document = documents["partenaire"]

    assert {role: status(client, world.users[role], document) for role in ("partner", "reader", "officer")} == {
        "partner": 200,
        "reader": 404,
        "officer": 200,
    }


def test_file_of_a_fiche_is_for_everybody_of_the_pact(client, world, documents):
    assert [status(client, world.users[role], documents["fiche"]) for role in ("partner", "reader")] == [200, 200]


def test_file_asks_to_log_in(client, documents):
    response = client.get(documents["fiche"].get_absolute_url())

    assert response.url.startswith("/compte/connexion/?next=/fichiers/fiche/")


def test_file_is_kept_under_a_random_name_outside_every_address(client, world, settings, documents):
    document = documents["fiche"]

    assert "lib" not in document.file.name
    assert document.name == "Délibération.pdf"
    assert not str(settings.FILES_ROOT).startswith(str(settings.BASE_DIR / "static"))
    client.force_login(world.users["animator"])
    assert [client.get(f"{root}{document.file.name}").status_code for root in ("/", "/static/", "/media/")] == [404] * 3


def test_file_is_described_by_its_content(documents):
    document = documents["fiche"]

    assert (document.mime, document.size) == ("application/pdf", len(PDF))
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize(
    ("name", "content"),
    [("acte.pdf", b"MZ\x90\x00..."), ("acte.pdf", b"<html></html>"), ("dessin.svg", b"<svg></svg>")],
)
def test_row_refuses_what_the_form_would_refuse(documents, name, content):
    action = documents["fiche"].action

    with pytest.raises(files.ValidationError):
        ActionDocument.objects.create(action=action, file=ContentFile(content, name=name))


def test_served_name_tells_the_true_type(documents):
    action = documents["fiche"].action
    document = ActionDocument.objects.create(action=action, file=pdf("facture.exe"))

    assert document.download_name == "facture.exe.pdf"


@pytest.mark.parametrize("gone", ["document", "action"])
def test_deleted_document_leaves_no_file(documents, django_capture_on_commit_callbacks, gone):
    document = documents["fiche"]
    storage, name = document.file.storage, document.file.name

    with django_capture_on_commit_callbacks(execute=True):
        (document if gone == "document" else document.action).delete()

    assert not storage.exists(name)


def test_a_deletion_that_is_undone_loses_no_file(documents, django_capture_on_commit_callbacks):
    document = documents["fiche"]
    storage, name = document.file.storage, document.file.name

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        document.action.delete()
        transaction.set_rollback(True)

    assert storage.exists(name)
