"""Difference of two texts, readable without colour: <ins> and <del>, each with its sign and a spoken word.

`words` compares plain texts word by word; `rich` compares two long texts block by block (paragraph, heading, item, row
of a table), then word by word inside a block, and folds what did not move. What comes out is escaped.
"""

import difflib
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import chain, groupby

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from pti import typography

PIECES = re.compile(r"(?:\w+(?:[’'.-]\w+)*|[^\w\s])\s*|\s+")
SPOKEN = '<{0}><span class="visually-hidden">{1} </span>{2}</{0}>'
SAID = {"del": "supprimé :", "ins": "ajouté :"}
# Beyond this product of words, two texts are compared line by line: the work grows with it.
LARGE = 1_000_000
ALIKE = 0.4
# Stands for <br> inside a run of words: no clean text holds this character.
BREAK = "\x00"
MARKS = {"strong", "em", "u", "sup", "sub"}
SCHEMES = ("http://", "https://", "mailto:", "tel:")
BLOCKS = {"p", "h4", "h5", "li", "tr", "blockquote"}
FOLDED_FROM = 240


class Word:
    """A word and the space after it, with what it is written in (bold, italics, a link); two of one `key` are the same."""

    __slots__ = ("key", "style", "text")

    def __init__(self, text, style=((), "")):
        self.text, self.style = text, style
        self.key = (text.rstrip(), *style)


@dataclass
class Block:
    """A paragraph, a heading, an item of a list or a row of a table; only a row has several cells."""

    kind: str
    mark: str = ""
    depth: int = 0
    cells: list = field(default_factory=lambda: [[]])

    @property
    def key(self):
        return self.kind, self.depth, tuple(tuple(word.key for word in cell) for cell in self.cells)

    @property
    def words(self):
        return [word.key[0] for cell in self.cells for word in cell]

    @property
    def is_empty(self):
        return not any(word.text.strip() for cell in self.cells for word in cell)


# Plain texts -----------------------------------------------------------------------------------------------------------


def words(old, new):
    """`new` with what was added in <ins> and what left in <del>, each said in a hidden word."""
    return compare_words(split(old), split(new))


def split(text, style=((), "")):
    """Words of a plain text."""
    return [Word(piece, style) for piece in PIECES.findall(text or "")]


def compare_words(old, new):
    """Two runs of words as one safe text."""
    parts = []
    changes = changes_between(old, new)
    for index, (deed, gone, come) in enumerate(changes):
        if deed == "equal":
            before_a_hole = index + 1 < len(changes) and changes[index + 1][1]
            parts.append(run([*come[:-1], wider(gone[-1], come[-1])] if before_a_hole else come))
        elif gone and [word.key[0] for word in gone] == [word.key[0] for word in come]:
            parts.append(format_html('{}<span class="pti-small">(mise en forme ou lien changé)</span> ', said("ins", come)))
        else:
            parts += [said("del", gone), said("ins", come)]
    return format_html_join("", "{}", ((part,) for part in parts))


def wider(one, other):
    """The same word with the space that parts it from what left after it."""
    return other if other.text[-1].isspace() else one


def run(found):
    """Words as safe HTML, those of one style together."""
    return mark_safe("".join(styled("".join(word.text for word in some), *style) for style, some in by_style(found)))


def by_style(found):
    return groupby(found, key=lambda word: word.style)


def styled(text, marks, href):
    """A run of one style, escaped; a line that the text breaks stays broken."""
    shown = escape(text) if BREAK not in text else escape(text).replace(BREAK, "<br>")
    for mark in marks:
        shown = f"<{mark}>{shown}</{mark}>"
    return format_html('<a href="{}">{}</a>', href, mark_safe(shown)) if href else shown


def said(tag, found):
    """A run of words that came or left; the space that ends it stands outside."""
    if not found:
        return ""
    last = found[-1].text
    tail = last[len(last.rstrip()) :] if last.strip() else ""
    inside = [*found[:-1], Word(last.rstrip(), found[-1].style)] if tail else found
    return format_html(SPOKEN + "{3}", mark_safe(tag), SAID[tag], run(inside), tail)


def changes_between(old, new):
    """[(deed, what left, what came)]: the ends that are alike are cut off first, then the rest is matched."""
    head = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a.key != b.key), min(len(old), len(new)))
    rest = min(len(old), len(new)) - head
    pairs = zip(reversed(old), reversed(new), strict=False)
    tail = next((i for i, (a, b) in enumerate(pairs) if i >= rest or a.key != b.key), rest)
    tail = min(tail, rest)
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    middle = by_line(a, b) if len(a) * len(b) > LARGE else matched(a, b)
    ends = [("equal", old[:head], new[:head])] if head else []
    return ends + middle + ([("equal", old[len(old) - tail :], new[len(new) - tail :])] if tail else [])


def matched(old, new):
    codes = difflib.SequenceMatcher(a=[one.key for one in old], b=[one.key for one in new], autojunk=False).get_opcodes()
    return [(deed, old[i1:i2], new[j1:j2]) for deed, i1, i2, j1, j2 in codes]


def by_line(old, new):
    """A coarse match of two very long runs of words."""
    a, b = lines_of(old), lines_of(new)
    keys = [[tuple(word.key for word in line) for line in lines] for lines in (a, b)]
    codes = difflib.SequenceMatcher(a=keys[0], b=keys[1], autojunk=False).get_opcodes()
    return [(deed, list(chain(*a[i1:i2])), list(chain(*b[j1:j2]))) for deed, i1, i2, j1, j2 in codes]


def lines_of(found):
    lines = [[]]
    for word in found:
        lines[-1].append(word)
        if "\n" in word.text or BREAK in word.text or word.text.startswith("."):
            lines.append([])
    return [line for line in lines if line]


# Long texts ------------------------------------------------------------------------------------------------------------


class BlockReader(HTMLParser):
    """Reads HTML as blocks of words: what it does not know is left out, so nothing of it comes out but text."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.blocks, self.lists, self.marks, self.href = [], [], [], ""
        self.row = None

    def handle_starttag(self, tag, attrs):
        if tag in ("ul", "ol"):
            self.lists.append([tag, int(dict(attrs).get("start") or 1)] if tag == "ol" else [tag, 0])
        elif tag == "li":
            self.open(Block("li", self.bullet(), len(self.lists)))
        elif tag == "tr":
            self.row = Block("tr", cells=[])
            self.open(self.row)
        elif tag in ("td", "th") and self.row is not None:
            self.row.cells.append([])
        elif tag in BLOCKS:
            self.open_text(tag)
        elif tag in MARKS:
            self.marks.append(tag)
        elif tag == "a":
            href = dict(attrs).get("href") or ""
            self.href = href if href.startswith(SCHEMES) else ""
        elif tag == "br":
            self.add([Word(BREAK)])

    def open(self, block):
        self.blocks.append(block)

    def open_text(self, tag):
        """A paragraph inside an item or a cell goes on with it."""
        if self.row is None and not (tag == "p" and self.blocks and self.blocks[-1].kind == "li" and self.lists):
            self.open(Block("p" if tag == "blockquote" else tag))

    def bullet(self):
        if not self.lists or self.lists[-1][0] == "ul":
            return "•"
        self.lists[-1][1] += 1
        return f"{self.lists[-1][1] - 1}."

    def handle_endtag(self, tag):
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "tr":
            self.row = None
        elif tag in MARKS and tag in self.marks:
            self.marks.remove(tag)
        elif tag == "a":
            self.href = ""
        if tag in ("p", "h4", "h5", "table", "ul", "ol", "blockquote") and self.row is None and not self.lists:
            self.blocks.append(Block("p"))

    def handle_data(self, data):
        self.add(split(re.sub(r"\s+", " ", data), (tuple(self.marks), self.href)))

    def add(self, found):
        if self.row is not None and not self.row.cells:
            return
        if not self.blocks:
            self.open(Block("p"))
        cell = self.blocks[-1].cells[-1]
        if found and found[0].text == " ":  # the space belongs to the word before it, whatever that is written in
            found = found[1:]
            if cell and not cell[-1].text[-1].isspace():
                cell[-1] = Word(f"{cell[-1].text} ", cell[-1].style)
        cell += found


def blocks_of(html):
    """Blocks of a long text."""
    reader = BlockReader()
    reader.feed(html or "")
    reader.close()
    return [block for block in reader.blocks if not block.is_empty]


def rich(old, new, *, fold=True):
    """Two long texts compared: block by block, then word by word; what did not move is folded."""
    a, b = blocks_of(old), blocks_of(new)
    # Thousands of blocks that repeat each other: those are left out of the match, or it would take minutes.
    many = len(a) * len(b) > LARGE
    codes = difflib.SequenceMatcher(a=[x.key for x in a], b=[x.key for x in b], autojunk=many).get_opcodes()
    lines = []
    for deed, i1, i2, j1, j2 in codes:
        if deed == "equal":
            lines += [(True, block, block) for block in b[j1:j2]]
        else:
            lines += [(False, left, come) for left, come in paired(a[i1:i2], b[j1:j2])]
    return format_html_join("", "{}", ((piece,) for piece in drawn(lines, fold)))


def paired(old, new):
    """Old and new blocks side by side, in order: two that are alike are one that changed."""
    if len(old) * len(new) > 400:
        return [(block, None) for block in old] + [(None, block) for block in new]
    pairs, start = [], 0
    for left in old:
        best = max(range(start, len(new)), key=lambda j: likeness(left, new[j]), default=None)
        if best is None or likeness(left, new[best]) < ALIKE:
            pairs.append((left, None))
            continue
        pairs += [(None, block) for block in new[start:best]] + [(left, new[best])]
        start = best + 1
    return pairs + [(None, block) for block in new[start:]]


def likeness(one, other):
    if one.kind != other.kind:
        return 0
    matcher = difflib.SequenceMatcher(a=one.words, b=other.words, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0


def drawn(lines, fold):
    """HTML of the lines: runs that did not move are folded, rows of a table stand in one table."""
    start = 0
    while start < len(lines):
        same = lines[start][0]
        end = next((i for i in range(start, len(lines)) if lines[i][0] != same), len(lines))
        some = lines[start:end]
        shown = format_html_join("", "{}", ((piece,) for piece in grouped(some)))
        long = len(some) > 1 or len(" ".join(some[0][2].words if some[0][2] else [])) > FOLDED_FROM
        if same and fold and long:
            summary = typography.plural(len(some), "passage inchangé", "passages inchangés")
            shown = format_html('<details class="pti-fold pti-diff__same"><summary>{}</summary>{}</details>', summary, shown)
        yield shown
        start = end


def grouped(lines):
    rows = []
    for _, left, come in lines:
        if (come or left).kind == "tr":
            rows.append(row_of(left, come))
            continue
        yield from table_of(rows)
        rows = []
        yield paragraph_of(left, come)
    yield from table_of(rows)


def table_of(rows):
    if rows:
        body = format_html_join("", "{}", ((row,) for row in rows))
        yield format_html(
            '<table class="pti-table pti-diff__table"><caption class="visually-hidden">Tableau comparé</caption>'
            "<tbody>{}</tbody></table>",
            body,
        )


def row_of(left, come):
    count = max(len(block.cells) for block in (left, come) if block)
    cells = [
        (left.cells[i] if left and i < len(left.cells) else [], come.cells[i] if come and i < len(come.cells) else [])
        for i in range(count)
    ]
    return format_html("<tr>{}</tr>", format_html_join("", "<td>{}</td>", ((compare_words(a, b),) for a, b in cells)))


def paragraph_of(left, come):
    block = come or left
    mark = format_html("{} ", block.mark) if block.mark else ""
    depth = f" pti-diff__block--in{min(block.depth, 3)}" if block.depth > 1 else ""
    text = compare_words(left.cells[0] if left else [], come.cells[0] if come else [])
    return format_html('<p class="pti-diff__block pti-diff__block--{}{}">{}{}</p>', block.kind, depth, mark, text)
