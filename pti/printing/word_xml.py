"""Word's own XML, where python-docx has no word for it."""

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

LINE = "D3DCDE"


def face(style, name, size, colour, *, bold=None, italic=None):
    """Font of a style, for every script."""
    font = style.font
    font.name, font.size, font.color.rgb = name, Pt(size), colour
    font.bold, font.italic = bold, italic
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(key), None)
    for key in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(key), name)


def language(properties):
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    element = OxmlElement("w:lang")
    for key in ("w:val", "w:eastAsia", "w:bidi"):
        element.set(qn(key), "fr-FR")
    properties.append(element)


def field(paragraph, code, shown):
    """A field that Word computes (page number, contents, number of a caption), with what shows before."""
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), code)
    paragraph._p.append(element)
    run = paragraph.add_run(shown)
    element.append(run._r)


def mark_field(paragraph, kind, code=""):
    """One end of a field that spans paragraphs; the first says what Word computes."""
    run = paragraph.add_run()._r
    edge = OxmlElement("w:fldChar")
    edge.set(qn("w:fldCharType"), kind)
    run.append(edge)
    if code:
        words = OxmlElement("w:instrText")
        words.set(qn("xml:space"), "preserve")
        words.text = code
        paragraph.add_run()._r.append(words)
        mark_field(paragraph, "separate")


def mark(properties, name):
    element = OxmlElement(name)
    element.set(qn("w:val"), "true")
    properties.append(element)


def borders(made):
    """Hairlines between rows, none between columns."""
    properties = made._tbl.tblPr
    element = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        edge = OxmlElement(f"w:{side}")
        for key, value in (("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", LINE)):
            edge.set(qn(key), value)
        element.append(edge)
    for side in ("left", "right", "insideV"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:val"), "nil")
        element.append(edge)
    properties.append(element)


def describe(paragraph, text):
    """Alternative text of the pictures of a paragraph."""
    for one in paragraph._p.iter(qn("wp:docPr")):
        one.set("descr", text)


def hyperlink(paragraph, address):
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    paragraph._p.append(element)
    return element


def restarted(document, style, start):
    """A new list that counts from `start`."""
    numbering = document.part.numbering_part.numbering_definitions._numbering
    base = document.styles[style].element.pPr.numPr.numId.val
    abstract = next(one for one in numbering.num_lst if one.numId == base).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(0).add_startOverride(start)
    return number.numId


def numbered(paragraph, number):
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number
