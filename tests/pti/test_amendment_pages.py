"""The pages of amendments: reached from the pact, ticked, written, adopted, in force; what is not ticked has no button."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actions.models import Action, Indicator
from partners.consulting import open_consultation, people_of
from partners.models import Commitment, Signature
from partners.passages import Passages
from partners.signing.deeds import current_signatory, open_signatories
from pti.dates import today
from pti.enums import PactState, Role
from pti.models import Pact
from pti.printing import document_of
from pti.printing.nodes import text_of_nodes
from pti.services import change_state, resume_at
from tests.factories.partners import ContactFactory, PartnerFactory, SignatoryFactory, SignatureFactory
from tests.factories.pti import PactFactory, SectionFactory, person
from tests.factories.whole import PDF
from tests.pti.amending import amended, the_copy, tick
from tests.world import log_in


@pytest.fixture
def animator(base):
    return person(Role.ANIMATOR, base, email="animatrice@exemple.test")


def at(name, base, *more):
    return reverse(name, args=[base.pk, 1, *more])


def test_an_amendment_from_its_opening_to_version_n_plus_1(client, base, animator):
    log_in(client, animator)
    said = client.post(reverse("amendment_open", args=[base.pk]), {"purpose": "<p>Revoir la fiche 9.</p>"})
    assert said["Location"] == at("amendment_points", base)
    amendment = base.amendments.get()
    section, commitment = base.sections.first(), Commitment.objects.filter(pact=base).first()
    rows = [f"Section:{section.uid}", f"Commitment:{commitment.uid}"]
    client.post(at("amendment_points", base), {"rows": rows, "models": ["Action"]})
    assert sorted(amendment.points.values_list("model", flat=True)) == ["Action", "Commitment", "Section"]
    point, other = amendment.points.get(model="Section"), amendment.points.get(model="Commitment")
    copy = the_copy(amendment, section)
    address = reverse("piece_edit", args=[amendment.pk, "section", copy.pk])
    client.post(address, {"title": "Titre revu", "text": "<p>Nouveau.</p>", "revision": copy.revision})
    client.post(at("point_reason", base, point.pk), {"reason": "La loi a changé.", "revision": 0})
    client.post(at("point_untick", base, other.pk))
    page = client.get(at("amendment_detail", base))
    assert [change.point.model for change in page.context["changes"]] == ["Section", "Action"]
    assert "La loi a changé." in page.content.decode()
    assert page.context["changes"][0].items[0].own.name == "Titre revu"
    assert client.get(at("amendment_annex", base, "pdf")).content.startswith(b"%PDF")
    assert client.get(at("amendment_annex", base, "docx")).content.startswith(b"PK")
    assert client.get(at("amendment_annex", base, "livret")).status_code == 404
    steps = {"adoption": {"reason": "Prêt"}, "in_force": {"act": "Dernière signature"}}
    for to, why in steps.items():
        client.post(reverse("pact_step", args=[amendment.pk, to]), {"on": "21/11/2026", **why})
    amendment.refresh_from_db()
    section.refresh_from_db()
    assert (amendment.state, section.title) == (PactState.IN_FORCE, "Titre revu")
    assert base.versions.first().amendment_number == 1
    assert "consolidée par l’avenant" in client.get(base.get_absolute_url()).content.decode()
    printed = text_of_nodes(document_of(base.versions.first()).body)
    annex = at("amendment_annex", base, "pdf")
    for said in ("Avenants au pacte", "Avenant n°\u00a01", "Revoir la fiche 9.", "novembre 2026", annex):
        assert said in printed
    said_of_it = printed[printed.index("Avenants au pacte") :]
    assert str(amendment.partners.signatories().first()) in said_of_it
    assert "approuve et signe" not in printed


def test_an_amendment_is_in_no_list(client, base, amendment, animator):
    log_in(client, animator)
    assert [pact for pact, _ in client.get(reverse("pact_list")).context["page"]] == [base]
    assert client.get(reverse("home")).status_code == 302
    assert client.get(amendment.get_absolute_url()).context["nav"].other_pacts == []


@pytest.mark.parametrize("role", [Role.PARTNER, Role.READER])
def test_the_roles_on_an_amendment_are_those_on_its_pact(client, base, amendment, role):
    user = person(role, base, email="quelqu.un@exemple.test")
    assert list(Pact.objects.visible_to(user).order_by("pk")) == [base, amendment]
    assert Pact.objects.with_role(person(role, None, email="x@exemple.test"), Role.ANIMATOR).count() == 0
    log_in(client, user)
    assert client.get(at("amendment_detail", base)).status_code == 200
    assert client.get(at("amendment_points", base)).status_code == 403
    stranger = person(Role.ANIMATOR, Pact.objects.create(title="Ailleurs", start_text="2027"), email="loin@exemple.test")
    log_in(client, stranger)
    assert client.get(at("amendment_detail", base)).status_code == 404


def test_what_is_not_ticked_has_no_form(client, base, amendment, animator):
    log_in(client, animator)
    closed = the_copy(amendment, base.sections.first())
    for name in ("piece_edit", "piece_delete"):
        assert client.get(reverse(name, args=[amendment.pk, "section", closed.pk])).status_code == 403
    action = the_copy(amendment, base.actions.get())
    assert client.get(reverse("actions:update_add", args=[amendment.pk, action.pk])).status_code == 403
    moved = client.post(reverse("piece_move", args=[amendment.pk, "section", amendment.sections.first().pk, "descendre"]))
    assert moved.status_code in (302, 403)
    added = client.post(reverse("piece_add", args=[amendment.pk, "terme"]), {"term": "X", "definition": "<p>x</p>"})
    assert added.context["form"].non_field_errors()
    assert not amendment.glossary_terms.filter(term="X").exists()


@pytest.mark.parametrize("role", [Role.ANIMATOR, Role.OFFICER])
def test_the_workshop_of_an_amendment_offers_what_is_ticked_alone(client, base, amendment, role):
    """Whatever it offers answers; a row that is not ticked is read, without a gesture."""
    log_in(client, person(role, base))
    tick(amendment, base.sections.first())
    workshop = reverse("pact_write", args=[amendment.pk])
    gesture = re.compile(rf'href="(/pactes/{amendment.pk}/[^"]*(?:modifier|ajouter)/[^"]*)"')
    offered = set(gesture.findall(client.get(workshop).content.decode()))
    edit = reverse("piece_edit", args=[amendment.pk, "section", the_copy(amendment, base.sections.first()).pk])
    assert offered == {edit}
    assert client.get(edit).status_code == 200
    tick(amendment, base)
    assert reverse("frame_edit", args=[amendment.pk]) in client.get(workshop).content.decode()


def test_unticking_tells_what_is_lost(client, base, amendment, animator):
    point = tick(amendment, base.actions.get())
    copy = the_copy(amendment, base.actions.get())
    copy.title = "Autre"
    copy.save()
    log_in(client, animator)
    assert "Voici ce qui est perdu" in client.get(at("point_untick", base, point.pk)).content.decode()
    assert Action.objects.get(pk=copy.pk).title == "Autre"


def test_a_base_that_moved_says_what_to_do(client, base, amendment, animator):
    second = amended(base)
    tick(second, base.sections.first())
    section = the_copy(second, base.sections.first())
    section.title = "Par le second"
    section.save()
    log_in(client, animator)
    for to, why in {"adoption": {"reason": "x"}, "in_force": {"act": "x"}}.items():
        client.post(reverse("pact_step", args=[second.pk, to]), {"on": "21/11/2026", **why})
    assert "Reprendre l’avenant" in client.get(at("amendment_detail", base)).content.decode()
    client.post(at("amendment_again", base))
    assert the_copy(amendment, base.sections.first()).title == "Par le second"


def test_named_parties_alone_are_awaited(client, base, amendment, animator):
    signatories = list(amendment.partners.signatories())
    log_in(client, animator)
    refused = client.post(reverse("partners:amendment_parties", args=[base.pk, 1]), {"concerned": ""})
    assert "concerned" in refused.context["form"].errors
    assert 'href="#id_concerned_0"' in refused.content.decode()
    assert 'id="id_concerned_0"' in refused.content.decode()
    client.post(reverse("partners:amendment_parties", args=[base.pk, 1]), {"concerned": [signatories[0].pk]})
    assert list(amendment.partners.signatories()) == signatories[:1]


def test_those_who_sign_the_pact_are_expected_to_sign_its_amendment(client, base, animator):
    named, signed = [PartnerFactory(pact=base, signatory=True, joined_on=today()) for _ in range(2)]
    SignatoryFactory(partner=named, name="Anne Morel", capacity="Directrice", delegated_by="Conseil", email="a@caf.test")
    version = base.versions.adopted().first()
    SignatureFactory(partner=signed, version=version, signatory="Paul Roy", capacity="Président")
    amendment = amended(base)
    rows = [row for row in open_signatories(amendment).values() if row.partner.joined_on]
    assert sorted((row.name, row.capacity, row.delegated_by, row.email) for row in rows) == [
        ("Anne Morel", "Directrice", "Conseil", "a@caf.test"),
        ("Paul Roy", "Président", "", ""),
    ]
    assert not Signature.objects.filter(partner__pact=amendment).exists()
    log_in(client, animator)
    page = client.get(reverse("partners:amendment_parties", args=[base.pk, 1])).content.decode()
    assert ("Anne Morel, Directrice" in page, "Paul Roy, Président" in page) == (True, True)
    copy = the_copy(amendment, named)
    change = {"name": "Léa Petit", "capacity": "Directrice adjointe", "starts_on": f"{today():%d/%m/%Y}", "reason": "Intérim"}
    address = reverse("partners:signatory_add", args=[amendment.pk, copy.pk])
    assert "reason" in client.post(address, change | {"reason": ""}).context["form"].errors
    client.post(address, change)
    assert current_signatory(copy).name == "Léa Petit"
    assert current_signatory(named).name == "Anne Morel"


def test_the_contacts_of_a_pact_speak_in_its_amendment(client, base, amendment, animator):
    partner = base.partners.signatories().first()
    contact = ContactFactory(pact=base, organisation=partner.organisation, email="ref@caf.test", is_referent=True)
    copy = the_copy(amendment, partner)
    assert "ref@caf.test" in dict(people_of(copy))
    log_in(client, animator)
    page = client.get(copy.get_absolute_url())
    assert contact in page.context["contacts"]
    assert client.get(reverse("partners:contact_add", args=[copy.pact_id, copy.pk])).status_code == 403


def test_a_fiche_says_which_amendment_touches_it_and_that_it_was_withdrawn(client, base, amendment, animator):
    action = base.actions.get()
    kept = [action.milestones.first().label, action.indicators.first().name, str(action.leads.first())]
    tick(amendment, action)
    log_in(client, animator)
    assert "modifie cette fiche" in client.get(action.get_absolute_url()).content.decode()
    copy = the_copy(amendment, action)
    assert client.get(reverse("actions:action_edit", args=[amendment.pk, copy.pk])).status_code == 200
    copy.delete()
    for to, why in {"adoption": {"reason": "x"}, "in_force": {"act": "x"}}.items():
        client.post(reverse("pact_step", args=[amendment.pk, to]), {"on": "21/11/2026", **why})
    page = client.get(action.get_absolute_url()).content.decode()
    assert "Cette fiche n’est plus dans le pacte" in page
    assert f'href="{at("amendment_detail", base)}#point-' in page
    assert f'href="{reverse("version_detail", args=[base.pk, amendment.amendment.base_number])}"' in page
    for said in kept:
        assert said in page
    listed = client.get(reverse("actions:action_list", args=[base.pk]))
    assert list(listed.context["table"].rows) == []
    assert "1\u00a0fiche retirée par un avenant" in listed.content.decode()
    indicator = Indicator.objects.with_withdrawn().get(name=kept[1])
    assert "n’est plus dans le pacte" in client.get(indicator.get_absolute_url()).content.decode()


def test_what_an_amendment_opens_says_so_wherever_it_is_read(client, base, amendment, animator):
    section, axis, commitment = base.sections.first(), base.axes.first(), Commitment.objects.filter(pact=base).first()
    partner, indicator, committee = base.partners.first(), base.indicators.first(), base.committees.first()
    rows = [section, axis, commitment, partner, indicator, committee, base.actions.get()]
    for row in rows:
        tick(amendment, row)
    log_in(client, animator)
    whole = client.get(base.get_absolute_url()).content.decode()
    for row in (section, axis, commitment):
        point = amendment.points.get(target=row.uid)
        assert f'{at("amendment_detail", base)}#point-{point.pk}"' in whole
    assert "L’avenant n°\u00a01 est ouvert, en élaboration. Il ouvre 7\u00a0points" in whole
    for row in (axis, partner, indicator, committee):
        assert "modifie c" in client.get(row.get_absolute_url()).content.decode()
    for name in ("pact_life", "actions:axis_tree"):
        assert "est ouvert, en élaboration" in client.get(reverse(name, args=[base.pk])).content.decode()
    change_state(pact=amendment, to=PactState.ABANDONED, by=None, reason="Essai")
    assert "est ouvert" not in client.get(base.get_absolute_url()).content.decode()


def test_a_pact_signed_before_the_application_is_amended(client, db):
    base = PactFactory()
    animator = person(Role.ANIMATOR, base)
    section = SectionFactory(pact=base, text="<p>Un</p>")
    PartnerFactory(pact=base, signatory=True)
    base = resume_at(pact=base, state=PactState.IN_FORCE, reason="Signé en 2022", by=animator)
    log_in(client, animator)
    client.post(reverse("partners:signed_text_add", args=[base.pk]), {"file": SimpleUploadedFile("signé.pdf", PDF)})
    client.post(reverse("amendment_open", args=[base.pk]), {"purpose": "<p>Revoir l’objet.</p>"})
    client.post(at("amendment_points", base), {"rows": [f"Section:{section.uid}"]})
    amendment, copy = base.amendments.get(), the_copy(base.amendments.get(), section)
    said = {"title": copy.title, "text": "<p>Deux</p>", "revision": copy.revision}
    client.post(reverse("piece_edit", args=[amendment.pk, "section", copy.pk]), said)
    for to, why in {"adoption": {"reason": "Prêt"}, "in_force": {"act": "Dernière signature"}}.items():
        client.post(reverse("pact_step", args=[amendment.pk, to]), {"on": "21/11/2026", **why})
    section.refresh_from_db()
    assert (section.text, base.versions.first().number, base.versions.first().amendment_number) == ("<p>Deux</p>", 2, 1)
    assert len(client.get(reverse("partners:signature_board", args=[base.pk])).context["signed_texts"]) == 1


def test_partners_are_asked_about_what_an_amendment_opens_alone(client, base, amendment, animator):
    opened, closed = base.sections.first(), base.axes.first()
    tick(amendment, opened)
    partner = amendment.partners.present().first()
    consultation = open_consultation(pact=amendment, title="Lecture", deadline=today(), partners=[partner], by=animator)
    chapters = Passages(consultation.version).chapters()
    assert [[place.title for place in places] for _, places in chapters] == [["Objet de l’avenant"], [opened.title]]
    log_in(client, animator)
    pages = [
        client.get(reverse("partners:place_detail", args=[amendment.pk, consultation.pk, the_copy(amendment, row).uid]))
        for row in (opened, closed)
    ]
    assert [page.status_code for page in pages] == [200, 404]
    dashboard = client.get(reverse("evaluation:dashboard", args=[base.pk])).content.decode()
    assert "avis sur l’avenant n°\u00a01</a>" in dashboard
    assert "1\u00a0partenaire n’a pas encore répondu" in dashboard


def test_the_signed_text_of_a_pact_signed_elsewhere_is_kept(client, base, animator):
    log_in(client, animator)
    address = reverse("partners:signed_text_add", args=[base.pk])
    image = SimpleUploadedFile("scan.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    assert "file" in client.post(address, {"file": image}).context["form"].errors
    client.post(address, {"file": SimpleUploadedFile("pacte signé.pdf", PDF)})
    board = client.get(reverse("partners:signature_board", args=[base.pk]))
    assert [one.name for one in board.context["signed_texts"]] == ["pacte signé.pdf"]
    assert b"".join(client.get(board.context["signed_texts"][0].get_absolute_url()).streaming_content) == PDF
