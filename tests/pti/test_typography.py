"""French typography."""

import datetime
from decimal import Decimal

import pytest
from django.utils.safestring import mark_safe

from pti import typography as t
from pti.template_loader import typeset as typeset_template

D = datetime.date
NB, NN = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'aide", "l’aide"),
        ("Combien ?", f"Combien{NB}?"),
        ("« oui »", f"«{NB}oui{NB}»"),
        ("12 500 euros", f"12{NN}500{NB}euros"),
        ("le 3 mars", f"le 3{NB}mars"),
        ("75 %", f"75{NB}%"),
        ("http://exemple.fr", "http://exemple.fr"),
    ],
)
def test_typeset(text, expected):
    assert t.typeset(text) == expected


def test_typeset_leaves_the_tags_of_a_safe_text_alone():
    text = t.typeset(mark_safe("""<a title='a b ?'>l'aide ?</a>"""))
    assert text == f"<a title='a b ?'>l’aide{NB}?</a>"


def test_typeset_leaves_an_unsafe_text_unsafe():
    assert not hasattr(t.typeset("<b>"), "__html__")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (D(2027, 3, 12), f"12{NB}mars 2027"),
        (D(2027, 3, 1), f"1<sup>er</sup>{NB}mars 2027"),
        (None, ""),
    ],
)
def test_day(value, expected):
    assert t.day(value) == expected


def test_hours():
    assert t.hour(datetime.time(14, 30)) == f"14{NB}h{NB}30"
    assert t.hour(datetime.time(14, 0)) == f"14{NB}h"
    assert t.instant(datetime.datetime(2027, 3, 12, 9, 5)) == f"12{NB}mars 2027 à 9{NB}h{NB}05"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (D(2027, 3, 3), D(2027, 3, 12), f"du 3 au 12{NB}mars 2027"),
        (D(2027, 3, 3), D(2027, 4, 12), f"du 3{NB}mars au 12{NB}avril 2027"),
        (D(2026, 3, 3), D(2027, 4, 12), f"du 3{NB}mars 2026 au 12{NB}avril 2027"),
        (D(2027, 3, 3), None, f"depuis le 3{NB}mars 2027"),
        (None, D(2027, 3, 3), f"jusqu’au 3{NB}mars 2027"),
        (None, None, ""),
    ],
)
def test_span(first, last, expected):
    assert t.span(first, last) == expected


def test_quarters():
    assert t.quarter(D(2016, 8, 1)) == "3<sup>e</sup> trimestre 2016"
    assert t.quarter_short(D(2016, 8, 1)) == f"T3{NB}16"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2015", "2015"),
        ("2014-03", "mars 2014"),
        ("2014-03-31", f"31{NB}mars 2014"),
        ("2014-S2", "2<sup>e</sup> semestre 2014"),
        ("2021-T2", "2<sup>e</sup> trimestre 2021"),
        ("2012/2014", "2012-2014"),
        ("avant <l’été>", "avant &lt;l’été&gt;"),
        ("31/02/2014", "31/02/2014"),
    ],
)
def test_date_text(raw, expected):
    assert t.date_text(raw) == expected


def test_numbers():
    assert t.number(1234567) == f"1{NN}234{NN}567"
    assert t.number(Decimal("1234.50")) == f"1{NN}234,5"
    assert t.number(-3) == "−3"
    assert t.number(None) == ""
    assert t.euros(Decimal("12500.00")) == f"12{NN}500{NB}€"
    assert t.euros(Decimal("12.5")) == f"12,50{NB}€"
    assert t.plural(1, "fiche") == f"1{NB}fiche"
    assert t.plural(2, "jalon tenu", "jalons tenus") == f"2{NB}jalons tenus"


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, f"1{NB}jour"), (99, f"99{NB}jours"), (100, f"3{NB}mois"), (691, f"22{NB}mois"), (731, f"plus de 2{NB}ans")],
)
def test_a_long_delay_is_said_in_months_then_in_years(days, said):
    assert t.elapsed(days) == said


def test_typeset_adds_no_second_space_inside_quotes():
    assert t.typeset("«\u00a0Nord Est\u00a0»") == "«\u00a0Nord Est\u00a0»"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Reste : {{ count }} « {{ word }} » ?</p>", f"<p>Reste{NB}: {{{{ count }}}} «{NB}{{{{ word }}}}{NB}»{NB}?</p>"),
        ("{% if a < b %} ; puis", f"{{% if a < b %}}{NB}; puis"),
        ('{% field "Un : deux" %}{# non : plus #}', '{% field "Un : deux" %}{# non : plus #}'),
        ('<a title="Un : {{ two }}" class="a :b">', '<a title="Un : {{ two }}" class="a :b">'),
    ],
)
def test_a_template_is_typeset_as_it_is_read_out_of_its_tags(source, expected):
    assert typeset_template(source) == expected


def test_the_templates_of_the_project_are_read_by_the_loader(client):
    assert f"Accessibilité{NB}: non conforme" in client.get("/accessibilite/").content.decode()
