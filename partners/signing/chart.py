"""The signatures through time: a line that climbs by one at each of them, and the table that says the same."""

from dataclasses import dataclass, field
from itertools import groupby

from pti.dates import today
from pti.typography import plural

WIDTH, HEIGHT, EDGE = 640, 140, 4


@dataclass
class Chart:
    """A drawing and its words: `steps` is (day, names, total, days since the freezing)."""

    title: str
    desc: str
    path: str
    goal: str
    first: object
    last: object
    steps: list = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT


def chart_of(board):
    """The chart of a board, or None before the first signature."""
    signed = sorted(board.signed, key=lambda line: (line.signature.signed_on, str(line.partner)))
    if not signed:
        return None
    start, wanted = board.version.frozen_on, len(board.squares)
    steps, total = [], 0
    for day, lines in groupby(signed, key=lambda line: line.signature.signed_on):
        names = [str(line.partner) for line in lines]
        total += len(names)
        steps.append((day, names, total, max((day - start).days, 0)))
    # Of a pact that was signed elsewhere, the text may be frozen here after its signatures.
    last = max(steps[-1][0], start)
    length, silence = (last - start).days, (today() - last).days
    # A long silence would crush the line: it is told in words.
    title = f"{plural(total, 'signature')} sur {wanted}"
    if length:
        title += f" en {plural(length, 'jour')}"
    if total < wanted and silence > 0:
        title += f", aucune depuis {plural(silence, 'jour')}"
    span = max(length, 1)
    return Chart(
        title=title,
        desc="Une ligne monte d’un cran à chaque signature, depuis le jour où le texte a été arrêté.",
        path=path_of(steps, span, wanted),
        goal=f"M{EDGE} {level(wanted, wanted)}H{WIDTH - EDGE}",
        first=start,
        last=last,
        steps=steps,
    )


def path_of(steps, span, wanted):
    """Steps of the line: along to the day, then up to the total, then along to the end."""
    path = f"M{EDGE} {level(0, wanted)}"
    for _, _, total, days in steps:
        path += f"H{EDGE + round((WIDTH - 2 * EDGE) * min(days, span) / span)}V{level(total, wanted)}"
    return f"{path}H{WIDTH - EDGE}"


def level(total, wanted):
    return HEIGHT - EDGE - round((HEIGHT - 2 * EDGE) * total / max(wanted, 1))
