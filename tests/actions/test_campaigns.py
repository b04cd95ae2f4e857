"""Collections: what is always true of their rows."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from actions.enums import RequestState
from pti.dates import today
from tests.factories.actions import CampaignFactory, CampaignRequestFactory


@pytest.fixture
def asked():
    return CampaignRequestFactory()


def answered(row):
    row.state, row.answered_at = RequestState.ANSWERED, timezone.now()
    row.save()
    return row


@pytest.mark.parametrize(
    "wrong", [{"closed_on": today()}, {"opened_on": today(), "closed_on": today().replace(year=today().year - 1)}]
)
def test_a_collection_is_closed_after_it_was_opened(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignFactory(**wrong)


def test_a_fiche_is_asked_about_once(asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignRequestFactory(campaign=asked.campaign, action=asked.action)


@pytest.mark.parametrize("wrong", [{"state": "validated"}, {"state": "answered"}, {"validated_on": today()}])
def test_a_state_carries_its_date(asked, wrong):
    for name, value in wrong.items():
        setattr(asked, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        asked.save()


def test_only_an_answer_is_validated_or_returned(asked):
    for deed in (lambda: asked.validate(by=None), lambda: asked.give_back("Précisez")):
        with pytest.raises(ValidationError):
            deed()
    answered(asked).validate(by=None)
    asked.save()
    asked.give_back("Précisez la date")
    asked.save()
    assert (asked.state, asked.validated_on, asked.is_awaited) == (RequestState.RETURNED, None, True)
