"""A block copied from a spreadsheet is laid out in the grid of fundings, looked at, then saved."""

from django.urls import reverse

from actions.models import Funding

PASTE = """(field, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def test_a_block_pasted_in_the_grid_is_saved_once(page, enter, world):
    enter(page, world.users["officer"])
    page.goto(f"{reverse('actions:funding_grid', args=[world.pact.pk])}?annee=2026&fiche={world.action.pk}")
    first = page.locator("input[name^='c_'][name$='_2026_asked']").first
    first.evaluate(PASTE, "1 500\t12 500,50\tNC\n\t\t\ttrop\n")
    assert "3 cases modifiées, pas encore enregistrées" in page.inner_text("[data-pti-grid-status]")
    assert Funding.objects.count() == 1
    first.press("Enter")
    assert page.evaluate("document.activeElement.name").endswith("_asked")
    assert page.evaluate("document.activeElement.name") != first.get_attribute("name")
    page.click("text=Enregistrer la grille")
    page.wait_for_selector("text=3 cases enregistrées")
    told = Funding.objects.filter(action=world.action, year=2026).values_list("state", "amount", "is_undisclosed")
    assert {(state, amount and float(amount), hidden) for state, amount, hidden in told} == {
        ("asked", 1500.0, False),
        ("acquired", 12500.5, False),
        ("paid", None, True),
    }
