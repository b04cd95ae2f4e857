"""A roadmap as a document: PDF, Word, ODT, from the plain data of `actions.roadmaps`."""

from itertools import groupby

from actions.enums import FundingState
from actions.money.sums import in_unit
from actions.roadmaps import day_of, totals_of
from pti.printing import Document
from pti.printing.nodes import List, heading, paragraph, shifted, table
from pti.typography import day, euros, plain

WIDTHS = (4, 3, 5, 4)
UNKNOWN, NOTHING = "montant inconnu", "rien n’était dit"


def plain_day(on):
    return plain(day(on)) if on else "sans date"


def document_of(pact, year, territory, content, *, kept, before, since):
    """The whole document; its date is the day it was settled, or the pact's reference day."""
    on = kept.settled_on if kept else pact.reference_day
    state = f"Arrêtée le {plain_day(on)}" if kept else f"Projet, au {plain_day(on)}"
    title = f"Feuille de route {year}"
    place = f"{pact.title}{f', {territory}' if territory else ''}"
    parts = (
        *summary(content),
        *(node for axis, lines in groupby(content["lines"], key=lambda line: line["axis"]) for node in axis_of(axis, lines)),
        *loose(content),
        *going_on(content),
        *(changed(since, before) if since else ()),
    )
    body = (heading(title), paragraph(place, "lead"), *shifted(parts, 1))
    return Document(
        title=title,
        subtitle=place,
        kind="Feuille de route",
        period=str(year),
        on=on.isoformat(),
        body=body,
        marks=(state,),
        foot=f"Feuille de route {year}{f', {territory}' if territory else ''} – {state.lower()}",
        has_cover=False,
        has_contents=False,
    )


def summary(content):
    rows = [
        (label.capitalize(), in_unit(amount, unit) if amount or not missing else "Non renseigné", str(missing or ""))
        for label, unit, amount, missing in totals_of(content)
    ]
    yield heading("L’essentiel")
    steps = sum(len(line["steps"]) for line in content["lines"])
    late = sum(step["carried"] for line in content["lines"] for step in line["steps"])
    yield paragraph(f"Fiches : {len(content['lines'])}. Jalons : {steps}, dont {late} reportés des années précédentes.", "lead")
    if rows:
        yield table(
            ("Argent de l’année", "Somme connue", "Montants inconnus"), rows, caption="Ce que l’année coûte", numbers=(1, 2)
        )


def axis_of(axis, lines):
    yield heading(axis or "Sans axe")
    yield table(
        ("Fiche", "Qui pilote", "Jalons et dates", "Argent"),
        [line_of(line) for line in lines],
        caption=f"Ce qui est prévu, {axis}" if axis else "Ce qui est prévu, sans axe",
        widths=WIDTHS,
    )


def line_of(line):
    steps = tuple(paragraph(step_words(step)) for step in line["steps"]) or (paragraph("Aucun jalon cette année"),)
    money = tuple(paragraph(money_words(one)) for one in line["money"]) or (paragraph("Non renseigné"),)
    return f"{line['number']} {line['title']}".strip(), leads_of(line), steps, money


def leads_of(line):
    """Who leads, then who leads with them."""
    lines = [", ".join(line["leads"]) or "Sans pilote"]
    lines += [f"avec {', '.join(line['co_leads'])}"] if line["co_leads"] else []
    return tuple(paragraph(words) for words in lines)


def step_words(step):
    words = f"{step['label']} : {plain_day(day_of(step['due']))}"
    if step["done"]:
        return f"{words} (fait le {plain_day(day_of(step['done']))})"
    return f"{words} (reporté, à faire)" if step["carried"] else words


def money_words(one):
    return f"{one['funder']}, {FundingState(one['state']).label} : {one['text']}"


def loose(content):
    if content["loose"]:
        yield heading("Argent qui n’est rattaché à aucune fiche")
        yield List(tuple((paragraph(money_words(one)),) for one in content["loose"]))


def going_on(content):
    if content["going_on"]:
        yield heading("Se poursuivent, sans échéance ni argent dit pour l’année")
        yield List(tuple((paragraph(f"{one['number']} {one['title']}".strip()),) for one in content["going_on"]))


def changed(since, before):
    """What became of the last roadmap."""
    yield heading(f"Depuis la feuille de route {before.year}")
    yield paragraph(f"Arrêtée le {plain_day(before.settled_on)}. Jalons tenus : {since.kept} sur {since.promised}.")
    groups = (
        ("Prévu et pas fait", [f"{name(one['line'])} : {one['step']['label']}" for one in since.undone]),
        (
            "Dates déplacées",
            [
                f"{name(one['line'])} : {one['step']['label']}, du {plain_day(one['from'])} au {plain_day(one['to'])}"
                for one in since.moved
            ],
        ),
        ("Nouvelles fiches", [name(line) for line in since.new]),
        (
            "N’ont plus ni échéance ni financement cette année",
            [name(one["line"]) + (f" ({one['status']})" if one["status"] else "") for one in since.gone],
        ),
        (
            "Montants changés",
            [
                f"{name(one['line'])}, {one['state']} : {sum_words(one['from'])} → {sum_words(one['to'])}"
                for one in since.amounts
            ],
        ),
    )
    for title, lines in groups:
        if lines:
            yield heading(title, 2)
            yield List(tuple((paragraph(line),) for line in lines))


def name(line):
    return f"{line['number']} {line['title']}".strip()


def sum_words(amount):
    """What was said of a sum: nothing, that it is not known, or how much."""
    return NOTHING if amount == "" else UNKNOWN if amount is None else euros(amount)
