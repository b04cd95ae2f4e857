"""What is being typed survives an expired session, a closed tab and a lost connection, and leaves at logout."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from actions.models import Action
from tests.browser.test_two_people import write

LABEL = "Diagnostic (facultatif)"
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('pti-saisie:')).length"
COPIED = "typed => Object.values(localStorage).some(copy => typed.every(words => copy.includes(words)))"


@pytest.fixture
def edit_path(world):
    return f"{world.action.get_absolute_url()}modifier/"


def type_a_fiche(page, path):
    """Type in a plain field and in the editor, and wait for the copy of both."""
    page.goto(path)
    page.get_by_role("textbox", name=LABEL, exact=True).wait_for()
    page.get_by_label("Titre", exact=True).fill("Titre en cours")
    write(page, LABEL, "Constat en cours")
    page.wait_for_function(COPIED, arg=["Titre en cours", "Constat en cours"], polling=50)
    assert page.evaluate(KEPT) == 1


def take_back(page):
    """Accept what is offered; the form holds it again."""
    expect(page.get_by_text("Vous aviez commencé cette saisie")).to_be_visible()
    page.get_by_role("button", name="Reprendre").click()
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Titre en cours")
    expect(page.get_by_role("textbox", name=LABEL, exact=True)).to_have_text("Constat en cours")


def save(page):
    page.get_by_role("button", name="Enregistrer la fiche").click()


def stored(world):
    action = Action.objects.get(pk=world.action.pk)
    return action.title, action.diagnosis


def test_a_session_that_expired_loses_nothing(page, enter, world, edit_path):
    enter(page, world.users["officer"])
    type_a_fiche(page, edit_path)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    save(page)
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    enter(page, world.users["officer"])
    page.goto(world.pact.get_absolute_url())
    expect(page.get_by_text("n’a pas pu être enregistré")).to_be_visible()
    page.get_by_role("button", name="Y revenir").click()
    take_back(page)
    save(page)
    expect(page.get_by_text("Fiche enregistrée.")).to_be_visible()
    assert stored(world) == ("Titre en cours", "<p>Constat en cours</p>")
    assert page.evaluate(KEPT) == 0


def test_a_closed_tab_loses_nothing(page, enter, world, edit_path):
    enter(page, world.users["officer"])
    type_a_fiche(page, edit_path)
    again = page.context.new_page()
    page.close()
    again.goto(edit_path)
    take_back(again)
    save(again)
    expect(again.get_by_text("Fiche enregistrée.")).to_be_visible()
    assert stored(world) == ("Titre en cours", "<p>Constat en cours</p>")


def test_a_lost_connection_keeps_the_page_and_what_is_typed(page, enter, world, edit_path):
    enter(page, world.users["officer"])
    type_a_fiche(page, edit_path)
    page.context.set_offline(True)
    save(page)
    expect(page.get_by_text("Pas de connexion.")).to_be_visible()
    page.context.set_offline(False)
    save(page)
    expect(page.get_by_text("Fiche enregistrée.")).to_be_visible()
    assert stored(world) == ("Titre en cours", "<p>Constat en cours</p>")


def test_what_is_forgotten_is_not_offered_again(page, enter, world, edit_path):
    enter(page, world.users["officer"])
    type_a_fiche(page, edit_path)
    again = page.context.new_page()
    page.close()
    again.goto(edit_path)
    again.get_by_role("button", name="Oublier").click()
    assert again.evaluate(KEPT) == 0


def test_a_text_saved_meanwhile_shows_both_versions(page, enter, world, edit_path):
    enter(page, world.users["officer"])
    type_a_fiche(page, edit_path)
    Action.objects.filter(pk=world.action.pk).update(title="Titre de l’autre", revision=world.action.revision + 1)
    again = page.context.new_page()
    page.close()
    again.goto(edit_path)
    expect(again.get_by_text("vous verrez les deux versions")).to_be_visible()
    take_back(again)
    save(again)
    expect(again.get_by_role("region", name="Deux versions à départager")).to_contain_text("Titre de l’autre")


def test_nothing_is_left_after_logout_and_nobody_else_is_offered_it(page, enter, world, edit_path):
    enter(page, world.users["officer"])
    type_a_fiche(page, edit_path)
    second = page.context.new_page()
    page.close()
    enter(second, world.users["animator"])
    second.goto(edit_path)
    second.get_by_role("textbox", name=LABEL, exact=True).wait_for()
    expect(second.get_by_text("Vous aviez commencé")).to_have_count(0)
    enter(second, world.users["officer"])
    second.goto(world.pact.get_absolute_url())
    second.locator("summary", has_text=world.users["officer"].get_full_name()).click()
    second.get_by_role("button", name="Se déconnecter").click()
    expect(second.get_by_role("heading", name="Se connecter")).to_be_visible()
    assert second.evaluate(KEPT) == 0
