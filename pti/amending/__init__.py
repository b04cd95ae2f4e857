"""Amendments (« avenants »): opening, ticking, what differs, merging. An amendment is a working copy of the pact."""
