"""What an amendment changes: old, new and reason, computed from the two texts and never stored."""

import json
from dataclasses import dataclass, field

from pti import versions
from pti.amending.mapping import OWN_PARTS, ToBase, text_parts, uids_of
from pti.amending.services import model_named
from pti.comparison import Comparison
from pti.ticks import part_links


@dataclass
class PointChange:
    """One point and what it changes: the row itself and its parts, or the rows that it adds."""

    point: object
    items: list = field(default_factory=list)

    @property
    def is_empty(self):
        return not self.items


def base_data(amendment):
    """What the base said when the amendment was opened, as plain data: its version, read rather than dumped again."""
    return json.loads(amendment.amends.versions.with_text().get(number=amendment.amendment.base_number).content)


def amended_data(amendment):
    """What the amendment says, under the uids of its base."""
    copier = ToBase(amendment, uids_of(amendment.amends))
    said = versions.text_of(amendment)
    by_name = {part.name: part for part in text_parts()}
    said["parts"] = {name: copier.part(by_name[name], data) for name, data in said["parts"].items() if name in by_name}
    return said


def without_own(data):
    """Plain data without what an amendment says of itself."""
    own = {model.__name__: model.amendment_fields for part in text_parts() for model in part.models}
    parts = {
        name: {
            model: [{key: value for key, value in row.items() if key not in own.get(model, ())} for row in rows]
            for model, rows in groups.items()
        }
        for name, groups in data.get("parts", {}).items()
        if name not in OWN_PARTS
    }
    return {**data, "parts": parts}


def comparison_of(amendment):
    """The signed text and the amended one, side by side."""
    plain = (json.loads(versions.canonical(without_own(side))) for side in (base_data(amendment), amended_data(amendment)))
    return Comparison(*plain)


def changes_of(amendment):
    """[PointChange], in the order of the points; what changes nothing is there too, empty."""
    comparison = comparison_of(amendment)
    points = list(amendment.points.all())
    found = {point.pk: PointChange(point) for point in points}
    for item in comparison.items():
        point = point_of(comparison, points, item.own.model, item.own.uid)
        if point is not None:
            found[point.pk].items.append(item)
    return [found[point.pk] for point in points]


def point_of(comparison, points, name, uid):
    """The point that opens a row: its own, that of what it is a part of, or the addition of its kind."""
    row = comparison.new.row(uid) or comparison.old.row(uid)
    own = next((point for point in points if str(point.target) == uid), None)
    if own is not None or row is None:
        return own
    inside = [row[column.name] for column in part_links(model_named(name)) if row.get(column.name)]
    if not inside:
        return next((point for point in points if point.target is None and point.model == name), None)
    found = (point_of(comparison, points, comparison.places[whole][1], whole) for whole in inside if whole in comparison.places)
    return next((point for point in found if point is not None), None)
