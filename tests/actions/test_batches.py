"""« Modifier en lot »: the preview, what is applied, what is undone, and what refuses."""

import datetime

import pytest
from django.urls import reverse

from actions.bulk import deeds
from actions.models import Action, Batch, Lead
from pti.accounts import close_account
from pti.enums import PactState, Role
from pti.models import Pact
from tests.factories.actions import ActionFactory, LeadFactory, MilestoneFactory, ThemeFactory, UpdateFactory
from tests.factories.partners import OrganisationFactory
from tests.factories.pti import PactFactory, person


@pytest.fixture
def pact():
    return PactFactory(start_text="2020", end_text="2030")


@pytest.fixture
def animator(client, pact):
    user = person(Role.ANIMATOR, pact)
    client.force_login(user)
    return user


def freeze(pact):
    Pact.objects.filter(pk=pact.pk).update(state=PactState.IN_FORCE)


def prepare(client, pact, query, **typed):
    """The batch that the form prepares."""
    response = client.post(reverse("actions:batch_add", args=[pact.pk]) + query, typed)
    assert response.status_code == 302, response.context["form"].errors
    return Batch.objects.latest("id")


def lines(batch):
    return [(one.action.number, one.before, one.after, one.refusal) for one in batch.lines.order_by("action__number_key")]


def press(client, batch, name):
    client.post(batch.get_absolute_url(), {name: "oui"})
    batch.refresh_from_db()
    return batch


def test_the_preview_writes_nothing_in_the_fiches(client, pact, animator):
    ActionFactory(pact=pact, number="1", late=True)
    ActionFactory(pact=pact, number="2", running=True)
    ActionFactory(number="3")
    batch = prepare(client, pact, "?quoi=status", status="running")
    assert lines(batch) == [("1", "en cours", "en fonctionnement", ""), ("2", "", "", "Déjà ainsi.")]
    assert set(pact.actions.values_list("status", flat=True)) == {"ongoing", "running"}
    assert "Appliquer à 1\u00a0fiche" in client.get(batch.get_absolute_url()).content.decode()


def test_the_filter_or_the_ticks_say_which_fiches(client, pact, animator):
    late, other = ActionFactory(pact=pact, number="1", late=True), ActionFactory(pact=pact, number="2")
    stranger = ActionFactory(number="3")
    url = reverse("actions:batch_add", args=[pact.pk])
    asked = ["", "?alerte=retard", f"?fiche=&fiche={other.pk}&fiche={stranger.pk}&fiche=zz", "?fiche=", "?axis=0"]
    found = [[action.pk for action in client.get(url + query).context["some"]] for query in asked]
    assert found == [[late.pk, other.pk], [late.pk], [other.pk], [], []]  # the last names an axis that is gone
    refused = client.post(url + "?fiche=", {"status": "running"})
    assert refused.context["form"].non_field_errors() == ["Aucune fiche n’est choisie."]


def test_every_tab_leads_to_the_change_of_what_it_shows_and_back(client, pact, animator):
    late = ActionFactory(pact=pact, late=True)
    ActionFactory(pact=pact)
    for name in ("actions:action_board", "governance:timeline", "actions:action_matrix", "actions:territory_map"):
        here = f"{reverse(name, args=[pact.pk])}?alerte=retard"
        page = client.get(client.get(here).context["batch_url"])
        assert ([one.pk for one in page.context["some"]], page.context["back"]) == ([late.pk], here)
    client.force_login(person(Role.PARTNER, pact))
    assert "Modifier en lot" not in client.get(reverse("actions:action_board", args=[pact.pk])).content.decode()


def test_status_in_a_frozen_pact_is_applied_then_undone(client, pact, animator):
    action = ActionFactory(pact=pact)
    freeze(pact)
    batch = press(client, prepare(client, pact, "?quoi=status", status="done", sentence="Le guide est écrit."), "appliquer")
    action.refresh_from_db()
    assert (action.status, action.updates.get().sentence, batch.state) == ("done", "Le guide est écrit.", "applied")
    batch = press(client, batch, "annuler")
    action.refresh_from_db()
    assert (action.status, action.done_on, action.updates.count(), batch.state) == ("ongoing", None, 0, "undone")
    assert [line.history_type for line in action.updates.model.history.order_by("pk")] == ["+", "-"]


def test_undo_leaves_what_moved_since(client, pact, animator):
    moved, still = ActionFactory(pact=pact, number="1"), ActionFactory(pact=pact, number="2")
    batch = press(client, prepare(client, pact, "?quoi=status", status="running"), "appliquer")
    UpdateFactory(action=moved, on=datetime.date(2999, 1, 1))
    batch = press(client, batch, "annuler")
    assert list(Action.objects.filter(pact=pact).order_by("number").values_list("status", flat=True)) == ["running", "ongoing"]
    assert batch.lines.get(action=moved).undo_refusal == "A changé depuis : laissée telle quelle."
    assert batch.lines.get(action=still).undo_refusal == ""
    assert "1\u00a0fiche n’a pas pu être remise" in client.get(batch.get_absolute_url()).content.decode()


def test_what_moved_since_the_preview_is_left(client, pact, animator):
    action = ActionFactory(pact=pact)
    batch = prepare(client, pact, "?quoi=status", status="running")
    Action.objects.filter(pk=action.pk).update(status="paused")
    batch = press(client, batch, "appliquer")
    action.refresh_from_db()
    assert (action.status, batch.lines.get().refusal) == ("paused", "A changé depuis : laissée telle quelle.")


def test_lead_from_a_date_and_back(client, pact, animator):
    old, new = OrganisationFactory(name="Alpha"), OrganisationFactory(name="Bêta")
    lead = LeadFactory(action=ActionFactory(pact=pact, number="1"), organisation=old)
    bare, own, two = (ActionFactory(pact=pact, number=number) for number in "234")
    LeadFactory(action=own, organisation=new)
    LeadFactory.create_batch(2, action=two, organisation=old)
    freeze(pact)
    batch = prepare(client, pact, "?quoi=lead", organisation=new.pk, on="01/03/2026", reason="Fusion")
    assert [refusal for *_, refusal in lines(batch)] == [
        "",
        "",
        "Déjà ainsi.",
        "Plusieurs pilotes : changez-les dans la fiche.",
    ]
    assert lines(batch)[0][1:3] == ("Alpha", "Bêta, depuis le 01/03/2026")
    press(client, batch, "appliquer")
    lead.refresh_from_db()
    assert (lead.ended_on, lead.end_reason) == (datetime.date(2026, 3, 1), "Fusion")
    assert bare.leads.get().organisation == new
    press(client, batch, "annuler")
    lead.refresh_from_db()
    assert (lead.ended_on, lead.end_reason, Lead.objects.filter(action__in=[lead.action, bare]).count()) == (None, "", 1)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ({"how": "months", "count": "3"}, datetime.date(2020, 4, 30)),
        ({"how": "days", "count": "-1"}, datetime.date(2020, 1, 30)),
        ({"how": "set", "on": "1/2/2027"}, datetime.date(2027, 2, 1)),
    ],
)
def test_forecast_of_the_late_milestones(client, pact, animator, typed, day):
    action = ActionFactory(pact=pact, late=True)
    later = MilestoneFactory(action=action, planned_text="31/12/2999")
    freeze(pact)
    batch = prepare(client, pact, "?quoi=forecast", which="late", reason="Marché infructueux", **typed)
    press(client, batch, "appliquer")
    late = action.milestones.exclude(pk=later.pk).get()
    assert (late.forecast_on, late.forecast_reason, late.planned_text) == (day, "Marché infructueux", "31/01/2020")
    press(client, batch, "annuler")
    late.refresh_from_db()
    later.refresh_from_db()
    assert (late.forecast_on, late.forecast_reason, later.forecast_on) == (None, "", None)


@pytest.mark.parametrize(
    ("planned", "typed"),
    [("31/12/9999", {"how": "days", "count": "30"}), ("9999", {"how": "months", "count": "3"}),
     ("0001-01-01", {"how": "months", "count": "-3"}), ("0001-01-01", {"how": "days", "count": "-30"})],
)  # fmt: skip
def test_a_milestone_is_not_moved_out_of_the_calendar(client, pact, animator, planned, typed):
    MilestoneFactory(action=ActionFactory(pact=pact, number="1"), planned_text=planned)
    batch = prepare(client, pact, "?quoi=forecast", which="all", reason="Report", **typed)
    assert lines(batch) == [("1", "", "", "La nouvelle date sort du calendrier.")]


def test_theme_added_and_taken_off_while_the_text_is_open(client, pact, animator):
    theme, action = ThemeFactory(name="Mobilité"), ActionFactory(pact=pact)
    batch = press(client, prepare(client, pact, "?quoi=theme", deed="add", theme=theme.pk), "appliquer")
    action.refresh_from_db()
    assert (list(action.themes.all()), action.revision) == ([theme], 1)
    assert action.history.latest().history_change_reason == "thème ajouté : Mobilité"
    freeze(pact)
    batch = press(client, batch, "annuler")
    assert list(action.themes.all()) == [theme]
    assert "Le texte de ce pacte est arrêté" in batch.lines.get().undo_refusal


def test_a_frozen_pact_refuses_the_themes_of_a_preview(client, pact, animator):
    theme, action = ThemeFactory(), ActionFactory(pact=pact)
    batch = prepare(client, pact, "?quoi=theme", deed="add", theme=theme.pk)
    freeze(pact)
    batch = press(client, batch, "appliquer")
    assert (list(action.themes.all()), "arrêté" in batch.lines.get().refusal) == ([], True)
    kinds = client.get(reverse("actions:batch_add", args=[pact.pk])).context["kinds"]
    assert [kind for kind, _ in kinds] == ["status", "lead", "forecast"]


@pytest.mark.parametrize(
    ("query", "typed", "field", "words"),
    [
        ("?quoi=status", {}, "status", "nécessaire"),
        ("?quoi=status", {"status": "dropped"}, "sentence", "pourquoi elle est abandonnée"),
        ("?quoi=lead", {"on": "31/02/2026"}, "on", "n’existe pas"),
        ("?quoi=lead", {"on": "01/02/2026", "organisation": "99999999999999999"}, "organisation", "Sélectionnez"),
        ("?quoi=forecast", {"which": "late", "how": "months", "reason": "x"}, "count", "Dites de combien"),
        ("?quoi=forecast", {"which": "late", "how": "months", "count": "999", "reason": "x"}, "count", "120 mois"),
        ("?quoi=forecast", {"which": "late", "how": "set", "reason": "x"}, "on", "nouvelle date"),
        ("?quoi=theme", {"deed": "add"}, "theme", "nécessaire"),
    ],
)
def test_a_form_that_lacks_something_says_so(client, pact, animator, query, typed, field, words):
    ActionFactory(pact=pact)
    response = client.post(reverse("actions:batch_add", args=[pact.pk]) + query, typed)
    assert words in response.context["form"].errors[field][0]
    assert not Batch.objects.exists()


def test_a_large_one_is_left_to_the_worker_which_may_be_stopped(client, pact, animator, monkeypatch):
    monkeypatch.setattr(deeds, "AT_ONCE", 1)
    ActionFactory.create_batch(2, pact=pact)
    batch = press(client, prepare(client, pact, "?quoi=status", status="running"), "appliquer")
    assert (batch.state, pact.actions.filter(status="running").count()) == ("waiting", 0)
    assert "data-pti-watch" in client.get(batch.get_absolute_url()).content.decode()

    def stop(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(deeds, "apply_line", stop)
        with pytest.raises(SystemExit):
            deeds.run_waiting()
    batch.refresh_from_db()
    assert batch.state == "waiting"
    deeds.run_waiting()
    deeds.run_waiting()
    batch.refresh_from_db()
    assert (batch.state, pact.actions.filter(status="running").count()) == ("applied", 2)
    updates = [action.updates.get() for action in pact.actions.all()]
    assert {update.history.get().history_user for update in updates} == {animator}


def is_closed(user):
    close_account(user, reason="essai")


def only_reads(user):
    user.accesses.update(role=Role.READER)


@pytest.mark.parametrize(("pressed", "happens"), [("appliquer", only_reads), ("annuler", only_reads), ("appliquer", is_closed)])
def test_the_worker_writes_nothing_for_who_lost_the_right_meanwhile(client, pact, animator, monkeypatch, pressed, happens):
    ActionFactory(pact=pact)
    batch = prepare(client, pact, "?quoi=status", status="running")
    if pressed == "annuler":
        press(client, batch, "appliquer")
    before = pact.actions.get().status
    monkeypatch.setattr(deeds, "AT_ONCE", 0)
    press(client, batch, pressed)
    happens(animator)
    deeds.run_waiting()
    batch.refresh_from_db()
    assert (pact.actions.get().status, "n’a plus ce droit" in batch.failure) == (before, True)


def test_whoever_comes_second_is_told(client, pact, animator):
    ActionFactory(pact=pact)
    batch = press(client, prepare(client, pact, "?quoi=status", status="running"), "appliquer")
    response = client.post(batch.get_absolute_url(), {"appliquer": "oui"}, follow=True)
    assert "déjà appliquée" in response.content.decode()
    assert pact.actions.get().updates.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_preview_query_count(client, pact, animator, count, django_assert_num_queries):
    ActionFactory.create_batch(count, pact=pact)
    batch = prepare(client, pact, "?quoi=status", status="running")
    with django_assert_num_queries(10):
        client.get(batch.get_absolute_url())


def test_a_batch_of_another_pact_is_hidden(client, pact, animator):
    other = PactFactory()
    batch = deeds.prepare(
        pact=other, actions=Action.objects.none(), kind="status", params={"status": "done"}, said="Statut", by=animator
    )
    assert client.get(reverse("actions:batch_detail", args=[pact.pk, batch.pk])).status_code == 404
