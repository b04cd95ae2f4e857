"""Between a pact and the working copy of its amendment: uids computed one from the other, never stored."""

import uuid
from functools import cache, cached_property

from django.db.models import Value

from pti import parts
from pti.composed import AnyKey, Composed
from pti.copying import Copier
from pti.dumping import Dumper
from pti.parts import PartKind
from pti.ticks import copy_uid

# Parts that speak of the amendment itself: neither copied from the base nor merged into it.
OWN_PARTS = frozenset({"amendment"})


def text_parts():
    """The CONTRACT parts that an amendment copies and merges, ground floor first."""
    return [part for part in parts.registered(PartKind.CONTRACT) if part.name not in OWN_PARTS]


class ToCopy(Copier):
    """Plain data of the base → plain data of its copy."""

    def __init__(self, base, amendment_uid):
        super().__init__(base)
        self.namespace = amendment_uid

    def uid(self, uid):
        return str(self.namespace if uid == self.pact else copy_uid(self.namespace, uid))


class ToBase(Copier):
    """Plain data of an amendment → plain data of its base; a row that the amendment adds gets a computed uid too."""

    def __init__(self, amendment, base_uids):
        super().__init__(amendment)
        self.namespace = amendment.uid
        self.back = {str(copy_uid(amendment.uid, uid)): uid for uid in base_uids}
        self.back[self.pact] = str(amendment.amends.uid)

    def uid(self, uid):
        return self.back.get(uid) or str(uuid.uuid5(self.namespace, uid))


@cache
def uids_composed():
    """The query of (name of the model, uid) of every row of the text's models."""
    some = [(model.__name__, part.rows(model, AnyKey())) for part in text_parts() for model in part.models]
    first, *others = (rows.order_by().values_list(Value(name), "uid") for name, rows in some)
    return Composed(first.union(*others, all=True))


def uids_of(pact):
    """{uid: model} of every row of the text's models, those that are not of the text included."""
    by_name = {model.__name__: model for part in text_parts() for model in part.models}
    # PostgreSQL gives a UUID, SQLite its digits.
    return {str(uuid.UUID(str(uid))): by_name[name] for name, uid in uids_composed().tuples_of(pact.pk)}


class Text:
    """The rows of a pact's text: {uid: (model, plain data)}, in the order of the parts, and the shared rows they name."""

    def __init__(self, pact):
        self.pact, self.rows = pact, {}
        dumper = Dumper(order="pk")
        for part in text_parts():
            by_name = {model.__name__: model for model in part.models}
            for name, rows in part.dump(pact, dumper).items():
                self.rows |= {row["uid"]: (by_name[name], row) for row in rows}
        self.needed = dumper.needed
        # {uid: row of the base of data}, as they were read.
        self.objects = {str(row.uid): row for rows in dumper.texts.values() for row in rows}

    @cached_property
    def known(self):
        """Every row that data may point to; rows of the same models that are not of the text have no data."""
        return {uid: (model, None) for uid, model in uids_of(self.pact).items()} | self.rows

    def through(self, copier):
        """The same rows under the uids that `copier` gives."""
        return {copier.uid(uid): (model, copier._row(model, row, False)) for uid, (model, row) in self.rows.items()}

    def as_copied(self, amendment):
        """The rows of a base as its copy would bear them."""
        return self.through(ToCopy(self.pact, amendment.uid))


def text_of_base(amendment):
    """(rows of the base as its copy would bear them, shared rows that they name)."""
    text = Text(amendment.amends)
    return text.as_copied(amendment), text.needed


def text_for_base(amendment, base_text, text=None):
    """(rows of the amendment as the base would bear them, shared rows that they name)."""
    text = text or Text(amendment)
    return text.through(ToBase(amendment, base_text.known)), text.needed
