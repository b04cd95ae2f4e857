"""Who may open the pages of `partners`; tests/access_table.py says how to add a row."""

ROWS = {}
