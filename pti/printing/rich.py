"""Clean HTML of long texts (pti.fields) as nodes."""

from html.parser import HTMLParser

from pti import typography
from pti.numbers import read_whole
from pti.printing.nodes import Cell, Heading, List, Paragraph, Quote, Run, Table, legible

INLINE = {"strong": "bold", "em": "italic", "u": "underline"}
VOID = {"br"}
BLOCKS = {"p", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "td", "th", "h4", "h5"}


class Element:
    """A tag, its attributes, and what it holds: texts and elements."""

    def __init__(self, tag, attributes=()):
        self.tag, self.attributes, self.children = tag, dict(attributes), []

    def all(self, *tags):
        """Elements of `tags` inside, tables within tables left out."""
        for child in self.children:
            if isinstance(child, Element):
                if child.tag in tags:
                    yield child
                elif child.tag in {"thead", "tbody"}:
                    yield from child.all(*tags)

    def number(self, name):
        value = self.attributes.get(name) or "1"
        return max(1, min(read_whole(value) or 1, 50))


class Tree(HTMLParser):
    """Reads the few tags that a stored text may hold."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = Element("root")
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, attrs)
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        if any(one.tag == tag for one in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data):
        self.open[-1].children.append(data)


def nodes_of(html):
    """`html` as nodes: its h4 and h5 are headings of levels 1 and 2, fields of the page that holds them."""
    tree = Tree()
    tree.feed(html or "")
    tree.close()
    return tuple(blocks(tree.root))


def blocks(element):
    """The blocks inside `element`; loose text makes a paragraph."""
    loose = []
    for child in element.children:
        if isinstance(child, Element) and child.tag in BLOCKS:
            yield from paragraph_of(loose)
            loose = []
            yield from block(child)
        else:
            loose.append(child)
    yield from paragraph_of(loose)


def block(element):
    match element.tag:
        case "p":
            yield from blocks(element)
        case "h4" | "h5":
            words = "".join(run.text for run in inline(element.children)).replace("\n", " ").strip()
            if words:
                yield Heading(words, 1 if element.tag == "h4" else 2, look="field")
        case "ul" | "ol":
            items = tuple(tuple(unheaded(blocks(item))) for item in element.all("li"))
            items = tuple(item for item in items if item)
            if items:
                yield List(items, element.tag == "ol", element.number("start"))
        case "blockquote":
            yield Quote(tuple(unheaded(blocks(element))))
        case "table":
            yield from table_of(element)
        case _:
            yield from blocks(element)


def unheaded(nodes):
    """Inside an item or a cell, a heading is a line in bold, and a table its rows."""
    for node in nodes:
        if isinstance(node, Heading):
            yield Paragraph((Run(node.text, bold=True),))
        else:
            yield node


def table_of(element):
    """A table; its first row is its header when the text marks none."""
    rows = [row for row in element.all("tr") if any(row.all("td", "th"))]
    if not rows:
        return
    marked = 0
    while marked < len(rows) and all(one.tag == "th" for one in rows[marked].all("td", "th")):
        marked += 1
    marked = min(max(marked, 1), len(rows))
    made = squared([tuple(cell_of(one) for one in row.all("td", "th")) for row in rows])
    made = [made[0]] + [row for row in made[1:] if row]
    yield Table(tuple(made[:marked]), tuple(made[marked:]))


def cell_of(element):
    return Cell(tuple(unheaded(blocks(element))), element.number("colspan"), element.number("rowspan"))


def squared(rows):
    """Rows of the same width: spans are cut at the last row, short rows are filled."""
    taken, done, width = [], [], 0
    for at, row in enumerate(rows):
        above = taken.pop(0) if taken else 0
        cells = [Cell(one.children, one.columns, min(one.rows, len(rows) - at)) for one in row]
        for one in cells:
            for below in range(one.rows - 1):
                while len(taken) <= below:
                    taken.append(0)
                taken[below] += one.columns
        done.append((cells, above))
        width = max(width, above + sum(one.columns for one in cells))
    return [tuple(cells + [Cell(())] * (width - above - sum(one.columns for one in cells))) for cells, above in done]


def paragraph_of(children):
    """The loose text of `children` as one paragraph, when it says something."""
    found = inline(children)
    while found and not found[0].text.strip():
        found = found[1:]
    while found and not found[-1].text.strip():
        found = found[:-1]
    if found:
        first, last = found[0], found[-1]
        found[0] = Run(first.text.lstrip(), first.bold, first.italic, first.underline, first.place, first.link)
        last = found[-1]
        found[-1] = Run(last.text.rstrip(), last.bold, last.italic, last.underline, last.place, last.link)
        yield Paragraph(tuple(found))


def inline(children, **look):
    """Runs of texts and inline tags."""
    found = []
    for child in children:
        if isinstance(child, str):
            text = legible(typography.typeset(" ".join(child.split(" ")).replace("\n", " ")))
            if text:
                found.append(Run(text, **look))
        elif child.tag == "br":
            found.append(Run("\n", **look))
        elif child.tag in INLINE:
            found += inline(child.children, **{**look, INLINE[child.tag]: True})
        elif child.tag in {"sub", "sup"}:
            found += inline(child.children, **{**look, "place": child.tag})
        elif child.tag == "a":
            found += inline(child.children, **{**look, "link": child.attributes.get("href") or ""})
        else:
            found += inline(child.children, **look)
    return found
