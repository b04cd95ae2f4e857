"""A document as .docx: A4, real styles and headings, header rows that repeat, in French."""

import datetime
import io
import zipfile

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from pti import colours, typography
from pti.printing import nodes
from pti.printing.nodes import Facts, Figure, Heading, List, PageBreak, Paragraph, Quote, SignaturePage, Table
from pti.printing.svg import png_of
from pti.printing.word_xml import borders, describe, face, field, hyperlink, language, mark, mark_field, numbered, restarted

# Faces that Word has, and that LibreOffice replaces by others of the same widths.
SERIF, SANS = "Cambria", "Calibri"
INK, GREY = RGBColor(0x15, 0x26, 0x2C), RGBColor(0x45, 0x56, 0x5D)
NOTE, LEAD, LABEL, CONTENTS = "Note du pacte", "Chapeau", "Étiquette", "Titre du sommaire"
CELL, HEAD, NUMBER = "Texte de tableau", "Tête de tableau", "Nombre de tableau"
LOOKS = {"note": NOTE, "lead": LEAD, "label": LABEL}
WIDTH = Mm(210 - 2 * 22)
DEEPEST = 6


def to_docx(document):
    """`document` as the bytes of a .docx; the same document gives the same bytes."""
    writer = Writer(document)
    writer.cover()
    writer.contents()
    writer.write(writer.body, writer.docx)
    return writer.saved()


class Writer:
    """Writes one document."""

    def __init__(self, document):
        self.document = document
        self.docx = docx.Document()
        self.ink = RGBColor.from_string(
            colours.derive(document.look.brand, document.look.accent)["--pti-brand-ink"][1:].upper()
        )
        self.captions = {"Tableau": 0, "Figure": 0}
        self.pending_break = False
        self.body = nodes.levelled(document.body)
        self.page()
        self.styles()
        self.keys = {style.name: style.style_id for style in self.docx.styles}
        self.properties()

    # The frame of the document ------------------------------------------------------------------------------------------

    def page(self):
        section = self.docx.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(22)
        section.top_margin = section.bottom_margin = Mm(25)
        section.different_first_page_header_footer = self.document.has_cover
        self.line(section.header.paragraphs[0], said(self.document.title))
        foot = section.footer.paragraphs[0]
        mark = f"{said(self.document.foot)}{', SHA-256 : ' + self.document.fingerprint if self.document.fingerprint else ''}"
        self.line(foot, f"{mark}\n" if mark else "")
        for name in ("PAGE", "NUMPAGES"):
            field(foot, name, "1")
            if name == "PAGE":
                foot.add_run(" / ")
        foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def line(self, paragraph, text):
        paragraph.style = self.docx.styles["Header"]
        paragraph.text = text

    def styles(self):
        styles = self.docx.styles
        normal = styles["Normal"]
        face(normal, SERIF, 10.5, INK)
        normal.paragraph_format.space_after = Pt(6)
        normal.paragraph_format.line_spacing = 1.15
        language(normal.element.get_or_add_rPr())
        defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        language(defaults)
        sizes = (20, 14.5, 12, 11, 10.5, 10.5)
        for level, size in enumerate(sizes, start=1):
            style = styles[f"Heading {level}"]
            face(style, SERIF if level == 1 else SANS, size, self.ink, bold=True)
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(size), Pt(5)
            style.paragraph_format.keep_with_next = True
        face(styles["Title"], SERIF, 30, INK, bold=True)
        face(styles["Subtitle"], SERIF, 15, GREY, italic=False)
        face(styles["Caption"], SANS, 9, GREY, bold=False)
        face(styles["Header"], SANS, 8, GREY)
        for name, size, colour, bold in ((NOTE, 9.5, GREY, False), (LEAD, 12, INK, False), (LABEL, 10, INK, True)):
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = normal
            face(style, SERIF if name == LEAD else SANS, size, colour, bold=bold)
        styles[LABEL].paragraph_format.keep_with_next = True
        for name, base, colour, bold in ((CELL, normal, INK, False), (HEAD, normal, GREY, True), (NUMBER, normal, INK, False)):
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = base
            face(style, SANS, 9, colour, bold=bold)
            style.paragraph_format.space_after = Pt(2)
        styles[NUMBER].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        contents = styles.add_style(CONTENTS, WD_STYLE_TYPE.PARAGRAPH)
        face(contents, SERIF, 20, self.ink, bold=True)
        for level in (1, 2):
            style = styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = normal
            face(style, SANS, 10, INK, bold=level == 1)
            style.paragraph_format.left_indent, style.paragraph_format.space_after = Mm(6 * (level - 1)), Pt(3)
            style.paragraph_format.tab_stops.add_tab_stop(WIDTH, alignment=WD_TAB_ALIGNMENT.RIGHT, leader=WD_TAB_LEADER.DOTS)

    def properties(self):
        properties = self.docx.core_properties
        moment = datetime.datetime.fromisoformat(self.document.on)
        properties.title, properties.author, properties.language = said(self.document.title), self.document.look.name, "fr-FR"
        properties.created = properties.modified = moment
        properties.comments = properties.keywords = properties.last_modified_by = ""
        properties.subject = said(self.document.foot)

    def cover(self):
        document, add = self.document, self.docx.add_paragraph
        if not document.has_cover:
            add(" ".join(filter(None, (said(document.kind), said(document.period)))), style=NOTE)
            for mark in document.marks:
                add(said(mark), style=NOTE)
            return
        if document.look.logo:
            self.docx.add_picture(io.BytesIO(document.look.logo), height=Mm(18))
            describe(self.docx.paragraphs[-1], document.look.name)
        add(said(document.look.name), style=LABEL).paragraph_format.space_after = Pt(110)
        add(said(document.kind), style=NOTE)
        add(said(document.title), style="Title")
        if document.subtitle:
            add(said(document.subtitle), style="Subtitle")
        if document.period:
            add(said(document.period), style=LABEL).paragraph_format.space_after = Pt(160)
        for at, mark in enumerate(document.marks):
            add(said(mark), style=NOTE if at else LABEL)
        if document.fingerprint:
            add(f"Empreinte SHA-256 du texte : {document.fingerprint}", style=NOTE)
        self.break_page()

    def contents(self):
        """A table of contents; Word adds the pages when it refreshes it (F9)."""
        if not self.document.has_contents:
            return
        self.add(self.docx, CONTENTS, "Sommaire")
        listed = [one for one in self.body if isinstance(one, Heading | SignaturePage) and one.level < 3 and is_listed(one)]
        lines = [self.add(self.docx, f"toc {one.level}") for one in listed] or [self.add(self.docx)]
        mark_field(lines[0], "begin", 'TOC \\o "1-2" \\h \\z \\u')
        for line, one in zip(lines, listed, strict=False):
            line.add_run(one.words if isinstance(one, Heading) else one.name)
        mark_field(lines[-1], "end")
        self.break_page()

    def break_page(self):
        self.docx.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    # Nodes --------------------------------------------------------------------------------------------------------------

    def write(self, tree, place, style=None):
        """Every node of `tree` into `place` (the document or a cell)."""
        for node in tree:
            match node:
                case Paragraph():
                    self.paragraph(node, place, style)
                case Heading():
                    self.heading(node, place)
                case List():
                    self.list(node, place)
                case Quote():
                    self.write(node.children, place, "Quote")
                case Table():
                    self.table(node, place)
                case Facts():
                    self.facts(node, place)
                case Figure():
                    self.figure(node, place)
                case PageBreak():
                    self.pending_break = True
                case SignaturePage():
                    self.signature(node, place)

    def add(self, place, style="Normal", text=""):
        """A new paragraph; the style is set by its key, for python-docx looks it up slowly."""
        line = place.add_paragraph()
        line._p.style = self.keys[style]
        if text:
            line.add_run(text)
        return line

    def paragraph(self, node, place, style=None):
        line = self.add(place, LOOKS.get(node.look) or style or "Normal")
        self.runs(node.runs, line)
        return line

    def runs(self, all_runs, line):
        for one in all_runs:
            parent = line
            if one.link.startswith(("http://", "https://", "mailto:", "tel:")):
                parent = hyperlink(line, one.link)
            for at, text in enumerate(one.text.split("\n")):
                run = line.add_run(text)
                if at:
                    run.text = ""
                    run.add_break()
                    run.add_text(text)
                run.bold, run.italic = one.bold or None, one.italic or None
                run.underline = one.underline or parent is not line or None
                run.font.subscript, run.font.superscript = one.place == "sub" or None, one.place == "sup" or None
                if parent is not line:
                    parent.append(run._r)

    def heading(self, node, place):
        if node.above:
            line = self.add(place, NOTE, node.above)
            self.broken(line)
            line.paragraph_format.keep_with_next = True
        line = self.add(place, f"Heading {min(node.level, DEEPEST)}", node.words)
        self.broken(line)

    def broken(self, line):
        """The page break that was asked for stands before this line."""
        if self.pending_break:
            line.paragraph_format.page_break_before = True
            self.pending_break = False

    def list(self, node, place, depth=0):
        style = f"List {'Number' if node.ordered else 'Bullet'}{('', ' 2', ' 3')[min(depth, 2)]}"
        number = restarted(self.docx, style, node.start) if node.ordered else None
        for item in node.items:
            for at, child in enumerate(item):
                if isinstance(child, List):
                    self.list(child, place, depth + 1)
                elif isinstance(child, Paragraph):
                    line = self.paragraph(child, place, "List Continue" if at else style)
                    line.paragraph_format.space_after = Pt(2)
                    if number is not None and not at:
                        numbered(line, number)
                else:
                    self.write((child,), place)

    def table(self, node, place):
        if node.caption:
            self.caption("Tableau", node.caption, place)
        shares = nodes.widths_of(node)
        widths = [int(WIDTH * share / sum(shares)) for share in shares]
        made = place.add_table(0, len(shares), **({} if isinstance(place, _Cell) else {"style": None}))
        made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        borders(made)
        for column, width in zip(made._tbl.tblGrid.gridCol_lst, widths, strict=True):
            column.w = width
        below = {}
        rows = node.head + node.body
        for at, row in enumerate(rows):
            line = made._tbl.add_tr()
            if at < len(node.head):
                mark(line.get_or_add_trPr(), "w:tblHeader")
            for one, start, wide, goes_on in laid_out(row, at, len(rows), len(shares), below):
                cell = line._add_tc()
                cell.width = sum(widths[start : start + wide])
                if wide > 1:
                    cell.grid_span = wide
                if goes_on is not None:
                    cell.get_or_add_tcPr().get_or_add_vMerge().val = goes_on
                self.fill(_Cell(cell, made), one, is_head=at < len(node.head))
        self.after_table(place)

    def fill(self, cell, node, *, is_head=False):
        style = HEAD if is_head else NUMBER if node and node.look == "number" else CELL
        self.write((node and node.children) or (Paragraph(()),), cell, style)

    def facts(self, node, place):
        """« Nom : valeur », one line each; a longer value follows its name."""
        for label, value in node.pairs:
            line = self.add(place, "Normal")
            line.add_run(f"{label}{typography.NBSP}: ").bold = True
            first, *rest = value or (Paragraph(()),)
            if isinstance(first, Paragraph):
                self.runs(first.runs, line)
                self.write(rest, place)
            else:
                self.write(value, place)

    def figure(self, node, place):
        line = self.add(place)
        line.add_run().add_picture(io.BytesIO(png_of(node.svg)), width=WIDTH)
        describe(line, node.alt)
        if node.caption:
            self.caption("Figure", node.caption, place)

    def caption(self, word, text, place):
        self.captions[word] += 1
        line = self.add(place, "Caption", f"{word} ")
        field(line, f"SEQ {word} \\* ARABIC", str(self.captions[word]))
        line.add_run(f". {text}")
        line.paragraph_format.keep_with_next = word == "Tableau"

    def after_table(self, place):
        """Two tables in a row would merge; and a cell ends with a paragraph."""
        line = self.add(place)
        line.paragraph_format.space_after = Pt(4)
        line.paragraph_format.line_spacing = Pt(6)

    def signature(self, node, place):
        self.heading(Heading(node.name, node.level), place)
        self.write(node.text, place)
        for label in node.lines:
            line = self.add(place, "Normal", f"{label} : ")
            line.paragraph_format.space_before = Pt(14)
            line.paragraph_format.tab_stops.add_tab_stop(WIDTH, leader=WD_TAB_LEADER.DOTS)
            line.add_run("\t")
        line = self.add(place, NOTE, "Signature et cachet")
        line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(28), Pt(120)
        self.pending_break = True

    def saved(self):
        """Bytes of the file, with the date of the text on every part of the archive."""
        buffer, out = io.BytesIO(), io.BytesIO()
        self.docx.save(buffer)
        with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
            for name in made.namelist():
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                kept.writestr(entry, made.read(name))
        return out.getvalue()


def laid_out(row, at, count, columns, below):
    """(cell or None, first column, width, None or « restart » or « continue ») of each place of a row.

    `below` keeps, from row to row, {column: (rows still covered, width)}.
    """
    waiting, column = list(row), 0
    while column < columns:
        left, wide = below.get(column, (0, 1))
        if left:
            below[column] = (left - 1, wide)
            yield None, column, wide, "continue"
        else:
            one = waiting.pop(0) if waiting else None
            wide = min(one.columns, columns - column) if one else 1
            high = min(one.rows, count - at) if one else 1
            below[column] = (high - 1, wide)
            yield one, column, wide, "restart" if high > 1 else None
        column += wide


def said(text):
    return nodes.legible(typography.typeset(text))


def is_listed(node):
    return not isinstance(node, Heading) or node.is_listed
