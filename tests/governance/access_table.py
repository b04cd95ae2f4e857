"""Who may open the pages of `governance`; tests/access_table.py says how to add a row."""

ROWS = {}
