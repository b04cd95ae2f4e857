"""Blocking points go up from level to level, the answer comes down, and whoever raised the point is told."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from governance import services
from governance.blocking import next_committee, road_of
from governance.enums import CommitteeKind, ReferralOutcome
from governance.models import AgendaItem, CommitteeService, Meeting
from pti import mail_choices, outbox
from pti.dates import today
from pti.enums import Role
from pti.models import OutgoingMail
from tests.factories.actions import ActionFactory, IndicatorFactory, UpdateFactory, led_by
from tests.factories.governance import AgendaItemFactory, ChairFactory, CommitteeFactory, MeetingFactory, ReferralFactory
from tests.factories.partners import ContactFactory, OrganisationFactory
from tests.factories.pti import PactFactory, person
from tests.world import log_in

DAY = datetime.date(2026, 6, 12)


@pytest.fixture
def pact():
    return PactFactory()


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    log_in(client, user)
    return user


@pytest.fixture
def committees(pact):
    kinds = (CommitteeKind.WORKING_GROUP, CommitteeKind.LOCAL, CommitteeKind.TECHNICAL, CommitteeKind.STEERING)
    return [CommitteeFactory(pact=pact, kind=kind) for kind in kinds]


@pytest.fixture
def raised(pact):
    """A point raised by the partner that leads the fiche."""
    partner, action = person(Role.PARTNER, pact), ActionFactory(pact=pact)
    lead = led_by(partner, action)
    return UpdateFactory(action=action, author=partner, organisation=lead.organisation, on=DAY, blocking_point="Aucun local")


def url(name, pact, *args):
    return reverse(f"governance:{name}", args=[pact.pk, *args])


def refer(update, committee, by, **said):
    return services.refer(update=update, committee=committee, meeting=None, on=DAY, by=by, **said)


def answer(referral, by, outcome, text="Une salle est prêtée.", on=DAY):
    return services.answer_referral(referral=referral, answer=text, on=on, outcome=outcome, by=by)


def test_the_road_is_kept_from_level_to_level(raised, committees, officer, pact):
    group, local, technical, steering = committees
    ChairFactory(committee=local, text="Sous-préfecture")
    first = refer(raised, group, officer, owner_text="Le groupe logement")
    second = refer(raised, local, officer)
    first.refresh_from_db()
    assert (first.outcome, first.owner_text) == (ReferralOutcome.UP, "Le groupe logement")
    assert (second.owner_text, second.due_on) == ("Sous-préfecture", DAY + datetime.timedelta(days=30))
    road = [step.where for step in road_of(raised, [first, second], DAY)]
    assert road == ["La fiche", group.name, local.name]
    assert next_committee(raised, [first, second], committees) == technical
    with pytest.raises(ValidationError):
        refer(raised, group, officer)
    refer(raised, steering, officer)
    with pytest.raises(ValidationError, match="plus élevé"):
        refer(raised, technical, officer)


def test_the_level_that_was_asked_for_is_proposed_first(raised, committees):
    raised.blocking_level = "technical"
    assert next_committee(raised, [], committees) == committees[2]


def test_an_answer_lifts_the_point_and_tells_who_raised_it_once(client, raised, committees, officer, pact):
    referral = refer(raised, committees[3], officer)
    data = {"answer": "Une salle est prêtée.", "answered_on": f"{today():%d/%m/%Y}", "outcome": "lifted"}
    client.post(url("referral_answer", pact, referral.pk), data)
    raised.refresh_from_db()
    assert (raised.is_blocking, raised.unblocking) == (False, f"{committees[3].name} : Une salle est prêtée.")
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject.startswith("Point de blocage levé")) == (raised.author.email, True)
    assert "Une salle est prêtée." in mail.text
    assert mail_choices.kinds_of(mail.key) == [services.ANSWER_KIND]
    client.post(url("referral_answer", pact, referral.pk), data | {"answer": "Deux salles sont prêtées."})
    raised.refresh_from_db()
    assert "Deux salles" in raised.unblocking
    assert OutgoingMail.objects.count() == 1
    # Put right: the answer does not lift it after all.
    client.post(url("referral_answer", pact, referral.pk), data | {"outcome": "kept"})
    raised.refresh_from_db()
    assert raised.is_blocking


def test_an_answer_that_waited_is_not_told_to_who_lost_the_pact(raised, committees, officer):
    answer(refer(raised, committees[0], officer), officer, ReferralOutcome.LIFTED)
    raised.author.accesses.get().delete()
    outbox.deliver()
    assert (mail.outbox, OutgoingMail.objects.get().state) == ([], "Refusé")


def test_a_point_that_is_kept_stays_open_and_may_go_higher(raised, committees, officer):
    kept = answer(refer(raised, committees[2], officer), officer, ReferralOutcome.KEPT)
    raised.refresh_from_db()
    assert (raised.is_blocking, kept.is_waiting) == (True, False)
    refer(raised, committees[3], officer)
    kept.refresh_from_db()
    assert kept.outcome == ReferralOutcome.KEPT


def test_a_point_recorded_for_a_body_is_answered_to_its_referent(raised, committees, officer, pact):
    contact = ContactFactory(pact=pact, organisation=raised.organisation, email="ref@exemple.test", is_referent=True)
    raised.author, raised.on_behalf = officer, True
    raised.save()
    answer(refer(raised, committees[3], officer), officer, ReferralOutcome.KEPT)
    assert OutgoingMail.objects.get().to == contact.email


@pytest.mark.parametrize("why", ["refuses", "no longer reads", "wrote the answer"])
def test_nobody_is_told_who_should_not_be(raised, committees, officer, why):
    by = officer
    if why == "refuses":
        mail_choices.choose(email=raised.author.email, refused=[services.ANSWER_KIND])
    elif why == "no longer reads":
        raised.author.accesses.all().delete()
        raised.organisation = None
        raised.save()
    else:
        raised.author, by = officer, officer
        raised.save()
    answer(refer(raised, committees[3], officer), by, ReferralOutcome.LIFTED)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"answer": "", "answered_on": "01/06/2026"}, ["answer", "answered_on", "outcome"]),
        ({"answer": "Oui", "answered_on": "31/12/2099", "outcome": "lifted"}, ["answered_on"]),
        ({"answer": "Oui", "answered_on": "12/06/2026", "outcome": "up"}, ["outcome"]),
    ],
)
def test_an_answer_that_cannot_be_is_refused_beside_its_field(client, raised, committees, officer, pact, data, fields):
    referral = refer(raised, committees[3], officer)
    assert list(client.post(url("referral_answer", pact, referral.pk), data).context["form"].errors) == fields


def test_a_referral_says_who_must_answer_and_by_when(client, raised, committees, officer, pact):
    page = client.get(url("referral_create", pact, raised.pk))
    assert page.context["form"]["committee"].initial == committees[0]
    data = {"committee": committees[3].pk, "raised_on": "12/06/2026", "due_on": "01/06/2026", "owner_text": "Le préfet"}
    response = client.post(url("referral_create", pact, raised.pk), data)
    assert list(response.context["form"].errors) == ["due_on"]
    client.post(url("referral_create", pact, raised.pk), data | {"due_on": "01/07/2026"})
    referral = raised.referrals.get()
    assert (referral.owner_text, referral.due_on) == ("Le préfet", datetime.date(2026, 7, 1))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"loose", "waiting", "kept"}),
        ("niveau=aucune", {"loose"}),
        ("niveau=steering", {"waiting"}),
        ("niveau=autre", {"kept"}),
        ("reponse=attendue", {"waiting"}),
        ("reponse=retard", {"waiting"}),
        ("reponse=donnee", {"kept"}),
        ("etat=leve", {"lifted"}),
        ("etat=tous", {"loose", "waiting", "kept", "lifted"}),
    ],
)
def test_the_list_says_where_each_point_stands(client, officer, pact, committees, query, found):
    waiting = UpdateFactory(action__pact=pact, blocking_point="waiting")
    ReferralFactory(update=waiting, committee=committees[0], outcome="up")
    ReferralFactory(update=waiting, committee=committees[3], due_on=DAY)
    kept = UpdateFactory(action__pact=pact, blocking_point="kept")
    funders = CommitteeFactory(pact=pact, kind=CommitteeKind.FUNDERS)
    ReferralFactory(update=kept, committee=funders, answered_on=DAY, outcome="kept", answer="Pas cette année.")
    UpdateFactory(action__pact=pact, blocking_point="loose")
    UpdateFactory(action__pact=pact, blocking_point="lifted", unblocked_on=DAY)
    UpdateFactory(blocking_point="ailleurs")
    rows = client.get(f"{url('blocking_list', pact)}?{query}").context["table"].rows
    assert {row.record.blocking_point for row in rows} == found


@pytest.mark.parametrize("count", [1, 3])
def test_blocking_list_query_count(client, officer, pact, committees, count, django_assert_num_queries):
    for _ in range(count):
        update = UpdateFactory(action__pact=pact, blocking_point="Aucun local", organisation=OrganisationFactory())
        ReferralFactory(update=update, committee=committees[0], outcome="up")
        ReferralFactory(update=update, committee=committees[3])
    with django_assert_num_queries(8):
        response = client.get(url("blocking_list", pact))
    assert len(response.context["table"].rows) == count


def test_a_partner_reads_where_its_point_stands(client, raised, committees, officer, pact):
    answer(refer(raised, committees[3], officer), officer, ReferralOutcome.LIFTED, "Une salle à Chinon.", on=today())
    log_in(client, raised.author)
    pages = {
        "mine": client.get(reverse("actions:my_actions", args=[pact.pk])),
        "fiche": client.get(reverse("actions:action_detail", args=[pact.pk, raised.action_id])),
        "all": client.get(f"{url('blocking_list', pact)}?etat=tous"),
    }
    html = {name: page.content.decode() for name, page in pages.items()}
    assert {name for name, text in html.items() if "Une salle à Chinon." in text} == {"mine", "fiche"}
    assert not any("Enregistrer la réponse" in text or "Porter plus haut" in text for text in html.values())


@pytest.mark.parametrize("count", [1, 3])
def test_my_actions_ask_the_same_for_one_point_and_three(client, raised, committees, officer, pact, count,
                                                         django_assert_num_queries):  # fmt: skip
    for number in range(count - 1):
        update = UpdateFactory(action=raised.action, on=DAY, blocking_point=f"Blocage {number}")
        refer(update, committees[3], officer)
    log_in(client, raised.author)
    client.get(reverse("actions:my_actions", args=[pact.pk]))
    with django_assert_num_queries(16):
        client.get(reverse("actions:my_actions", args=[pact.pk]))


def test_the_fiches_of_a_list_join_an_agenda_once(client, officer, pact):
    blocked = ActionFactory.create_batch(2, pact=pact, blocked=True)
    ActionFactory(pact=pact)
    meeting = MeetingFactory(committee__pact=pact)
    held = MeetingFactory(committee__pact=pact, held=True)
    address = f"{url('agenda_from_list', pact)}?alerte=blocage"
    data = {"meeting": meeting.pk, "rows": [one.pk for one in blocked]}
    client.post(address, data)
    client.post(address, data)
    titles = [item.title for item in meeting.items.all()]
    assert titles == [f"Fiche {one.number} : {one.title} : point de blocage" for one in blocked]
    assert [item.subject for item in AgendaItem.objects.all()] == blocked
    errors = client.post(address, {"meeting": held.pk}).context["form"].errors
    assert list(errors) == ["meeting", "rows"]


def test_the_indicators_of_a_list_join_an_agenda_once(client, officer, pact):
    bare = IndicatorFactory(pact=pact, action=None, name="Sorties positives")
    IndicatorFactory(name="Ailleurs")
    meeting = MeetingFactory(committee__pact=pact)
    address = f"{url('agenda_from_list', pact)}?de=indicateurs&manque=valeur"
    year = pact.reference_day.year
    for _ in range(2):
        client.post(address, {"meeting": meeting.pk, "rows": [bare.pk]})
    (item,) = meeting.items.all()
    assert (item.subject, item.title) == (bare, f"Indicateur : Sorties positives : sans valeur {year}")
    assert client.get(f"{url('agenda_from_list', pact)}?de=indicateurs").status_code == 302


def test_the_other_pact_of_a_committee_does_not_read_the_fiches_put_on_its_agenda(client, officer, pact):
    meeting, other = MeetingFactory(committee__pact=pact), PactFactory()
    CommitteeService.objects.create(committee=meeting.committee, pact=other)
    blocked, tabled, proposed = ActionFactory.create_batch(3, pact=pact)
    update = UpdateFactory(action=blocked, blocking_point="Aucun local")
    services.refer(update=update, committee=meeting.committee, meeting=meeting, on=today(), by=officer)
    services.table_rows(meeting=meeting, rows=[tabled], by=officer)
    client.post(url("item_proposed", pact, meeting.pk), {"subject": f"action-{proposed.pk}"})
    readers = [person(Role.PARTNER, pact), person(Role.PARTNER, other)]
    assert [AgendaItem.objects.visible_to(one).count() for one in readers] == [3, 0]


@pytest.fixture
def shared(officer, pact):
    """(a meeting to come of a committee of another pact, which serves this one too; its items, each read by its own pact)."""
    meeting = MeetingFactory()
    CommitteeService.objects.create(committee=meeting.committee, pact=pact)
    theirs = ActionFactory(pact=meeting.committee.pact, title="Fiche d’ailleurs")
    services.table_rows(meeting=meeting, rows=[theirs], by=officer)
    return meeting, theirs


def test_an_officer_adds_only_points_of_her_pact_to_a_committee_that_serves_it(client, officer, pact, shared):
    meeting, theirs = shared
    own, hidden = ActionFactory(pact=pact, blocked=True), meeting.items.get()
    address = f"{url('agenda_from_list', pact)}?alerte=blocage"
    errors = client.post(address, {"meeting": meeting.pk, "rows": [own.pk, theirs.pk]}).context["form"].errors
    assert (list(errors), meeting.items.count()) == (["rows"], 1)
    client.post(address, {"meeting": meeting.pk, "rows": [own.pk]})
    update = own.updates.get()
    referral = {"committee": meeting.committee_id, "meeting": meeting.pk, "raised_on": today()}
    client.post(url("referral_create", pact, update.pk), referral)
    added = meeting.items.exclude(pk=hidden.pk)
    assert {(item.subject, item.pact) for item in added} == {(own, pact)}
    assert added.count() == 2


def test_an_officer_neither_reads_nor_changes_the_points_of_the_other_pact(client, officer, pact, shared):
    meeting, theirs = shared
    for item in (meeting.items.get(), AgendaItemFactory(meeting=meeting, title="Point commun", subject=theirs)):
        page = client.get(url("meeting_detail", pact, meeting.pk)).content.decode()
        assert (theirs.title in page, f"Fiche {theirs.number}<" in page) == (False, False)
        for name in ("item_edit", "item_delete", "item_move"):
            assert client.post(url(name, pact, meeting.pk, item.pk), {"title": "À moi"}).status_code in (403, 404)
    assert client.post(url("item_proposed", pact, meeting.pk), {"subject": f"action-{theirs.pk}"}).status_code == 403
    assert set(meeting.items.values_list("title", flat=True)) == {f"Fiche {theirs.number} : {theirs.title}", "Point commun"}


def test_a_decision_about_a_fiche_is_read_by_those_of_its_pact(client, officer, pact):
    meeting, other = MeetingFactory(committee__pact=pact, held=True), PactFactory()
    CommitteeService.objects.create(committee=meeting.committee, pact=other)
    action = ActionFactory(pact=pact)
    client.post(url("decision_create", pact, meeting.pk), {"text": "Ouvrir le local", "action": action.pk})
    assert [one.pact for one in action.decisions.all()] == [pact]


def test_a_meeting_closed_meanwhile_takes_no_fiche(officer, pact):
    action, meeting = ActionFactory(pact=pact), MeetingFactory(committee__pact=pact)
    Meeting.objects.filter(pk=meeting.pk).update(closed_on=today())
    with pytest.raises(ValidationError, match="close"):
        services.table_rows(meeting=meeting, rows=[action], by=officer)


def test_a_referral_that_went_up_awaits_no_answer(client, raised, committees, officer):
    client.force_login(officer)
    ReferralFactory(update=raised, committee=committees[0], outcome=ReferralOutcome.UP)
    page = client.get(reverse("governance:referral_list", args=[raised.action.pact_id])).content.decode()
    assert "Porté plus haut" in page
    assert "Réponse attendue" not in page
