"""What a printed document is made of: a plain tree, built once, that the PDF, Word and ODT writers each read.

Text is plain and already in French typography. Levels of headings are relative: 1 is the top of what one builder
returns, and whoever assembles shifts them. A reader never meets a skipped level (`levelled`).
"""

import re
from dataclasses import dataclass, field, replace

from pti import typography

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]|[\u200b\u2060\ufeff]")


def legible(text):
    """`text` without what no document can hold: control characters, lone surrogates, invisible marks."""
    return CONTROL.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n"))


@dataclass(frozen=True)
class Run:
    """A stretch of text in one look; a line feed breaks the line."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    # "", "sub" or "sup".
    place: str = ""
    link: str = ""


@dataclass(frozen=True)
class Paragraph:
    """`look`: "" (text), "note" (small, grey), "lead" (first words of a page), "label" (name of what follows)."""

    runs: tuple
    look: str = ""


@dataclass(frozen=True)
class Heading:
    """`look`: "" (a chapter or a part), "fiche" (head of a fiche), "field" (name of a field, out of the contents)."""

    text: str
    level: int = 1
    number: str = ""
    look: str = ""
    above: str = ""

    @property
    def is_listed(self):
        return self.look != "field"

    @property
    def words(self):
        """« 2.1. Titre »."""
        dot = "" if self.number.endswith((".", ")", ":")) else "."
        return f"{self.number}{dot} {self.text}" if self.number else self.text


@dataclass(frozen=True)
class List:
    """Each item is a tuple of nodes."""

    items: tuple
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True)
class Quote:
    children: tuple


@dataclass(frozen=True)
class Cell:
    """A cell of a table; `look` is "" or "number" (to the right)."""

    children: tuple
    columns: int = 1
    rows: int = 1
    look: str = ""


@dataclass(frozen=True)
class Table:
    """A table has at least one row of headers. `widths` are shares of the page; computed from the text when empty."""

    head: tuple
    body: tuple
    caption: str = ""
    widths: tuple = ()


@dataclass(frozen=True)
class Figure:
    """A drawing; `alt` says what it shows."""

    svg: str
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Facts:
    """Names and values: ((label, nodes), …)."""

    pairs: tuple


@dataclass(frozen=True)
class PageBreak:
    pass


@dataclass(frozen=True)
class SignaturePage:
    """One page that one partner signs by hand: `text` says what is signed, `lines` are the blanks to fill."""

    name: str
    text: tuple
    lines: tuple
    level: int = 1


@dataclass(frozen=True)
class Look:
    """Name, two colours and logo of the cover; a version carries those of its day."""

    name: str = ""
    brand: str = "#123f4a"
    accent: str = "#c5d93b"
    logo: bytes = b""


@dataclass(frozen=True)
class Document:
    """A whole document. `marks` are the lines of its state on the cover, `foot` the line under each page."""

    title: str
    body: tuple
    # A date of the text itself (ISO), never the clock: the same text gives the same bytes.
    on: str
    subtitle: str = ""
    kind: str = ""
    period: str = ""
    marks: tuple = ()
    foot: str = ""
    fingerprint: str = ""
    look: Look = field(default_factory=Look)
    has_cover: bool = True
    has_contents: bool = True


# Small builders --------------------------------------------------------------------------------------------------------


def runs(text, **look):
    """Plain text as runs, in French typography."""
    text = legible(typography.typeset(str(text)))
    return (Run(text, **look),) if text else ()


def paragraph(text, look=""):
    return Paragraph(runs(text), look)


def paragraphs(text, look=""):
    """A plain text of several paragraphs."""
    return tuple(paragraph(block.strip(), look) for block in re.split(r"\n\s*\n", str(text)) if block.strip())


def heading(text, level=1, **options):
    return Heading(legible(typography.typeset(str(text))).replace("\n", " ").strip(), level, **options)


def cell(content, **options):
    """A cell from plain text, or from nodes."""
    return Cell((paragraph(content),) if isinstance(content, str) else tuple(content), **options)


def table(head, rows, *, caption="", widths=(), numbers=()):
    """A table from plain texts or nodes; `numbers` are the columns set to the right."""
    look = ["number" if at in numbers else "" for at in range(len(head))]
    body = tuple(tuple(cell(one, look=look[at]) for at, one in enumerate(row)) for row in rows)
    heads = tuple(cell(one, look=look[at]) for at, one in enumerate(head))
    return Table((heads,), body, legible(typography.typeset(caption)), tuple(widths))


def filled_table(head, rows, *, caption="", widths, numbers=()):
    """A table without the columns where nobody says anything."""
    rows = [tuple(row) for row in rows]
    kept = [at for at in range(len(head)) if at == 0 or any(row[at] for row in rows)]
    return table(
        [head[at] for at in kept],
        [[row[at] for at in kept] for row in rows],
        caption=caption,
        widths=[widths[at] for at in kept],
        numbers=[new for new, at in enumerate(kept) if at in numbers],
    )


# Over a tree -----------------------------------------------------------------------------------------------------------


def shifted(nodes, by):
    """`nodes` with their headings `by` levels deeper."""
    return tuple(replace(node, level=node.level + by) if isinstance(node, Heading | SignaturePage) else node for node in nodes)


def levelled(nodes):
    """`nodes` whose first heading is of level 1 and where no level is skipped."""
    last, done = 0, []
    for node in nodes:
        if isinstance(node, Heading | SignaturePage):
            last = min(node.level, last + 1)
            node = replace(node, level=last)
        done.append(node)
    return tuple(done)


def text_of_nodes(nodes):
    """Every word of `nodes`, for measures and tests."""
    words = []
    for node in nodes:
        match node:
            case Paragraph():
                words.append("".join(run.text for run in node.runs))
            case Heading():
                words.append(node.words)
            case List():
                words += [text_of_nodes(item) for item in node.items]
            case Quote():
                words.append(text_of_nodes(node.children))
            case Table():
                words += [node.caption, *(text_of_nodes(one.children) for row in node.head + node.body for one in row)]
            case Facts():
                words += [f"{label} {text_of_nodes(value)}" for label, value in node.pairs]
            case Figure():
                words += [node.alt, node.caption]
    return "\n".join(words)


def columns_of(table):
    """How many columns `table` has, its spans counted."""
    return max((sum(one.columns for one in row) for row in table.head + table.body), default=1)


def widths_of(table):
    """Shares of the width, given or read from the text: a column of long texts is larger, none is crushed."""
    count = columns_of(table)
    if len(table.widths) == count:
        return table.widths
    longest = [1] * count
    words = [1] * count
    for row in table.head + table.body:
        at = 0
        for one in row:
            if one.columns == 1 and at < count:
                text = text_of_nodes(one.children)
                longest[at] = max(longest[at], min(len(text), 400))
                words[at] = max([words[at], *(len(word) for word in text.split())])
            at += one.columns
    return tuple(round(max(length**0.6, word * 0.75, 4), 2) for length, word in zip(longest, words, strict=True))
