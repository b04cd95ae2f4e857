"""A table as a file: CSV for spreadsheets, XLSX where it is asked for."""

import csv
import datetime
import html
import re
from decimal import Decimal

from django.http import HttpResponse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from pti.dates import today

# A cell that begins so is run as a formula by spreadsheets.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What XML, and so every office file, has no place for.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SPACES = re.compile(r"\s+")


def plain(value):
    """What a cell says, without its markup; numbers and dates stay what they are."""
    if value is None:
        return ""
    if isinstance(value, (bool, int, float, Decimal, datetime.date)):
        return value
    if isinstance(value, SafeString):
        value = SPACES.sub(" ", html.unescape(strip_tags(value.replace("<br>", " ")))).strip()
    return str(value)


def guarded(value):
    """A CSV cell that no spreadsheet takes for a formula; a negative number is a number."""
    if isinstance(value, Decimal | float):
        return str(value).replace(".", ",")
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def attachment(response, name, extension):
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)}-{today():%Y-%m-%d}.{extension}"'
    return response


def lines_of(table):
    """Head, then every row, as plain values."""
    values = iter(table.as_values())
    yield [capfirst(head) for head in next(values)]
    for row in values:
        yield [plain(value) for value in row]


def csv_response(table, name):
    """Semicolons and a byte order mark: what French spreadsheets open without a question."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    writer = csv.writer(response, delimiter=";")
    writer.writerows([guarded(value) for value in row] for row in lines_of(table))
    return attachment(response, name, "csv")


def xlsx_response(table, name):
    """Text cells are written as text, never as formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    for row in lines_of(table):
        sheet.append([xlsx_cell(sheet, value) for value in row])
    response = HttpResponse(content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    book.save(response)
    return attachment(response, name, "xlsx")


def xlsx_cell(sheet, value):
    if isinstance(value, str):
        value = NOT_XML.sub("", value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
