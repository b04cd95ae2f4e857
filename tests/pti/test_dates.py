"""Dates as pacts write them."""

import datetime

import pytest

from pti.dates import parse_period

D = datetime.date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2015", (D(2015, 1, 1), D(2015, 12, 31))),
        ("2014-03", (D(2014, 3, 1), D(2014, 3, 31))),
        ("2015-S2", (D(2015, 7, 1), D(2015, 12, 31))),
        ("2021-T2", (D(2021, 4, 1), D(2021, 6, 30))),
        ("2012/2014", (D(2012, 1, 1), D(2014, 12, 31))),
        ("28-2-17", (D(2017, 2, 28), D(2017, 2, 28))),
        ("28022017", (D(2017, 2, 28), D(2017, 2, 28))),
        ("31/02/2014", None),
        ("Durée du PTI", None),
        ("", None),
    ],
)
def test_parse_period_reads_reduced_precision(text, expected):
    assert parse_period(text) == expected
