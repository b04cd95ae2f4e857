"""Who may open the pages of `governance`; tests/access_table.py says how to add a row."""

from tests.access_table import ANIMATOR, READ, WRITE
from tests.factories.actions import ActionFactory, UpdateFactory
from tests.factories.governance import (
    AgendaItemFactory,
    AttendanceFactory,
    ChairFactory,
    CommitteeFactory,
    DecisionFactory,
    MeetingDocumentFactory,
    MeetingFactory,
    ReferralFactory,
    SeatFactory,
)

ROWS = {
    "governance:timeline": READ,
    "governance:committee_list": READ,
    "governance:committee_detail": READ,
    "governance:committee_create": WRITE,
    "governance:committee_edit": WRITE,
    "governance:committee_delete": WRITE,
    "governance:committee_part_create": WRITE,
    "governance:committee_part_edit": WRITE,
    "governance:committee_part_delete": WRITE.by_post(),
    "governance:meeting_list": READ,
    "governance:attendance_list": READ,
    "governance:decision_list": READ,
    "governance:referral_list": READ,
    "governance:blocking_list": READ,
    "governance:action_story": READ,
    "governance:agenda_from_list": WRITE.but(officer=302, animator=302),  # without a filter no fiche is chosen
    "governance:meeting_detail": READ,
    "governance:meeting_create": WRITE,
    "governance:meeting_edit": WRITE,
    "governance:attendance": WRITE,
    "governance:invite_members": WRITE.by_post(),
    # A partner answers for its own seat; staff point the presences instead.
    "governance:meeting_answer": READ.but(reader=403, officer=403, animator=403).by_post(presence="present"),
    "governance:minutes_edit": WRITE,
    "governance:minutes_send": WRITE.by_post(),
    "governance:meeting_close": WRITE.by_post(),
    "governance:meeting_reopen": ANIMATOR.by_post(),
    "governance:document_add": WRITE,
    # Files are read once the minutes are sent: those of a meeting to come are unseen by partners and readers.
    "governance:document_delete": WRITE.but(partner=404, reader=404).by_post(),
    "governance:item_create": WRITE,
    "governance:item_proposed": WRITE.by_post(),
    "governance:item_edit": WRITE,
    "governance:item_delete": WRITE.by_post(),
    "governance:item_move": WRITE,
    "governance:item_shift": WRITE.by_post(),
    "governance:decision_create": WRITE,
    "governance:decision_edit": WRITE,
    "governance:decision_follow": WRITE.by_post(state="done"),
    "governance:referral_create": WRITE,
    "governance:referral_answer": WRITE,
}


def extend(world):
    """A committee with a meeting to come, where the partner has a seat, and one held with its minutes sent."""
    world.committee = CommitteeFactory(pact=world.pact, steering=True, yearly=True)
    world.chair = ChairFactory(committee=world.committee)
    world.seat = SeatFactory(committee=world.committee, organisation=world.lead.organisation)
    world.meeting = MeetingFactory(committee=world.committee)
    world.held_meeting = MeetingFactory(committee=world.committee, held=True, sent=True)
    world.meeting_document = MeetingDocumentFactory(meeting=world.meeting)
    world.item = AgendaItemFactory(meeting=world.meeting)
    AttendanceFactory(meeting=world.held_meeting, present=True)
    world.decision = DecisionFactory(meeting=world.held_meeting, overdue=True)
    world.open_decision = DecisionFactory(meeting=world.meeting)
    blocked = ActionFactory(pact=world.pact)
    world.blocking = UpdateFactory(action=blocked, blocking_point="Aucun gestionnaire ne s’engage.")
    world.referral = ReferralFactory(update__action__pact=world.pact, committee=world.committee)


def kwargs_for(url_name, world):
    known = {
        "committee_pk": world.committee.pk,
        "part": "presidences",
        "meeting_pk": world.meeting.pk,
        "update_pk": world.blocking.pk,
        "way": "monter",
        "pk": world.meeting.pk,
    }
    rows = {
        "document_delete": world.meeting_document,
        "committee_part": world.chair,
        "committee": world.committee,
        "item": world.item,
        "decision_edit": world.open_decision,
        "decision": world.decision,
        "referral": world.referral,
        "action_story": world.action,
    }
    for word, row in rows.items():
        if url_name.startswith(f"governance:{word}"):
            return known | {"pk": row.pk}
    return known
