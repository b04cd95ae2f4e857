"""A document as PDF: tagged, exported to the PDF/A-2a and PDF/UA-1 profiles (not certified); same data, same bytes."""

import io
import json
import math
import unicodedata
from functools import cache

from pti import colours, typography
from pti.printing import nodes
from pti.printing.compose import FONTS, compose, compose_apart
from pti.printing.nodes import Facts, Figure, Heading, List, Paragraph, Quote, SignaturePage, Table

MISSING = "\u25a1"
# Letters of a row that may go over two pages.
LONG_ROW = 900
# Letters of the data of a document (a dozen fiches) that is composed in a process of its own.
LARGE = 200_000
# Letters of a line of the contents, lines of a page of it.
CONTENTS = {"a4": (90, 48), "a5": (75, 42)}


@cache
def drawn():
    """Every character that a font of the document draws (fonts/characters.txt, made with the fonts)."""
    found = set()
    for line in (FONTS / "characters.txt").read_text().split():
        first, last = line.split("-")
        found.update(map(chr, range(int(first, 16), int(last, 16) + 1)))
    return found


def drawable(text):
    """`text` where each character that no font draws gives way to its plain form, else to an empty square."""
    known = drawn()
    if known.issuperset(text):
        return text
    return "".join(one if one in known or one == "\n" else plain_form(one, known) for one in text)


def said(text):
    """A line of the document itself, in French typography."""
    return drawable(nodes.legible(typography.typeset(text)))


def plain_form(one, known):
    if unicodedata.category(one) in {"Mn", "Cf", "Me"}:
        return ""
    plain = unicodedata.normalize("NFKD", one)
    return plain if known.issuperset(plain) else MISSING


def run_data(run):
    """A run as the template reads it: a bare text when it has no look."""
    look = "".join(
        mark
        for mark, on in (
            ("b", run.bold),
            ("i", run.italic),
            ("u", run.underline),
            ("v", run.place == "sub"),
            ("^", run.place == "sup"),
        )
        if on
    )
    if not look and not run.link and "\n" not in run.text:
        return drawable(run.text)
    return {"t": drawable(run.text), "l": look, "to": run.link}


def cell_data(cell):
    return {"columns": cell.columns, "rows": cell.rows, "look": cell.look, "children": tree_data(cell.children)}


def node_data(node):
    """One node as plain data."""
    data = {"kind": type(node).__name__}
    match node:
        case Paragraph():
            data |= {"look": node.look, "runs": [run_data(run) for run in node.runs if run.text]}
        case Heading():
            data |= {"level": node.level, "text": drawable(node.text), "number": drawable(node.number)}
            data |= {"look": node.look, "above": drawable(node.above), "dot": node.words[len(node.number) :].startswith(".")}
        case List():
            data |= {"ordered": node.ordered, "start": node.start, "items": [tree_data(item) for item in node.items]}
        case Quote():
            data["children"] = tree_data(node.children)
        case Facts():
            data["pairs"] = [[drawable(label), tree_data(value)] for label, value in node.pairs]
        case Table():
            data |= {"caption": drawable(node.caption), "widths": list(nodes.widths_of(node))}
            data |= {name: [[cell_data(one) for one in row] for row in getattr(node, name)] for name in ("head", "body")}
            data["whole"] = [sum(len(nodes.text_of_nodes(one.children)) for one in row) < LONG_ROW for row in node.body]
        case Figure():
            data |= {"svg": node.svg, "alt": drawable(node.alt), "caption": drawable(node.caption)}
        case SignaturePage():
            data |= {"name": drawable(node.name), "level": node.level, "lines": [drawable(one) for one in node.lines]}
            data["text"] = tree_data(node.text)
    return data


def tree_data(tree):
    return [node_data(node) for node in tree]


def look_data(look):
    """Colours, name and logo of the cover."""
    derived = colours.derive(look.brand, look.accent)
    return {
        "name": drawable(look.name),
        "brand": look.brand,
        "edge": derived["--pti-brand-edge"],
        "ink": derived["--pti-brand-ink"],
        "accent": look.accent,
        "on": derived["--pti-on-brand"],
        "wash": derived["--pti-brand-wash"],
        "logo": list(look.logo) if look.logo else None,
    }


def contents_pages(body, paper):
    """Pages that the contents will take, about: Typst, which learns it at its second reading, then has less to move."""
    letters, lines = CONTENTS[paper]
    listed = [node for node in body if isinstance(node, Heading | SignaturePage) and node.level < 3]
    words = [node.name if isinstance(node, SignaturePage) else node.words for node in listed if is_listed(node)]
    return math.ceil((5 + sum(math.ceil(len(one) / letters) for one in words)) / lines)


def is_listed(node):
    return isinstance(node, SignaturePage) or node.is_listed


def data_of(document, paper):
    """What the template reads."""
    body = nodes.levelled(document.body)
    texts = ("title", "subtitle", "kind", "period", "foot", "fingerprint")
    return {
        "paper": paper,
        "look": look_data(document.look),
        "running": said(document.title),
        "marks": [said(one) for one in document.marks],
        "date": [int(one) for one in document.on.split("-")],
        "has_cover": document.has_cover,
        "has_contents": document.has_contents,
        "contents_pages": contents_pages(body, paper),
        "body": tree_data(body),
        **{name: said(getattr(document, name)) for name in texts},
    }


def to_pdf(document, *, paper="a4"):
    """`document` as a PDF, « a4 », « a5 », or « booklet »: A5 pages two by two on A4, to fold (print only, untagged)."""
    pages = "a5" if paper == "booklet" else paper
    data = json.dumps(data_of(document, pages), ensure_ascii=False)
    content = compose_apart(data) if len(data) > LARGE else compose(data)
    return booklet(content) if paper == "booklet" else content


def booklet(content):
    """A5 pages imposed two by two on A4 sheets, to print on both sides (short edge), fold and staple."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as source, pikepdf.new() as sheets:
        count = len(source.pages)
        for pair in booklet_order(-(-count // 4) * 4):
            sheet, drawn_at = sheets.add_blank_page(page_size=(842, 595)), []
            placed = pikepdf.Dictionary()
            for at, number in zip((0, 421), pair, strict=True):
                if number <= count:
                    placed[f"/P{number}"] = sheets.copy_foreign(source.pages[number - 1].as_form_xobject())
                    drawn_at.append(f"q 1 0 0 1 {at} 0 cm /P{number} Do Q")
            sheet.obj.Resources = pikepdf.Dictionary(XObject=placed)
            sheet.obj.Contents = sheets.make_stream("\n".join(drawn_at).encode())
        sheets.docinfo["/Title"] = str(source.docinfo.get("/Title", ""))
        out = io.BytesIO()
        sheets.save(out, deterministic_id=True)
        return out.getvalue()


def booklet_order(total):
    """(left page, right page) of each face, from the outside of the booklet: 8 pages → (8, 1), (2, 7), (6, 3), (4, 5)."""
    faces = []
    for at in range(1, total // 2 + 1):
        pair = (total + 1 - at, at)
        faces.append(pair if at % 2 else pair[::-1])
    return faces
