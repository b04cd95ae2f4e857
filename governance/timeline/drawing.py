"""The strokes of the timeline. Geometry in percentages and pixels, so that it fits any width; classes give the rest.

Written by hand, not by templates: a page draws a hundred fiches and three hundred milestones. All that is not a number
is escaped here. Each row says in words what it draws (`words`), hidden where the drawing is seen.
"""

from dataclasses import dataclass
from html import escape

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from actions.enums import CAN_BE_LATE, ActionStatus
from actions.looks import STATUS_SHAPES, due_state
from governance.enums import CommitteeKind, MeetingStatus
from governance.timeline.rows import span_of
from pti import typography
from pti.links import row_address
from pti.templatetags.pti import icon

# The height of the strokes, around the middle of the row; how near two meetings may stand before they are one mark.
BAR, THIN, MARK, NEAR = 12, 4, 14, 2.2
# How many meetings of one kind are named.
MOST_SAID = 24
BARS = {
    ActionStatus.PROJECT: "project",
    ActionStatus.ONGOING: "ongoing",
    ActionStatus.RUNNING: "running",
    ActionStatus.DONE: "done",
    ActionStatus.PAUSED: "paused",
    ActionStatus.DROPPED: "dropped",
}
FRAME = (
    '<svg class="pti-gantt__draw" aria-hidden="true" focusable="false"><use href="#g-grid" width="100%" height="100%"/>'
    '<svg y="50%" overflow="visible">{}</svg></svg>'
)


@dataclass
class Row:
    """One line: what heads it, its drawing, the same in words, what is to be noted."""

    head: str
    drawing: str
    words: str
    note: str = ""
    depth: int = 0
    is_group: bool = False

    def html(self, as_table):
        """The row of the table: drawn, its words hidden; or told."""
        if self.is_group:
            cell = "" if as_table else self.drawing
            opening = f'<tr class="pti-gantt__group is-depth-{min(self.depth, 3)}"><th scope="rowgroup">'
        else:
            cell = self.words if as_table else f'{self.drawing}<div class="visually-hidden">{self.words}</div>'
            opening = '<tr><th scope="row">'
        return f'{opening}{self.head}</th><td class="pti-gantt__cell">{cell}</td><td>{self.note}</td></tr>'


def body_of(rows, as_table):
    """The rows, one after the other; their parts are escaped where they are made."""
    return mark_safe("\n".join(row.html(as_table) for row in rows))


def frame(strokes):
    return mark_safe(FRAME.format("".join(strokes)))


def is_late(milestone, status, on):
    """Same rule as Milestone.is_late, the status of its fiche being known."""
    return milestone.done_on is None and status in CAN_BE_LATE and milestone.due_on is not None and milestone.due_on < on


def when_of(milestone, status, on, day):
    """« prévu le 31 décembre 2024, en retard de 22 mois »; `day` writes a day."""
    due = milestone.due_on
    if milestone.done_on:
        return f"fait le {day(milestone.done_on)}"
    if due is None:
        return f"date non lue ({milestone.planned_text})" if milestone.planned_text else "sans date"
    said = f"{'reporté au' if milestone.forecast_on else 'prévu le'} {day(due)}"
    late = f", en retard de {typography.elapsed((on - due).days)}" if is_late(milestone, status, on) else ""
    return f"{said}{late}"


def period_of(span, day):
    """« Du 1er janvier 2024 au 31 décembre 2026, d’après ses jalons. »"""
    if span.first is None:
        return "Sans date."
    source = "" if span.is_own else ", d’après ses jalons"
    if span.is_open:
        return f"Depuis le {day(span.first)}{source}, sans fin prévue."
    period = typography.span(span.first, span.last)
    return f"{period[0].upper()}{period[1:]}{source}."


class Words:
    """Days in words, each composed once."""

    def __init__(self):
        self.known = {}

    def day(self, day):
        if day not in self.known:
            self.known[day] = str(typography.day(day))
        return self.known[day]


class Pen:
    """Draws on `scale`, as things stand on `day`."""

    def __init__(self, pact, scale, day, draws=True):
        self.draws = draws  # else each row is told alone
        self.pact, self.scale, self.on = pact, scale, day
        self.words = Words()
        self.said = {}
        self.fiche_url = row_address("actions:action_detail", pact.pk)
        self.meetings_url = f"{reverse('governance:meeting_list', args=[pact.pk])}?kind="
        self.status_marks = {
            status: f'{icon(STATUS_SHAPES[status])}<span class="visually-hidden">{escape(status.label)} : </span>'
            for status in ActionStatus
        }

    # Fiches.

    def action_row(self, action):
        """A fiche: its span, what is late in it, its milestones."""
        span = span_of(action)
        milestones = action.marks
        dues = sorted(one.due_on for one in milestones if one.done_on is None and one.due_on)
        is_late = bool(dues) and action.status in CAN_BE_LATE and dues[0] < self.on
        late_from = dues[0] if is_late else None
        return Row(
            head=self.head(action),
            drawing=frame(self.strokes(action, span, milestones, late_from)) if self.draws else "",
            words=self.in_words(action, span, milestones),
            note=self.note(action, dues, is_late),
        )

    def strokes(self, action, span, milestones, late_from):
        """The span, what is late from the day `late_from`, moved dates, milestones, the day of the end."""
        yield from self.bar(action.status, span)
        yield from self.moves(milestones)
        if late_from:
            yield self.late_part(late_from)
        for one in milestones:
            yield self.mark(one, action.status)
        if action.done_on:
            yield self.at(action.done_on, "g-over", f"Réalisée le {self.plain_day(action.done_on)}")

    def head(self, action):
        number = f'<span class="pti-gantt__number">{escape(action.number)}</span> ' if action.number else ""
        label = escape(typography.typeset(action.label))
        return mark_safe(f'{self.status_marks[action.status]} <a href="{self.fiche_url(action.pk)}">{number}{label}</a>')

    def note(self, action, dues, is_late):
        if is_late or action.status in CAN_BE_LATE:
            day = dues[0] if is_late else next((one for one in dues if one >= self.on), None)
            return due_state(day, self.on, is_late)
        status = typography.typeset(capfirst(ActionStatus(action.status).label))
        return format_html('<span class="pti-meta">{}</span>', status)

    def bar(self, status, span):
        """The planned span; beyond the edges an arrow says on which side it goes on."""
        if span.first is None:
            return ['<text class="pti-gantt__say" x="4" dy="4">sans date</text>']
        start, end = self.scale.at(span.first), 100.0 if span.last is None or span.is_open else self.after(span.last)
        if end <= 0:
            return [f'<text class="pti-gantt__say" x="4" dy="4">◂ fin le {self.plain_day(span.last)}</text>']
        if start >= 100:
            return [f'<text class="pti-gantt__say is-end" x="99.5%" dy="4">début le {self.plain_day(span.first)} ▸</text>']
        height = BAR if span.is_own else BAR - THIN
        left, right = max(start, 0), min(end, 100)
        strokes = [
            f'<rect class="pti-gantt__bar is-{BARS[status]}" x="{left:.2f}%" width="{max(right - left, 0.4):.2f}%" '
            f'y="{-height / 2:g}" height="{height}" rx="2"/>'
        ]
        if start < 0:
            strokes.append('<use class="pti-gantt__more" href="#g-before" x="-8" y="-6" width="8" height="12"/>')
        if end > 100 or span.is_open:
            strokes.append('<use class="pti-gantt__more" href="#g-after" x="100%" y="-6" width="8" height="12"/>')
        return strokes

    def after(self, day):
        """Where `day` ends."""
        return self.scale.at(day) + 100 / self.scale.days

    def late_part(self, due):
        """From the day that is past to the reference day, hatched."""
        left, right = max(self.scale.at(due), 0), min(self.scale.at(self.on), 100)
        if right <= left:
            return ""
        return f'<rect class="pti-gantt__late" x="{left:.2f}%" width="{right - left:.2f}%" y="{-BAR / 2:g}" height="{BAR}"/>'

    def moves(self, milestones):
        """A dotted line from the planned day of a milestone to its forecast."""
        for one in milestones:
            if one.forecast_on and one.planned_last and one.done_on is None:
                left, right = sorted(min(max(self.scale.at(day), 0), 100) for day in (one.planned_last, one.forecast_on))
                if left < right:
                    yield f'<line class="pti-gantt__moved" x1="{left:.2f}%" x2="{right:.2f}%"/>'

    def mark(self, milestone, status):
        """The diamond of a milestone, with its words for who points at it."""
        day = milestone.done_on or milestone.due_on
        if day is None:
            return ""
        return self.at(day, self.shape(milestone, status), self.milestone_words(milestone, status))

    def at(self, day, shape, words):
        if not self.scale.holds(day):
            return ""
        return (
            f'<g transform="translate(-{MARK // 2})"><use href="#{shape}" x="{self.after(day):.2f}%" y="-{MARK // 2}" '
            f'width="{MARK}" height="{MARK}"><title>{words}</title></use></g>'
        )

    def shape(self, milestone, status):
        if milestone.done_on:
            return "g-done"
        return "g-late" if is_late(milestone, status, self.on) else "g-todo"

    def milestone_words(self, milestone, status):
        """« Règlement intérieur : prévu le 31 décembre 2024, en retard de 22 mois »."""
        if milestone.pk not in self.said:
            self.said[milestone.pk] = self.say(milestone, status)
        return self.said[milestone.pk]

    def say(self, milestone, status):
        # Hidden beside a drawing, the label is left as it is: its typography costs more than the rest of the mark.
        label = escape(milestone.label if self.draws else typography.typeset(milestone.label))
        return f"{label} : {escape(when_of(milestone, status, self.on, self.plain_day))}"

    def plain_day(self, day):
        """A day without markup, for a title."""
        return typography.plain(self.words.day(day))

    def in_words(self, action, span, milestones):
        """The whole row in words."""
        period = period_of(span, self.words.day)
        lines = "".join(f"<li>{self.milestone_words(one, action.status)}</li>" for one in milestones)
        return mark_safe(f"<p>{period}</p>" + (f"<ul>{lines}</ul>" if lines else "<p>Aucun jalon.</p>"))

    # Axes.

    def group_row(self, node, actions, word):
        """An axis: the whole span of its fiches on this page, how many are late."""
        spans = [span for span in map(span_of, actions) if span.first]
        strokes = []
        if spans:
            left = max(self.scale.at(min(span.first for span in spans)), 0)
            right = 100 if any(span.is_open for span in spans) else min(self.after(max(span.last for span in spans)), 100)
            if left < right:
                strokes = [
                    f'<line class="pti-gantt__axis" x1="{left:.2f}%" x2="{right:.2f}%"/>',
                    f'<line class="pti-gantt__axis" x1="{left:.2f}%" x2="{left:.2f}%" y2="7"/>',
                ]
                if right < 100:
                    strokes.append(f'<line class="pti-gantt__axis" x1="{right:.2f}%" x2="{right:.2f}%" y2="7"/>')
        count = typography.plural(len(actions), "fiche")
        left_out = f" sur {node.total}" if node.axis and node.actions and node.total > len(node.actions) else ""
        head = "Sans rattachement"
        if node.axis:
            head = f"{capfirst(word)} {node.axis}" if node.axis.number.isdigit() else str(node.axis)
        return Row(escape(typography.typeset(head)), frame(strokes), "", f"{count}{left_out}", node.depth, is_group=True)

    # Meetings.

    def meeting_row(self, kind, meetings):
        """The meetings of one kind of committee; those that would overlap are one mark with their number."""
        marks = []
        for day, *_ in meetings:
            at = self.scale.at(day)
            if marks and at - marks[-1][0] < NEAR:
                marks[-1][1].append(day)
            else:
                marks.append((at, [day]))
        held = {day for day, status, *_ in meetings if status == MeetingStatus.HELD}
        strokes = [self.meeting_mark(at, days, held) for at, days in marks]
        label = CommitteeKind(kind).label
        head = mark_safe(f'<a href="{self.meetings_url}{kind}">{escape(capfirst(label))}</a>')
        coming = next((day for day, status, *_ in meetings if day >= self.on and status != MeetingStatus.HELD), None)
        note = format_html("{}", typography.plural(len(meetings), "séance"))
        if coming:
            note = format_html('{}<span class="pti-small d-block">prochaine le {}</span>', note, typography.day(coming))
        lines = "".join(
            f"<li>{self.words.day(day)}, {escape(name)} ({MeetingStatus(status).label})</li>"
            for day, status, name, _ in meetings[:MOST_SAID]
        )
        if len(meetings) > MOST_SAID:
            lines += f"<li>et {len(meetings) - MOST_SAID} autres</li>"
        return Row(head, frame(strokes), mark_safe(f"<ul>{lines}</ul>"), note)

    def meeting_mark(self, at, days, held):
        said = ", ".join(self.plain_day(day) for day in days[:6]) + ("…" if len(days) > 6 else "")
        css = "is-held" if all(day in held for day in days) else "is-planned"
        if len(days) == 1:
            return f'<circle class="pti-gantt__meeting {css}" cx="{at:.2f}%" r="5"><title>Séance : {said}</title></circle>'
        return (
            f'<circle class="pti-gantt__meeting {css}" cx="{at:.2f}%" r="8">'
            f"<title>{len(days)} séances : {said}</title></circle>"
            f'<text class="pti-gantt__count {css}" x="{at:.2f}%" dy="4">{len(days)}</text>'
        )


def head_of(scale, day, word):
    """The calendar above the rows, and where the reference day stands in it."""
    strokes = []
    for column in scale.columns():
        if column.above:
            strokes.append(f'<text class="pti-gantt__year" x="{column.at}" dx="4" y="14">{column.above}</text>')
        strokes.append(f'<text class="pti-gantt__unit" x="{column.middle}" y="32">{column.label}</text>')
    if scale.holds(day):
        at = scale.at(day)
        side = ' dx="-4" class="pti-gantt__today is-end"' if at > 85 else ' class="pti-gantt__today"'
        strokes.append(f'<text{side} x="{at:.2f}%" y="47">{escape(word)}</text>')
    return mark_safe(
        '<svg class="pti-gantt__head" height="52" aria-hidden="true" focusable="false">'
        f'<use href="#g-grid" width="100%" height="100%"/>{"".join(strokes)}</svg>'
    )


def grid_of(scale, day):
    """The vertical lines that every row repeats: columns, quarters of a year, the reference day."""
    lines = [f'<line class="pti-gantt__line" x1="{one.at}" x2="{one.at}" y2="100%"/>' for one in scale.columns()]
    if scale.holds(day):
        at = f"{scale.at(day):.2f}%"
        lines.append(f'<line class="pti-gantt__now" x1="{at}" x2="{at}" y2="100%"/>')
    return mark_safe("".join(lines))
