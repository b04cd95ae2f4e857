"""Saved views, and the mails that tell what enters them: once, to whoever may read it."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from actions import watching
from actions.enums import Pace
from actions.models import Action, SavedView, Subscription
from pti import accounts, outbox
from pti.enums import Role
from pti.mail_choices import choices_url, refused_by
from pti.models import Access, OutgoingMail
from tests.factories.actions import ActionFactory, MilestoneFactory, ThemeFactory
from tests.factories.pti import PactFactory, person


@pytest.fixture
def pact():
    return PactFactory(start_text="2020", end_text="2030")


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    client.force_login(user)
    return user


def at(day, hour):
    """An hour of November 2026: the 23rd is a Monday."""
    return datetime.datetime(2026, 11, day, hour, tzinfo=timezone.get_current_timezone())


def late_view(pact, user, pace=Pace.AT_ONCE, **more):
    """« En retard », followed since Saturday the 21st at night."""
    view = SavedView.objects.create(pact=pact, owner=user, name="En retard", query="alerte=retard", **more)
    watching.follow(view=view, user=user, pace=pace, now=at(21, 20))
    return view


def address(name, pact, view=None, query=""):
    return reverse(f"actions:saved_view_{name}", args=[pact.pk] + ([view.pk] if view else [])) + query


def test_the_filters_of_the_list_are_saved_under_a_name(client, pact, officer):
    ActionFactory(pact=pact, number="1", late=True)
    url = address("add", pact, query="?alerte=retard&status=&page=2&sort=title&rien=1")
    response = client.post(url, {"name": "En retard", "is_shared": "on", "pace": "weekly"})
    view = SavedView.objects.get()
    assert response.url == reverse("actions:action_list", args=[pact.pk]) + "?alerte=retard"
    assert (view.query, view.said, view.owner, view.is_shared) == ("alerte=retard", "Alerte\u00a0: en retard", officer, True)
    row = view.subscriptions.get()
    assert (row.pace, row.known) == (Pace.WEEKLY, [Action.objects.get().pk])
    assert 'aria-current="true"' in client.get(response.url).content.decode()


def test_a_view_opens_on_the_tab_it_was_saved_from(client, pact, officer):
    ActionFactory(pact=pact, late=True)
    for name, tab, own in (("governance:timeline", "frise", "&zoom=mois"), ("actions:action_matrix", "matrice", "")):
        here = f"{reverse(name, args=[pact.pk])}?alerte=retard{own}"
        context = client.get(here + "&page=1").context
        assert context["here"] == here
        assert context["save_url"].endswith(f"?vue={tab}&alerte=retard{own}")
        assert client.post(context["save_url"], {"name": tab}).url == here
        assert 'aria-current="true"' in client.get(here).content.decode()
    lines = client.get(address("list", pact)).context["lines"]
    assert [(view.name, view.shown_in.label, view.said) for view, *_ in lines] == [
        ("frise", "Frise", "Alerte\u00a0: en retard"),
        ("matrice", "Matrice", "Alerte\u00a0: en retard"),
    ]


def test_a_tab_that_means_nothing_is_the_list(client, pact, officer):
    client.post(address("add", pact, query="?vue=inconnue&q=garde"), {"name": "Garde"})
    assert SavedView.objects.get().get_absolute_url() == reverse("actions:action_list", args=[pact.pk]) + "?q=garde"


def test_a_name_serves_once(client, pact, officer):
    SavedView.objects.create(pact=pact, owner=officer, name="En retard")
    form = client.post(address("add", pact), {"name": "En retard"}).context["form"]
    assert form.errors["name"] == ["Vous avez déjà une vue de ce nom."]
    assert client.post(address("add", pact), {}).context["form"].errors["name"] == ["Ce champ est nécessaire."]


def test_filters_that_are_too_long_are_refused(client, pact, officer):
    form = client.post(address("add", pact, query=f"?q={'a' * 600}"), {"name": "Longue"}).context["form"]
    assert "trop longs" in form.non_field_errors()[0]


def test_who_sees_a_view(client, pact, officer):
    other = person(Role.ANIMATOR, pact, email="autre@exemple.test")
    shared = SavedView.objects.create(pact=pact, owner=other, name="Partagée", is_shared=True)
    hidden = SavedView.objects.create(pact=pact, owner=other, name="Cachée")
    SavedView.objects.create(pact=PactFactory(), owner=officer, name="Ailleurs")
    assert [line[0].name for line in client.get(address("list", pact)).context["lines"]] == ["Partagée"]
    assert client.get(address("edit", pact, hidden)).status_code == 404
    assert client.post(address("delete", pact, shared)).status_code == 403
    client.post(address("edit", pact, shared), {"pace": "at_once", "name": "Renommée"})
    shared.refresh_from_db()
    assert (shared.name, shared.subscriptions.get().user) == ("Partagée", officer)


def test_a_partner_saves_for_itself_only(client, pact):
    user = person(Role.PARTNER, pact)
    client.force_login(user)
    client.post(address("add", pact), {"name": "La mienne", "is_shared": "on"})
    assert SavedView.objects.get().is_shared is False


def test_renamed_no_more_followed_then_deleted(client, pact, officer):
    view = late_view(pact, officer)
    client.post(address("edit", pact, view), {"name": "Retards", "pace": ""})
    assert (SavedView.objects.get().name, Subscription.objects.count()) == ("Retards", 0)
    client.post(address("delete", pact, view))
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_view_list_query_count(client, pact, officer, count, django_assert_num_queries):
    for number in range(count):
        view = SavedView.objects.create(pact=pact, owner=officer, name=f"Vue {number}")
        watching.follow(view=view, user=officer, pace=Pace.WEEKLY)
    with django_assert_num_queries(7):
        response = client.get(address("list", pact))
    assert len(response.context["lines"]) == count


def test_what_enters_a_view_is_told_once(pact, officer):
    ActionFactory(pact=pact, late=True)
    late_view(pact, officer)
    assert watching.queue_in_slot(at(23, 9)) == 0
    new = ActionFactory(pact=pact, number="7", title="Garages solidaires", late=True)
    told = [watching.queue_in_slot(at(*moment)) for moment in ((23, 10), (23, 13), (23, 14), (23, 15), (24, 9))]
    assert told == [0, 0, 1, 0, 0]
    outbox.deliver()
    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == ([officer.email], "1 fiche dans une vue que vous suivez")
    assert "7. Garages solidaires" in sent.body
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(new.uid) not in sent.body + sent.alternatives[0][0]


def test_what_left_and_comes_back_is_told_again(pact, officer):
    action = ActionFactory(pact=pact, late=True)
    late_view(pact, officer)
    Action.objects.filter(pk=action.pk).update(status="paused")
    assert watching.queue_in_slot(at(23, 9)) == 0
    Action.objects.filter(pk=action.pk).update(status="ongoing")
    assert watching.queue_in_slot(at(23, 14)) == 1


def test_the_digest_comes_once_a_week(pact, officer):
    late_view(pact, officer, Pace.WEEKLY)
    ActionFactory(pact=pact, late=True)
    # Nothing on the Saturday nor on the Sunday of the week in which it was chosen.
    assert [watching.queue_in_slot(at(*moment)) for moment in ((21, 15), (22, 9), (23, 9), (24, 9))] == [0, 0, 1, 0]
    ActionFactory(pact=pact, late=True)
    assert [watching.queue_in_slot(at(*moment)) for moment in ((27, 9), (30, 15), (30, 16))] == [0, 1, 0]


def test_several_views_make_one_mail(pact, officer):
    late_view(pact, officer)
    every = SavedView.objects.create(pact=pact, owner=officer, name="Toutes")
    watching.follow(view=every, user=officer, pace=Pace.WEEKLY, now=at(21, 20))
    ActionFactory(pact=pact, late=True)
    assert watching.queue_in_slot(at(23, 9)) == 1
    row = OutgoingMail.objects.get()
    assert (row.about, "Toutes" in row.html) == ("Vue personnelle", True)


def test_the_log_names_a_shared_view_and_not_a_persons_own(client, pact, officer):
    view = SavedView.objects.create(pact=pact, owner=officer, name="Fiches de Paul à surveiller")
    watching.follow(view=view, user=officer, pace=Pace.AT_ONCE, now=at(21, 20))
    shared = SavedView.objects.create(pact=pact, owner=officer, name="Toutes les fiches", is_shared=True)
    ActionFactory(pact=pact)
    watching.queue_in_slot(at(23, 9))
    watching.follow(view=shared, user=officer, pace=Pace.AT_ONCE, now=at(23, 20))
    Subscription.objects.filter(view=view).delete()
    ActionFactory(pact=pact)
    watching.queue_in_slot(at(24, 9))
    said = [(row.about, row.subject.replace("\u00a0", " ")) for row in OutgoingMail.objects.order_by("pk")]
    assert said == [
        ("Vue personnelle", "1 fiche dans une vue que vous suivez"),
        ("Toutes les fiches", "1 fiche dans la vue « Toutes les fiches »"),
    ]
    assert "surveiller" not in client.get(reverse("actions:mail_log", args=[pact.pk])).content.decode()


def test_nothing_leaves_at_night(pact, officer):
    late_view(pact, officer)
    ActionFactory(pact=pact, late=True)
    assert [watching.queue_in_slot(at(23, hour)) for hour in (3, 8, 12, 17, 22)] == [0] * 5


def test_a_worker_that_is_stopped_tells_once(pact, officer, monkeypatch):
    late_view(pact, officer)
    ActionFactory(pact=pact, late=True)

    def stop(**kwargs):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "queue", stop)
        with pytest.raises(SystemExit):
            watching.queue_in_slot(at(23, 9))
    assert (watching.queue_in_slot(at(23, 10)), OutgoingMail.objects.count()) == (1, 1)


def test_whoever_lost_the_pact_is_told_nothing(pact, officer):
    late_view(pact, officer)
    ActionFactory(pact=pact, late=True)
    Access.objects.filter(user=officer).delete()
    assert watching.queue_in_slot(at(23, 9)) == 0


def test_a_shared_view_taken_back_tells_nothing(pact, officer):
    owner = person(Role.ANIMATOR, pact, email="autre@exemple.test")
    view = SavedView.objects.create(pact=pact, owner=owner, name="Toutes", is_shared=True)
    watching.follow(view=view, user=officer, pace=Pace.AT_ONCE, now=at(21, 20))
    ActionFactory(pact=pact)
    SavedView.objects.filter(pk=view.pk).update(is_shared=False)
    assert watching.queue_in_slot(at(23, 9)) == 0


def test_a_mail_that_waited_names_what_may_still_be_read(pact, officer):
    late_view(pact, officer)
    gone = ActionFactory(pact=pact, title="Garages solidaires", late=True)
    kept = ActionFactory(pact=pact, late=True)
    watching.queue_in_slot(at(23, 9))
    assert "Garages" not in OutgoingMail.objects.get().text
    gone.delete()
    kept.title = "Épicerie"
    kept.save()
    outbox.deliver()
    body = mail.outbox[0].body
    assert ("Garages" in body, "Épicerie" in body, watching.GONE in body) == (False, True, True)


@pytest.mark.parametrize("lost", ["access", "account"])
def test_a_mail_that_waited_does_not_leave_to_who_lost_the_pact(pact, officer, lost):
    late_view(pact, officer)
    ActionFactory(pact=pact, late=True)
    watching.queue_in_slot(at(23, 9))
    if lost == "access":
        Access.objects.filter(user=officer).delete()
    else:
        accounts.close_account(officer, reason="départ")
    outbox.deliver()
    assert (mail.outbox, OutgoingMail.objects.get().state) == ([], "Refusé")


def test_a_filter_that_means_nothing_any_more_tells_nothing(pact, officer):
    theme = ThemeFactory()
    view = SavedView.objects.create(pact=pact, owner=officer, name="Thème", query=f"theme={theme.pk}")
    watching.follow(view=view, user=officer, pace=Pace.AT_ONCE, now=at(21, 20))
    theme.delete()
    ActionFactory(pact=pact)
    assert watching.queue_in_slot(at(23, 9)) == 0


def test_one_click_stops_the_mails_of_views(client, pact, officer):
    late_view(pact, officer)
    client.logout()
    client.post(choices_url(officer.email), {"List-Unsubscribe": "One-Click"})
    assert watching.KIND in refused_by(officer.email)
    MilestoneFactory(action=ActionFactory(pact=pact), planned_text="31/01/2020")
    assert watching.queue_in_slot(at(23, 9)) == 0


def test_whoever_is_forgotten_follows_nothing(pact, officer):
    late_view(pact, officer)
    watching.forget(officer.email.upper())
    assert not SavedView.objects.exists()
