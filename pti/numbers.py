"""Whole numbers as people and programs send them."""

DIGITS = 18  # what every key of both bases fits in; Python itself refuses to read more than some thousands


def read_whole(text):
    """The number that `text` writes in plain digits, or None: a key in an address, a rank, a width."""
    text = str(text or "")
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None
