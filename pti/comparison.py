"""Two texts of one pact compared: which rows came, left, changed or moved, and field by field what they said.

    compare(json.loads(version.content), versions.text_of(pact))

Both sides are the plain data of `pti.versions` ({"parts": …, "shared": …}); the words come from `pti.version_page`.
Nothing here names a model: parts, fields and labels are those of the registry, or those that the data hold.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from enum import StrEnum

from pti.diff import rich, words
from pti.fields import readable
from pti.version_page import HIDDEN, Reader


class Deed(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass
class FieldChange:
    """One field of a row: `old` and `new` as the data hold them (None when the row was not there), and in words."""

    name: str
    label: str
    old: object
    new: object
    old_words: str = ""
    new_words: str = ""
    is_rich: bool = False

    @property
    def html(self):
        """What was added and removed, word by word."""
        return rich(self.old_words, self.new_words) if self.is_rich else words(self.old_words, self.new_words)


@dataclass
class RowChange:
    """A row that came, left or changed: `old` and `new` are its plain data, None on the side where it is not."""

    part: str
    model: str
    uid: str
    deed: Deed
    kind: str
    number: str
    name: str
    # uid of the row that it is a mere part of (the fiche of a milestone); its own when it stands alone.
    top: str
    old: dict | None
    new: dict | None
    fields: list = field(default_factory=list)
    # True when it only, or also, changed place among its neighbours.
    moved: bool = False

    @property
    def is_part(self):
        return self.top != self.uid


@dataclass
class Item:
    """A row that stands alone (a section, a fiche), with what changed in it and in the rows that it contains."""

    own: RowChange
    inside: list = field(default_factory=list)

    @property
    def deed(self):
        return self.own.deed


def compare(old_data, new_data):
    """Rows that differ from `old_data` to `new_data`, in the order of the new text, each with its fields (RowChange)."""
    return Comparison(old_data, new_data).changes()


class Comparison:
    """Two texts, read once."""

    def __init__(self, old_data, new_data):
        self.old, self.new = Reader(old_data), Reader(new_data)
        self.places = {}
        for reader in (self.new, self.old):
            for part, groups in reader.parts.items():
                for name, rows in groups.items():
                    self.places |= {row["uid"]: (part, name) for row in rows if row["uid"] not in self.places}

    def changes(self):
        """Every row that differs."""
        moved = self.moved()
        found = []
        for uid in self.in_order():
            if uid not in moved and self.old.row(uid) == self.new.row(uid):
                continue
            change = self.change_of(uid)
            if change.deed != Deed.CHANGED or change.fields or uid in moved:
                change.moved = uid in moved
                found.append(change)
        return found

    def items(self):
        """The changes gathered by row that stands alone, in the order of the new text."""
        found = {}
        for change in self.changes():
            if change.top not in found:
                found[change.top] = Item(change if not change.is_part else self.change_of(change.top))
            if change.is_part:
                found[change.top].inside.append(change)
        return list(found.values())

    def unchanged(self, items):
        """{part: names} of the rows that stand alone and say the same thing on both sides."""
        touched = {item.own.uid for item in items}
        found = {}
        for part in self.new.ordered_parts():
            for uid, _ in self.new.walk(part):
                if self.new.top_of(uid) == uid and uid not in touched:
                    number = (self.new.row(uid) or {}).get("number")
                    name = self.new.name_of(uid)
                    found.setdefault(part, []).append(f"{number}. {name}" if number else name)
        return found

    def label_of(self, part):
        return self.new.part_label(part)

    def in_order(self):
        """uids of both texts: part by part, rows in the order of the text, those that left after the others."""
        ordered = []
        for part in [*self.new.ordered_parts(), *(name for name in self.old.ordered_parts() if name not in self.new.parts)]:
            new = [uid for uid, _ in self.new.walk(part)]
            known = set(new)
            ordered += new + [uid for uid, _ in self.old.walk(part) if uid not in known]
        return ordered

    def change_of(self, uid):
        part, name = self.places[uid]
        old, new = self.old.row(uid), self.new.row(uid)
        deed = Deed.ADDED if old is None else Deed.REMOVED if new is None else Deed.CHANGED
        reader, row = (self.new, new) if new is not None else (self.old, old)
        change = RowChange(
            part=part,
            model=name,
            uid=uid,
            deed=deed,
            kind=reader.kind_of(name),
            number=str(row.get("number") or ""),
            name=reader.name_of(uid),
            top=reader.top_of(uid),
            old=old,
            new=new,
        )
        if old != new:
            change.fields = self.fields_of(name, old, new)
        return change

    def fields_of(self, name, old, new):
        """Fields that differ, in the order of the model; every filled one for a row that came or left."""
        keys = self.new.keys_of(name, {**(old or {}), **(new or {})})
        told = self.told_already(name, old, new)
        found = []
        for key in keys:
            was, now = (old or {}).get(key), (new or {}).get(key)
            if key in HIDDEN or key in told or was == now or (was in EMPTY and now in EMPTY):
                continue
            if (old is None or new is None) and (was is False or now is False):
                continue  # a box left unticked says nothing of a row that came or left
            column = self.new.column(name, key)
            found.append(
                FieldChange(
                    key,
                    self.new.label_of(column, key),
                    was,
                    now,
                    self.said(self.old, column, was),
                    self.said(self.new, column, now),
                    self.new.is_rich(column),
                )
            )
        return found

    def told_already(self, name, old, new):
        """Keys of a row that came or left which its name, its number and its place already say."""
        if old is not None and new is not None:
            return set()
        reader, row = (self.new, new) if new is not None else (self.old, old)
        told = {reader.owner_of(name, row), reader.title_of(name, row)} - {""}
        return {"number", *(key for key, value in row.items() if isinstance(value, str) and value in told)}

    def said(self, reader, column, value):
        """A value in plain words; a long text keeps its markup."""
        if value in EMPTY or reader.is_rich(column):
            return value or ""
        return readable_words(reader.in_words(column, value))

    def moved(self):
        """uids of rows that changed place among neighbours that both texts hold."""
        groups = {}
        for uid, (_, name) in self.places.items():
            old, new = self.old.row(uid), self.new.row(uid)
            if old is not None and new is not None and "order" in new and "order" in old:
                owner = self.new.owner_of(name, new)
                if owner == self.old.owner_of(name, old):
                    groups.setdefault((name, owner, new.get("kind")), []).append(uid)
        return {uid for uids in groups.values() for uid in self.out_of_order(uids)}

    def out_of_order(self, uids):
        """The fewest rows to move to go from the old order to the new one."""
        now = sorted(uids, key=lambda uid: (self.new.row(uid)["order"] or 0, uid))
        ranks = [(self.old.row(uid)["order"] or 0, uid) for uid in now]
        if ranks == sorted(ranks):
            return set()
        return set(uids) - longest_in_order(now, ranks)


EMPTY = (None, "", [], {})


def readable_words(text):
    """Plain words; a date may carry a <sup>."""
    return readable(text) if hasattr(text, "__html__") else str(text)


def longest_in_order(uids, ranks):
    """uids of a longest run whose ranks rise."""
    tails, links, ends = [], [], []
    for index, rank in enumerate(ranks):
        at = bisect_left(tails, rank)
        links.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(rank)
            ends.append(index)
        else:
            tails[at], ends[at] = rank, index
    kept, index = set(), ends[-1] if ends else -1
    while index >= 0:
        kept.add(uids[index])
        index = links[index]
    return kept
