"""Long texts made from facts."""

import pytest

from pti.facts import bullets, html, numbered, paragraph


def test_pieces_of_html_are_joined_once():
    assert html(paragraph("Un & deux"), "", bullets(["a < b"])) == "<p>Un &amp; deux</p><ul><li>a &lt; b</li></ul>"


def test_joined_pieces_join_again_unchanged():
    assert html(html(paragraph("Un")), paragraph("Deux")) == "<p>Un</p><p>Deux</p>"


def test_plain_text_is_escaped():
    assert html("<script>") == "&lt;script&gt;"


def test_numbers_that_follow_each_other_make_an_ordered_list():
    assert numbered([("3", "Un"), ("4", "Deux")]) == '<ol start="3"><li>Un</li><li>Deux</li></ol>'


@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_a_number_that_python_does_not_read_is_kept_as_text(number):
    assert numbered([(number, "Un")]) == f"<ul><li>{number}. Un</li></ul>"
