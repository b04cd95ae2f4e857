"""What the rows are made of: sizes, days, words."""

import datetime
from itertools import cycle, islice

BORN = datetime.date(2022, 1, 1)
TODAY = datetime.date(2026, 6, 15)
END = datetime.date(2027, 12, 31)
YEARS = range(2022, 2028)
ACTIONS, INDICATORS, PARTNERS, PEOPLE, MEETINGS, FIGURES, SIGNATORIES = 100, 150, 30, 120, 60, 60, 9
COMMITTEES = 26
CONSULTATIONS = 3
EMAIL = "animatrice@bench.example"
TEXT = (
    "accompagner les allocataires vers l’emploi durable par une action concertée entre les partenaires du territoire, lever "
    "les freins de mobilité, de garde d’enfants et de santé, former les référents et suivre le nombre de parcours"
)
WORDS = TEXT.split()


def some(count, start):
    """`count` words, other words for another start."""
    return " ".join(islice(cycle(WORDS), start % len(WORDS), start % len(WORDS) + count))


def paragraphs(count, start):
    return "".join(f"<p>{some(45, start + 7 * i).capitalize()}.</p>" for i in range(count))
