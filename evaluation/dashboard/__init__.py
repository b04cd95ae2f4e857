"""The dashboard: the truth about a pact on one page.

Every figure is a link to the list that it counts, made by `pti.figures.figure`; the same QuerySet methods count and filter.
"""
