"""Meetings: agenda, attendance, minutes, decisions, referrals."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from governance.enums import Presence
from governance.models import AgendaItem, Attendance, Decision, Meeting, MeetingDocument, Referral
from governance.reading import decisions_of, files_of, items_of
from partners.models import Membership
from pti.dates import today
from pti.enums import PactState, Role
from tests.factories.actions import ActionFactory, OrganisationFactory, UpdateFactory
from tests.factories.governance import (
    AgendaItemFactory,
    AttendanceFactory,
    CommitteeFactory,
    DecisionFactory,
    MeetingDocumentFactory,
    MeetingFactory,
    ReferralFactory,
    SeatFactory,
)
from tests.factories.pti import PactFactory, person
from tests.world import log_in


@pytest.fixture
def pact():
    return PactFactory()


@pytest.fixture
def committee(pact):
    return CommitteeFactory(pact=pact, steering=True)


@pytest.fixture
def officer(client, pact):
    user = person(Role.OFFICER, pact)
    log_in(client, user)
    return user


def url(name, pact, *args):
    return reverse(f"governance:{name}", args=[pact.pk, *args])


def detail(client, pact, meeting):
    return client.get(url("meeting_detail", pact, meeting.pk))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["meeting_list", "decision_list", "attendance_list", "referral_list"])
def test_list_query_count(client, officer, pact, name, count, django_assert_max_num_queries):
    for _ in range(count):
        committee = CommitteeFactory(pact=pact)
        meeting = MeetingFactory(committee=committee, held=True, sent=True)
        action = ActionFactory(pact=pact)
        DecisionFactory(meeting=meeting, action=action, owner=OrganisationFactory())
        AttendanceFactory(meeting=meeting)
        ReferralFactory(committee=committee, update__action=action)
    with django_assert_max_num_queries(10):
        response = client.get(url(name, pact))
    assert len(response.context["table"].rows) == count


@pytest.mark.parametrize("count", [1, 3])
def test_meeting_page_query_count(client, officer, pact, committee, count, django_assert_max_num_queries):
    before = MeetingFactory(committee=committee, held=True)
    meeting = MeetingFactory(committee=committee)
    for _ in range(count):
        item = AgendaItemFactory(meeting=meeting, subject=ActionFactory(pact=pact), minutes_planned=10)
        DecisionFactory(meeting=meeting, item=item, owner=OrganisationFactory(), action=ActionFactory(pact=pact))
        DecisionFactory(meeting=before, owner=OrganisationFactory())
        AttendanceFactory(meeting=meeting)
    with django_assert_max_num_queries(19):
        detail(client, pact, meeting)


def test_upcoming_meetings_come_first(client, officer, pact, committee):
    past = MeetingFactory(committee=committee, held=True)
    later = MeetingFactory(committee=committee, date_text="12/12/2036")
    sooner = MeetingFactory(committee=committee, date_text="12/12/2035")
    response = client.get(url("meeting_list", pact))
    assert [row.record for row in response.context["table"].rows] == [sooner, later, past]
    response = client.get(url("meeting_list", pact), {"when": "past"})
    assert [row.record for row in response.context["table"].rows] == [past]


def test_draft_minutes_are_for_the_staff(client, pact, committee):
    meeting = MeetingFactory(committee=committee, held=True, draft=True)
    AgendaItemFactory(meeting=meeting, notes="<p>Note secrète</p>")
    DecisionFactory(meeting=meeting, text="Décision secrète")
    for role, seen in ((Role.READER, False), (Role.PARTNER, False), (Role.OFFICER, True)):
        log_in(client, person(role, pact))
        html = detail(client, pact, meeting).content.decode()
        assert [words in html for words in ("Brouillon secret", "Note secrète", "Décision secrète")] == [seen] * 3


def test_minutes_once_sent_are_read_by_all(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee, held=True, draft=True)
    client.post(url("minutes_send", pact, meeting.pk))
    meeting.refresh_from_db()
    assert meeting.minutes_sent_on == today()
    log_in(client, person(Role.PARTNER, pact))
    assert "Brouillon secret" in detail(client, pact, meeting).content.decode()


def test_empty_minutes_are_not_sent(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee, held=True)
    response = client.post(url("minutes_send", pact, meeting.pk), follow=True)
    assert "pas encore de compte rendu" in response.content.decode()
    meeting.refresh_from_db()
    assert meeting.minutes_sent_on is None


def test_minutes_are_clean_html(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee, held=True)
    data = {"minutes": "<p>Lu.</p><script>alert(1)</script>", "revision": "0"}
    client.post(url("minutes_edit", pact, meeting.pk), data)
    meeting.refresh_from_db()
    assert meeting.minutes == "<p>Lu.</p>"


def test_item_of_another_pact_is_hidden(client, pact, committee):
    other = PactFactory()
    shared = CommitteeFactory(pact=other, serves=[pact])
    meeting = MeetingFactory(committee=shared)
    AgendaItemFactory(meeting=meeting, title="Pour tous")
    AgendaItemFactory(meeting=meeting, title="Pour nous", pact=pact)
    AgendaItemFactory(meeting=meeting, title="Pour les autres", pact=other)
    log_in(client, person(Role.PARTNER, pact))
    html = detail(client, pact, meeting).content.decode()
    assert [words in html for words in ("Pour tous", "Pour nous", "Pour les autres")] == [True, True, False]


def test_a_meeting_enters_no_committee_of_a_pact_that_its_staff_only_reads(client, pact):
    """Its committee serves that pact too: the page stands there as well."""
    own = PactFactory()
    user = person(Role.OFFICER, own)
    user.accesses.create(pact=pact, role=Role.READER)
    client.force_login(user)
    meeting = MeetingFactory(committee=CommitteeFactory(pact=own, serves=[pact]))
    url = reverse("governance:meeting_edit", args=[pact.pk, meeting.pk])
    typed = {"date_text": "01/12/2030", "status": "planned", "revision": 0}
    strange = client.post(url, typed | {"committee": CommitteeFactory(pact=pact).pk})
    assert list(strange.context["form"].errors) == ["committee"]
    assert client.post(url, typed | {"committee": meeting.committee.pk}).status_code == 302


def test_create_meeting_invites_the_members(client, officer, pact, committee):
    seat = SeatFactory(committee=committee)
    SeatFactory(committee=committee, ends_on=datetime.date(2020, 1, 1))
    data = {"committee": committee.pk, "date_text": "14-12-35", "starts_at": "14:00", "ends_at": "16:30", "status": "planned"}
    client.post(url("meeting_create", pact), data)
    meeting = Meeting.objects.get()
    assert (meeting.date_text, meeting.held_on) == ("14-12-35", datetime.date(2035, 12, 14))
    assert [one.organisation for one in meeting.attendances.all()] == [seat.organisation]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"date_text": "demain"}, "date_text"), ({"starts_at": "16:00", "ends_at": "14:00"}, "ends_at")],
)
def test_create_meeting_says_what_is_wrong(client, officer, pact, committee, wrong, field):
    data = {"committee": committee.pk, "date_text": "14/12/2035", "status": "planned", **wrong}
    response = client.post(url("meeting_create", pact), data)
    assert list(response.context["form"].errors) == [field]
    assert Meeting.objects.count() == 0


def test_attendance_is_pointed_on_one_page(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee, held=True)
    first, second = AttendanceFactory.create_batch(2, meeting=meeting)
    data = {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "2",
        "form-0-id": first.pk,
        "form-0-presence": "present",
        "form-0-people": "2",
        "form-1-id": second.pk,
        "form-1-presence": "excused",
        "form-1-people": "",
    }
    client.post(url("attendance", pact, meeting.pk), data)
    assert set(meeting.attendances.values_list("pk", "presence", "people")) == {
        (first.pk, "present", 2),
        (second.pk, "excused", None),
    }


def test_quorum_is_said(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee, held=True, quorum=2)
    AttendanceFactory(meeting=meeting, present=True)
    assert detail(client, pact, meeting).context["quorum"] == "Quorum non atteint, 1 pour 2"


def member(pact, committee):
    """(user, organisation) who has a seat."""
    user = person(Role.PARTNER, pact)
    seat = SeatFactory(committee=committee)
    Membership.objects.create(user=user, organisation=seat.organisation)
    return user, seat.organisation


def test_partner_answers_for_its_own_seat(client, pact, committee):
    user, organisation = member(pact, committee)
    meeting = MeetingFactory(committee=committee)
    log_in(client, user)
    assert "Je viens" in detail(client, pact, meeting).content.decode()
    client.post(url("meeting_answer", pact, meeting.pk), {"organisation": organisation.pk, "presence": "represented"})
    assert [(one.organisation, one.presence) for one in Attendance.objects.all()] == [(organisation, Presence.REPRESENTED)]


def test_partner_cannot_answer_for_another_nor_after_the_meeting(client, pact, committee):
    user, organisation = member(pact, committee)
    other = SeatFactory(committee=committee).organisation
    log_in(client, user)
    meeting = MeetingFactory(committee=committee)
    client.post(url("meeting_answer", pact, meeting.pk), {"organisation": other.pk, "presence": "present"})
    held = MeetingFactory(committee=committee, held=True)
    data = {"organisation": organisation.pk, "presence": "present"}
    assert client.post(url("meeting_answer", pact, held.pk), data).status_code == 403
    assert Attendance.objects.count() == 0


def test_closing_asks_for_the_attendance_then_locks(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee, held=True)
    left = AttendanceFactory(meeting=meeting)
    response = client.post(url("meeting_close", pact, meeting.pk), follow=True)
    assert "Pointez d’abord les présences" in response.content.decode()
    left.presence = Presence.PRESENT
    left.save()
    client.post(url("meeting_close", pact, meeting.pk))
    meeting.refresh_from_db()
    assert meeting.closed_on == today()
    for name in ("meeting_edit", "minutes_edit", "attendance", "item_create", "decision_create"):
        assert client.get(url(name, pact, meeting.pk)).status_code == 403, name
    log_in(client, person(Role.ANIMATOR, pact))
    client.post(url("meeting_reopen", pact, meeting.pk))
    meeting.refresh_from_db()
    assert meeting.closed_on is None


def test_meeting_to_come_is_not_closed(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee)
    AttendanceFactory(meeting=meeting, present=True)
    client.post(url("meeting_close", pact, meeting.pk))
    meeting.refresh_from_db()
    assert meeting.closed_on is None


def test_agenda_item_names_its_subject_and_hours_follow(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee, starts_at=datetime.time(14), ends_at=datetime.time(16, 30))
    AgendaItemFactory(meeting=meeting, minutes_planned=10, order=0)
    action = ActionFactory(pact=pact)
    data = {"title": "Horaires décalés", "subject": f"action-{action.pk}", "minutes_planned": "30", "order": "9"}
    client.post(url("item_create", pact, meeting.pk), data)
    assert AgendaItem.objects.get(title="Horaires décalés").subject == action
    response = detail(client, pact, meeting)
    assert [slot.at for slot in response.context["slots"]] == [datetime.time(14), datetime.time(14, 10)]
    assert response.context["duration"] == "40\u00a0min prévues sur 2\u00a0h\u00a030"


def test_subject_of_another_pact_is_refused(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee)
    stranger = ActionFactory()
    response = client.post(
        url("item_create", pact, meeting.pk), {"title": "X", "subject": f"action-{stranger.pk}", "order": "1"}
    )
    assert list(response.context["form"].errors) == ["subject"]


def test_items_change_places(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee)
    first, second = (AgendaItemFactory(meeting=meeting, title=title) for title in ("Un", "Deux"))
    client.post(url("item_shift", pact, meeting.pk, second.pk, "monter"))
    assert list(meeting.items.order_by("order").values_list("title", flat=True)) == ["Deux", "Un"]
    client.post(url("item_shift", pact, meeting.pk, first.pk, "descendre"))
    assert list(meeting.items.order_by("order").values_list("title", flat=True)) == ["Deux", "Un"]


def test_moving_an_item_leaves_the_minutes_intact(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee, held=True, draft=True)
    later = MeetingFactory(committee=committee)
    item = AgendaItemFactory(meeting=meeting, title="Mobilité", notes="<p>Discuté.</p>")
    client.post(url("item_move", pact, meeting.pk, item.pk), {"meeting": later.pk})
    item.refresh_from_db()
    meeting.refresh_from_db()
    assert (item.meeting, item.notes, meeting.minutes) == (meeting, "<p>Discuté.</p>", "<p>Brouillon secret</p>")
    assert [one.title for one in later.items.all()] == ["Mobilité"]
    assert item.moved_to == later.items.get()


def test_what_a_meeting_decides_is_proposed_to_the_next_one_and_not_to_itself(client, officer, pact, committee):
    meeting, following = MeetingFactory(committee=committee), MeetingFactory(committee=committee)
    decision = DecisionFactory(meeting=meeting, overdue=True)
    assert detail(client, pact, meeting).context["proposals"] == []
    (proposal,) = detail(client, pact, following).context["proposals"]
    assert proposal.key == f"decision-{decision.pk}"


def test_proposals_are_added_to_the_agenda(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee)
    action = ActionFactory(pact=pact, late=True)
    (proposal,) = detail(client, pact, meeting).context["proposals"]
    client.post(url("item_proposed", pact, meeting.pk), {"subject": proposal.key})
    assert meeting.items.get().subject == action
    assert detail(client, pact, meeting).context["proposals"] == []


def test_decision_is_written_and_followed(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee, held=True)
    owner = OrganisationFactory()
    client.post(url("decision_create", pact, meeting.pk), {"text": "Ouvrir", "owner": owner.pk, "due_text": "2026-T2"})
    decision = Decision.objects.get()
    assert (decision.owner, decision.due_on) == (owner, datetime.date(2026, 6, 30))
    client.post(url("decision_follow", pact, decision.pk), {"state": "done"})
    decision.refresh_from_db()
    assert (decision.state, decision.done_on) == ("done", today())
    client.post(url("decision_follow", pact, decision.pk), {"state": "dropped"})
    decision.refresh_from_db()
    assert (decision.state, decision.done_on) == ("dropped", None)


def test_decision_with_an_unreadable_date_is_refused(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee, held=True)
    response = client.post(url("decision_create", pact, meeting.pk), {"text": "Ouvrir", "due_text": "bientôt"})
    assert list(response.context["form"].errors) == ["due_text"]
    assert "bientôt" in response.content.decode()


def test_decision_list_filters_open_and_overdue(client, officer, pact, committee, settings):
    settings.REFERENCE_DAY = "2026-11-21"
    meeting = MeetingFactory(committee=committee, held=True, sent=True)
    late = DecisionFactory(meeting=meeting, overdue=True)
    open_one = DecisionFactory(meeting=meeting)
    DecisionFactory(meeting=meeting, done=True)
    found = {}
    for state in ("overdue", "open"):
        rows = client.get(url("decision_list", pact), {"state": state}).context["table"].rows
        found[state] = {row.record for row in rows}
    assert found == {"overdue": {late}, "open": {late, open_one}}


def test_blocking_point_goes_up_and_the_answer_comes_down(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee)
    update = UpdateFactory(action__pact=pact, blocking_point="Aucun gestionnaire")
    data = {"committee": committee.pk, "meeting": meeting.pk, "raised_on": "04/05/2026"}
    client.post(url("referral_create", pact, update.pk), data)
    referral = Referral.objects.get()
    assert (referral.committee, referral.raised_by) == (committee, officer)
    assert meeting.items.get().subject == update.action
    response = client.post(url("referral_create", pact, update.pk), data)
    assert list(response.context["form"].errors) == ["committee"]
    answer = {"answer": "Une aide est chiffrée.", "answered_on": "01/06/2026", "outcome": "kept"}
    client.post(url("referral_answer", pact, referral.pk), answer)
    referral.refresh_from_db()
    assert (referral.answer, referral.answered_on) == ("Une aide est chiffrée.", datetime.date(2026, 6, 1))
    fiche = client.get(reverse("actions:action_detail", args=[pact.pk, update.action_id])).content.decode()
    assert "Une aide est chiffrée." in fiche


def test_lifted_point_is_not_referred(client, officer, pact, committee):
    update = UpdateFactory(action__pact=pact, blocking_point="Levé", unblocked_on=datetime.date(2026, 6, 13))
    assert client.get(url("referral_create", pact, update.pk)).status_code == 404


def test_fiche_shows_its_decisions_but_not_those_of_drafts(client, pact, committee):
    action = ActionFactory(pact=pact)
    DecisionFactory(meeting=MeetingFactory(committee=committee, held=True, sent=True), action=action, text="Publique")
    DecisionFactory(meeting=MeetingFactory(committee=committee, held=True), action=action, text="Secrète")
    log_in(client, person(Role.PARTNER, pact))
    html = client.get(reverse("actions:action_detail", args=[pact.pk, action.pk])).content.decode()
    assert ("Publique" in html, "Secrète" in html) == (True, False)


def test_my_actions_show_the_next_meetings(client, pact, committee):
    user, _ = member(pact, committee)
    MeetingFactory(committee=committee, place="Hôtel du Département")
    log_in(client, user)
    html = client.get(reverse("actions:my_actions", args=[pact.pk])).content.decode()
    assert "Prochaines séances" in html
    assert "Hôtel du Département" in html


def pdf(content=b"%PDF-1.4\n%%EOF"):
    return SimpleUploadedFile("diaporama.pdf", content)


def test_document_of_a_meeting_is_attached_and_read_once_the_minutes_are_sent(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee, held=True)
    address = url("document_add", pact, meeting.pk)
    refused = client.post(address, {"file": pdf(b"MZ un programme")})
    assert "n’est pas accepté" in refused.content.decode().replace("\u00a0", " ")
    response = client.post(address, {"file": pdf()})
    document = MeetingDocument.objects.get()
    assert response.url == f"{meeting.get_absolute_url()}#documents"
    assert (document.meeting, document.name, document.added_by) == (meeting, "diaporama.pdf", officer)
    assert "diaporama.pdf" in detail(client, pact, meeting).content.decode()
    log_in(client, person(Role.PARTNER, pact))
    assert "diaporama.pdf" not in detail(client, pact, meeting).content.decode()
    meeting.minutes_sent_on = today()
    meeting.save()
    html = detail(client, pact, meeting).content.decode()
    assert ("diaporama.pdf" in html, "Joindre un document" in html) == (True, False)


def test_document_of_a_meeting_is_removed(client, officer, pact, committee):
    document = MeetingDocumentFactory(meeting=MeetingFactory(committee=committee))
    client.post(url("document_delete", pact, document.pk))
    assert list(MeetingDocument.objects.all()) == []


def test_locked_meeting_takes_and_gives_no_document(client, officer, pact, committee):
    meeting = MeetingFactory(committee=committee, held=True, sent=True, closed_on=today())
    document = MeetingDocumentFactory(meeting=meeting)
    assert client.post(url("document_add", pact, meeting.pk), {"file": pdf()}).status_code == 403
    assert client.post(url("document_delete", pact, document.pk)).status_code == 403
    assert list(MeetingDocument.objects.all()) == [document]


@pytest.mark.parametrize("count", [1, 3])
def test_documents_of_a_meeting_cost_the_same(client, officer, pact, committee, count, django_assert_max_num_queries):
    meeting = MeetingFactory(committee=committee)
    for _ in range(count):
        MeetingDocumentFactory(meeting=meeting, added_by=person(Role.OFFICER, pact))
    with django_assert_max_num_queries(23):
        detail(client, pact, meeting)


def test_what_is_read_of_a_meeting_is_what_the_base_shows():
    """Of a committee that serves two pacts, with rows of each, of none and of a third, minutes sent or not."""
    owner, served, third = PactFactory(), PactFactory(), PactFactory(state=PactState.SCOPING)
    committee = CommitteeFactory(pact=owner, serves=[served])
    meetings = [MeetingFactory(committee=committee, held=True, **{traits: True}) for traits in ("sent", "draft")]
    for meeting in meetings:
        for pact in (None, owner, served, third):
            AgendaItemFactory(meeting=meeting, pact=pact)
            DecisionFactory(meeting=meeting, pact=pact)
        MeetingDocumentFactory(meeting=meeting)
    counts = set()
    for role in (Role.PARTNER, Role.OFFICER):
        for pacts in ((owner,), (served,), (owner, served), (owner, third)):
            user = person(role, pacts[0])
            for pact in pacts[1:]:
                user.accesses.create(pact=pact, role=Role.READER)
            for model, read in ((AgendaItem, items_of), (Decision, decisions_of), (MeetingDocument, files_of)):
                for meeting in meetings:
                    told = {row.pk for row in model.objects.visible_to(user).filter(meeting=meeting)}
                    assert {row.pk for row in read(user, meeting)} == told
                    counts.add((model, len(told)))
    assert counts == {
        (AgendaItem, 2),
        (AgendaItem, 3),
        *((Decision, n) for n in (0, 2, 3)),
        *((MeetingDocument, n) for n in (0, 1)),
    }
