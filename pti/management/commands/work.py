"""Do what is due, then send the mails that wait: once (cron, systemd timer), or again and again."""

import logging
import os
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from pti import jobs, typography

logger = logging.getLogger(__name__)
STEP = 1


class Command(BaseCommand):
    help = "Prépare ce qui est dû (relances) et envoie les courriels en attente ; --once pour un seul tour (cron)."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="un seul tour")
        parser.add_argument("--every", type=int, default=60, help="secondes entre deux tours")
        parser.add_argument("--beside", type=int, metavar="PID", help="s'arrêter avec ce programme")

    def handle(self, *args, **options):
        if options["once"]:
            self.stdout.write(f"{typography.plural(jobs.run(), 'courriel envoyé', 'courriels envoyés')}.")
            return
        try:
            while is_running(options["beside"]):
                self.round()
                self.wait(options)
        except KeyboardInterrupt:
            pass

    def round(self, deed=jobs.run):
        """One round; what fails is written down, and the next round tries again."""
        close_old_connections()
        try:
            deed()
        except Exception:  # the loop outlives a mail server or a base that is away for a while
            logger.exception("manage.py work")

    def wait(self, options):
        """Sleep by short steps, so as to stop with the other program and to serve whoever waits."""
        end = time.monotonic() + options["every"]
        while time.monotonic() < end and is_running(options["beside"]):
            time.sleep(STEP)
            self.round(jobs.run_at_once)


def is_running(pid):
    """Whether the program `pid` is there; True when there is none to look at."""
    if pid is None:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is there, and somebody else's
        return True
    return True
