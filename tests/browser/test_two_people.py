"""Two people write the same row at the same time, each in a browser of their own: the second loses nothing."""

from playwright.sync_api import expect

from actions.models import Action
from pti.models import Section
from tests.factories.pti import SectionFactory


def two_desks(open_page, enter, world, path):
    """The officer's and the animator's browsers, both with the form at `path` open."""
    first, second = open_page(), open_page()
    for page, role in ((first, "officer"), (second, "animator")):
        enter(page, world.users[role])
        page.goto(path)
    return first, second


def write(page, label, text):
    """Replace the text of the rich editor that carries this label."""
    box = page.get_by_role("textbox", name=label, exact=True)
    box.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def test_the_second_to_save_a_fiche_chooses_field_by_field(open_page, enter, world):
    world.action.diagnosis, world.action.objectives = "<p>Constat d’origine</p>", "<p>But d’origine</p>"
    world.action.save()
    first, second = two_desks(open_page, enter, world, f"{world.action.get_absolute_url()}modifier/")
    first.get_by_label("Titre", exact=True).fill("Titre de la première")
    write(first, "Diagnostic (facultatif)", "Constat de la première")
    second.get_by_label("Titre", exact=True).fill("Titre de la seconde")
    write(second, "Objectifs (facultatif)", "But de la seconde")

    first.get_by_role("button", name="Enregistrer la fiche").click()
    expect(first.get_by_text("Fiche enregistrée.")).to_be_visible()
    second.get_by_role("button", name="Enregistrer la fiche").click()

    choices = second.get_by_role("region", name="Deux versions à départager")
    expect(choices.get_by_role("group")).to_have_count(3)
    title = choices.get_by_role("group", name="Titre", exact=True)
    expect(title).to_contain_text("Titre de la première")
    expect(title).to_contain_text("Titre de la seconde")
    expect(choices).to_contain_text("Constat de la première")
    expect(choices).to_contain_text("But de la seconde")
    stored = Action.objects.get(pk=world.action.pk)
    assert (stored.title, stored.objectives) == ("Titre de la première", "<p>But d’origine</p>")

    title.get_by_text("La version enregistrée").click()
    second.get_by_role("button", name="Enregistrer la fiche").click()

    expect(second.get_by_text("Fiche enregistrée.")).to_be_visible()
    stored = Action.objects.get(pk=world.action.pk)
    assert (stored.title, stored.diagnosis, stored.objectives) == (
        "Titre de la première",
        "<p>Constat de la première</p>",
        "<p>But de la seconde</p>",
    )


def test_the_second_to_save_a_section_keeps_their_own(open_page, enter, world):
    section = SectionFactory(pact=world.pact, title="Préambule", text="<p>Origine</p>")
    first, second = two_desks(open_page, enter, world, f"/pactes/{world.pact.pk}/texte/section/{section.pk}/modifier/")
    write(first, "Texte (facultatif)", "Texte de la première")
    write(second, "Texte (facultatif)", "Texte de la seconde")

    first.get_by_role("button", name="Enregistrer").click()
    first.wait_for_url("**/rediger/**")
    second.get_by_role("button", name="Enregistrer").click()

    choices = second.get_by_role("region", name="Deux versions à départager")
    expect(choices).to_contain_text("Texte de la première")
    expect(choices).to_contain_text("Texte de la seconde")
    assert Section.objects.get(pk=section.pk).text == "<p>Texte de la première</p>"

    second.get_by_role("button", name="Enregistrer").click()
    second.wait_for_url("**/rediger/**")
    assert Section.objects.get(pk=section.pk).text == "<p>Texte de la seconde</p>"
