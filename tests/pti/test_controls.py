"""Controls written without a template are those that Django's templates write."""

import datetime

import pytest
from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils.functional import lazy
from django.utils.safestring import mark_safe

from pti.controls import Renderer
from pti.widgets import RichTextWidget

ODD = """<b>"à" & 'l’autre'</b>"""
GROUPS = [("", "Aucun"), ("Un <groupe>", [("a", ODD), (2, "deux")]), ("b", mark_safe("<i>b</i>"))]
LABELS = [(2.5, 2.5), (12345, 12345), ("d", datetime.date(2026, 1, 2)), ("z", lazy(lambda: mark_safe("<i>z</i>"), str)())]
WIDGETS = {
    "text": (forms.TextInput({"class": ODD, "required": True, "disabled": False, "maxlength": 12}), ODD),
    "text, nothing": (forms.TextInput(), None),
    "text, empty": (forms.TextInput(), ""),
    "text, HTML": (forms.TextInput({"title": mark_safe("<b>")}), mark_safe("<b>")),
    "number": (forms.NumberInput(), 1234567.5),
    "zero": (forms.NumberInput(), 0),
    "email": (forms.EmailInput(), "a@b.test"),
    "address": (forms.URLInput(), "https://a.test/?a=1&b=2"),
    "search": (forms.TextInput({"type": "search"}), "é"),
    "day": (forms.DateInput(), datetime.date(2026, 1, 2)),
    "hour": (forms.TimeInput(), datetime.time(9, 30)),
    "hidden": (forms.HiddenInput(), 4),
    "file": (forms.FileInput({"accept": ".pdf"}), "kept.pdf"),
    "file, kept": (forms.ClearableFileInput(), None),
    "password": (forms.PasswordInput(), "secret"),
    "ticked": (forms.CheckboxInput({"class": "form-check-input"}), True),
    "not ticked": (forms.CheckboxInput(), False),
    "ticked, a word": (forms.CheckboxInput(), "oui"),
    "long": (forms.Textarea({"rows": 4}), f"\n{ODD}\nfin\n"),
    "long, nothing": (forms.Textarea(), None),
    "rich": (RichTextWidget({"id": "id_r"}), "<p>Un <strong>mot</strong> &amp; deux</p>"),
    "choice": (forms.Select({"class": "form-select"}, choices=GROUPS), "a"),
    "choice, none": (forms.Select(choices=[]), None),
    "choice, number": (forms.Select(choices=GROUPS), 2),
    "choice, odd labels": (forms.Select({"title": lazy(lambda: mark_safe("<b>"), str)()}, choices=LABELS), 2.5),
    "choices": (forms.SelectMultiple(choices=GROUPS), ["a", "b"]),
    "yes or no": (forms.NullBooleanSelect(), True),
    "one of": (forms.RadioSelect({"id": "id_x"}, choices=GROUPS), "b"),
    "some of": (forms.CheckboxSelectMultiple({"id": "id_x"}, choices=GROUPS), ["a"]),
    "two in one": (forms.SplitDateTimeWidget(), datetime.datetime(2026, 1, 2, 9, 30)),
    "stock": (AdminTextInputWidget(), "x"),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_a_control_is_the_one_that_django_draws(name):
    widget, value = WIDGETS[name]
    assert widget.render("nom", value, renderer=Renderer()) == widget.render("nom", value, renderer=DjangoTemplates())


@pytest.mark.parametrize("name", ["one of", "some of"])
@pytest.mark.parametrize("wrap_label", [True, False])
def test_each_option_is_the_one_that_django_draws(name, wrap_label):
    widget, value = WIDGETS[name]
    drawn = [
        [option.tag(wrap_label) for option in bound]
        for bound in (bound_to(widget, value, renderer) for renderer in (Renderer(), DjangoTemplates()))
    ]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 4


def bound_to(widget, value, renderer):
    """The field of a form that is drawn by `renderer`."""

    class Form(forms.Form):
        nom = forms.MultipleChoiceField(widget=widget, choices=GROUPS, initial=value)

    return Form(renderer=renderer)["nom"]


def test_the_forms_of_the_application_are_drawn_so():
    assert type(get_default_renderer()) is Renderer
