"""A formula, a forbidden character: written in every text of the base, they leave no list as anything but text.

Scripts are written in every text too, and looked for on every page: by tests/test_access_table.py, which draws them all.
"""

import csv
import io

import pytest
from django.db import models
from django.urls import reverse

from actions.models import SavedView
from tests.hostile import BREAKS_OUT, dangers_in, write_everywhere
from tests.pages import pages
from tests.world import log_in

FORMULA = '=HYPERLINK("http://x.example")<script>alert(7)</script>'
LISTS = [
    "partners:partner_list",
    "actions:action_list",
    "actions:indicator_list",
    "actions:funding_list",
    "governance:decision_list",
]


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{BREAKS_OUT}</p>",
        "<a href=' JavaScript:alert(7)'>a</a>",
        "<p onclick='x'>a</p>",
        "<script>alert(7)</script>",
        "<script>if (1 < 2) alert(7)</script>",
        "<textarea>14</textarea>",
    ],
)
def test_a_page_that_runs_what_was_typed_is_dangerous(html):
    assert dangers_in(html) != []


@pytest.mark.parametrize("role", ["partner", "animator"])
def test_the_address_of_a_saved_view_comes_out_as_text(client, world, role):
    """Code writes it, from the address of a list."""
    models.QuerySet(SavedView).update(query=BREAKS_OUT, owner=world.users[role])
    log_in(client, world.users[role])
    here = [world.pact.pk]
    paths = [reverse(f"actions:{name}", args=here) for name in ("action_list", "action_board", "saved_view_list")]
    paths.append(reverse("actions:saved_view_edit", args=[*here, world.saved_view.pk]))
    pages = [client.get(path).content.decode() for path in paths]
    assert [dangers_in(html) for html in pages] == [[], [], [], []]
    assert sum("alert(7)" in html for html in pages) >= 3


def test_no_cell_of_a_table_is_a_formula(client, world):
    write_everywhere(FORMULA)
    log_in(client, world.users["officer"])
    for page in pages(world, ["officer"]):
        if page.name not in LISTS:
            continue
        lines = client.get(page.path, {"format": "csv"}).content.decode()
        cells = [cell for line in csv.reader(io.StringIO(lines), delimiter=";") for cell in line]
        assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))] == [], page.name
        assert any("HYPERLINK" in cell for cell in cells), page.name


def test_a_workbook_takes_any_character(client, world):
    write_everywhere("a\x08b\x1b\ufffe")
    log_in(client, world.users["officer"])
    for page in pages(world, ["officer"]):
        if page.name in {"actions:action_list", "actions:indicator_list"}:
            assert client.get(page.path, {"format": "xlsx"}).status_code == 200, page.name
