"""The main job, end to end: a partner on a phone, a pact from its first word to its signature, the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from actions.models import Action, Update
from partners.models import Signature
from pti.enums import PactState
from pti.models import Pact
from pti.services import change_state
from tests.browser.conftest import PHONE
from tests.factories.partners import PDF, PartnerFactory, member
from tests.factories.pti import SectionFactory

FILE = {"name": "exemplaire-signe.pdf", "mimeType": "application/pdf", "buffer": PDF}


@pytest.fixture
def plain_phone(chromium, live_server):
    """A phone whose browser runs no JavaScript."""
    context = chromium.new_context(viewport=PHONE, locale="fr-FR", java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def test_a_partner_gives_news_from_a_phone_without_javascript(plain_phone, world, mailoutbox):
    page = plain_phone
    page.goto("/compte/connexion/")
    page.locator("input[type=email]").fill(world.users["partner"].email)
    page.get_by_role("button", name="Recevoir un code de connexion").click()
    code = re.search(r"connexion : (\S+)", mailoutbox[-1].body)[1]
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="Se connecter").click()

    page.get_by_role("link", name="Mes actions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos actions")
    page.get_by_role("link", name=re.compile("point|nouvelles|jour", re.IGNORECASE)).first.click()
    page.get_by_label(re.compile("En une phrase")).fill("Deux gestionnaires ont accepté la règle.")
    page.get_by_role("button", name=re.compile("^Enregistrer")).last.click()

    update = Update.objects.get(sentence="Deux gestionnaires ont accepté la règle.")
    assert update.on_behalf is False
    page.goto(update.action.get_absolute_url())
    expect(page.locator("#points")).to_contain_text("Deux gestionnaires ont accepté la règle.")
    assert page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]


def test_a_pact_is_drafted_adopted_and_signed(page, open_page, enter, world):
    enter(page, world.users["animator"])
    page.goto("/pactes/creer/vide/")
    page.locator("[name=title]").fill("Pacte de la Creuse")
    page.locator("select[name=department]").select_option(label=str(world.department))
    page.locator(".pti-savebar button").click()
    page.wait_for_url(re.compile(r"/pactes/\d+/"))
    pact = Pact.objects.get(title="Pacte de la Creuse")
    home = f"/pactes/{pact.pk}"

    page.goto(f"{home}/texte/section/ajouter/")
    page.get_by_label("Titre", exact=True).fill("Préambule")
    page.get_by_role("textbox", name=re.compile("^Texte")).click()
    page.keyboard.type("Les partenaires agissent ensemble.")
    page.locator(".pti-savebar button").click()
    page.goto(f"{home}/axes/ajouter/")
    page.get_by_label(re.compile("^Numéro")).fill("1")
    page.get_by_label(re.compile("^(Titre|Intitulé)")).first.fill("Mobilité")
    page.locator(".pti-savebar button").click()

    page.goto(f"{home}/fiches/ajouter/")
    page.get_by_label("Titre", exact=True).fill("Garage solidaire")
    for group in ("pilotes", "jalons", "indicateurs"):
        if not page.locator(f"[name={group}-0-id]").count():
            page.locator(f"button[name=ajouter][value={group}]").click()
    page.locator("[name=pilotes-0-text]").fill("Mission locale")
    page.locator("[name=jalons-0-label]").fill("Ouverture du garage")
    page.locator("[name=jalons-0-planned_text]").fill("2027-S1")
    page.locator("[name=indicateurs-0-name]").fill("Véhicules prêtés")
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.get_by_text("Fiche enregistrée.")).to_be_visible()
    action = Action.objects.get(pact=pact)
    assert (action.leads.count(), action.milestones.count(), action.indicators.count()) == (1, 1, 1)

    partner = PartnerFactory(pact=pact, signatory=True)
    page.goto(f"{home}/vie/drafting/")
    page.locator(".pti-savebar button").click()
    page.goto(f"{home}/vie/adoption/")
    expect(page.get_by_role("heading", name=re.compile("à compléter"))).to_be_visible()
    page.locator("textarea[name=reason], input[name=reason]").fill("Le comité de pilotage le demande.")
    page.locator(".pti-savebar button").click()
    version = pact.versions.get()
    page.goto(f"{home}/versions/{version.number}/")
    expect(page.locator(".pti-version__foot")).to_contain_text(version.sha256)
    expect(page.locator("#signatures")).to_contain_text(str(partner))

    page.goto(f"{home}/partenaires/{partner.pk}/deliberation/")
    page.locator("[name=body]").fill("Conseil d’administration")
    page.locator("[name=held_on], [name=held_text]").first.fill("20/11/2026")
    if page.locator("[name=file]").count():
        page.locator("[name=file]").set_input_files(FILE)
    page.locator(".pti-savebar button").click()

    signing = open_page()
    enter(signing, member(partner))
    signing.goto(f"{home}/partenaires/{partner.pk}/signature/")
    signing.locator("[name=signatory]").fill("Anne Roche")
    signing.locator("[name=capacity]").fill("Présidente")
    signing.locator("[name=signed_on]").fill("21/11/2026")
    signing.get_by_label(re.compile("numérisé")).check()
    signing.locator("[name=file]").set_input_files(FILE)
    signing.locator(".pti-savebar button").click()

    signature = Signature.objects.get(partner=partner)
    assert (signature.version, signature.on_behalf) == (version, False)
    page.goto(f"{home}/partenaires/signatures/")
    row = page.get_by_role("row", name=re.compile(re.escape(str(partner))))
    expect(row).to_contain_text("Signé")
    expect(row).to_contain_text("20\u00a0novembre 2026")
    assert "signé électroniquement" not in page.content()


def test_skip_link_and_focus_never_under_the_save_bar(page, enter, world):
    enter(page, world.users["officer"])
    page.goto(f"{world.action.get_absolute_url()}modifier/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "contenu"
    hidden = []
    for _ in range(60):
        page.keyboard.press("Tab")
        where = page.evaluate(
            """() => {
              const one = document.activeElement, bar = document.querySelector(".pti-savebar");
              if (!one.closest("form") || bar.contains(one) || one.matches(".ProseMirror")) return null;
              const a = one.getBoundingClientRect(), b = bar.getBoundingClientRect();
              return a.bottom > b.top + 1 && a.top < b.bottom ? one.outerHTML.slice(0, 120) : null;
            }"""
        )
        hidden += [where] if where else []
    assert hidden == []


def test_a_refused_form_gives_the_focus_to_its_errors(page, enter, world):
    enter(page, world.users["officer"])
    page.goto(f"/pactes/{world.pact.pk}/fiches/ajouter/")
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.locator("[data-pti-errors]")).to_be_focused()
    assert page.title().startswith("Erreur\u00a0: ")
    page.locator("[data-pti-errors] a").first.click()
    expect(page.get_by_label("Titre", exact=True)).to_be_focused()


def test_the_menu_of_a_phone_opens_by_the_keyboard(phone, enter, world):
    enter(phone, world.users["officer"])
    phone.goto(f"/pactes/{world.pact.pk}/")
    menu = phone.get_by_role("button", name="Menu")
    expect(phone.get_by_role("link", name="Partenaires", exact=True).first).not_to_be_visible()
    menu.focus()
    phone.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(phone.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Partenaires")).to_be_visible()


def test_an_amendment_goes_from_its_opening_to_the_next_version(page, enter, world):
    base = world.pact
    section, partner = SectionFactory(pact=base, title="Objet", text="<p>Le pacte dure trois ans.</p>"), world.partner_row
    for to, why in ((PactState.ADOPTION, {"reason": "Prêt"}), (PactState.IN_FORCE, {"act": "Dernière signature"})):
        change_state(pact=base, to=to, by=None, **why)
    enter(page, world.users["animator"])
    home = f"/pactes/{base.pk}/avenants"

    page.goto(f"{home}/ouvrir/")
    page.get_by_role("textbox", name=re.compile("^Objet")).click()
    page.keyboard.type("Le pacte dure un an de plus.")
    page.get_by_role("button", name="Ouvrir l’avenant").click()
    page.locator("summary", has_text="Sections").click()
    page.get_by_label("Objet", exact=True).check()
    page.locator("summary", has_text="Fiches-actions").click()
    page.locator(f"[name=rows][value='Action:{world.action.uid}']").check()
    page.get_by_role("button", name="Ouvrir ce qui est coché").click()
    amendment = base.amendments.latest("amendment_number")
    number = amendment.amendment_number

    page.get_by_role("link", name=re.compile("^Écrire le nouveau texte : Objet")).click()
    page.wait_for_load_state()  # the editor has taken the place of the plain field
    page.get_by_role("textbox", name=re.compile("^Texte")).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Puis un an de plus.")
    page.locator(".pti-savebar button").click()
    page.goto(f"{home}/{number}/")
    expect(page.locator("ins")).to_contain_text(["texte ajouté", "Puis un an de plus."])

    page.get_by_role("link", name="Concertation sur l’avenant").click()
    page.get_by_role("link", name="Ouvrir une concertation").first.click()
    page.locator("[name=title]").fill("Lecture de l’avenant")
    page.locator("[name=deadline]").fill("31/12/2026")
    page.locator(".pti-savebar button").click()
    expect(page.locator(".pti-places a", has_text=re.compile("^Objet$"))).to_be_visible()

    life = f"/pactes/{amendment.pk}/vie"
    page.goto(f"{life}/adoption/")
    page.locator("[name=reason]").fill("Le comité de pilotage le demande.")
    page.locator(".pti-savebar button").click()
    own = amendment.partners.get(organisation=partner.organisation)
    page.goto(f"/pactes/{amendment.pk}/partenaires/{own.pk}/signature/")
    page.locator("[name=signatory]").fill("Anne Roche")
    page.locator("[name=capacity]").fill("Présidente")
    page.locator("[name=signed_on]").fill("21/11/2026")
    page.get_by_label(re.compile("numérisé")).check()
    page.locator("[name=file]").set_input_files(FILE)
    page.locator(".pti-savebar button").click()
    page.goto(f"{life}/in_force/")
    page.locator("[name=act]").fill("Signature de la CAF")
    page.locator(".pti-savebar button").click()

    section.refresh_from_db()
    assert section.text == "<p>Le pacte dure trois ans. Puis un an de plus.</p>"
    last, before = base.versions.of_the_text()[:2]
    assert (last.amendment_number, last.number) == (number, before.number + 1)
    page.goto(f"/pactes/{base.pk}/versions/comparer/?avant={before.number}&apres={last.number}")
    expect(page.locator("ins", has_text="Puis un an de plus.")).to_be_visible()
