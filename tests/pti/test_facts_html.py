"""Long texts made from facts."""

from pti.facts import bullets, html, paragraph


def test_pieces_of_html_are_joined_once():
    assert html(paragraph("Un & deux"), "", bullets(["a < b"])) == "<p>Un &amp; deux</p><ul><li>a &lt; b</li></ul>"


def test_joined_pieces_join_again_unchanged():
    assert html(html(paragraph("Un")), paragraph("Deux")) == "<p>Un</p><p>Deux</p>"


def test_plain_text_is_escaped():
    assert html("<script>") == "&lt;script&gt;"
