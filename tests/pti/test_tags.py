"""House tags."""

import datetime

import pytest
from django.template import Context, Template

D = datetime.date
ON = D(2016, 10, 6)


def render(source, **context):
    return Template("{% load pti %}" + source).render(Context(context))


def test_icon_is_hidden_from_screen_readers():
    html = render('{% icon "lock" %}')
    assert 'aria-hidden="true"' in html
    assert html.count("#lock") == 1


@pytest.mark.parametrize(("shape", "tone"), [("c-warn", "warn"), ("s-done", "ink"), ("c-none", "none")])
def test_state_takes_the_colour_of_its_family(shape, tone):
    html = render("{% state shape 'Un <mot>' %}", shape=shape)
    assert f'class="pti-state pti-state--{tone}"' in html
    assert "<span>Un &lt;mot&gt;</span>" in html or "<span>Un <mot></span>" in html


def test_state_escapes_what_comes_from_a_person():
    assert "&lt;script&gt;" in render("{% state 's-done' word %}", word="<script>")


@pytest.mark.parametrize(
    ("due", "done", "words"),
    [
        (D(2016, 6, 30), None, "En retard de 98\u00a0jours"),
        (D(2016, 10, 5), None, "En retard de 1\u00a0jour"),
        (D(2016, 10, 6), None, "Aujourd’hui"),
        (D(2016, 10, 31), None, "Dans 25\u00a0jours"),
        (D(2016, 12, 31), None, "31\u00a0décembre 2016"),
        (None, None, "Sans échéance"),
        (D(2016, 6, 30), D(2016, 7, 2), "Fait le 2\u00a0juillet 2016"),
    ],
)
def test_lateness(due, done, words):
    assert words in render("{% lateness due done on %}", due=due, done=done, on=ON)


def test_milestone_state():
    assert "j-late" in render("{% milestone_state due None on %}", due=D(2016, 6, 30), on=ON)
    assert "j-todo" in render("{% milestone_state due None on %}", due=D(2017, 6, 30), on=ON)
    assert "j-done" in render("{% milestone_state due due on %}", due=D(2016, 6, 30), on=ON)


def test_turn_says_who_and_what():
    html = render('{% turn "On attend" wait=True %}la CAF{% endturn %}')
    assert html == (
        '<div class="pti-turn pti-turn--wait"><span class="pti-turn__who">On attend</span>'
        '<span class="pti-turn__what">la CAF</span></div>'
    )


def test_section_names_itself_and_links():
    html = render('{% section "Jalons" link="/x/" link_text="Tout voir" %}<p>a</p>{% endsection %}')
    assert '<h2 id="t-jalons">Jalons</h2><a href="/x/">Tout voir</a>' in html
    assert 'aria-labelledby="t-jalons"' in html


def test_fold_and_empty_box():
    assert render('{% fold "Public" %}a{% endfold %}').startswith('<details class="pti-fold"><summary>Public</summary>')
    assert render("{% empty_box %}<p>a</p>{% endempty_box %}") == '<div class="pti-empty"><p>a</p></div>'


def test_tile_at_zero_stays_grey():
    html = render('{% tile 0 "En retard" "Un jalon échu" "?alerte=late" "clock-history" tone="bad" %}')
    assert "pti-state--none" in html
    assert "aria-current" not in html


def test_crumbs():
    html = render('{% crumbs "Fiches-actions" "/a/" name "/b/" %}', name="<9>")
    assert '<li><a href="/a/">Fiches-actions</a></li><li><a href="/b/">&lt;9&gt;</a></li>' in html


def test_unknown_is_shown_as_unknown():
    assert "Non renseigné" in render("{{ value|known }}", value="")
    assert render("{{ value|known }}", value=0) == "0"
    assert "Non renseigné" in render("{{ value|rich }}", value="")


def test_headings_of_a_text_under_an_h2_skip_no_level():
    html = render("{{ value|rich_under_h2 }}", value="<h4>Étapes</h4><p>a</p><h5>Une</h5>")
    assert html == "<h3>Étapes</h3><p>a</p><h4>Une</h4>"


def test_rich_wraps_the_stored_text():
    assert render("{{ value|rich }}", value="<p>a</p>") == '<div class="pti-text"><p>a</p></div>'


def test_filters_of_numbers_and_dates():
    source = "{{ n|number }} {{ n|euros }} {{ n|count_of:'fiche' }} {{ d|french_date }} {{ d|quarter_short }} {% period d d %}"
    assert render(source, n=2, d=D(2016, 10, 6)) == (
        "2 2\u00a0€ 2\u00a0fiches 6\u00a0octobre 2016 T4\u00a016 le 6\u00a0octobre 2016"
    )
