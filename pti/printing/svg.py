"""Drawings of a document: SVG that stands alone, and PNG for the formats that show no SVG everywhere."""

import json
from html import escape

import typst

from pti import typography
from pti.printing.nodes import legible
from pti.printing.typst import FONTS, drawable

PAGE = (
    "#set page(width: 160mm, height: auto, margin: 0pt)\n"
    '#image(bytes(json(bytes(sys.inputs.data))), format: "svg", width: 100%)'
)
XMLNS = 'xmlns="http://www.w3.org/2000/svg"'


def drawable_text(text):
    """`text` on one line, in French typography, without what no font of the document draws."""
    return drawable(" ".join(legible(typography.typeset(str(text))).split("\n")))


def svg_text(text):
    """The same, ready to stand between two tags."""
    return escape(drawable_text(text))


def stand_alone(svg, style, definitions=""):
    """The SVG of a page with the looks that its style sheet gives it there, and the shapes that it borrows."""
    opening, _, inside = svg.partition(">")
    return f"{opening} {XMLNS}><style>{style}</style><defs>{definitions}</defs>{inside}"


def png_of(svg):
    """The SVG text `svg` as the bytes of a PNG."""
    data = {"data": json.dumps(svg, ensure_ascii=False)}
    source = PAGE.encode()
    return typst.compile(source, font_paths=[str(FONTS)], ignore_system_fonts=True, sys_inputs=data, format="png", ppi=200)
