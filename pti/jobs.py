"""What the worker does at each round: the jobs that each application registers, then the outbox.

    jobs.register("relances de signature", reminders.queue_due)

A job does what is due and nothing twice: it may be stopped anywhere and run again.
"""

from pti import outbox

_jobs = {}


def register(name, function):
    """Run `function()` at each round, before the mails leave."""
    _jobs[name] = function


def registered():
    return dict(_jobs)


def run():
    """One round: every job, then the mails. Returns how many mails left."""
    for function in _jobs.values():
        function()
    return outbox.deliver()
