"""What the worker does at each round: the jobs that each application registers, then the outbox.

    jobs.register("relances de signature", reminders.queue_due, in_slot=True)   # it writes to people
    jobs.register("classeurs de fiches", taking.take_waiting, at_once=True)     # somebody waits before a page

A job does what is due and nothing twice: it may be stopped anywhere and run again.
"""

import logging

from django.utils import timezone

from pti import outbox

logger = logging.getLogger(__name__)
# The two moments of the day, in hours, when mails that nobody asked for leave; a worker away in the first takes the second.
SLOTS = ((9, 12), (14, 17))
_jobs = {}
_at_once = set()
_in_slot = set()


def register(name, function, *, at_once=False, in_slot=False):
    """Run `function()` at each round, before the mails leave.

    `at_once`: between two rounds too, every second. `in_slot`: in the morning or after lunch alone, as what it does is read
    in a mailbox; what several such jobs write in one round leaves together.
    """
    _jobs[name] = function
    if at_once:
        _at_once.add(name)
    if in_slot:
        _in_slot.add(name)


def is_in_slot(name):
    return name in _in_slot


def slot_of(now):
    """The slot of the day, « 2026-11-21 9h »; None between two."""
    return next((f"{now:%Y-%m-%d} {first}h" for first, last in SLOTS if first <= now.hour < last), None)


def registered():
    return dict(_jobs)


def run(now=None):
    """One round: every job, then the mails. Returns how many mails left. A job that fails holds up nothing but itself."""
    slot = slot_of(now or timezone.localtime())
    for name, function in _jobs.items():
        if is_in_slot(name) and slot is None:
            continue
        try:
            function()
        except Exception:  # whatever it is, the mails that wait are not its own
            logger.exception("manage.py work, %s", name)
    return outbox.deliver()


def run_at_once():
    """Between two rounds: the jobs for which somebody waits."""
    for name, function in _jobs.items():
        if name in _at_once:
            function()
