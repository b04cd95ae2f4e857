"""Writing a fiche: rows without JavaScript, dates, two people, frozen texts, what is to complete."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actions.models import Action, ActionDocument, Indicator, Lead, Milestone
from actions.todo import headings_of, missing_of
from pti.enums import PactState, Role
from tests.factories.actions import (
    ActionFactory,
    AxisFactory,
    IndicatorFactory,
    LeadFactory,
    MeasureFactory,
    MilestoneFactory,
    OrganisationFactory,
    TargetFactory,
)
from tests.factories.governance import DecisionFactory
from tests.factories.pti import PactFactory, freeze, person


@pytest.fixture
def pact():
    return PactFactory(start_text="2025", end_text="2027")


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    client.force_login(user)
    return user


def edit_url(action):
    return reverse("actions:action_edit", args=[action.pact_id, action.pk])


def sent_by(page):
    """What a browser sends back of the form that `page` shows."""
    form = page.context["form"]
    data = {}
    for one in [form, *(row for group in form.groups for row in group.formset.forms)]:
        for bound in one:
            value = bound.value()
            if isinstance(value, list | tuple) or hasattr(value, "all"):
                data[bound.html_name] = [getattr(item, "pk", item) for item in value]
            elif value is not None and value is not False:
                data[bound.html_name] = value
    for group in form.groups:
        data[f"{group.prefix}-etat"] = group.state
        for bound in group.formset.management_form:
            data[bound.html_name] = bound.value()
    return data


def load(client, action):
    return sent_by(client.get(edit_url(action)))


def test_every_field_has_its_instruction(client, pact, officer):
    form = client.get(edit_url(ActionFactory(pact=pact))).context["form"]
    assert [name for name, field in form.fields.items() if name != "revision" and not field.help_text] == []


def test_edit_saves_the_text_and_the_rows(client, pact, officer):
    action = ActionFactory(pact=pact)
    organisation = OrganisationFactory()
    data = load(client, action) | {
        "title": "Nouveau titre",
        "diagnosis": "<p>Un constat</p><script>alert(1)</script>",
        "pilotes-0-role": "pilot",
        "pilotes-0-who": f"o{organisation.pk}",
        "pilotes-0-is_tentative": "on",
        "jalons-0-label": "Guide écrit",
        "jalons-0-planned_text": "2026-S2",
        "indicateurs-0-name": "Personnes accueillies",
        "indicateurs-0-kind": "result",
        "indicateurs-0-unit": "personnes",
        "indicateurs-0-target_2026": "1 200",
        "indicateurs-0-target_2027": "environ 1 500",
    }
    assert client.post(edit_url(action), data).url == action.get_absolute_url()
    action.refresh_from_db()
    assert (action.title, action.diagnosis, action.revision) == ("Nouveau titre", "<p>Un constat</p>", 1)
    lead, milestone, indicator = Lead.objects.get(), Milestone.objects.get(), Indicator.objects.get()
    assert (lead.organisation, lead.is_tentative) == (organisation, True)
    assert milestone.planned_last == datetime.date(2026, 12, 31)
    assert [(t.year, t.raw_value, t.value and int(t.value)) for t in indicator.targets.all()] == [
        (2026, "1 200", 1200),
        (2027, "environ 1 500", None),
    ]


def test_saving_an_untouched_form_changes_no_row(client, pact, officer):
    action = ActionFactory(pact=pact, objectives="<ul><li>Un</li></ul>")
    LeadFactory(action=action, in_words=True)
    MilestoneFactory(action=action, planned_text="31/02/2014")
    TargetFactory(indicator=IndicatorFactory(action=action), raw_value="150", year=2026)
    before = [list(model.objects.order_by("pk").values()) for model in (Lead, Milestone)]
    response = client.post(edit_url(action), load(client, action))
    assert response.status_code == 302
    assert [list(model.objects.order_by("pk").values()) for model in (Lead, Milestone)] == before
    action.refresh_from_db()
    assert action.objectives == "<ul><li>Un</li></ul>"


def test_a_fiche_does_not_end_before_it_begins(client, pact, officer):
    action = ActionFactory(pact=pact)
    form = client.post(edit_url(action), load(client, action) | {"starts_text": "2028", "ends_text": "2027"}).context["form"]
    assert form.errors == {"ends_text": ["La fin précède le début : vérifiez les deux dates."]}


@pytest.mark.parametrize(("typed", "said"), [("31/02/2027", "31 février 2027"), ("bientôt", "ne se lit pas")])
def test_a_date_that_does_not_exist_is_told_and_kept(client, pact, officer, typed, said):
    action = ActionFactory(pact=pact)
    data = load(client, action) | {"title": "Titre gardé", "jalons-0-label": "Guide", "jalons-0-planned_text": typed}
    html = client.post(edit_url(action), data).content.decode().replace("\u00a0", " ")
    assert said in html
    assert f'value="{typed}"' in html
    assert "Titre gardé" in html
    assert Milestone.objects.count() == 0


def test_add_a_row_without_javascript_keeps_what_was_typed(client, pact, officer):
    action = ActionFactory(pact=pact)
    data = load(client, action) | {"title": "", "jalons-0-label": "Guide", "ajouter": "jalons"}
    response = client.post(edit_url(action), data)
    group = response.context["form"].groups[1]
    assert [form["label"].value() for form in group.formset.live_forms()] == ["Guide", None]
    assert "Ce champ est nécessaire" not in response.content.decode()
    assert Milestone.objects.count() == 0


def test_remove_a_row_without_javascript_waits_for_the_save(client, pact, officer):
    action = ActionFactory(pact=pact)
    milestone = MilestoneFactory(action=action)
    response = client.post(edit_url(action), load(client, action) | {"retirer": "jalons-0"})
    assert response.context["form"].groups[1].formset.live_forms() == []
    assert Milestone.objects.get() == milestone
    client.post(edit_url(action), sent_by(response))
    assert Milestone.objects.count() == 0


def test_an_indicator_with_values_is_not_removed_here(client, pact, officer):
    action = ActionFactory(pact=pact)
    MeasureFactory(indicator=IndicatorFactory(action=action))
    response = client.post(edit_url(action), load(client, action) | {"indicateurs-0-DELETE": "on"})
    assert response.status_code == 200
    assert Indicator.objects.count() == 1


def test_the_second_person_sees_both_versions_and_loses_nothing(client, pact, officer):
    action = ActionFactory(pact=pact, title="Départ", content="<p>Départ</p>")
    first, second = load(client, action), load(client, action)
    client.post(edit_url(action), first | {"title": "Titre de la première"})
    response = client.post(
        edit_url(action), second | {"title": "Titre de la seconde", "content": "<p>Contenu de la seconde</p>"}
    )
    assert {line.label: (line.mine, line.theirs) for line in response.context["form"].conflict} == {
        "Titre": ("Titre de la seconde", "Titre de la première"),
        "Contenu et modalités": ("Contenu de la seconde", "Départ"),
    }
    choice = {"garder-title": "theirs", "garder-content": "mine"}
    assert client.post(edit_url(action), sent_by(response) | choice).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.content) == ("Titre de la première", "<p>Contenu de la seconde</p>")


def test_rows_are_part_of_the_conflict(client, pact, officer):
    action = ActionFactory(pact=pact)
    MilestoneFactory(action=action, label="Départ", planned_text="2026")
    first, second = load(client, action), load(client, action)
    client.post(edit_url(action), first | {"jalons-0-label": "Jalon de la première"})
    response = client.post(edit_url(action), second | {"jalons-0-label": "Jalon de la seconde"})
    (line,) = response.context["form"].conflict
    assert (line.mine, line.theirs) == ("Jalon de la seconde (2026)", "Jalon de la première (2026)")
    sent = sent_by(response)
    client.post(edit_url(action), sent | {"garder-jalons": "theirs"})
    assert Milestone.objects.get().label == "Jalon de la première"


def test_rows_of_one_and_text_of_the_other_are_both_kept(client, pact, officer):
    action = ActionFactory(pact=pact, title="Départ")
    MilestoneFactory(action=action, label="Départ", planned_text="2026")
    first, second = load(client, action), load(client, action)
    client.post(edit_url(action), first | {"jalons-0-label": "Jalon de la première"})
    response = client.post(edit_url(action), second | {"title": "Titre de la seconde"})
    keeps = {line.name: line.keep for line in response.context["form"].conflict}
    assert keeps == {"garder-title": "mine", "garder-jalons": "theirs"}
    client.post(edit_url(action), sent_by(response) | keeps)
    action.refresh_from_db()
    assert (action.title, Milestone.objects.get().label) == ("Titre de la seconde", "Jalon de la première")


def test_create_asks_only_for_a_title(client, pact, officer):
    axis = AxisFactory(pact=pact)
    url = reverse("actions:action_add", args=[pact.pk])
    data = sent_by(client.get(f"{url}?axe={axis.pk}"))
    assert client.post(url, data | {"title": ""}).status_code == 200
    client.post(url, data | {"title": "Une fiche"})
    action = Action.objects.get()
    assert (action.title, action.axis, action.pact) == ("Une fiche", axis, pact)


def test_frozen_text_answers_with_the_short_title_only(client, pact, officer):
    action = ActionFactory(pact=pact, title="Texte arrêté")
    data = load(client, action)
    freeze(pact, PactState.IN_FORCE)
    response = client.post(edit_url(action), data | {"title": "Autre texte"})
    assert response.status_code == 403
    assert "Autre texte" in response.content.decode()
    assert "est arrêté" in client.get(edit_url(action)).content.decode()
    assert client.post(edit_url(action), {"short_title": "Court", "revision": "0"}).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.short_title) == ("Texte arrêté", "Court")


def test_delete_asks_then_removes_and_never_when_frozen(client, pact, officer):
    action = ActionFactory(pact=pact)
    url = reverse("actions:action_delete", args=[pact.pk, action.pk])
    assert client.get(url).status_code == 200
    assert Action.objects.count() == 1
    freeze(pact)
    assert client.post(url).status_code == 403
    freeze(pact, PactState.DRAFTING)
    client.post(url)
    assert Action.objects.count() == 0


def test_a_fiche_that_a_decision_is_about_stays(client, pact, officer):
    action = ActionFactory(pact=pact)
    DecisionFactory(action=action)
    response = client.post(reverse("actions:action_delete", args=[pact.pk, action.pk]), follow=True)
    assert "elle se garde" in response.content.decode()
    assert list(Action.objects.all()) == [action]


def test_move_swaps_with_the_neighbour(client, pact, officer):
    one, two = ActionFactory(pact=pact, order=0), ActionFactory(pact=pact, order=0)
    client.post(reverse("actions:action_move", args=[pact.pk, two.pk]) + "?sens=haut")
    assert list(Action.objects.order_by("order")) == [two, one]


@pytest.mark.parametrize("state", [PactState.IN_FORCE, PactState.CLOSED])
def test_succession_of_a_lead_is_life(client, pact, officer, state):
    lead = LeadFactory(action=ActionFactory(pact=pact))
    following = OrganisationFactory()
    freeze(pact, state)
    data = {"on": "30/06/2026", "reason": "Fusion", "organisation": following.pk}
    client.post(reverse("actions:lead_succeed", args=[pact.pk, lead.pk]), data)
    lead.refresh_from_db()
    new = Lead.objects.get(organisation=following)
    assert (lead.ended_on, new.started_on, new.role) == (datetime.date(2026, 6, 30), datetime.date(2026, 6, 30), "pilot")


def test_document_is_attached_and_served_to_those_who_see_the_fiche(client, pact, officer):
    action = ActionFactory(pact=pact)
    url = reverse("actions:document_add", args=[pact.pk, action.pk])
    refused = client.post(url, {"file": SimpleUploadedFile("note.pdf", b"MZ un programme")})
    assert "n’est pas accepté" in refused.content.decode().replace("\u00a0", " ")
    client.post(url, {"file": SimpleUploadedFile("note.pdf", b"%PDF-1.4\n%%EOF")})
    document = ActionDocument.objects.get()
    response = client.get(document.get_absolute_url())
    assert response["Content-Disposition"] == 'attachment; filename="note.pdf"'
    response.getvalue()  # reads to the end, which closes the file
    client.force_login(person(Role.PARTNER, PactFactory()))
    assert client.get(document.get_absolute_url()).status_code == 404


def test_what_is_to_complete_leads_to_its_field(client, pact, officer):
    action = ActionFactory(pact=pact)
    html = client.get(edit_url(action)).content.decode()
    anchors = {one.name: one.anchor for one in headings_of(action)}
    assert [anchor for anchor in anchors.values() if f'id="{anchor}"' not in html] == []
    assert {name: anchor for name, anchor in anchors.items() if not anchor.startswith("div_id_")} == {
        "Pilote": "r-pilotage", "Jalons": "r-jalons", "Indicateurs": "r-indicateurs", "Cibles": "r-indicateurs",
    }  # fmt: skip
    assert len({anchor for anchor in anchors.values() if anchor.startswith("div_id_")}) == 8


def test_headings_say_what_is_filled_and_what_absence_costs(pact):
    action = ActionFactory(pact=pact, diagnosis="<p>x</p>", assets="<p>y</p>")
    indicator = IndicatorFactory(action=action)
    IndicatorFactory(action=action)
    TargetFactory(indicator=indicator)
    LeadFactory(action=action)
    headings = {one.name: one for one in headings_of(Action.objects.get())}
    assert [name for name, one in headings.items() if one.is_filled] == [
        "Titre", "Pilote", "Diagnostic", "Indicateurs", "Atouts, freins, préalables"
    ]  # fmt: skip
    assert headings["Cibles"].cost == "1 indicateur sur 2 n’en a pas"


def test_a_line_to_complete_says_what_follows_or_what_already_is(pact):
    action = ActionFactory(pact=pact, number="1", axis=None)
    IndicatorFactory.create_batch(2, action=action)
    said = [one.text for one in missing_of(action, "")]
    assert "Fiche 1 : pilote (sinon, personne ne sera relancé)" in said
    assert "Fiche 1 : cibles (2 indicateurs sur 2 n’en ont pas)" in said
    assert "Fiche 1 : rattachement (la fiche n’est nulle part dans l’arbre)" in said
