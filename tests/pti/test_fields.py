"""Long texts are clean whatever the way in."""

import pytest

from pti.fields import DEEPEST, clean_html, readable
from pti.models import Pact
from pti.printing.rich import nodes_of

MSO = (
    '<p class="MsoListParagraph" style="mso-list:l0"><span style="font-family:Symbol">·<span>&nbsp;&nbsp; </span></span>Un</p>'
    '<p class="MsoListParagraph">·&nbsp;&nbsp;Deux</p>'
)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<img src="x" onerror="alert(1)"><p>a</p>', "<p>a</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', '<p><a rel="noopener noreferrer">a</a></p>'),
        ('<p><a href=" JaVaScRiPt:alert(1)">a</a></p>', '<p><a rel="noopener noreferrer">a</a></p>'),
        ("<style>p{}</style><p style='color:red'>a</p>", "<p>a</p>"),
        ("<svg><script>1</script></svg><p>a</p>", "<p>a</p>"),
        ("<h1>Titre</h1><h6>Bas</h6>", "<h4>Titre</h4><h5>Bas</h5>"),
        ("<b>a</b> <i>b</i>", "<strong>a</strong> <em>b</em>"),
        (MSO, "<ul><li>Un</li><li>Deux</li></ul>"),
        ("<p>&nbsp;</p>", ""),
        ("", ""),
        (None, ""),
        ("Un\n\nDeux\nsuite", "<p>Un</p><p>Deux<br>suite</p>"),
        ("Avant\n- un\n- deux", "<p>Avant</p><ul><li>un</li><li>deux</li></ul>"),
        ("R&D", "<p>R&amp;D</p>"),
        ("&lt;script&gt;", "<p>&lt;script&gt;</p>"),
        (
            '<table><tr><td colspan="2" bgcolor="red">a</td></tr></table>',
            '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>',
        ),
    ],
)
def test_clean_html(dirty, clean):
    assert clean_html(dirty) == clean


@pytest.mark.parametrize("html", ["<p>Un &lt;b&gt;</p><ul><li>a</li><li>b</li></ul><p>c<br>d</p>", "<p>R&amp;D</p>"])
def test_cleaning_twice_changes_nothing(html):
    assert clean_html(clean_html(html)) == clean_html(html)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Un</p><p>Deux<br>suite</p>", "Un\n\nDeux\nsuite"),
        ("<p>Avant</p><ul><li>un</li><li><p>deux</p></li></ul><p>après</p>", "Avant\n• un\n• deux\n\naprès"),
        ("<p>R&amp;D</p>", "R&D"),
    ],
)
def test_readable(html, text):
    assert readable(html) == text


def test_readable_reads_back():
    html = "<p>Avant</p><ul><li>un</li><li>deux</li></ul><p>après<br>fin</p>"
    assert clean_html(readable(html)) == html


def test_every_way_in_is_cleaned():
    pact = Pact.objects.create(title="a", audiences="<p>a<script>1</script></p>")
    assert pact.audiences == "<p>a</p>"
    Pact.objects.filter(pk=pact.pk).update(audiences="<p onclick='x'>b</p>")
    pact.refresh_from_db()
    assert pact.audiences == "<p>b</p>"


@pytest.mark.parametrize("tag", ["<blockquote>", "<strong>", "<ul><li>", "<table><tr><td>"])
def test_a_text_nested_without_end_is_flattened(tag):
    """What draws a text goes down level by level: one partner's text would break the page of the whole pact."""
    cleaned = clean_html(f"{tag * 3000}fin")
    assert ("fin" in cleaned, cleaned.count("<") <= 4 * DEEPEST) == (True, True)
    assert clean_html(cleaned) == cleaned
    assert nodes_of(cleaned)


def test_a_nested_list_of_people_stays_as_it_is():
    text = "<ul><li>a" * 6 + "</li></ul>" * 6 + "<p>b</p>" * 100
    assert clean_html(text) == text


def test_a_text_of_empty_lines_is_read_at_once():
    """Ten thousand empty lines took a minute."""
    assert readable("<p>a" + "\n" * 100_000 + "b</p>") == "a\n\nb"
    assert readable("<p>a</p><ul><li>b</li><li>c</li></ul><p>d</p>") == "a\n• b\n• c\n\nd"


def test_thousands_of_tags_that_never_end_are_read_at_once():
    assert clean_html("<p>a</p>" + "<p " * 100_000).startswith("<p>a</p>")
    assert readable("<" + "a" * 100_000) == "<" + "a" * 100_000
