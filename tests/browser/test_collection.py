"""A collection, from the mail to the answer: two clicks and one field at most, on a phone, with or without JavaScript."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from actions.campaigns import deeds
from actions.enums import AnswerKind
from actions.models import Update, Workbook
from pti import outbox
from pti.models import DemoMail
from tests.browser.conftest import PHONE
from tests.factories.actions import CampaignFactory, CampaignRequestFactory


class Hand:
    """Opens the mail and counts what the person does."""

    def __init__(self, page):
        self.page, self.clicks, self.fields = page, 0, 0

    def click(self, role, name):
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.page.wait_for_load_state()  # with its styles: its width is measured

    def fill(self, label, words):
        self.fields += 1
        self.page.get_by_label(label).first.fill(words)


@pytest.fixture
def mail(settings, live_server):
    """What the demonstration mailbox holds once a collection is opened: one mail about two fiches."""
    settings.SITE_URL, settings.EMAIL_BACKEND = live_server.url, "pti.mail.DemoMailboxBackend"
    campaign = CampaignFactory()
    CampaignRequestFactory.create_batch(2, campaign=campaign)
    deeds.open_campaign(campaign=campaign, by=None)
    outbox.deliver()
    return DemoMail.objects.get().html


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def hand(chromium, live_server, mail, request):
    context = chromium.new_context(viewport=PHONE, locale="fr-FR", java_script_enabled=request.param, base_url=live_server.url)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.set_content(mail)
    yield Hand(page)
    context.close()


def test_nothing_new_takes_two_clicks_then_comes_the_next_fiche(hand):
    hand.click("link", "C’est toujours vrai")
    assert not Update.objects.exists()
    assert hand.page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]
    hand.click("button", "C’est toujours vrai, rien de nouveau")
    expect(hand.page.get_by_role("heading", name="C’est noté, merci")).to_be_visible()
    assert (hand.clicks, hand.fields, Update.objects.get().requests.get().kind) == (2, 0, AnswerKind.SAME)

    hand.page.get_by_role("button", name="Passer à la fiche").click()
    hand.click("button", "C’est toujours vrai, rien de nouveau")
    expect(hand.page.get_by_text("Vous avez répondu à tout")).to_be_visible()
    assert Update.objects.count() == 2


def test_a_change_takes_two_clicks_and_one_sentence(hand):
    hand.click("link", "Cela se complique")
    hand.fill("Pourquoi, en une phrase ?", "Le local n’est pas trouvé.")
    hand.click("button", "Confirmer")
    expect(hand.page.get_by_role("heading", name="C’est noté, merci")).to_be_visible()
    update = Update.objects.get()
    assert (hand.clicks, hand.fields) == (2, 1)
    assert (update.sentence, update.confidence) == ("Le local n’est pas trouvé.", "support")


def test_a_page_that_waits_moves_by_itself(page, enter, world):
    """`static/js/watch.js`: the progress of a workbook, asked again every two seconds."""
    book = Workbook.objects.filter(pk=world.workbook.pk)
    book.update(asked_at=timezone.now())
    enter(page, world.users["animator"])
    page.clock.install()
    page.goto(f"/pactes/{world.pact.pk}/fiches/importer/{world.workbook.pk}/suivi/")
    expect(page.get_by_text("Votre classeur attend son tour")).to_be_visible()
    book.update(ended_at=timezone.now(), said="3 fiches ajoutées")
    page.clock.run_for(2100)
    expect(page.get_by_text("Classeur enregistré")).to_be_visible()
    assert page.locator("[data-pti-watch]").count() == 0


def test_the_years_of_fundings_are_shown_once_fundings_are_asked(live_server, page, enter, world):
    enter(page, world.users["animator"])
    page.goto(reverse("actions:campaign_add", args=[world.pact.pk]))
    year, box = page.locator("[name=funding_from]"), page.locator("[name=asks_fundings]")
    assert not year.is_visible()
    box.check()
    assert year.is_visible()
    year.fill("12")
    box.uncheck()
    page.get_by_role("button", name="Voir qui recevra quoi").click()
    expect(year, "what is wrong in it is shown").to_be_visible()
