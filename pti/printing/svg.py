"""A drawing as PNG, for the formats that show no SVG everywhere; drawn by typst, with our fonts."""

import json

import typst

from pti.printing.typst import FONTS

PAGE = (
    "#set page(width: 160mm, height: auto, margin: 0pt)\n"
    '#image(bytes(json(bytes(sys.inputs.data))), format: "svg", width: 100%)'
)


def png_of(svg):
    """The SVG text `svg` as the bytes of a PNG."""
    data = {"data": json.dumps(svg, ensure_ascii=False)}
    source = PAGE.encode()
    return typst.compile(source, font_paths=[str(FONTS)], ignore_system_fonts=True, sys_inputs=data, format="png", ppi=200)
