"""What an amendment opens: the rows that are ticked, their mere parts, and what is new under a tick; nothing else.

Rows of the working copy bear a uid computed from the one of the base (`copy_uid`, a UUID of version 5); a row that is
written in the amendment bears a random one (version 4). Nothing is stored about either.
"""

import uuid
from dataclasses import dataclass
from functools import cache

from django.db import models

from pti.composed import AnyKey, Composed


def copy_uid(amendment_uid, base_uid):
    """The uid that the copy of a row of the base bears in the amendment."""
    return uuid.uuid5(amendment_uid, str(base_uid))


def is_copied(row):
    """True for the copy of a row of the base, False for a row that the amendment adds."""
    return row.uid.version == 5


def containers(row):
    """Rows of the text that `row` is a mere part of: the fiche of a milestone, the indicator of a target."""
    found = (getattr(row, column.name) for column in part_links(type(row)))
    return [one for one in found if one is not None]


def part_links(model):
    """Links of `model` to what it is a mere part of. A section under another one is a row of its own, not a part."""
    return [
        column
        for column in model._meta.concrete_fields
        if column.is_relation
        and column.remote_field.on_delete is models.CASCADE
        and column.related_model is not model
        and hasattr(column.related_model, "life_fields")
        and column.related_model.pact_path
    ]


def is_head(row):
    """True for a row that is part of no other: what is ticked."""
    return not containers(row)


@cache
def points_composed(model):
    """The query of what the points of an amendment open, and of the uid of what it amends."""
    return Composed(model.objects.filter(pact=AnyKey()).order_by().values_list("target", "model", "pact__amends__uid"))


@dataclass(frozen=True)
class Ticks:
    """The points of one amendment: uids of the rows of its copy, names of the models that it may add rows of."""

    uids: frozenset
    models: frozenset

    @classmethod
    def of(cls, pact):
        """The ticks of the amendment `pact`."""
        points = points_composed(pact.points.model).rows_of(pact.pk)
        return cls(
            frozenset(pact.uid if target == base else copy_uid(pact.uid, target) for target, _, base in points if target),
            frozenset(model for target, model, _ in points if target is None),
        )

    def cover(self, row):
        """True when `row` may be written: ticked, part of a row that may, or new and of a kind that may be added."""
        if row.of_the_amendment or row.uid in self.uids:
            return True
        inside = containers(row)
        if not inside and not is_copied(row):
            return type(row).__name__ in self.models
        return any(self.cover(one) for one in inside)

    def marked(self, rows):
        """These rows, each bearing in `is_opened` whether it may be written."""
        for row in rows:
            row.is_opened = self.cover(row)
        return rows

    def cover_data(self, model, row, named):
        """The same of a row as plain data, in a version; `named(uid)` gives the (model, row) of what it is a part of."""
        uid = uuid.UUID(row["uid"])
        if model.of_the_amendment or uid in self.uids:
            return True
        inside = [row[column.name] for column in part_links(model) if row.get(column.name)]
        if not inside and uid.version != 5:
            return model.__name__ in self.models
        return any(self.cover_data(*named(one), named) for one in inside)

    def cover_removal(self, row):
        """True when `row` may leave, and takes along no row that is not ticked: sections below it, links to it."""
        return self.cover(row) and all(self.cover(one) for one in taken_along(row))


class NoTicks:
    """A text that is no amendment: all of it is open."""

    def cover(self, row):
        return True

    marked = Ticks.marked


def opened_in(pact):
    """What may be written of the text of `pact`, whoever asks and whether or not it is frozen: in an amendment, one query."""
    return Ticks.of(pact) if pact.is_amendment else NoTicks()


def taken_along(row):
    """Rows that the deletion of `row` would delete or change, without being parts of it."""
    found = []
    for relation in row._meta.related_objects:
        model = relation.related_model
        if not hasattr(model, "life_fields") or not model.pact_path:
            continue
        below = model is type(row) and relation.on_delete is models.CASCADE
        if relation.many_to_many or below:
            found += model._base_manager.filter(**{relation.field.name: row})
            found += [one for child in found if below and child.pk != row.pk for one in taken_along(child)]
    return found
