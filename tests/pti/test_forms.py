"""Entry forms: French dates, errors, long texts, two people on one row."""

import datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template

from pti.forms import DayField, HourField, PtiForm, RevisionForm, read_day
from pti.models import ContextFigure, Pact
from pti.pact_forms import FigureForm
from tests.factories.pti import PactFactory


class PactForm(RevisionForm):
    class Meta:
        model = Pact
        fields = ["title", "subtitle", "audiences", "closed_on"]


class SmallForm(PtiForm):
    title = forms.CharField(label="titre", max_length=45, help_text="Court.")
    note = forms.CharField(label="note", required=False, max_length=1000, widget=forms.Textarea)
    on = forms.DateField(label="date", required=False)
    choice = forms.ChoiceField(label="choix", widget=forms.RadioSelect, choices=[("a", "Oui"), ("b", "Non")])


def render(source, **context):
    return Template("{% load pti_forms %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("typed", "read"),
    [("14h30", (14, 30)), ("14 h 30", (14, 30)), ("9h", (9, 0)), ("9:05", (9, 5)), ("14.30", (14, 30)), ("14\u00a0h", (14, 0))],
)
def test_an_hour_is_read_as_people_write_it(typed, read):
    assert HourField().clean(typed) == datetime.time(*read)


@pytest.mark.parametrize("typed", ["25h", "midi", "14h75", "h"])
def test_an_hour_that_cannot_be_read_says_what_to_type(typed):
    with pytest.raises(ValidationError, match=r"Saisissez une heure comme 14 h 30\."):
        HourField().clean(typed)


def test_a_day_that_does_not_exist_is_refused_in_every_raw_date_but_the_stored_one():
    pact = PactFactory()
    figure = ContextFigure(pact=pact, label="Foyers", raw_value="12", date_text="31/02/2014")
    typed = {"label": "Foyers", "raw_value": "12"}
    errors = [
        FigureForm({**typed, "date_text": text}, instance=figure, pact=pact).errors.get("date_text")
        for text in ("31/02/2014", "31/02/2015", "été 2015")
    ]
    assert errors == [None, ["Le 31 février 2015 n’existe pas. Saisissez une date comme 28/02/2017."], None]


@pytest.mark.parametrize("text", ["28/02/2017", "28-2-17", "28022017", "28.02.2017", "2017-02-28", " 28 02 2017 "])
def test_read_day_is_tolerant(text):
    assert read_day(text) == datetime.date(2017, 2, 28)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("31/02/2017", "Le 31 février 2017 n’existe pas. Saisissez une date comme 28/02/2017."),
        ("32/13/2017", "Le 32/13/2017 n’existe pas. Saisissez une date comme 28/02/2017."),
        ("bientôt", "Saisissez une date comme 28/02/2017."),
    ],
)
def test_read_day_says_what_to_type(text, message):
    with pytest.raises(ValidationError, match=message):
        read_day(text)


def test_field_ties_label_help_counter_and_error():
    form = SmallForm({"title": "", "on": "31/02/2017", "note": "abc"})
    html = render("{% fields form %}", form=form)
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-describedby="id_note_count"' in html
    assert "3\u00a0caractères sur 1\u202f000" in html
    assert 'value="31/02/2017"' in html
    assert html.count("(facultatif)") == 2
    assert isinstance(form.fields["on"], DayField)


def test_help_stands_before_the_field():
    html = render("{% field form.title %}", form=SmallForm())
    assert html.index("Court.") < html.index("<input")


def test_choices_are_cards_in_a_fieldset():
    html = render("{% field form.choice %}", form=SmallForm())
    assert html.count('class="pti-choice"') == 2
    assert "<legend>Choix</legend>" in html


def test_summary_links_to_each_field():
    html = render("{% error_summary form %}", form=SmallForm({"on": "31/02/2017"}))
    assert 'href="#id_on"' in html
    assert 'href="#id_choice_0"' in html
    assert "3 points sont à corriger" in html


def test_summary_names_no_field_when_none_is_wrong():
    form = SmallForm({"title": "a", "choice": "a"})
    form.add_error(None, "Une réponse est arrivée pendant que vous écriviez.")
    html = render("{% error_summary form %}", form=form)
    assert "Rien n’est encore enregistré" in html
    assert "Un champ" not in html


def test_summary_of_a_good_form_is_silent():
    form = SmallForm({"title": "a", "choice": "a"})
    assert render("{% error_summary form %}", form=form).strip() == ""


def test_crispy_draws_the_same_thing():
    html = Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": SmallForm({})}))
    assert "pti-note--errors" in html
    assert "pti-error" in html
    assert "asterisk" not in html
    assert "<form" not in html


@pytest.fixture
def pact():
    return Pact.objects.create(title="Titre", subtitle="Sous-titre", audiences="<p>Le <strong>public</strong></p>")


def test_revision_moves_at_each_save(pact):
    form = PactForm({"title": "Nouveau", "audiences": "", "revision": 0}, instance=pact)
    assert form.is_valid()
    form.save()
    pact.refresh_from_db()
    assert (pact.title, pact.revision) == ("Nouveau", 1)


def save_as_other(pact, **fields):
    other = Pact.objects.get(pk=pact.pk)
    form = PactForm(
        {**{"title": other.title, "subtitle": other.subtitle, "audiences": other.audiences}, **fields, "revision": 0},
        instance=other,
    )
    assert form.is_valid()
    form.save()


def test_second_person_sees_both_versions_and_saves_nothing(pact):
    save_as_other(pact, title="Le leur", subtitle="Changé par l’autre")
    form = PactForm({"title": "Le mien", "subtitle": "Sous-titre", "audiences": pact.audiences, "revision": 0}, instance=pact)
    assert not form.is_valid()
    assert [(line.label, line.mine, line.theirs, line.keep) for line in form.conflict] == [
        ("Titre", "Le mien", "Le leur", "mine"),
        ("Sous-titre", "Sous-titre", "Changé par l’autre", "theirs"),
    ]
    assert form["revision"].value() == 1
    assert Pact.objects.get(pk=pact.pk).title == "Le leur"


def test_second_sending_keeps_the_version_chosen(pact):
    save_as_other(pact, title="Le leur", subtitle="Changé par l’autre")
    data = {"title": "Le mien", "subtitle": "Sous-titre", "audiences": pact.audiences, "revision": 1, "garder-title": "mine"}
    form = PactForm({**data, "garder-subtitle": "theirs"}, instance=pact)
    assert form.is_valid()
    form.save()
    stored = Pact.objects.get(pk=pact.pk)
    assert (stored.title, stored.subtitle, stored.revision) == ("Le mien", "Changé par l’autre", 2)


def test_same_words_are_no_conflict(pact):
    save_as_other(pact, title="Pareil")
    form = PactForm({"title": "Pareil", "subtitle": "Sous-titre", "audiences": pact.audiences, "revision": 0}, instance=pact)
    assert form.is_valid()


def test_long_text_without_javascript_keeps_its_markup_when_untouched(pact):
    html = render("{% field form.audiences %}", form=PactForm(instance=pact))
    assert ">\nLe public</textarea>" in html
    form = PactForm({"title": "Titre", "audiences": "Le public", "revision": 0}, instance=pact)
    assert form.is_valid()
    assert form.save().audiences == "<p>Le <strong>public</strong></p>"


def test_long_text_of_a_form_is_cleaned(pact):
    form = PactForm({"title": "Titre", "audiences": "<p>b<script>1</script></p>", "revision": 0}, instance=pact)
    assert form.is_valid()
    assert form.save().audiences == "<p>b</p>"
