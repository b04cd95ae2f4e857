"""A table pasted from a spreadsheet into the grid, with or without a line of headings and a column of names."""

import csv
import re
from io import StringIO

from pti.search import normalise

MAX_LINES, MAX_CELLS = 100, 40
YEAR = re.compile(r"\b(\d{4})\b")
UNKNOWN = "ligne {} : « {} » n’est pas une ligne de la grille"
UNREADABLE = "Ce qui est collé ne se lit pas comme un tableau : copiez-le de nouveau depuis le tableur."
TOO_WIDE = "ligne {} : « {} » est au-delà de la dernière colonne"


def table_of(text):
    """[[cell]] of a pasted text; quotes as spreadsheets write them, empty lines left out."""
    rows = csv.reader(StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter="\t", quotechar='"', strict=False)
    return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]


def lay(text, lines, columns):
    """({(line, column): text}, what could not be placed) of a pasted text."""
    try:
        table = table_of(text)
    except csv.Error:  # one cell holds more than any: a quote that nothing closes
        return {}, [UNREADABLE]
    if len(table) > MAX_LINES or any(len(row) > MAX_CELLS for row in table):
        return {}, [f"Collez {MAX_LINES} lignes et {MAX_CELLS} colonnes au plus."]
    heads = heads_of(table[0], columns) if table else None
    body = list(enumerate(table[1:] if heads else table, start=2 if heads else 1))
    names = names_of(lines)
    named = any(find(row[0], names) is not None for _, row in body)
    placed, lost = {}, []
    for rank, (number, row) in enumerate(body):
        if named:
            line, skip = name_of(row, names)
        else:
            line, skip = (lines[rank] if rank < len(lines) else None), 1 if heads and heads[0] is None else 0
        if line is None:
            lost.append(UNKNOWN.format(number, " ".join(row)[:60]))
            continue
        put(placed, lost, number, line, row, skip, heads, columns)
    return placed, lost


def put(placed, lost, number, line, row, skip, heads, columns):
    """Place the cells of one pasted line."""
    for index, cell in enumerate(row[skip:]):
        if heads:
            column = heads[index + skip] if index + skip < len(heads) else None
        else:
            column = columns[index] if index < len(columns) else None
        if column is not None:
            placed[line.key, column.key] = cell
        elif cell:
            lost.append(TOO_WIDE.format(number, cell[:60]))


def heads_of(row, columns):
    """[column or None] when the first line names columns (« acquis 2026 », « 2026 », « Acquis »), else None."""
    found = [head_of(cell, columns) for cell in row]
    return found if any(found) else None


def head_of(cell, columns):
    words = normalise(cell)
    year = YEAR.search(words)
    state = YEAR.sub("", words).strip(" ,-:()")
    if not state and not year:
        return None
    fitting = [
        column
        for column in columns
        if (not year or column.year == int(year[1])) and (not state or state == normalise(column.label.split()[0]))
    ]
    return fitting[0] if len(fitting) == 1 else None


def names_of(lines):
    """{words: line} of what names one line and no other."""
    named = {}
    for line in lines:
        if line.new:
            continue
        own = {normalise(line.who), normalise(line.place), normalise(f"{line.place} {line.who}")}
        own |= {normalise(line.funder.name)} if line.funder else set()
        own |= {normalise(line.action.number), normalise(line.action.title)} if line.action else set()
        for words in own - {""}:
            named.setdefault(words, []).append(line)
    return {words: own[0] for words, own in named.items() if len(own) == 1}


def find(cell, names):
    return names.get(normalise(cell))


def name_of(row, names):
    """(line, how many cells name it): a fiche and a funder, or one of them."""
    both = find(" ".join(row[:2]), names) if len(row) > 1 else None
    if both is not None:
        return both, 2
    return find(row[0], names), 1
