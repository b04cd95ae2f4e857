"""« Frise »: axes, fiches, milestones and meetings against the calendar, drawn by the server."""

# What the address says of the view itself, beside the filters: the zoom, the first month, drawn or in words.
OWN = ("zoom", "du", "forme")
