"""Who may open the pages of `evaluation`; tests/access_table.py says how to add a row."""

ROWS = {}
