"""A page that differs from a valid one only by what is drawn is valid; any other is read by the validator."""

import pytest

from tests import validator
from tests.validator import fingerprint, wrong_html

PAGE = '<p id="r-{0}" data-a="{1}"><a href="#r-{1}">{1}</a>'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1000001 1000002", "3000007 3000009"),
        ("c0bbf9e1-e1e1-4c11-8d69-b2e4dc59d0a2 a", "0a0a0a0a-e1e1-4c11-8d69-b2e4dc59d0a2 a"),
        ("02:31 1000001", "11:59 1000001"),
        (f"{'0aB' * 20} a", f"{'Ab1' * 20} a"),
    ],
)
def test_what_is_drawn_makes_no_other_page(one, other):
    assert fingerprint(PAGE.format(*one.split())) == fingerprint(PAGE.format(*other.split()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1000001 1000002", "1000001 1000001"),  # the same key twice may be the same id twice
        ("1 2", "1 3"),
        ("02:31 a", "02:61 a"),
        ("aria-describedbyseveral a", "aria-describedbysevere a"),
    ],
)
def test_any_other_difference_makes_another_page(one, other):
    assert fingerprint(PAGE.format(*one.split())) != fingerprint(PAGE.format(*other.split()))


def test_a_page_found_valid_in_this_run_is_not_asked_again(monkeypatch, tmp_path):
    asked = []

    def all_but_the_first_are_faulty(pages, folder):
        asked.append([name for name, _ in pages])
        return {(name, 1, "faux"): 1 for name, _ in pages[1:]}

    monkeypatch.setenv("VALID_PAGES", str(tmp_path / "valid"))
    monkeypatch.setattr(validator, "wrong_among", all_but_the_first_are_faulty)
    assert wrong_html([("a", "1000001"), ("b", "Deux")], tmp_path) == {("b", 1, "faux"): 1}
    assert wrong_html([("a", "2000001"), ("c", "Trois"), ("b", "Deux")], tmp_path) == {("b", 1, "faux"): 1}
    assert wrong_html([("a", "3000001"), ("c", "Trois")], tmp_path) == {}
    assert asked == [["a", "b"], ["c", "b"]]
