"""Who may open the pages of `actions`; tests/access_table.py says how to add a row."""

ROWS = {}
