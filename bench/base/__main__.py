"""`python -m bench.base SCALE`."""

import sys

import django

django.setup()

from bench.base.core import Core  # noqa: E402 (models need the applications to be ready)
from bench.base.frame import Frame  # noqa: E402
from bench.base.governance import Governance  # noqa: E402
from bench.base.plan import Plan  # noqa: E402
from bench.base.talks import Talks  # noqa: E402


class Base(Frame, Plan, Governance, Talks, Core):
    """Every floor."""

    def build(self):
        self.frame()
        self.partners()
        self.actions()
        self.follow()
        self.governance()
        self.evaluation()
        self.versions()
        self.talks()
        self.publish()
        self.amend()
        self.workbook()
        self.journal()
        self.gather_statistics()


Base(int(sys.argv[1])).build()
