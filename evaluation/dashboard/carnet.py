"""« Carnet »: actions × quarters, each cell the confidence said that quarter, a short dash when nobody spoke."""

import datetime
from dataclasses import dataclass
from functools import cache, lru_cache

from django.core.paginator import Paginator
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from actions.enums import ActionStatus, Confidence
from actions.looks import blocked_state, due_state, status_state
from actions.models import Action, Milestone, Update
from pti import typography
from pti.composed import AnyKey, AnyKeys, Composed
from pti.dates import add_months
from pti.templatetags.pti import icon
from pti.views import ROWS_A_PAGE

QUARTERS = 8
ON_A_PHONE = 3
SHAPES = {
    Confidence.SECURED: ("good", "c-good"),
    Confidence.REACHABLE: ("fair", "c-fair"),
    Confidence.SUPPORT: ("warn", "c-warn"),
    Confidence.COMPROMISED: ("bad", "c-bad"),
    Confidence.UNKNOWN: ("none", "c-none"),
}
SILENT = ("none", "c-silent", "aucun point")
OVER = (ActionStatus.DONE, ActionStatus.DROPPED)


def first_of_quarter(day):
    return datetime.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def quarters_until(day, start):
    """First days of the last eight quarters, the running one included, none before the pact."""
    now = first_of_quarter(day)
    found = [add_months(now, -3 * back) for back in range(QUARTERS - 1, -1, -1)]
    return [one for one in found if start is None or one >= first_of_quarter(start)] or [now]


@dataclass
class Line:
    """One action: where it stands each quarter, and what is due."""

    url: str
    number: str
    label: str
    cells: str
    due: str
    mark: str
    group: str = ""


class Carnet:
    """The page `number` of the carnet of `pact`; three queries, whatever the number of rows. `facts`: see actions.alerts."""

    def __init__(self, pact, roots, facts, number=1):
        self.pact, self.roots = pact, roots
        self.day = pact.reference_day
        self.quarters = quarters_until(self.day, pact.starts_on)
        self.blocked = {fact.pk for fact in facts if fact.blocked}
        self.page = Paginator(facts, ROWS_A_PAGE).get_page(number)
        self.actions = fiches_composed(self.page.number).rows_of(pact.pk)
        self.keys = [action.pk for action in self.actions]

    @property
    def heads(self):
        """[(T1, 16, css)] of the columns."""
        for index, first in enumerate(self.quarters):
            yield f"T{typography.quarter_of(first)}", f"{first.year % 100:02}", self.css(index)

    @property
    def width(self):
        return len(self.quarters) + 2

    def css(self, index):
        left = len(self.quarters) - index
        return "pti-q is-now" if left == 1 else "pti-q pti-old" if left > ON_A_PHONE else "pti-q"

    def said(self):
        """{(action, first day of a quarter): the last confidence said}; an update that says none is « unknown »."""
        told = {}
        for pk, on, confidence in said_composed(self.quarters[0]).rows_of(self.keys):
            key = pk, first_of_quarter(on)
            if confidence or key not in told:
                told[key] = confidence or Confidence.UNKNOWN
        return told

    def due_days(self):
        """{action: due days of its milestones that are not done}."""
        found = {}
        for pk, due in due_composed().rows_of(self.keys):
            found.setdefault(pk, []).append(due)
        return found

    def lines(self):
        """The rows; `group` is set where a new axis begins."""
        said, due_days, shown = self.said(), self.due_days(), object()
        cells = {shape: self.frame(*shape) for shape in self.shapes()}
        for action in self.actions:
            root = self.roots.get(action.axis_id)
            due = sorted(due_days.get(action.pk, []))
            yield Line(
                url=action.get_absolute_url(),
                number=action.number,
                label=action.label,
                cells=mark_safe("".join(self.cell(action, index, said, cells) for index in range(len(self.quarters)))),
                due=self.due(action, due),
                mark=self.mark(action, due),
                group=self.words_of(root) if root != shown else "",
            )
            shown = root

    def words_of(self, root):
        """« Axe 1. Multiplier les passerelles », in the pact's own words."""
        if root is None:
            return "Sans rattachement"
        return f"{capfirst(self.pact.level_word(0))} {root}" if root.number.isdigit() else root.title

    def shapes(self):
        """(css, tone, shape, word) of every cell that may be drawn."""
        told = [(*SHAPES[one], one.label) for one in Confidence]
        for index in range(len(self.quarters)):
            for shape in (*told, SILENT, ("", "", "attendu"), ("", "", "terminée")):
                yield (self.css(index), *shape)

    @staticmethod
    def frame(css, tone, shape, word):
        word = format_html('<span class="visually-hidden">{}</span>', word)
        if not shape:
            return format_html('<td class="{}">{}</td>', css, word)
        return format_html(
            '<td class="{}"><span class="pti-state pti-state--{}">{}{}</span></td>', css, tone, icon(shape), word
        )

    def cell(self, action, index, said, cells):
        first, css = self.quarters[index], self.css(index)
        confidence = said.get((action.pk, first))
        if confidence:
            return cells[(css, *SHAPES[confidence], Confidence(confidence).label)]
        if action.status in OVER and (action.done_on is None or action.done_on < first):
            return cells[css, "", "", "terminée"]
        is_running = index == len(self.quarters) - 1
        return cells[(css, "", "", "attendu") if is_running else (css, *SILENT)]

    def is_late(self, action, due):
        return bool(due) and action.can_be_late and due[0] < self.day

    def mark(self, action, due):
        """On a phone the last column leaves: what asks for someone is a mark beside the name."""
        if self.is_late(action, due):
            shape, word = "clock-history", "En retard"
        elif action.pk in self.blocked:
            shape, word = "sign-stop", "Point de blocage"
        else:
            return ""
        frame = ' <span class="pti-state pti-state--bad d-md-none">{}<span class="visually-hidden">{}</span></span>'
        return format_html(frame, icon(shape), word)

    def due(self, action, due):
        """What asks for someone first: late, blocked, over; then the next milestone."""
        if self.is_late(action, due):
            return due_state(due[0], self.day, True)
        if action.pk in self.blocked:
            return blocked_state()
        if action.status in (*OVER, ActionStatus.PAUSED):
            return status_state(action.status)
        return due_state(next((day for day in due if day >= self.day), None), self.day, False)


@lru_cache(maxsize=16)
def fiches_composed(page):
    """The query of the fiches of a page of the carnet of a pact."""
    rows = Action.objects.filter(pact=AnyKey()).order_by("order", "id")
    rows = rows.only("pact", "axis", "number", "title", "short_title", "status", "done_on")
    return Composed(rows[ROWS_A_PAGE * (page - 1) : ROWS_A_PAGE * page])


@lru_cache(maxsize=8)
def said_composed(start):
    """The query of (fiche, day, confidence) of the updates of some fiches since `start`."""
    rows = Update.objects.filter(action__in=AnyKeys(), on__gte=start).order_by("on", "id")
    return Composed(rows.values_list("action_id", "on", "confidence"))


@cache
def due_composed():
    """The query of (fiche, due day) of the milestones of some fiches that are not done."""
    rows = Milestone.objects.filter(action__in=AnyKeys(), done_on=None).annotate(due=Coalesce("forecast_on", "planned_last"))
    return Composed(rows.exclude(due=None).order_by().values_list("action_id", "due"))


def legend():
    """[(tone, shape, word)] under the title."""
    words = {Confidence.UNKNOWN: "Non renseigné"}
    short = {"objectif sécurisé": "Sécurisé", "objectif atteignable": "Atteignable", "objectif compromis": "Compromis"}
    told = [(*SHAPES[one], words.get(one) or short.get(one.label) or capfirst(one.label)) for one in Confidence]
    return [*told, ("none", "c-silent", "Aucun point")]
