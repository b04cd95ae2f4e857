"""The tables of totals as a workbook."""

from django.http import HttpResponse
from openpyxl import Workbook

from actions.enums import FundingState, FundingUnit
from actions.figures import funder_name, money
from pti.exports import attachment, xlsx_cell

HEADS = ["Objet", "Financeur", "Fiche", "Axe", "Année", "État", "Unité", "Montant", "Ce qui est dit", "Sous réserve", "Note"]


def totals_book(table, *, rows, by, unit):
    """Two sheets: the table (every page of it), with what is not known beside each sum; then the rows that it adds."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Totaux")
    heads = [by.capitalize()]
    for column in table.columns:
        heads += [f"{column.label.capitalize()} ({unit})", f"{column.label.capitalize()}, à savoir"]
    write(sheet, heads)
    for line in [*table.page.paginator.object_list, table.foot]:
        cells = ["    " * line.depth + line.label]
        for column in table.columns:
            total = line.totals.get(column.key)
            cells += [figure(total), remarks(total)]
        write(sheet, cells)
    write_rows(book.create_sheet("Lignes"), rows)
    response = HttpResponse(content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    book.save(response)
    return attachment(response, f"financements par {by}", "xlsx")


def write(sheet, values):
    sheet.append([xlsx_cell(sheet, value) for value in values])


def figure(total):
    """A number only when there is one: nothing said stays empty."""
    if total is None:
        return None
    return total.rows if total.is_in_kind else total.amount if total.told else None


def remarks(total):
    if total is None:
        return ""
    return "; ".join(([] if total.told or total.is_in_kind else [total.text]) + total.remarks)


def write_rows(sheet, rows):
    write(sheet, HEADS)
    for row in rows.select_related("funder", "action", "axis").order_by("order", "id"):
        write(
            sheet,
            [
                row.label,
                funder_name(row),
                str(row.action or ""),
                str(row.axis or ""),
                row.year,
                FundingState(row.state).label,
                FundingUnit(row.unit).label,
                row.amount,
                money(row).text,
                "oui" if row.is_conditional else "",
                row.note,
            ],
        )
