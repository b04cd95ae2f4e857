"""What can be ticked: the rows of the signed text that stand alone, and the kinds of rows that an amendment adds."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.text import capfirst

from pti.amending.mapping import text_parts
from pti.fields import readable
from pti.models import Pact
from pti.ticks import part_links

LABEL = 90


@dataclass
class Choice:
    """One box: `value` is « Model:uid » or « Model »."""

    value: str
    label: str
    ticked: bool


@dataclass
class Group:
    """The boxes of one kind of rows."""

    label: str
    rows: list = field(default_factory=list)


def standing_models():
    """[(part, model)] whose rows may stand alone: not mere parts of another row."""
    return [(part, model) for part in text_parts() for model in part.models if all(column.null for column in part_links(model))]


def choices_of(amendment):
    """The rows of the base that stand alone, by kind; those that are ticked already say so."""
    ticked = {str(target) for target in amendment.points.values_list("target", flat=True)}
    groups = []
    for part, model in standing_models():
        rows = part.rows(model, amendment.amends).of_the_text().filter(**{f"{one.name}": None for one in part_links(model)})
        rows = rows.prefetch_related(*names_of_links(model)).order_by(*model._meta.ordering)
        found = [Choice(f"{model.__name__}:{row.uid}", label_of(row), str(row.uid) in ticked) for row in rows]
        if found:
            title = "Cadre du pacte" if model is Pact else str(model._meta.verbose_name_plural).capitalize()
            groups.append(Group(title, found))
    return groups


def names_of_links(model):
    """Links that name a row which has no name of its own: the partners of a commitment, the body of a partner."""
    named = {"partners": "partners__organisation", "organisation": "organisation", "territory": "territory"}
    columns = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [named[column.name] for column in columns if column.name in named and column.is_relation]


def label_of(row):
    """How a row is named in the list of boxes."""
    if isinstance(row, Pact):
        return "Titre, période, fondement, publics"
    name = str(row)
    named = {"title", "name", "label", "term"} & {column.name for column in row._meta.concrete_fields}
    if any(getattr(row, one) for one in named):
        return name
    if isinstance(getattr(row, "partners", None), models.Manager):
        bodies = ", ".join(str(partner) for partner in row.partners.all())
        name = f"{name} ({bodies})" if bodies else name
    words = readable(getattr(row, "text", "") or "")
    return capfirst(f"{name} : {words[:LABEL]}{'…' if len(words) > LABEL else ''}" if words else name)


def additions(amendment):
    """The kinds of rows that an amendment may add."""
    ticked = set(amendment.points.filter(target=None).values_list("model", flat=True))
    return [
        Choice(model.__name__, str(model._meta.verbose_name), model.__name__ in ticked)
        for _, model in standing_models()
        if model is not Pact
    ]
