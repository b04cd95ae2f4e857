"""Who may steer: committees, meetings, minutes, decisions."""

from pti.access import can_follow, is_animator_on, is_partner_on, is_staff_on


def can_write_committee(user, committee):
    """The staff of the pact that owns the committee; what the text says also asks that it may be written."""
    return is_staff_on(user, committee.pact) and (not committee.pact.is_amendment or committee.is_open())


def can_delete_committee(user, committee):
    """Before adoption only; afterwards a committee is dissolved, with its date."""
    served = [one.pact for one in committee.services.all() if one.pact_id]
    return can_write_committee(user, committee) and not any(pact.is_frozen for pact in [committee.pact, *served])


def can_see_draft(user, meeting):
    """Minutes that are not sent yet are for the staff."""
    return is_staff_on(user, meeting.committee.pact)


def can_read_minutes(user, meeting):
    return meeting.minutes_sent_on is not None or can_see_draft(user, meeting)


def can_write_meeting(user, meeting):
    """Agenda, attendance, minutes, decisions: the staff, until the meeting is closed."""
    return can_follow(user, meeting.committee.pact) and not meeting.is_locked


def can_follow_decision(user, decision):
    """What became of a decision is recorded after the meeting is closed too."""
    return is_staff_on(user, decision.meeting.committee.pact)


def can_reopen_meeting(user, meeting):
    return meeting.is_locked and is_animator_on(user, meeting.committee.pact)


def can_answer_for_seat(user, meeting, pact):
    """The people of a member organisation say whether it comes, before the meeting."""
    return is_partner_on(user, pact) and meeting.awaits_answers


def can_refer(user, update):
    """Send a blocking point up to a committee."""
    return is_staff_on(user, update.action.pact)


def can_answer_referral(user, referral):
    return is_staff_on(user, referral.update.action.pact)
