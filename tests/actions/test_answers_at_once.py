"""Answers that arrive at the same instant: none lost, none twice."""

import pytest

from actions.campaigns import deeds
from actions.enums import AnswerKind
from actions.models import CampaignRequest, Update
from tests.at_once import on_a_file, there, together
from tests.factories.actions import CampaignFactory, CampaignRequestFactory


@pytest.mark.django_db(transaction=True)
def test_answers_at_once_are_each_written_once(tmp_path):
    campaign = CampaignFactory(open=True)
    rows = [CampaignRequestFactory(campaign=campaign, person_email=f"{number}@caf.example") for number in range(4)]

    def tap(row):
        return lambda: deeds.answer(request=row, kind=AnswerKind.SAME).pk

    with on_a_file(tmp_path):
        given = together([tap(row) for row in (*rows, *rows)])
        count, answered = there(lambda: (Update.objects.count(), CampaignRequest.objects.answered().count()))
    assert sorted(given) == sorted(2 * [row.pk for row in rows])
    assert (count, answered) == (4, 4)
