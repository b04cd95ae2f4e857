"""Who may evaluate."""

from pti.access import is_staff_on


def can_write_review(user, review):
    return is_staff_on(user, review.pact)
