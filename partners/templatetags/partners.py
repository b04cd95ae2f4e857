"""What pages of other floors show of the partners: commitments, agreements, whom a signature is awaited from.

{% load partners %}
{% pact_commitments pact points credits %} {% write_commitments pact may_write opened %} {% pact_agreements pact user %}
{% awaited_of_me pact user %}   for « Mes actions »: what is awaited from the person's own organisation
{% signing_state partner %} {% commitment_state update %}
{% contributions_to row %}         who proposed what entered the text of a fiche, and when
{% contributions_in pact as credits %}…{% contributions_at credits section %}   the same for many rows, in one query
"""

from functools import cache

from django import template

from partners import access
from partners.enums import SigningState
from partners.models import Agreement, Commitment, Consultation, Proposal
from partners.reading import commitments_page
from partners.signing import agreement, paper
from partners.tables import signing_words
from pti.access import is_staff_on
from pti.composed import AnyKey, AnyValue, Composed
from pti.templatetags.pti import state

register = template.Library()
SHOWN_OF_ENTERED = (
    "partner__name_in_text", "partner__organisation__name", "target_uid", "submitted_on", "decided_on", "state",
)  # fmt: skip

COMMITMENT_SHAPES = {"kept": "s-done", "ongoing": "s-ongoing", "not_kept": "s-dropped"}


@register.simple_tag
def signing_state(partner):
    """Shape and word of where a signatory stands (rows of `with_signing`)."""
    return signing_words(partner)


@register.simple_tag
def commitment_state(update):
    """Shape and word of whether a commitment is kept."""
    return state(COMMITMENT_SHAPES[update.state], update.get_state_display().capitalize())


@register.simple_tag
def agreement_words(proof):
    """What the proof of an agreement says, and whether it is still the one that was written; why, when there is none."""
    if proof is None:
        return {"left_out": agreement.LEFT_OUT}
    return {**agreement.said_by(proof), "intact": agreement.is_intact(proof), "left_out": ""}


@register.simple_tag
def check_words(check):
    """What the check of a signed PDF found: its sentences, and whether somebody should look."""
    return {"lines": paper.told(check), "doubtful": paper.is_doubtful(check)}


@register.inclusion_tag("partners/_pact_commitments.html", takes_context=True)
def pact_commitments(context, pact, points, credits):
    """The commitments of the pact: those of all, then those of each partner, fifty a page.

    `points` are those of amendments under way (opened_points), `credits` what partners proposed (contributions_in).
    """
    page = commitments_page(pact, context["request"].GET.get("engagements"))
    return {
        "pact": pact,
        "points": points,
        "credits": credits,
        "page": page,
        "common": [one for one in page if one.is_common],
        "own": [one for one in page if not one.is_common],
    }


@register.inclusion_tag("partners/_write_commitments.html")
def write_commitments(pact, may_write, opened):
    """The commitments of the pact with their gestures, for the page where it is written; `opened`: see pti.ticks."""
    rows = opened.marked(list(Commitment.objects.filter(pact=pact).prefetch_related("partners__organisation")))
    return {"pact": pact, "rows": rows, "may_write": may_write, "may_add": opened.cover(Commitment(pact=pact))}


@register.inclusion_tag("partners/_pact_agreements.html")
def pact_agreements(pact, user):
    """The conventions beside the pact."""
    return {"pact": pact, "agreements": agreements_composed().rows_of(pact.pk), "may_write": is_staff_on(user, pact)}


@cache
def agreements_composed():
    """The query of the conventions beside a pact."""
    return Composed(Agreement.objects.filter(pact=AnyKey()))


@register.inclusion_tag("partners/_awaited_of_me.html")
def awaited_of_me(pact, user):
    """What the pact and its amendments wait for from the organisations of `user`: approval, signature, answer."""
    if not access.organisation_ids(user):
        return {"waiting": [], "consultations": []}
    partners = access.own_partners_with_amendments(user, pact)
    waiting = [one for one in partners.for_table() if one.signing_state in (SigningState.APPROVAL, SigningState.SIGNATURE)]
    asked = Consultation.objects.awaiting(partners).select_related("pact").order_by("deadline", "pk")
    return {"waiting": waiting, "consultations": asked}


@register.inclusion_tag("partners/_contributions.html")
def contributions_to(row):
    """Proposals of partners that entered the text of one row."""
    return {"rows": entered_at_composed().rows_of(row.owning_key(), row.uid)}


@register.simple_tag
def contributions_in(pact):
    """{uid: proposals that entered its text}, for `contributions_at`."""
    return entered_in(pact)


@register.inclusion_tag("partners/_contributions.html")
def contributions_at(credits, row):
    """Proposals of partners that entered the text of one row, read beforehand."""
    return {"rows": credits.get(str(row.uid), [])}


def entered_in(pact):
    """What entered the text, by uid; one query."""
    found = {}
    for one in entered_composed().rows_of(pact.pk):
        found.setdefault(str(one.target_uid), []).append(one)
    return found


@cache
def entered_composed():
    """The query of the proposals that entered the text of a pact."""
    rows = Proposal.objects.filter(consultation__pact=AnyKey()).entered().select_related("partner__organisation")
    return Composed(rows.only(*SHOWN_OF_ENTERED))


@cache
def entered_at_composed():
    """The query of those that entered the text of one of its rows, by its uid."""
    rows = Proposal.objects.filter(consultation__pact=AnyKey(0), target_uid=AnyValue(Proposal._meta.get_field("target_uid"), 1))
    return Composed(rows.entered().select_related("partner__organisation").only(*SHOWN_OF_ENTERED))
