"""« Frise »: the fiches that the filters keep, against the calendar, with the meetings of the committees."""

from itertools import takewhile

from django.shortcuts import render
from django.utils.http import urlencode

from actions.alerts import late_of
from actions.looks import late_words
from actions.views.lists import filtered_actions, view_context
from governance.timeline import OWN
from governance.timeline.drawing import Pen, body_of, grid_of, head_of
from governance.timeline.rows import Plan, meetings_by_kind
from governance.timeline.scale import COLUMNS, ZOOMS, scale_for
from pti.enums import PactState
from pti.views import pact_or_404

AS_TABLE = "tableau"


def timeline(request, pact_pk):
    """Axes, fiches, milestones and meetings; `zoom`, first month (`du`), drawn or in words (`forme`), 100 fiches a page."""
    pact = pact_or_404(request.user, pact_pk)
    filterset = filtered_actions(request, pact)
    filterset.keep(OWN)
    plan = Plan(pact, filterset.qs, late_of(pact), request.GET.get("page", 1))
    day = pact.reference_day
    scale = scale_for(request.GET.get("zoom"), request.GET.get("du"), day, plan.known_days)
    as_table = request.GET.get("forme") == AS_TABLE
    pen = Pen(pact, scale, day, draws=not as_table)
    meetings = meetings_by_kind(request.user, pact, scale)
    day_word = "fin du pacte" if pact.state == PactState.CLOSED else "aujourd’hui"
    context = view_context(pact, filterset, "frise") | ways(filterset, request, scale)
    context |= {
        "day": day,
        "scale": scale,
        "as_table": as_table,
        "page": plan.page,
        "head": head_of(scale, day, day_word),
        "grid": grid_of(scale, day),
        "meetings": body_of((pen.meeting_row(kind, days) for kind, days in meetings.items()), as_table),
        "rows": body_of(rows_of(plan, pen), as_table),
        "finding": finding(plan),
        "zooms": [(label, with_own(filterset, request, zoom=key), key == scale.zoom) for key, label in ZOOMS],
    }
    return render(request, "governance/timeline.html", context)


def rows_of(plan, pen):
    """The lines of the page: each axis, then its fiches."""
    nodes = plan.shown_nodes()
    for index, node in enumerate(nodes):
        inside = [node, *below(node, nodes[index + 1 :])]
        actions = [action for one in inside for action in one.actions]
        yield pen.group_row(node, actions, plan.pact.level_word(node.level))
        for action in node.actions:
            yield pen.action_row(action)


def below(node, following):
    """Those of the nodes after `node` that lie under it."""
    return takewhile(lambda other: other.depth > node.depth, following)


def finding(plan):
    """« 4 fiches en retard sur 16 »."""
    total = plan.page.paginator.count
    return late_words(plan.late, total) if total else ""


def with_own(filterset, request, **changes):
    """This page with its filters, what it says of the view, and `changes` (an empty one leaves)."""
    own = {name: request.GET[name] for name in OWN if request.GET.get(name)} | changes
    if "zoom" in changes:
        own.pop("du", None)
    own = urlencode({name: value for name, value in own.items() if value})
    carried = filterset.carried()
    return f"{carried}&{own}" if carried and own else carried or f"?{own}"


def ways(filterset, request, scale):
    """Addresses of the windows before and after, of today, and of the other form."""
    other = "" if request.GET.get("forme") == AS_TABLE else AS_TABLE
    found = {"other_form": with_own(filterset, request, forme=other), "before": "", "after": "", "now": ""}
    if scale.zoom in COLUMNS:
        found |= {
            "before": with_own(filterset, request, du=scale.neighbour(-1)),
            "after": with_own(filterset, request, du=scale.neighbour(1)),
            "now": with_own(filterset, request, du="") if request.GET.get("du") else "",
        }
    return found
