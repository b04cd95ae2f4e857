"""What the worker does at each round: the jobs that each application registers, then the outbox.

    jobs.register("relances de signature", reminders.queue_due)
    jobs.register("classeurs de fiches", taking.take_waiting, at_once=True)     # somebody waits before a page

A job does what is due and nothing twice: it may be stopped anywhere and run again.
"""

import logging

from pti import outbox

logger = logging.getLogger(__name__)
_jobs = {}
_at_once = set()


def register(name, function, *, at_once=False):
    """Run `function()` at each round, before the mails leave; `at_once`: between two rounds too, every second."""
    _jobs[name] = function
    if at_once:
        _at_once.add(name)


def registered():
    return dict(_jobs)


def run():
    """One round: every job, then the mails. Returns how many mails left. A job that fails holds up nothing but itself."""
    for name, function in _jobs.items():
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
