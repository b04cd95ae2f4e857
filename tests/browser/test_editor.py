"""The rich editor: what is pasted, typed, named; and the plain textarea when JavaScript is off."""

import pytest
from playwright.sync_api import expect

from actions.models import Action

WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {margin: 0}</style></head><body>
<p class="MsoNormal" style="color:red">Un <b style="mso-bidi-font-weight:normal">constat</b> net<o:p></o:p></p>
<ul><li class="MsoListParagraph" style="margin-left:18pt">Mobilité</li><li>Garde d’enfants</li></ul>
<table class="MsoTableGrid" border="1"><tr><td style="width:5cm"><p>2026</p></td><td><p>150</p></td></tr></table>
<script>alert(1)</script><img src="x" onerror="alert(1)"></body></html>
"""
PASTE = """(box, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "Un constat net");
  box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def edit_path(world):
    return f"{world.action.get_absolute_url()}modifier/"


def save(page):
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.get_by_text("Fiche enregistrée.")).to_be_visible()


def diagnosis_of(world):
    return Action.objects.get(pk=world.action.pk).diagnosis


def test_paste_from_word_keeps_the_structure_alone(page, enter, world, edit_path):
    enter(page, world.users["officer"])
    page.goto(edit_path)
    box = page.get_by_role("textbox", name="Diagnostic (facultatif)", exact=True)
    box.click()
    box.evaluate(PASTE, WORD)
    save(page)
    text = diagnosis_of(world)
    for kept in ("<strong>constat</strong>", "<ul><li>", "Garde d’enfants", "<table>", "150"):
        assert kept in text
    for dropped in ("Mso", "style=", "script", "img", "o:p", "alert", "border"):
        assert dropped not in text


def test_the_editor_is_driven_by_the_keyboard_alone(page, enter, world, edit_path):
    enter(page, world.users["officer"])
    page.goto(edit_path)
    box = page.get_by_role("textbox", name="Diagnostic (facultatif)", exact=True)
    box.focus()
    page.keyboard.type("Un ")
    page.keyboard.press("Control+b")
    page.keyboard.type("mot")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    page.keyboard.type("- premier")
    page.keyboard.press("Enter")
    page.keyboard.type("second")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # an empty item ends the list
    page.keyboard.press("Tab")
    expect(box).not_to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(box).to_be_focused()
    save(page)
    text = diagnosis_of(world).replace("<p>", "").replace("</p>", "").replace("<br>", "")
    assert text == "Un <strong>mot</strong><ul><li>premier</li><li>second</li></ul>"


# What the editor calls its buttons when nothing translates them.
ENGLISH = {"cell", "cells", "column", "delete", "header", "insert", "link", "list", "row", "table", "undo", "redo", "bold"}


def test_every_editor_and_button_has_a_name(page, enter, world, edit_path):
    enter(page, world.users["officer"])
    page.goto(edit_path)
    page.get_by_role("textbox", name="Diagnostic (facultatif)", exact=True).wait_for()
    boxes = page.locator(".ProseMirror[contenteditable]")
    assert boxes.count() == page.locator("textarea[data-pti-html]").count()
    for box in boxes.all():
        label = page.locator(f"#{box.get_attribute('aria-labelledby')}").inner_text()
        expect(box).to_have_accessible_name(label)
        expect(box).to_have_role("textbox")
    bar = page.locator(".prose-menubar").first.locator(".prose-menubar__button").all()
    names = [button.get_attribute("aria-label") for button in bar]
    assert names == [button.get_attribute("title") for button in bar]
    assert (" · ".join(names[:8]), names[-1]) == (
        "Paragraphe · Liste à puces · Liste numérotée · Propriétés de la liste · Citation · Gras · Italique · Souligné",
        "Rétablir la frappe",
    )
    assert not ENGLISH.intersection(" ".join(names).lower().split())


def test_the_bar_of_an_editor_passes_under_the_button_that_saves(page, enter, world, edit_path):
    enter(page, world.users["officer"])
    page.goto(edit_path)
    page.locator(".prose-menubar").first.wait_for()
    hidden = page.evaluate("""() => {
      const save = document.querySelector(".pti-savebar button"), bar = document.querySelector(".prose-menubar");
      window.scrollBy(0, bar.getBoundingClientRect().top - save.getBoundingClientRect().top);
      const place = save.getBoundingClientRect();
      return !save.contains(document.elementFromPoint(place.x + place.width / 2, place.y + place.height / 2));
    }""")
    assert not hidden


def test_without_javascript_an_untouched_text_keeps_its_markup(chromium, live_server, enter, world, edit_path):
    rich = "<p>Un <strong>constat</strong></p><ul><li>Mobilité</li></ul>"
    Action.objects.filter(pk=world.action.pk).update(diagnosis=rich)
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    enter(page, world.users["officer"])
    page.goto(edit_path)
    assert "<" not in page.locator("textarea[name=diagnosis]").input_value()
    page.get_by_label("Titre", exact=True).fill("Un autre titre")
    page.locator("textarea[name=objectives]").fill("Première ligne\n\nSeconde ligne")
    save(page)
    action = Action.objects.get(pk=world.action.pk)
    assert (action.title, action.diagnosis) == ("Un autre titre", rich)
    assert action.objectives == "<p>Première ligne</p><p>Seconde ligne</p>"
    context.close()
