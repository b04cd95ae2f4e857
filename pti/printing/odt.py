"""A document as .odt (OpenDocument 1.3): A4, named styles, headings, header rows that repeat, in French.

The XML is written here: it is short, its styles are ours, and the same document gives the same bytes.
"""

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from pti import colours, typography
from pti.printing import nodes
from pti.printing.nodes import Facts, Figure, Heading, List, PageBreak, Paragraph, Quote, SignaturePage, Table
from pti.printing.svg import png_of

MIME = "application/vnd.oasis.opendocument.text"
# Millimetres between the margins.
TEXT_WIDTH = 165
STYLES = (Path(__file__).parent / "odt_styles.xml").read_text()
NAMESPACES = " ".join(
    f'xmlns:{name}="{address}"'
    for name, address in (
        ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
        ("style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
        ("text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
        ("table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
        ("draw", "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"),
        ("fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
        ("svg", "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"),
        ("meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
        ("manifest", "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"),
        ("xlink", "http://www.w3.org/1999/xlink"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
    )
)
LOOKS = {"": "Text_20_body", "note": "Note", "lead": "Chapeau", "label": "Etiquette"}
INLINE = (("bold", "Gras"), ("italic", "Italique"), ("underline", "Souligne"))
PLACES = {"sub": "Indice", "sup": "Exposant"}
# Styles that writers expect inside the content.
CELLS = (
    '<style:style style:name="Tableau" style:family="table"><style:table-properties style:width="16.6cm" style:rel-width="100%"'
    ' table:align="margins" fo:margin-top="0.1cm"/></style:style>'
    '<style:style style:name="Cellule" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm"'
    ' fo:border-bottom="0.5pt solid #d3dcde"/></style:style>'
    '<style:style style:name="Tete" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm"'
    ' fo:border-bottom="1.2pt solid #15262c" style:vertical-align="bottom"/></style:style>'
)
PAGE_BREAK = "_saut"
DEEPEST = 7
# Sizes of the headings, from the first level.
SIZES = (20, 14.5, 12, 11, 10.5, 10.5, 10.5)


def to_odt(document):
    """`document` as the bytes of an .odt."""
    return Writer(document).saved()


def said(text):
    return nodes.legible(typography.typeset(text))


class Writer:
    """Writes one document."""

    def __init__(self, document):
        self.document = document
        self.pictures = {}
        self.counts = {"Tableau": 0, "Illustration": 0}
        self.widths = {}
        self.pending_break = False
        self.headings = []
        self.tables = 0

    # The parts of the file ------------------------------------------------------------------------------------------------

    def saved(self):
        body = self.cover()
        self.pending_break = self.document.has_cover
        rest = self.tree(nodes.levelled(self.document.body))  # first, to know the headings
        body += self.contents() + rest
        files = {
            "content.xml": root("content", f"{self.automatic()}<office:body><office:text>{body}</office:text></office:body>"),
            "styles.xml": self.styles(),
            "meta.xml": root("meta", self.meta()),
        } | self.pictures
        files["META-INF/manifest.xml"] = self.manifest(files)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            write(archive, "mimetype", MIME, zipfile.ZIP_STORED)
            for name, content in files.items():
                write(archive, name, content, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def styles(self):
        derived = colours.derive(self.document.look.brand, self.document.look.accent)
        headings = "".join(
            f'<style:style style:name="Heading_20_{level}" style:display-name="Heading {level}" style:family="paragraph"'
            f' style:parent-style-name="Heading" style:default-outline-level="{level}" style:class="text">'
            f'<style:paragraph-properties fo:margin-top="{size}pt" fo:margin-bottom="5pt"/>'
            f'<style:text-properties fo:font-size="{size}pt"{SERIF if level == 1 else ""}/></style:style>'
            for level, size in enumerate(SIZES, start=1)
        )
        foot = escape(said(self.document.foot))
        if self.document.fingerprint:
            foot += f"<text:line-break/>SHA-256 : {self.document.fingerprint}"
        filled = (
            STYLES.replace("{namespaces}", NAMESPACES)
            .replace("{headings}", headings)
            .replace("{ink}", derived["--pti-brand-ink"])
            .replace("{running}", escape(said(self.document.title)))
            .replace("{foot}", foot)
        )
        return filled

    def meta(self):
        document = self.document
        moment = f"{document.on}T00:00:00"
        return (
            f"<office:meta><meta:generator>pti</meta:generator><dc:title>{escape(said(document.title))}</dc:title>"
            f"<dc:subject>{escape(said(document.foot))}</dc:subject><dc:language>fr-FR</dc:language>"
            f"<dc:creator>{escape(document.look.name)}</dc:creator><dc:date>{moment}</dc:date>"
            f"<meta:creation-date>{moment}</meta:creation-date></office:meta>"
        )

    def manifest(self, files):
        kinds = {".xml": "text/xml", ".png": "image/png"}
        entries = f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIME}"/>'
        for name in files:
            kind = kinds.get(Path(name).suffix, "image/jpeg")
            entries += f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        address = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="{address}" manifest:version="1.3">'
            f"{entries}</manifest:manifest>"
        )

    def automatic(self):
        """Widths of the columns, and the paragraphs that begin a page."""
        found = CELLS + "".join(
            f'<style:style style:name="{name}" style:family="table-column">'
            f'<style:table-column-properties style:rel-column-width="{share}*"/></style:style>'
            for share, name in self.widths.items()
        )
        parents = ["Text_20_body", "Note", *(f"Heading_20_{level}" for level in range(1, DEEPEST + 1))]
        found += "".join(
            f'<style:style style:name="{name}{PAGE_BREAK}" style:family="paragraph" style:parent-style-name="{name}">'
            f'<style:paragraph-properties fo:break-before="page"/></style:style>'
            for name in parents
        )
        return f"<office:automatic-styles>{found}</office:automatic-styles>"

    def cover(self):
        document = self.document
        lines = [("Note", " ".join(filter(None, (document.kind, document.period))))]
        if document.has_cover:
            lines = [("Proprietaire", document.look.name), ("Note", document.kind), ("Title", document.title)]
            lines += [("Subtitle", document.subtitle), ("Periode", document.period)]
        lines += [("Note" if at or not document.has_cover else "Etiquette", one) for at, one in enumerate(document.marks)]
        if document.has_cover and document.fingerprint:
            lines.append(("Note", f"Empreinte SHA-256 du texte : {document.fingerprint}"))
        found = "".join(line(style, escape(said(words))) for style, words in lines if words)
        if document.has_cover and document.look.logo:
            found = line("Text_20_body", self.picture(document.look.logo, document.look.name, "18mm", "")) + found
        return found

    def contents(self):
        """The table of contents: filled with the headings, page numbers come when it is refreshed."""
        if not self.document.has_contents:
            return ""
        entries = "".join(
            line(f"Contents_20_{level}", f'<text:a xlink:type="simple" xlink:href="#{anchor}">{escape(words)}</text:a>')
            for level, words, anchor in self.headings
            if level < 3
        )
        templates = "".join(
            f'<text:table-of-content-entry-template text:outline-level="{level}" text:style-name="Contents_20_{level}">'
            '<text:index-entry-link-start/><text:index-entry-text/><text:index-entry-tab-stop style:type="right"'
            ' style:leader-char="."/><text:index-entry-page-number/><text:index-entry-link-end/>'
            "</text:table-of-content-entry-template>"
            for level in (1, 2)
        )
        return (
            '<text:table-of-content text:name="Sommaire" text:protected="false"><text:table-of-content-source'
            f' text:outline-level="2"><text:index-title-template>Sommaire</text:index-title-template>{templates}'
            "</text:table-of-content-source><text:index-body>"
            '<text:index-title text:name="Sommaire_titre">'
            f"{line('Titre_20_sommaire', 'Sommaire')}</text:index-title>"
            f"{entries}</text:index-body></text:table-of-content>"
        )

    # Nodes ----------------------------------------------------------------------------------------------------------------

    def tree(self, tree, style=""):
        return "".join(self.node(node, style) for node in tree)

    def node(self, node, style=""):
        match node:
            case Paragraph():
                return line(self.broken(LOOKS[node.look] if node.look else style or LOOKS[""]), self.runs(node.runs))
            case Heading():
                return self.heading(node)
            case List():
                return self.list(node)
            case Quote():
                return self.tree(node.children, "Quotations")
            case Table():
                return self.table(node)
            case Facts():
                return "".join(self.fact(label, value) for label, value in node.pairs)
            case Figure():
                drawn = line("Text_20_body", self.drawing(png_of(node.svg), node.alt))
                return drawn + (self.caption("Illustration", node.caption) if node.caption else "")
            case PageBreak():
                self.pending_break = True
                return ""
            case SignaturePage():
                return self.signature(node)

    def fact(self, label, value):
        """« Nom : valeur »; a longer value follows its name."""
        first, *rest = value or (Paragraph(()),)
        name = self.run(nodes.Run(f"{label}{typography.NBSP}: ", bold=True))
        if isinstance(first, Paragraph):
            return line(self.broken("Text_20_body"), name + self.runs(first.runs)) + self.tree(rest)
        return line(self.broken("Etiquette"), name) + self.tree(value)

    def broken(self, style):
        """`style`, at the head of a page when a break was asked for."""
        can_break = style in {"Text_20_body", "Note"} or style.startswith("Heading")
        if self.pending_break and can_break:
            self.pending_break = False
            return f"{style}{PAGE_BREAK}"
        return style

    def runs(self, all_runs):
        return "".join(self.run(one) for one in all_runs)

    def run(self, one):
        found = "<text:line-break/>".join(spaced(text) for text in one.text.split("\n"))
        for name, style in INLINE:
            if getattr(one, name):
                found = f'<text:span text:style-name="{style}">{found}</text:span>'
        if one.place:
            found = f'<text:span text:style-name="{PLACES[one.place]}">{found}</text:span>'
        if one.link.startswith(("http://", "https://", "mailto:", "tel:")):
            found = f'<text:a xlink:type="simple" xlink:href={quoteattr(one.link)}>{found}</text:a>'
        return found

    def heading(self, node):
        above = line(self.broken("Note"), escape(node.above)) if node.above else ""
        level = min(node.level, DEEPEST)
        anchor = f"titre{len(self.headings) + 1}"
        if node.is_listed:
            self.headings.append((level, node.words, anchor))
        name = self.broken(f"Heading_20_{level}")
        mark = f'<text:bookmark text:name="{anchor}"/>' if node.is_listed else ""
        return f'{above}<text:h text:style-name="{name}" text:outline-level="{level}">{mark}{escape(node.words)}</text:h>'

    def list(self, node):
        style = "Numeros" if node.ordered else "Puces"
        items = ""
        for at, item in enumerate(node.items):
            start = f' text:start-value="{node.start}"' if node.ordered and at == 0 and node.start != 1 else ""
            items += f"<text:list-item{start}>{self.tree(item, 'Liste')}</text:list-item>"
        return f'<text:list text:style-name="{style}">{items}</text:list>'

    def table(self, node):
        caption = self.caption("Tableau", node.caption) if node.caption else ""
        shares = nodes.widths_of(node)
        total = sum(shares)
        columns = ""
        for share in shares:
            name = self.widths.setdefault(round(10000 * share / total), f"Colonne{len(self.widths) + 1}")
            columns += f'<table:table-column table:style-name="{name}"/>'
        head, body = self.rows(node, columns=len(shares))
        self.tables += 1
        return (
            f'{caption}<table:table table:name="Tableau{self.tables}" table:style-name="Tableau">{columns}'
            f"<table:table-header-rows>{head}</table:table-header-rows>{body}</table:table>{line('Apres_20_tableau', '')}"
        )

    def rows(self, node, *, columns):
        """(header rows, other rows); a place that a span covers is written as such."""
        all_rows, covered, made = node.head + node.body, set(), []
        for at, row in enumerate(all_rows):
            waiting, found, column = list(row), "", 0
            while column < columns:
                if (at, column) in covered or not waiting:
                    found += "<table:covered-table-cell/>" if (at, column) in covered else self.cell(None, at, node)
                    column += 1
                    continue
                one = waiting.pop(0)
                wide, high = min(one.columns, columns - column), min(one.rows, len(all_rows) - at)
                covered |= {(at + down, column + right) for down in range(high) for right in range(wide)} - {(at, column)}
                found += self.cell(one, at, node, wide, high)
                column += 1
            made.append(f"<table:table-row>{found}</table:table-row>")
        return "".join(made[: len(node.head)]), "".join(made[len(node.head) :])

    def cell(self, one, at, node, wide=1, high=1):
        is_head = at < len(node.head)
        style = "Tete" if is_head else "Cellule"
        text = "Tete_20_tableau" if is_head else ("Nombre" if one is not None and one.look == "number" else "Cellule_20_texte")
        spans = f' table:number-columns-spanned="{wide}" table:number-rows-spanned="{high}"' if wide * high > 1 else ""
        inside = self.tree(one.children, text) if one is not None and one.children else line(text, "")
        return f'<table:table-cell table:style-name="{style}"{spans} office:value-type="string">{inside}</table:table-cell>'

    def caption(self, word, text):
        self.counts[word] += 1
        number = self.counts[word]
        counted = (
            f'<text:sequence text:name="{word}" text:formula="ooow:{word}+1" style:num-format="1">{number}</text:sequence>'
        )
        return line("Legende", f"{word} {counted}. {escape(text)}")

    def drawing(self, png, alt):
        """A PNG as wide as the text; both sizes are said, for readers that draw nothing without them."""
        width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
        return self.picture(png, alt, f"{TEXT_WIDTH * height / width:.1f}mm", f"{TEXT_WIDTH}mm")

    def picture(self, content, alt, height, width):
        name = f"Pictures/{len(self.pictures) + 1}{'.png' if content[:4] == bytes.fromhex('89504e47') else '.jpg'}"
        self.pictures[name] = content
        size = f' svg:height="{height}"' + (f' svg:width="{width}"' if width else ' style:rel-width="scale"')
        return (
            f'<draw:frame draw:name="Image{len(self.pictures)}" text:anchor-type="as-char"{size}>'
            f'<draw:image xlink:href="{name}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
            f"<svg:title>{escape(alt)}</svg:title></draw:frame>"
        )

    def signature(self, node):
        found = self.heading(Heading(node.name, node.level)) + self.tree(node.text)
        found += "".join(line("Ligne_20_a_20_remplir", f"{escape(one)} :<text:tab/>") for one in node.lines)
        found += line("Signature", "Signature et cachet")
        self.pending_break = True
        return found


SERIF = ' style:font-name="Liberation Serif"'


def root(name, inside):
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-{name} {NAMESPACES} office:version="1.3">'
    return f"{head}{inside}</office:document-{name}>"


def line(style, inside):
    return f'<text:p text:style-name="{style}">{inside}</text:p>'


def spaced(text):
    """Escaped text whose runs of spaces are kept."""
    found = escape(text)
    while "  " in found:
        found = found.replace("  ", " <text:s/>", 1)
    return found


def write(archive, name, content, compression):
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = compression
    archive.writestr(entry, content.encode("utf-8") if isinstance(content, str) else content)
