"""What the words of a workbook may name: axes, themes, territories, plans, organisations. Read once per pact."""

import difflib
from collections import defaultdict

from actions.forms.fiches import offered_composed
from actions.forms.rows import plans_composed
from actions.tree import Tree
from partners.models import Organisation
from pti.search import normalise

ORGANISATION, SCHEME = "o", "s"
AS_TEXT = "texte"
NEAR, SEVERAL = 6, 0.55
SEPARATOR = ";"


class Vocabulary:
    """Names on both ways: what a row is called in a cell, and which rows a cell may call."""

    def __init__(self, pact):
        tree = Tree(pact)
        self.axes = {
            node.axis.pk: " > ".join(str(one.axis).replace(SEPARATOR, ",") for one in tree.path_to(node.axis))
            for node in tree.walk()
        }
        self.many = {
            "themes": self.offered("themes", pact),
            "territories": self.offered("territories", pact),
            "schemes": self.offered("schemes", pact),
            "other_axes": self.axes,
        }
        self.schemes = dict(plans_composed().tuples_of(pact.pk))
        rows = Organisation.objects.values_list("pk", "name", "acronym", "aliases_text", "parent__name")
        self.organisations = {pk: name for pk, name, *_ in rows}
        self.labels = {pk: f"{name} ({parent})" if parent else name for pk, name, _, _, parent in rows}
        self.spellings = defaultdict(set)
        for pk, name, acronym, aliases, _ in rows:
            for text in (name, acronym, *aliases.splitlines()):
                if text:
                    self.spellings[normalise(text)].add(f"{ORGANISATION}{pk}")
        for pk, name in self.schemes.items():
            self.spellings[normalise(name)].add(f"{SCHEME}{pk}")
        self.keys = {f"{ORGANISATION}{pk}" for pk in self.labels} | {f"{SCHEME}{pk}" for pk in self.schemes}
        self.paths = self.turned(self.axes, with_last=True)
        self.turned_many = {name: self.turned(rows, name == "other_axes") for name, rows in self.many.items()}

    def offered(self, name, pact):
        return {row.pk: str(row).replace(SEPARATOR, ",") for row in offered_composed(name).rows_of(pact.pk)}

    def turned(self, rows, with_last=False):
        """{normalised words: primary keys}; the last piece of a path, its number or its title alone name an axis too."""
        found = defaultdict(set)
        for pk, label in rows.items():
            names = {label}
            if with_last:
                last = label.rsplit(" > ", 1)[-1]
                names |= {last, *last.split(". ", 1)}
            for name in names:
                found[normalise(name)].add(pk)
        return found

    def who(self, words):
        """Keys (« o12 », « s3 ») of the organisations and plans that `words` may name exactly."""
        return sorted(self.spellings.get(normalise(words), ()))

    def near(self, words):
        """Keys of those whose name resembles `words`, the nearest first."""
        wanted = normalise(words)
        found = difflib.get_close_matches(wanted, self.spellings, n=NEAR, cutoff=SEVERAL)
        keys = [key for name in found for key in sorted(self.spellings[name])]
        return list(dict.fromkeys(keys))[:NEAR]

    def said(self, key):
        """The name of an organisation or plan, its parent with it: « PMI (Conseil départemental) »."""
        kind, pk = key[0], int(key[1:])
        return self.schemes[pk] if kind == SCHEME else self.labels[pk]
