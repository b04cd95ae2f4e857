"""The timeline in a printed document: by years, drawn in pages of a sheet, then the table that says the same.

What the pact plans comes from its text; what happened (statuses, dates done, forecasts, meetings) is that of the day on which
the text was printed or frozen (`followed`), kept with it.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.utils.text import capfirst

from actions.alerts import late_in
from actions.enums import ActionStatus
from actions.looks import late_words
from actions.models import Action, Milestone
from actions.pictures.printed import day_of, fiche_words
from actions.sources import axis_number
from governance.enums import CommitteeKind, MeetingStatus
from governance.models import Meeting
from governance.timeline.drawing import MOST_SAID, period_of, when_of
from governance.timeline.rows import NOT_MET, ROWS, span_of
from governance.timeline.scale import YEAR, scale_for
from governance.timeline.sheet import Sheet
from pti import typography
from pti.dates import first_day, last_day
from pti.printing.nodes import Cell, Figure, Paragraph, Table, cell, paragraph, runs, table

# Lines of a drawing that fills a sheet (A4 or A5), its calendar and its legend counted apart.
LINES = 38


@dataclass(eq=False)
class Group:
    """An axis as a line of the drawing and of the table."""

    words: str
    depth: int


def followed(pact, on):
    """What the timeline draws of the day `on`, by uid: statuses, late fiches, milestones that moved, meetings."""
    actions = Action.objects.filter(pact=pact).order_by("uid")
    moved = Milestone.objects.filter(action__pact=pact).exclude(done_on=None, forecast_on=None).order_by("uid")
    meetings = Meeting.objects.of_pact(pact).exclude(status__in=NOT_MET).exclude(held_on=None).order_by("held_on", "uid")
    return {
        "on": on.isoformat(),
        "ends": pact.effective_end and pact.effective_end.isoformat(),
        "actions": {str(uid): [status, iso(done)] for uid, status, done in actions.values_list("uid", "status", "done_on")},
        "late": [str(uid) for uid in actions.filter(late_in(pact, on)).values_list("uid", flat=True)],
        "milestones": {
            str(uid): [iso(done), iso(forecast)] for uid, done, forecast in moved.values_list("uid", "done_on", "forecast_on")
        },
        "meetings": [
            [kind, iso(day), status] for kind, day, status in meetings.values_list("committee__kind", "held_on", "status")
        ],
    }


def iso(day):
    return day and day.isoformat()


def read(text):
    return text and datetime.date.fromisoformat(text)


def timeline(text):
    """The drawing in as many sheets as it needs (a hundred fiches at most), then every fiche in a table, then the meetings."""
    seen = text.followed.get("frise")
    lines = lines_of(text, seen) if seen else []
    fiches = [one for one in lines if isinstance(one, Action)]
    if not fiches:
        return ()
    on, meetings = read(seen["on"]), meetings_of(seen)
    scale = scale_for(YEAR, None, on, lambda: known_days(text, seen, fiches))
    told = f"{late_words(len(seen['late']), len(fiches))}, au {day_of(seen)}."
    return (
        paragraph(told),
        *figures(lines, meetings, scale, seen, on),
        fiches_table(lines, seen, on),
        *meetings_table(meetings, seen),
    )


# What is drawn ---------------------------------------------------------------------------------------------------------


def lines_of(text, seen):
    """The axes that have fiches, each before its own; fiches as the rows that the page draws, never written."""
    milestones, under = text.grouped("Milestone", "action"), defaultdict(list)
    tree = text.tree("Axis")
    known = {one.section["uid"] for one in tree}
    for row in text.of("Action"):
        fiche = fiche_of(row, milestones.get(row["uid"], []), seen)
        under[row.get("axis") if row.get("axis") in known else None].append(fiche)
    found, path = [], []
    for one in tree:
        del path[one.depth :]
        path.append(Group(axis_words(text, one.section, one.depth), one.depth))
        if under[one.section["uid"]]:
            found += [group for group in path if group not in found]
            found += under[one.section["uid"]]
    return found + ([Group("Sans rattachement", 0)] if found and under[None] else []) + under[None]


def axis_words(text, row, depth):
    number = axis_number(text, row, depth)
    return f"{number}. {row.get('title') or ''}" if number else row.get("title") or ""


def fiche_of(row, milestones, seen):
    """One fiche of the text and what became of it."""
    status, done = seen["actions"].get(row["uid"], [ActionStatus.PROJECT, None])
    fiche = Action(number=row.get("number") or "", title=fiche_words(row), status=ActionStatus(status), done_on=read(done))
    fiche.starts_on, fiche.ends_on = first_day(row.get("starts_text") or ""), last_day(row.get("ends_text") or "")
    fiche.marks = sorted(
        (mark_of(one, seen) for one in milestones), key=lambda one: (one.due_on or datetime.date.max, one.order)
    )
    return fiche


def mark_of(row, seen):
    done, forecast = seen["milestones"].get(row["uid"], [None, None])
    told = {name: row.get(name) or "" for name in ("label", "planned_text")}
    days = {name: read(row.get(name)) for name in ("planned_first", "planned_last")}
    return Milestone(**told, **days, order=row.get("order") or 0, done_on=read(done), forecast_on=read(forecast))


def known_days(text, seen, fiches):
    """First and last day of the pact, then of what is dated in it (see `scale_for`)."""
    spans = [span_of(one) for one in fiches]
    firsts, lasts = [one.first for one in spans if one.first], [one.last for one in spans if one.last]
    begins = first_day(str(text.frame.get("start_text") or ""))
    return begins, read(seen["ends"]), min(firsts, default=None), max(lasts, default=None)


def meetings_of(seen):
    """{kind: [(day, is held)]}, the most important kinds first."""
    found = {kind: [] for kind in CommitteeKind}
    for kind, day, status in seen["meetings"]:
        found[CommitteeKind(kind)].append((read(day), status == MeetingStatus.HELD))
    return {kind: days for kind, days in found.items() if days}


# The drawing -----------------------------------------------------------------------------------------------------------


def figures(lines, meetings, scale, seen, on):
    """One drawing a sheet, the meetings on the first."""
    sheets, count = [[]], 0
    room = LINES - len(meetings)
    for one in lines:
        if isinstance(one, Action):
            count += 1
            if count > ROWS:
                break
        if len(sheets[-1]) >= room:
            sheets.append([])
            room = LINES
        sheets[-1].append(one)
    while sheets[-1] and isinstance(sheets[-1][-1], Group):
        sheets[-1].pop()
    sheets = [one for one in sheets if one]
    words = f"Frise des fiches, {scale.words}, au {day_of(seen)}"
    for at, rows in enumerate(sheets, start=1):
        which = f" ({at} sur {len(sheets)})" if len(sheets) > 1 else ""
        svg = Sheet(scale, on, day_of(seen)).draw(rows, meetings if at == 1 else {}, has_legend=at == len(sheets))
        yield Figure(svg, f"{words}{which}. Le tableau qui suit dit la même chose.", f"{words}{which}")
    left = sum(isinstance(one, Action) for one in lines) - ROWS
    if left > 0:
        yield paragraph(f"{typography.plural(left, 'fiche')} de plus dans le tableau seulement.", "note")


# The tables ------------------------------------------------------------------------------------------------------------


def fiches_table(lines, seen, on):
    """What is drawn, in words: status, period and milestones of each fiche, under its axis."""
    head = tuple(cell(words) for words in ("Fiche", "État", "Période prévue", "Jalons"))
    body = tuple(group_cells(one) if isinstance(one, Group) else fiche_cells(one, on) for one in lines)
    caption = f"Fiches, périodes et jalons, au {day_of(seen)}"
    return Table((head,), body, typography.typeset(caption), (4, 1.7, 3, 4.6))


def group_cells(group):
    return (Cell((Paragraph(runs(group.words, bold=True)),), columns=4),)


def fiche_cells(fiche, on):
    steps = [f"{one.label} : {when_of(one, fiche.status, on, plain_day)}" for one in fiche.marks]
    status = capfirst(fiche.status.label)
    status += f" le {plain_day(fiche.done_on)}" if fiche.done_on else ""
    period = typography.plain(period_of(span_of(fiche), plain_day))
    return (
        cell(fiche.title),
        cell(status),
        cell(period),
        cell([paragraph(one) for one in steps] or [paragraph("Aucun jalon")]),
    )


def plain_day(day):
    return typography.plain(typography.day(day))


def meetings_table(meetings, seen):
    """The meetings of each kind of committee, the first ones named."""
    if not meetings:
        return ()
    rows = []
    for kind, days in meetings.items():
        said = [f"{plain_day(day)}{' (tenue)' if is_held else ' (prévue)'}" for day, is_held in days[:MOST_SAID]]
        more = f" et {len(days) - MOST_SAID} autres" if len(days) > MOST_SAID else ""
        rows.append((capfirst(kind.label), typography.number(len(days)), ", ".join(said) + more))
    caption = f"Séances des instances, au {day_of(seen)}"
    return (table(("Instance", "Séances", "Dates"), rows, caption=caption, widths=(3, 1.2, 8), numbers=(1,)),)
