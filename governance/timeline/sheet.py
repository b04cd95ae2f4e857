"""The strokes of the timeline on a sheet of paper: one SVG that stands alone, the same shapes as on the page."""

from django.utils.text import capfirst

from actions.enums import ActionStatus
from actions.models import Action
from governance.timeline.drawing import BARS, is_late
from governance.timeline.rows import span_of
from pti import typography
from pti.printing.svg import stand_alone, svg_text

WIDTH, LEFT, RIGHT = 680, 232, 674
ROW, HEAD, LEGEND = 20, 22, 50
# Letters of a line that stand before the calendar; how near two meetings may stand before they are one mark.
LETTERS, NEAR = 46, 11
STYLE = """
text{font-family:"Source Sans 3";font-size:10.5px;fill:#15262c}
.axis{font-weight:600}.unit{text-anchor:middle;fill:#45565d}.now{font-weight:600}.note{font-size:9.5px;fill:#45565d}
.count{font-size:9px;font-weight:600;text-anchor:middle}.count.is-held{fill:#fff}.end{text-anchor:end}
.rule{stroke:#d3dcde}.today{stroke:#15262c;stroke-width:1.2;stroke-dasharray:5 3}.band{fill:#eff3f3}
.bar{fill:#d3dcde;stroke:#76878e;stroke-width:1}.is-ongoing,.is-running{fill:#c9d5d8;stroke:#45565d}
.is-project,.is-paused,.is-dropped{fill:#fff;stroke-dasharray:4 3}.more{fill:#45565d}
.late{fill:url(#hatch);stroke:#a3231c}.moved{stroke:#15262c;stroke-width:1.6;stroke-dasharray:.1 3.4;stroke-linecap:round}
.ink{fill:#15262c;stroke:#fff}.hollow{fill:#fff;stroke:#15262c;stroke-width:1.3}.red{fill:#a3231c;stroke:#fff}
.tick{fill:none;stroke:#fff;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}
.meeting{fill:#fff;stroke:#15262c;stroke-width:1.3}.meeting.is-held{fill:#15262c}
"""
HATCH = (
    '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="5" height="5" fill="#fff"/><rect width="1.8" height="5" fill="#a3231c"/></pattern>'
)
DIAMOND = "M0-6.5 6.5 0 0 6.5-6.5 0z"
SHAPES = {
    "done": f'<path class="ink" d="{DIAMOND}"/><path class="tick" d="m-2.4.2 1.700 1.700 3.100-3.400"/>',
    "todo": f'<path class="hollow" d="{DIAMOND}"/>',
    "late": f'<path class="red" d="{DIAMOND}"/><path class="tick" d="M0-3.200v3.400M0 2.600v.3"/>',
    "over": '<rect class="ink" x="-5.500" y="-5.500" width="11" height="11" rx="2"/>'
    '<path class="tick" d="m-2.600.2 1.900 1.900 3.400-3.800"/>',
}


def written(x, y, words, css=""):
    """A line of words."""
    look = f' class="{css}"' if css else ""
    return f'<text{look} x="{x:.1f}" y="{y:.1f}">{svg_text(words)}</text>'


class Sheet:
    """Draws lines of fiches against `scale`, as things stand on the day `on`, which `day` says in words."""

    def __init__(self, scale, on, day):
        self.scale, self.on, self.day = scale, on, day

    def draw(self, lines, meetings, *, has_legend):
        """`lines` are axes and fiches, `meetings` {kind: [(day, is held)]} come first."""
        strokes, y = [], HEAD
        for kind, days in meetings.items():
            strokes += self.meeting_line(kind.label, days, y + ROW / 2)
            y += ROW
        for one in lines:
            strokes += self.fiche_line(one, y + ROW / 2) if isinstance(one, Action) else self.group_line(one, y)
            y += ROW
        strokes = [*self.calendar(y), *strokes, *self.now(y)]
        strokes += self.legend(y + 14) if has_legend else []
        height = y + (LEGEND if has_legend else 16)
        return stand_alone(f'<svg viewBox="0 0 {WIDTH} {height}">{"".join(strokes)}</svg>', STYLE, HATCH)

    def x(self, day, after=False):
        """Where `day` begins, or ends (`after`)."""
        return LEFT + (RIGHT - LEFT) * (self.scale.at(day) / 100 + (1 / self.scale.days if after else 0))

    def calendar(self, bottom):
        for column in self.scale.columns():
            at = LEFT + (RIGHT - LEFT) * float(column.at.rstrip("%")) / 100
            middle = LEFT + (RIGHT - LEFT) * float(column.middle.rstrip("%")) / 100
            yield f'<path class="rule" d="M{at:.1f} 4V{bottom}"/>{written(middle, 15, column.label, "unit")}'
        yield f'<path class="rule" d="M{RIGHT} 4V{bottom}"/>'

    def now(self, bottom):
        if self.scale.holds(self.on):
            x, near_end = self.x(self.on), self.x(self.on) > WIDTH - 120
            yield f'<path class="today" d="M{x:.1f} 18V{bottom + 4}"/>'
            yield written(x + (-4 if near_end else 4), bottom + 12, self.day, "note end" if near_end else "note")

    def group_line(self, group, y):
        yield f'<rect class="band" y="{y + 1}" width="{WIDTH}" height="{ROW - 2}"/>'
        yield written(2 + 8 * min(group.depth, 3), y + ROW / 2 + 3.5, typography.shorten(group.words, 120), "axis")

    def fiche_line(self, fiche, y):
        """Name, planned span, what is late, milestones, the day of the end."""
        yield written(2, y + 3.5, typography.shorten(fiche.title, LETTERS))
        yield from self.bar(fiche.status, span_of(fiche), y)
        late = [one.due_on for one in fiche.marks if is_late(one, fiche.status, self.on)]
        if late:
            left, right = max(self.x(min(late)), LEFT), min(self.x(self.on), RIGHT)
            if left < right:
                yield f'<rect class="late" x="{left:.1f}" y="{y - 4:.1f}" width="{right - left:.1f}" height="8"/>'
        for one in fiche.marks:
            yield from self.moved(one, y)
        for one in fiche.marks:
            shape = "done" if one.done_on else "late" if is_late(one, fiche.status, self.on) else "todo"
            yield self.mark(one.done_on or one.due_on, shape, y)
        if fiche.done_on:
            yield self.mark(fiche.done_on, "over", y)

    def bar(self, status, span, y):
        if span.first is None:
            yield written(LEFT + 4, y + 3.5, "sans date", "note")
            return
        start, end = self.x(span.first), RIGHT if span.last is None or span.is_open else self.x(span.last, after=True)
        if end <= LEFT or start >= RIGHT:
            x, css, words = (LEFT + 4, "note", "◂ avant") if end <= LEFT else (RIGHT - 4, "note end", "après ▸")
            yield written(x, y + 3.5, words, css)
            return
        height = 10 if span.is_own else 6
        left, right = max(start, LEFT), min(end, RIGHT)
        yield (
            f'<rect class="bar is-{BARS[ActionStatus(status)]}" x="{left:.1f}" y="{y - height / 2:.1f}" '
            f'width="{max(right - left, 2):.1f}" height="{height}" rx="1.5"/>'
        )
        if start < LEFT:
            yield f'<path class="more" d="M{LEFT + 1} {y - 5:.1f}v10l-6-5z"/>'
        if end > RIGHT or span.is_open:
            yield f'<path class="more" d="M{RIGHT - 1} {y - 5:.1f}v10l6-5z"/>'

    def moved(self, milestone, y):
        """A dotted line from the planned day of a milestone to its forecast."""
        if milestone.forecast_on and milestone.planned_last and milestone.done_on is None:
            days = sorted((milestone.planned_last, milestone.forecast_on))
            left, right = (min(max(self.x(day, after=True), LEFT), RIGHT) for day in days)
            if left < right:
                yield f'<path class="moved" d="M{left:.1f} {y:.1f}H{right:.1f}"/>'

    def mark(self, day, shape, y):
        if not self.scale.holds(day):
            return ""
        return f'<g transform="translate({self.x(day, after=True):.1f} {y:.1f})">{SHAPES[shape]}</g>'

    def meeting_line(self, label, days, y):
        """Those that would overlap are one mark with their number."""
        yield written(2, y + 3.5, capfirst(label))
        marks = []
        for day, is_held in days:
            if not self.scale.holds(day):
                continue
            x = self.x(day)
            if marks and x - marks[-1][0] < NEAR:
                marks[-1][1].append(is_held)
            else:
                marks.append((x, [is_held]))
        for x, held in marks:
            css = "is-held" if all(held) else ""
            yield f'<circle class="meeting {css}" cx="{x:.1f}" cy="{y:.1f}" r="{4.2 if len(held) == 1 else 6.5}"/>'
            if len(held) > 1:
                yield written(x, y + 3.2, len(held), f"count {css}".strip())

    def legend(self, top):
        """What each shape means, two lines of words beside the shapes."""
        bar = '<rect class="bar is-{}" x="-10" y="-4" width="22" height="8" rx="1.5"/>'
        items = (
            (bar.format("ongoing"), "période prévue (mince : par ses jalons)"),
            (bar.format("project"), "projet, suspendue, abandonnée"),
            (f'{bar.format("running")}<path class="more" d="M12-5v10l6-5z"/>', "sans fin prévue"),
            ('<rect class="late" x="-10" y="-4" width="22" height="8"/>', "retard"),
            (SHAPES["done"], "jalon fait"),
            (SHAPES["todo"], "jalon prévu"),
            (SHAPES["late"], "jalon en retard"),
            (SHAPES["over"], "fiche réalisée"),
            (
                '<circle class="meeting is-held" cx="-4" r="4.2"/><circle class="meeting" cx="8" r="4.2"/>',
                "séance tenue, prévue",
            ),
        )
        places = ((12, 0), (232, 0), (408, 0), (528, 0), (12, 1), (92, 1), (178, 1), (284, 1), (396, 1))
        for (shape, words), (x, line) in zip(items, places, strict=True):
            y = top + 8 + 16 * line
            yield f'<g transform="translate({x} {y})">{shape}</g>{written(x + 23, y + 3.5, words, "note")}'
