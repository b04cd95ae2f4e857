"""Who may do what on the actions floor (« Who may » of the product)."""

from actions.models import Action
from pti.access import can_follow, can_write_frame, can_write_row, is_animator_on, is_partner_on, is_reader_on, is_staff_on


def can_edit_action(user, action):
    """The text of a fiche: officers and animators, while the text may be written."""
    return can_write_row(user, action)


def can_edit_life(user, action):
    """What happens to a fiche apart from its updates (short title, documents, succession of a lead): staff.

    In an amendment nothing happens to it: what is ticked is written, no more.
    """
    return can_write_row(user, action) if action.pact.is_amendment else can_follow(user, action.pact)


def leads_action(user, action):
    """An organisation of this partner leads or co-leads the action today."""
    return (
        is_partner_on(user, action.pact)
        and not action.pact.is_amendment
        and Action.objects.filter(pk=action.pk).led_by(user).exists()
    )


def can_update_action(user, action):
    """Updates, milestones done, measures: the partner that leads or co-leads today; staff « au nom de » or for itself."""
    return can_follow(user, action.pact) or leads_action(user, action)


def can_edit_axis(user, axis):
    return can_write_row(user, axis)


def can_edit_indicator(user, indicator):
    """The definition and the targets are part of the text."""
    return can_write_row(user, indicator)


def can_measure(user, indicator):
    """Values happen: staff, and the partner that leads the indicator's action; none once it has left the text."""
    if indicator.withdrawn_on:
        return False
    if can_follow(user, indicator.pact):
        return True
    return indicator.action is not None and leads_action(user, indicator.action)


def can_edit_funding(user, funding):
    """Planned rows are part of the text; asked, acquired or paid rows happen."""
    if funding.is_life_row:
        return can_follow(user, funding.pact)
    return can_write_row(user, funding)


def can_follow_campaigns(user, pact):
    """Read the collections, remind, record « au nom de », validate, return: staff."""
    return can_follow(user, pact)


def can_read_rates(user, pact):
    """How many answered a collection, place by place: staff, and those who read the pact for its committees."""
    return is_staff_on(user, pact) or is_reader_on(user, pact)


def can_lead_campaigns(user, pact):
    """Prepare, open and close a collection: the animator."""
    return is_animator_on(user, pact) and not pact.is_amendment


def can_change_many(user, pact):
    """« Modifier en lot », and what was so modified: staff; each fiche is asked again for what is changed in it."""
    return is_staff_on(user, pact)


def can_change_many_texts(user, pact):
    """The themes are part of the text."""
    return can_write_frame(user, pact)


def can_edit_view(user, view):
    """Its name and who sees it: whoever saved it; a shared one, the animator too."""
    return view.owner_id == user.pk or (view.is_shared and is_animator_on(user, view.pact))
