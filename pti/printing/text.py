"""What a version says, ready for those who build a document: its rows in order, its labels, its names."""

from pti import typography
from pti.fields import RichTextField
from pti.outline import walked
from pti.printing import nodes, rich
from pti.version_page import HIDDEN, NAMES, Reader


class Text(Reader):
    """A canonical text: the plain data of a version, or of a living pact dumped the same way."""

    def __init__(self, data):
        super().__init__(data)
        self.data = data
        self.groups = {}
        for groups in [*self.parts.values(), *data.get("shared", {}).values()]:
            for name, rows in groups.items():
                self.groups.setdefault(name, []).extend(rows)
        self.inside = {}
        # What happens, for the sections that draw it: {name of the section: plain data of one day}.
        self.followed = data.get("followed", {})
        # Generated sections that the drafter has placed.
        self.placed = {row["source"] for row in self.of("Section") if row.get("source")}

    @property
    def frame(self):
        """The row of the pact itself."""
        return next(iter(self.of("Pact")), {})

    def of(self, name, **wanted):
        """Rows of the model `name` in the order of the text, those whose fields are `wanted`."""
        rows = [row for row in self.groups.get(name, []) if all(row.get(key) == value for key, value in wanted.items())]
        return sorted(rows, key=lambda row: self.rank(name, row))

    def grouped(self, name, key):
        """{uid: rows of the model `name` whose `key` is that uid}, made once."""
        if (name, key) not in self.inside:
            found = {}
            for row in self.of(name):
                found.setdefault(row.get(key), []).append(row)
            self.inside[name, key] = found
        return self.inside[name, key]

    def row(self, uid):
        """A row by its uid, or None."""
        return self.rows[uid][1] if uid in self.rows else None

    def column(self, name, key):
        model = self.models.get(name)
        return (
            next((one for one in [*model._meta.fields, *model._meta.many_to_many] if one.name == key), None) if model else None
        )

    def label(self, name, key):
        """« Public visé »: the name of a field, as its model tells it."""
        column = self.column(name, key)
        words = str(column.verbose_name) if column is not None else key
        return words[:1].upper() + words[1:]

    def value(self, name, row, key):
        """A plain field in words, or an empty text."""
        value = row.get(key)
        words = "" if value in (None, "", [], False) else str(self.in_words(self.column(name, key), value))
        return typography.plain(words)

    def is_rich(self, name, key):
        return isinstance(self.column(name, key), RichTextField)

    def content(self, name, row, key):
        """A field as nodes: long text, or words."""
        if not row.get(key):
            return ()
        if self.is_rich(name, key):
            return rich.nodes_of(row[key])
        return nodes.paragraphs(self.value(name, row, key))

    def field(self, name, row, key, *, level=2, label=""):
        """A long text under its name, or nothing."""
        found = self.content(name, row, key)
        if not found:
            return ()
        head = nodes.heading(label or self.label(name, key), level, look="field")
        return (head, *nodes.shifted(found, level))

    def fields(self, name, row, keys, *, level=2):
        return tuple(node for key in keys for node in self.field(name, row, key, level=level))

    def facts(self, name, row, keys):
        """Short fields that say something, names and values side by side."""
        pairs = [(self.label(name, key), self.content(name, row, key)) for key in keys]
        pairs = [(label, tuple(rich.unheaded(found))) for label, found in pairs if found]
        return (nodes.Facts(tuple(pairs)),) if pairs else ()

    def others(self, name, row, said):
        """What `row` says beside the fields in `said`: nothing of a text is left unprinted."""
        model = self.models.get(name)
        known = [one.name for one in [*model._meta.fields, *model._meta.many_to_many]] if model else []
        keys = [key for key in [*known, *sorted(set(row) - set(known))] if key in row]
        left_out = HIDDEN | set(said) | self.links_to_text(name)
        return self.facts(name, row, [key for key in keys if key not in left_out])

    def links_to_text(self, name):
        """The field that says what a row is a part of: its place tells it."""
        return {key for key in ("parent", "action", "axis", "indicator", "committee", "lead") if self.column(name, key)}

    def tree(self, name):
        """[(row, number « 2.1 », depth)] of a model with parents, in reading order."""
        rows = self.of(name)
        known = {row["uid"] for row in rows}
        return walked(rows, lambda row: row["uid"], lambda row: row.get("parent") if row.get("parent") in known else None)

    def title(self, row):
        return next((str(row[key]) for key in NAMES if row.get(key)), "")
