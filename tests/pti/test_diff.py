"""Two texts compared: what comes out is readable without colour, and safe."""

import re

import pytest

from pti.diff import LARGE, blocks_of, rich, words

INS = '<ins><span class="visually-hidden">ajouté : </span>{}</ins>'
DEL = '<del><span class="visually-hidden">supprimé : </span>{}</del>'


def test_a_changed_word_is_said_removed_then_added():
    assert words("deux mots", "trois mots") == f"{DEL.format('deux')} {INS.format('trois')} mots"


def test_punctuation_alone_is_a_change_of_its_own():
    assert words("Un pacte", "Un pacte, signé") == f"Un pacte{INS.format(', signé')}"


def test_the_same_text_has_no_mark():
    assert words("l’insertion est un droit", "l’insertion est un droit") == "l’insertion est un droit"


@pytest.mark.parametrize(("old", "new"), [("", ""), ("", "a"), ("a", ""), ("a b a", "a a"), ("a a", "a b a"), ("a a a", "a a")])
def test_taking_the_marks_off_gives_both_texts_back(old, new):
    html = str(words(old, new)).replace('<span class="visually-hidden">ajouté : </span>', "")
    html = html.replace('<span class="visually-hidden">supprimé : </span>', "")
    first = re.sub(r"<ins>.*?</ins>", "", html)
    second = re.sub(r"<del>.*?</del>", "", html)
    assert re.sub(r"</?del>", "", first).split() == old.split()
    assert re.sub(r"</?ins>", "", second).split() == new.split()


def test_what_is_compared_is_escaped():
    assert "<b>" not in words("<b>", "<b> <i>")
    assert "<script" not in rich("<p>a</p>", "<p>a <script>alert(1)</script>&lt;script&gt;</p>")


def test_a_paragraph_added_leaves_the_others_alone():
    html = rich("<p>Un.</p><p>Deux.</p>", "<p>Un.</p><p>Nouveau.</p><p>Deux.</p>")
    assert html == (
        '<p class="pti-diff__block pti-diff__block--p">Un.</p>'
        f'<p class="pti-diff__block pti-diff__block--p">{INS.format("Nouveau.")}</p>'
        '<p class="pti-diff__block pti-diff__block--p">Deux.</p>'
    )


def test_what_did_not_move_is_folded():
    same = "".join(f"<p>Paragraphe {n}.</p>" for n in range(3))
    html = rich(same + "<p>Fin.</p>", same + "<p>Suite.</p>")
    assert "<summary>3\u00a0passages inchangés</summary>" in html
    assert html.index("</details>") < html.index("<del>")


def test_items_keep_their_mark_and_their_depth():
    html = "<ol><li>Un<ul><li>Dedans</li></ul></li><li><p>Deux</p></li></ol>"
    assert [(b.kind, b.mark, b.depth) for b in blocks_of(html)] == [("li", "1.", 1), ("li", "•", 2), ("li", "2.", 1)]


def test_a_row_of_a_table_is_compared_cell_by_cell():
    table = "<table><tbody><tr><th>Année</th><td>{}</td></tr></tbody></table>"
    html = rich(table.format("10"), table.format("12"))
    assert f"<tr><td>Année</td><td>{DEL.format('10')}{INS.format('12')}</td></tr>" in html


def test_words_that_only_turned_bold_are_said_so():
    html = rich("<p>Un mot fort</p>", "<p>Un <strong>mot</strong> fort</p>")
    assert "<del>" not in html
    assert "mise en forme" in html


def test_a_link_that_moved_is_a_change():
    html = rich('<p><a href="https://a.example">lien</a></p>', '<p><a href="https://b.example">lien</a></p>')
    assert "https://b.example" in html
    assert "<ins>" in html


def test_very_long_texts_are_compared_by_line():
    old = "\n".join(f"ligne {n} du texte" for n in range(int(LARGE**0.5)))
    new = "début\n" + old.replace("ligne 500 du", "ligne 500 d’un") + "\nfin"
    html = words(old, new)
    assert html.count("<ins>") == 3
