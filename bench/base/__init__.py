"""A pact of invented rows, at real size × scale: `python -m bench.base SCALE` fills the empty base of DATABASE_URL.

No rule is asked, and the journal gets one line a row and a few edits. What the pact's life makes grow is multiplied;
its frame (axes, committees, territories, themes, sections) stays what it is.
"""
