"""What the worker does at each round: the jobs that each application registers, then the outbox.

    jobs.register("relances de signature", reminders.queue_due)

A job does what is due and nothing twice: it may be stopped anywhere and run again.
"""

import logging

from pti import outbox

logger = logging.getLogger(__name__)
_jobs = {}


def register(name, function):
    """Run `function()` at each round, before the mails leave."""
    _jobs[name] = function


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
