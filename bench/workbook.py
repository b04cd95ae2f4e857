"""A pact of N fiches as a workbook: see bench/sheets."""

import time
from io import BytesIO

from django.core.management import call_command
from openpyxl import load_workbook

from actions.enums import LeadRole
from actions.models import Action, Axis, Indicator, Lead, Milestone, Target
from actions.sheets.book import read, write
from actions.sheets.verify import apply, verify
from bench.base.texts import paragraphs
from partners.models import Organisation
from pti.models import Pact


def main(count):
    call_command("migrate", verbosity=0)
    pact = build(count)
    content = timed(f"write {count} fiches", lambda: write(pact))
    print(f"{'':40}{len(content) / 1024:8.0f} KB")
    book = timed("read the file", lambda: read(content))
    timed("verify, nothing changed", lambda: verify(pact, book))
    timed("verify, every title changed", lambda: verify(pact, read(retitled(content))), less=lambda: read(retitled(content)))
    Action.objects.all().delete()
    empty = read(without_keys(content))
    plan = timed("verify, every fiche new", lambda: verify(pact, empty))
    timed("take every new fiche in", lambda: apply(plan, reason="bench"))


def build(count):
    """`count` fiches: two leads, three milestones, two indicators with three targets, four long texts."""
    pact = Pact.objects.create(title="Pacte", start_text="2025", end_text="2027")
    organisations = [Organisation.objects.create(name=f"Organisme n° {n}") for n in range(30)]
    axis = Axis.objects.create(pact=pact, number="1", title="Axe")
    text = paragraphs(5, 1)
    for n in range(count):
        action = Action.objects.create(
            pact=pact,
            axis=axis,
            number=str(n),
            order=n,
            title=f"Fiche {n}",
            diagnosis=text,
            objectives=text,
            content=text,
            means=text,
        )
        for place in range(2):
            Lead.objects.create(
                action=action, organisation=organisations[(n + place) % 30], role=list(LeadRole)[place], order=place
            )
        for place in range(3):
            milestone = Milestone(action=action, label=f"Jalon {place}", planned_text=str(2025 + place), order=place)
            milestone.read_planned_text()
            milestone.save()
        for place in range(2):
            indicator = Indicator.objects.create(action=action, pact=pact, name=f"Indicateur {place}", order=place)
            for year in (2025, 2026, 2027):
                Target.objects.create(indicator=indicator, year=year, raw_value="10", value=10)
    return pact


def retitled(content):
    book = load_workbook(BytesIO(content))
    for row in book["Fiches"].iter_rows(min_row=2):
        row[2].value = f"{row[2].value} bis"
    return saved(book)


def without_keys(content):
    """The same file, as if typed by hand: no identifier."""
    book = load_workbook(BytesIO(content))
    for page in book.worksheets:
        for row in page.iter_rows(min_row=2):
            for head, cell in zip(page[1], row, strict=True):
                if head.value.startswith("Identifiant"):
                    cell.value = None
    return saved(book)


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def timed(name, deed, less=None):
    """Run `deed` and print its processor seconds, those of `less` taken off."""
    started = time.process_time()
    if less:
        less()
    off = time.process_time() - started
    started = time.process_time()
    result = deed()
    print(f"{name:40}{time.process_time() - started - off:8.2f} s")
    return result
