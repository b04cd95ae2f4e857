"""A fiche, ready to be read: its text in order, who is in it, its milestones."""

from dataclasses import dataclass
from functools import cache

from django.db.models import F
from django.utils.html import format_html

from actions.enums import LeadRole
from actions.models import Action, ActionDocument, Axis, Funding, Indicator, Lead, Measure, Milestone, Target, Theme, Update
from pti import typography
from pti.composed import AnyKey, Composed, ComposedParts
from pti.found import found_or_404
from pti.models import Scheme, Territory

# (field, open at once): the order in which a fiche is read.
TEXTS = (
    ("diagnosis", True),
    ("objectives", True),
    ("audience", False),
    ("content", False),
    ("schedule", False),
    ("means", False),
    ("human_means", False),
    ("technical_means", False),
    ("legal_means", False),
    ("financial_means", False),
    ("assets", False),
    ("constraints", False),
    ("prerequisites", False),
    ("evaluation_method", False),
)
# What names a fiche beside another.
NAMES = ("pk", "number", "title", "short_title")
ROLE_WORDS = {
    LeadRole.PILOT: ("Pilote", "Pilotes"),
    LeadRole.CO_PILOT: ("Copilote", "Copilotes"),
    LeadRole.OPERATOR: ("Réalise l’action", "Réalisent l’action"),
    LeadRole.FUNDER: ("Financeur", "Financeurs"),
    LeadRole.ASSOCIATED: ("Associé", "Associés"),
}


def fiche_or_404(pact, pk):
    """The fiche `pk` of a pact that the person may read, with everything that its page shows.

    Of one that an amendment withdrew, what was withdrawn with it.
    """
    action = found_or_404(fiche_composed(), pact.pk, pk)
    action.pact = pact
    for parts in parts_composed():
        parts.give([action])
    for parts in figures_composed():
        parts.give(action.indicators.all())
    return action


@cache
def fiche_composed():
    """The query of a fiche; in nobody's name, so that a rule stricter than « who reads the pact » refuses to be composed."""
    return Composed(Action.objects.with_withdrawn().read_in(None, AnyKey(0)).filter(pk=AnyKey(1)).for_page())


@cache
def parts_composed():
    """What belongs to a fiche."""
    milestones = Milestone.objects.with_whole("action").order_by(F("planned_last").asc(nulls_last=True), "order", "id")
    rows = {
        "leads": Lead.objects.with_whole("action").select_related("organisation", "scheme").order_by("order", "id"),
        "milestones": milestones,
        "updates": Update.objects.select_related("author", "organisation"),
        "indicators": Indicator.objects.with_whole("action").order_by("order", "id"),
        "fundings": Funding.objects.with_whole("action").select_related("funder").order_by("order", "id"),
        "documents": ActionDocument.objects.select_related("added_by"),
        "themes": Theme.objects.only("name"),
        "territories": Territory.objects.only("name"),
        "schemes": Scheme.objects.only("name").order_by("order", "id"),
        "other_axes": Axis.objects.only("pact", "number", "title").order_by("order", "id"),
    }
    return [ComposedParts(Action, name, some) for name, some in rows.items()]


@cache
def figures_composed():
    """What belongs to the indicators of a fiche."""
    targets = Target.objects.with_whole("indicator").order_by(F("year").asc(nulls_last=True), "id")
    measures = Measure.objects.order_by("year", "series", "id")
    return [ComposedParts(Indicator, "targets", targets), ComposedParts(Indicator, "measures", measures)]


def read_written_parts(action):
    """Read what the form of a fiche shows with its text: its rows, what it is tied to."""
    for parts in written_parts_composed():
        parts.give([action])
    for parts in written_figures_composed():
        parts.give(action.indicators.all())


@cache
def written_composed():
    """The query of the text of a fiche; in nobody's name, as that of its page."""
    return Composed(Action.objects.read_in(None, AnyKey(0)).filter(pk=AnyKey(1)).order_by())


@cache
def written_parts_composed():
    """What the form of a fiche shows with its text."""
    rows = {field.name: field.related_model.objects.all() for field in Action._meta.many_to_many}
    rows |= {"leads": Lead.objects.all(), "milestones": Milestone.objects.all(), "indicators": Indicator.objects.all()}
    return [ComposedParts(Action, name, some) for name, some in rows.items()]


@cache
def written_figures_composed():
    """What the form of a fiche shows of its indicators."""
    return [
        ComposedParts(Indicator, "targets", Target.objects.all()),
        ComposedParts(Indicator, "measures", Measure.objects.all()),
    ]


@dataclass
class Text:
    """One long text of the fiche."""

    name: str
    label: str
    html: str
    is_open: bool


def texts_of(action):
    """(texts that hold something, labels of the empty ones)."""
    texts = [
        Text(name, str(action._meta.get_field(name).verbose_name).capitalize(), getattr(action, name), is_open)
        for name, is_open in TEXTS
    ]
    return [one for one in texts if one.html], [one.label.lower() for one in texts if not one.html]


def leads_by_role(action):
    """[(words, current leads)] in the order of the roles, and the leads who left."""
    leads = list(action.leads.all())
    groups = []
    for role, (one, several) in ROLE_WORDS.items():
        own = [lead for lead in leads if lead.role == role and lead.ended_on is None]
        if own:
            groups.append((several if len(own) > 1 else one, own))
    return groups, [lead for lead in leads if lead.ended_on is not None]


def is_open_without_name(action):
    """The list of associates is « … » alone: it is open, and names nobody who is still there."""
    there = [lead for lead in action.leads.all() if lead.role == LeadRole.ASSOCIATED and lead.ended_on is None]
    return action.associated_open_ended and not there


@dataclass
class Step:
    """A milestone on the frise."""

    milestone: object
    shape: str
    tone: str
    when: str
    late: str = ""


def step_of(milestone, on):
    """Shape and words of a milestone on the day `on`."""
    planned = typography.date_text(milestone.planned_text)
    if milestone.done_on:
        return Step(milestone, "j-done", "ink", format_html("Fait le {}", typography.day(milestone.done_on)))
    when = typography.day(milestone.forecast_on) if milestone.forecast_on else planned or "Sans date"
    days = milestone.days_late(on)
    if days:
        late = f"En retard de {typography.elapsed(days)}"
        return Step(milestone, "j-late", "bad", format_html("Prévu : {}", when), late)
    return Step(milestone, "j-todo", "ink", when)


def steps_of(action, on):
    """The milestones on the frise, and their count in words."""
    milestones = list(action.milestones.all())
    for milestone in milestones:
        milestone.action = action
    steps = [step_of(one, on) for one in milestones]
    done = sum(1 for step in steps if step.shape == "j-done")
    late = sum(1 for step in steps if step.shape == "j-late")
    parts = [
        typography.plural(done, "fait") if done else "",
        f"{late} en retard" if late else "",
        f"{len(steps) - done - late} à venir" if len(steps) > done + late else "",
    ]
    return steps, ", ".join(part for part in parts if part)


def neighbours(action):
    """The fiche before and the one after, in the order of the numbers; a withdrawn one has none."""
    rows = numbers_composed().tuples_of(action.pact_id)
    at = next((place for place, (pk, *_) in enumerate(rows) if pk == action.pk), None)
    if at is None:
        return None, None
    before, after = rows[max(at - 1, 0) : at], rows[at + 1 : at + 2]
    return tuple(dict(zip(NAMES, some[0], strict=True)) if some else None for some in (before, after))


@cache
def numbers_composed():
    """The query of the fiches of a pact, in the order of their numbers."""
    rows = Action.objects.read_in(None, AnyKey()).order_by("number_key", "order", "id")
    return Composed(rows.values_list(*NAMES))
