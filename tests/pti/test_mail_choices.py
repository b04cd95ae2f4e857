"""Which mails a person wants: one line a kind, one click for those of a mail, and what was asked for always comes."""

import pytest
from django.core import mail
from django.urls import reverse

from pti import mail_choices, outbox
from tests.factories.pti import UserFactory

HER = "claire@exemple.test"
CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def page():
    return mail_choices.choices_url(HER)


def test_the_page_has_one_line_for_each_kind_of_every_floor(client, page):
    names = list(client.get(page).context["form"].fields)
    assert names == [kind.name for kind in mail_choices.registered()]
    assert {"signature_reminder", "consultation_reminder", "campaign_opening", "saved_views", "blocking_answer"} <= set(names)


def test_what_is_chosen_is_kept_then_taken_back(client, page):
    response = client.post(page, {"saved_views": "on", "signature_reminder": "on"})
    assert response.context["form"]["saved_views"].value() is True
    assert mail_choices.refused_by(HER.upper()) == {"saved_views", "signature_reminder"}
    client.post(page, {"signature_reminder": "on"})
    assert mail_choices.refused_by(HER) == {"signature_reminder"}


def test_reading_the_page_refuses_nothing(client, page):
    client.get(f"{page}?de=vues:")
    assert mail_choices.refused_by(HER) == set()


@pytest.mark.parametrize(
    ("query", "refused"),
    [("?de=vues:", {"saved_views"}), ("?de=collecte:", {"campaign_opening", "campaign_reminder"})],
)
def test_one_click_refuses_the_mails_that_it_came_with(client, page, query, refused):
    mail_choices.choose(email=HER, refused=["blocking_answer"])
    client.post(page + query, CLICK)
    assert mail_choices.refused_by(HER) == refused | {"blocking_answer"}


@pytest.mark.parametrize("query", ["", "?de=inconnu:", "?de=c"])
def test_one_click_that_says_no_more_refuses_them_all(client, page, query):
    client.post(page + query, CLICK)
    assert mail_choices.refused_by(HER) == {kind.name for kind in mail_choices.registered()}


def test_a_wrong_signature_opens_nothing(client, page):
    signed = page.rstrip("/").rpartition("/")[2]
    assert client.post(reverse("mail_choices", args=[f"{signed}x"]), CLICK).status_code == 404


def test_what_a_person_asked_for_comes_whatever_she_refuses(client, page):
    client.post(page, CLICK)
    context = {"user": UserFactory.build(), "pact": None, "role": "partenaire", "by": None, "url": "/"}
    outbox.queue(key="invitation", to=HER, template="mail/invitation", **context)
    assert outbox.deliver() == 1
    assert mail.outbox[0].extra_headers == {}
