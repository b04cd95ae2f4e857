"""The board of approvals and signatures of a pact: one line per signatory, those we wait for first."""

from dataclasses import dataclass, field
from functools import cache

from django.core.paginator import Paginator

from partners.enums import SigningState, Standing
from partners.models import Partner
from partners.reading import parts_of
from pti.composed import AnyKey, Composed
from pti.dates import today
from pti.models import Version
from pti.views import ROWS_A_PAGE

ORDER = list(SigningState)
SHOWN = (SigningState.SIGNED, SigningState.SIGNATURE, SigningState.APPROVAL, SigningState.REFUSED)


@dataclass
class Line:
    """One signatory: what it has approved, what it has signed, since when we wait."""

    partner: object
    state: SigningState | None
    approvals: list
    signatures: list
    since: object = None
    refusal: object = None
    sees_files: bool = False
    next_reminder: object = None

    @property
    def is_signed(self):
        return self.state == SigningState.SIGNED

    @property
    def approval(self):
        """The last act of its body."""
        return self.approvals[-1] if self.approvals else None

    @property
    def signature(self):
        """Its last signature."""
        return self.signatures[-1] if self.signatures else None

    @property
    def days(self):
        """Days that we have been waiting."""
        awaited = self.state in (SigningState.SIGNATURE, SigningState.APPROVAL)
        return (today() - self.since).days if self.since and awaited else None

    @property
    def is_early(self):
        """Signed before its own body approved."""
        held = self.approval and self.approval.held_on
        return bool(self.signature and held and self.signature.signed_on < held)


@dataclass
class Board:
    """The last version of a pact and its signatories."""

    version: object
    lines: list = field(default_factory=list)
    # Signatories who have left the pact: nothing is awaited of them, what they signed stays.
    left: list = field(default_factory=list)

    def of(self, *states):
        return [line for line in self.lines if line.state in states]

    @property
    def signed(self):
        return self.of(SigningState.SIGNED)

    @property
    def awaited(self):
        return self.of(SigningState.SIGNATURE, SigningState.APPROVAL)

    @property
    def refused(self):
        return self.of(SigningState.REFUSED)

    @property
    def others(self):
        return [line for line in self.lines if line.state is None]

    @property
    def groups(self):
        """[(heading, lines)] of the table, those we wait for first."""
        found = (
            ("On attend", self.awaited),
            ("Ont signé", self.signed),
            ("Ne signent pas", self.refused),
            ("Ont quitté le pacte", self.left),
            ("Signataires", self.others),
        )
        return [(heading, lines) for heading, lines in found if lines]

    def page(self, number):
        """The page `number` of the table: (heading, line) for each line."""
        return Paginator([(heading, line) for heading, lines in self.groups for line in lines], ROWS_A_PAGE).get_page(number)

    @property
    def counts(self):
        return [(state, len(self.of(state))) for state in SHOWN]

    @property
    def squares(self):
        """One square per signatory: signed, signature awaited, approval awaited."""
        ordered = [line for state in SHOWN for line in self.of(state)]
        return [{"state": line.state, "x": 20 * index, "inner": 20 * index + 1} for index, line in enumerate(ordered)]

    @property
    def width(self):
        return max(20 * len(self.squares), 20)


def board_of(pact):
    """The board of `pact`; five queries whatever the number of partners."""
    version = last_version(pact)
    partners = signatories_composed().rows_of(pact.pk)
    for partner in partners:
        partner.pact = pact
    for name in ("approvals", "signatures", "refusals"):
        parts_of(partners, name)
    lines = [line_of(partner, version) for partner in partners]
    present = [line for line in lines if not line.partner.left_on]
    present.sort(key=lambda line: ORDER.index(line.state) if line.state else len(ORDER))
    return Board(version, present, [line for line in lines if line.partner.left_on])


@cache
def signatories_composed():
    """The query of the signatories of a pact, those who left too, with what they signed."""
    rows = Partner.objects.filter(pact=AnyKey(), standing=Standing.SIGNATORY).with_signing_in(AnyKey())
    return Composed(rows.select_related("organisation").order_by("order", "id"))


def last_version(pact):
    """The version of `pact` that is approved and signed, or None."""
    version = last_composed().row_of(pact.pk)
    if version:
        version.pact = pact
    return version


@cache
def last_composed():
    """The query of the last adopted version of a pact."""
    return Composed(Version.objects.adopted().filter(pact=AnyKey()).order_by("-number")[:1])


def line_of(partner, version):
    approvals, signatures = list(partner.approvals.all()), list(partner.signatures.all())
    refusals = [one for one in partner.refusals.all() if version and one.version_id == version.pk and not one.lifted_on]
    return Line(
        partner,
        partner.signing_state,
        approvals,
        signatures,
        waiting_since(partner, version, approvals),
        refusals[0] if refusals else None,
    )


def waiting_since(partner, version, approvals):
    """The day from which we wait: the freezing, or the approval that opens the signature."""
    if version is None:
        return None
    held = [one.held_on for one in approvals if one.version_id == version.pk and one.held_on]
    return max([version.frozen_on, *held])
