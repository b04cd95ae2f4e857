"""« Frise »: axes, fiches, milestones and meetings against the calendar, drawn by the server."""
