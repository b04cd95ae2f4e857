"""A security key, from the enrolment of an invited officer to her next login: a virtual key in a real browser."""

import re

from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from pti.accounts import invite
from pti.enums import Role


def plug_in(page):
    """A security key that is always touched."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})


def enter_by_mail(page, mailoutbox, email):
    page.goto("/compte/connexion/")
    page.locator("input[type=email]").fill(email)
    page.get_by_role("button", name="Recevoir un code de connexion").click()
    code = re.search(r"connexion : (\S+)", mailoutbox[-1].body)[1]
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="Se connecter").click()


def test_an_officer_enrols_a_security_key_and_enters_with_it(page, world, mailoutbox, settings):
    settings.STAFF_SECOND_FACTOR = True
    user = invite(email="cle@exemple.test", role=Role.OFFICER, pact=world.pact, last_name="Clé")
    plug_in(page)
    enter_by_mail(page, mailoutbox, user.email)
    page.get_by_role("link", name=re.compile("clé de sécurité", re.I)).click()
    page.get_by_label("Nom de la clé").fill("Clé du bureau")
    page.get_by_role("button", name="Ajouter la clé").click()
    page.wait_for_load_state()
    expect(page).not_to_have_url(re.compile("ajouter|add"))
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() == 1

    page.goto("/pactes/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.context.clear_cookies()
    enter_by_mail(page, mailoutbox, user.email)
    page.get_by_role("button", name="Utiliser une clé de sécurité").click()
    expect(page.locator("button", has_text="Se déconnecter")).to_be_attached()  # in a folded menu
    page.goto(world.pact.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_contain_text(world.pact.title)
