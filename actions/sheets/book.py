"""The .xlsx file itself: how it is written, and what can be read from one that comes back."""

import datetime
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from actions.sheets.cells import NO, YES, Line, fiche_cells, fiches_of
from actions.sheets.columns import FICHE_UID, FICHES, INDICATORS, INSIDE, NUMBER, REMOVE, SHEETS, TARGET, UID, Column
from actions.sheets.vocabulary import Vocabulary
from pti.exports import NOT_XML
from pti.search import normalise

MAX_FICHES, MAX_INSIDE = 1_000, 10_000
MAX_UNPACKED = 100 * 1024 * 1024
# What Excel itself holds, and more columns than a sheet of ours has: a crafted file numbers its cells without end.
MAX_ROW, MAX_COLUMN = 1_048_576, 200
UNREADABLE = (
    zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError, OSError,
    IndexError, NotImplementedError, zlib.error,
)  # fmt: skip
TARGET_HEAD = re.compile(r"cible (\d{4})")
HEAD = PatternFill("solid", fgColor="E3E8EF")
KEY = Font(color="6B7280")


@dataclass(frozen=True)
class Problem:
    """What cannot be taken from the file: where, and why, in French."""

    sheet: str
    line: int | None
    column: str
    reason: str


@dataclass
class Book:
    """What a file says: its fiches, the lines inside them that name no fiche, the columns each sheet brings."""

    lines: dict = field(default_factory=dict)
    heads: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    ignored: list = field(default_factory=list)


# Writing ---------------------------------------------------------------------------------------------------------------


def write(pact):
    """The workbook of every fiche of `pact`, as bytes."""
    vocabulary = Vocabulary(pact)
    fiches = [fiche_cells(action, vocabulary) for action in fiches_of(pact).iterator(chunk_size=100)]
    brought = {head for one in fiches for line in one.inside[INDICATORS.prefix] for head in line.cells}
    years = sorted(brought - {column.head for column in INDICATORS.columns})
    book = Workbook(write_only=True)
    for sheet in SHEETS:
        columns = [*sheet.columns, *(Column(head, "", width=12) for head in years if sheet is INDICATORS)]
        keys, tail = ([UID], []) if sheet is FICHES else ([FICHE_UID, NUMBER, UID], [REMOVE])
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "C2"
        for index, width in enumerate([14] * len(keys) + [column.width for column in columns], start=1):
            page.column_dimensions[get_column_letter(index)].width = width
        heads = [column.head for column in columns]
        page.append([head_cell(page, head) for head in [*keys, *heads, *tail]])
        styles = text_styles(page)
        for key, line in lines_of(sheet, fiches):
            page.append(text_cells(page, styles, key, [line.cells.get(head, "") for head in heads] + [""] * len(tail)))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def lines_of(sheet, fiches):
    """(keys, line) of each line of `sheet`."""
    for one in fiches:
        if sheet is FICHES:
            yield [one.line.uid], one.line
        for line in one.inside.get(sheet.prefix, ()):
            yield [one.line.uid, one.line.cells["Numéro"], line.uid], line


def head_cell(page, words):
    cell = WriteOnlyCell(page, value=words)
    cell.font, cell.fill, cell.alignment = Font(bold=True), HEAD, Alignment(wrap_text=True, vertical="top")
    return cell


def text_styles(page):
    """(style of a key, style of words), made once: openpyxl looks in the whole book for each style that a cell is given."""
    key, words = WriteOnlyCell(page), WriteOnlyCell(page)
    key.alignment = words.alignment = Alignment(wrap_text=True, vertical="top")
    key.font = KEY
    return key._style, words._style


def text_cells(page, styles, keys, words):
    """Cells of text, never formulas; keys in grey: they are left alone."""
    of_keys, of_words = styles
    cells = []
    for index, text in enumerate([*keys, *words]):
        cell = WriteOnlyCell(page, value=NOT_XML.sub("", text))
        cell.data_type = "s"
        cell._style = of_keys if index < len(keys) else of_words
        cells.append(cell)
    return cells


# Reading ---------------------------------------------------------------------------------------------------------------


def read(content):
    """The Book that the bytes of an .xlsx file say; what cannot be read is told in its `problems`."""
    book = Book()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                book.problems.append(Problem("", None, "", "Ce classeur est trop grand une fois ouvert."))
                return book
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl: drawings and validations that it leaves aside
            file = load_workbook(BytesIO(content), read_only=True, data_only=True)
            pages = {normalise(page.title): page for page in file.worksheets}
            for sheet in SHEETS:
                page = pages.pop(normalise(sheet.title), None)
                if page is not None:
                    read_sheet(book, sheet, page)
            file.close()
    except UNREADABLE:
        book.problems = [Problem("", None, "", "Ce fichier ne s’ouvre pas comme un classeur Excel (.xlsx).")]
        return book
    book.ignored += [f"feuille « {page.title} »" for page in pages.values()]
    if FICHES.title not in book.lines and not book.problems:
        book.problems.append(Problem("", None, "", "Il manque la feuille « Fiches » : partez du classeur exporté."))
    return book


def read_sheet(book, sheet, page):
    page.reset_dimensions()
    rows = page.iter_rows(values_only=True, max_row=MAX_ROW, max_col=MAX_COLUMN)
    heads = heads_of(book, sheet, next(rows, ()) or ())
    if heads is None:
        return
    limit = MAX_FICHES if sheet is FICHES else MAX_INSIDE
    lines = book.lines[sheet.title] = []
    blank = None
    for number, values in enumerate(rows, start=2):
        if values is blank:  # openpyxl gives one same row for each of those, a million maybe, that the file leaves out
            continue
        if values.count(None) == len(values):
            blank = values
            continue
        cells = {head: plain(value) for head, value in zip(heads, values, strict=False) if head}
        if not any(words for head, words in cells.items() if head not in (UID, FICHE_UID, NUMBER)):
            continue
        if len(lines) == limit:
            book.problems.append(Problem(sheet.title, number, "", f"Cette feuille a plus de {limit} lignes."))
            return
        lines.append(
            Line(cells.pop(UID, ""), cells, number, normalise(cells.pop(REMOVE, "")) in {"oui", "o", "x", "1"}),
        )
    book.heads[sheet.title] = {head for head in heads if head}


def heads_of(book, sheet, values):
    """The headings of a sheet in their order, « » for a column that is not ours; None when the sheet cannot be read."""
    known = {normalise(column.head): column.head for column in sheet.columns}
    known |= {normalise(head): head for head in ([UID] if sheet is FICHES else [UID, FICHE_UID, NUMBER, REMOVE])}
    heads = []
    for value in values:
        words = plain(value)
        year = TARGET_HEAD.fullmatch(normalise(words)) if sheet is INDICATORS else None
        head = f"{TARGET}{year[1]}" if year else known.get(normalise(words), "")
        if head and head in heads:
            book.problems.append(Problem(sheet.title, 1, head, "Cette colonne est deux fois dans la feuille."))
            return None
        if words and not head:
            book.ignored.append(f"colonne « {words[:60]} » de la feuille « {sheet.title} »")
        heads.append(head)
    needed = next(column.head for column in sheet.columns if column.field in {"title", "role", "label", "name"})
    if needed not in heads:
        reason = f"Il manque la colonne « {needed} » : sa première ligne porte les titres des colonnes."
        book.problems.append(Problem(sheet.title, 1, needed, reason))
        return None
    if sheet in INSIDE and not {FICHE_UID, NUMBER} & set(heads):
        reason = f"Il manque la colonne « {FICHE_UID} » ou « {NUMBER} » : on ne sait pas de quelle fiche il s’agit."
        book.problems.append(Problem(sheet.title, 1, NUMBER, reason))
        return None
    return heads


def plain(value):
    """What a cell says, as text: 9.0 is « 9 », a day is « 28/02/2027 », true is « oui »."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else str(value).replace(".", ",")
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()
