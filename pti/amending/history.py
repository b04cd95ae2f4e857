"""What a consolidated text says of the amendments that made it: written into its version, and printed from there."""

import json

from pti.enums import PactState
from pti.mail import absolute_url
from pti.printing.text import Text

PARTNER = "Partner"


def amendments_in(base, amendment, on):
    """The amendments of `base` in force, then `amendment`, which comes into force on the day `on`; plain data, no person."""
    rows = base.amendments.filter(state=PactState.IN_FORCE).exclude(pk=amendment.pk).select_related("amendment")
    found = [told(base, one, one.in_force_on) for one in rows.order_by("amendment_number")]
    return [*found, told(base, amendment, on)]


def told(base, amendment, on):
    """Number, date, purpose, points, signatories, address of the table of what changed."""
    return {
        "number": amendment.amendment_number,
        "in_force_on": on.isoformat() if on else "",
        "purpose": amendment.amendment.purpose,
        "points": list(amendment.points.values_list("label", flat=True)),
        "signatories": signatories_of(amendment),
        "annex": absolute_url("amendment_annex", base.pk, amendment.amendment_number, "pdf"),
    }


def signatories_of(amendment):
    """Names of those whom the frozen text of `amendment` concerns."""
    version = amendment.versions.adopted().order_by("-number").first()
    return names_in(Text(json.loads(version.content))) if version else []


def names_in(text):
    """Names of the signatories of a text, those whom an amendment does not concern apart."""
    return [text.name_of(row["uid"]) for row in text.of(PARTNER, standing="signatory") if row.get("is_concerned", True)]
