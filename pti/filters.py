"""The house filter set: search by words, chips of what is active, a plain rendering that stays cheap.

    class ActionFilter(PtiFilterSet):
        status = django_filters.ChoiceFilter(label="statut", choices=ActionStatus)

        class Meta:
            model = Action
            fields = ["status"]

`q` searches the normalised `search` column, every word required; `search_path` names another column
(`organisation__search`), and an empty one leaves the search out.
"""

import datetime
from functools import cache
from html import escape

import django_filters
from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from pti import typography
from pti.composed import AnyKey, Composed
from pti.fields import without_texts
from pti.search import words

# A choice among more rows than this shows the first ones, and a field whose words narrow it.
CHOICES_SHOWN = 100
NARROWED = "_mots"
RANGES = ("_min", "_max", "_after", "_before")


class PtiFilterSet(django_filters.FilterSet):
    """Filters of a list; they combine with « and », and live in the address."""

    search_path = "search"
    search_label = "chercher"
    kept = ()

    q = django_filters.CharFilter(label="chercher", method="filter_words")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.search_path:
            del self.filters["q"]

    def offer(self, pact, **choices):
        """Let filters choose among what functions of `pact` give; the rows that are shown are read by queries composed once."""
        for name, rows_of in choices.items():
            if self.data.get(name):  # what was chosen must be among them
                self.filters[name].queryset = rows_of(pact)
            self.filters[name].field.offered = rows_of, pact

    def filter_words(self, queryset, name, value):
        for word in words(value):
            queryset = queryset.filter(**{f"{self.search_path}__contains": word})
        return queryset

    @property
    def search_field(self):
        return self.form["q"] if "q" in self.form.fields else None

    def more_fields(self):
        """The fields behind « Ajouter un filtre »."""
        return [field for field in self.form if field.name != "q" and not field.is_hidden]

    def chips(self):
        """[(words, address without it)] of the active filters."""
        if not hasattr(self, "_chips"):
            self._chips = list(self._make_chips())
        return self._chips

    def _make_chips(self):
        if not self.is_bound or not self.form.is_valid():
            return
        for name, value in self.form.cleaned_data.items():
            if name in self.form.fields and value not in (None, "", [], ()) and not is_empty_queryset(value):
                field = self.form.fields[name]
                label = capfirst(str(field.label or self.filters[name].label or name))
                yield typography.typeset(f"{label} : {in_words(field, value)}"), self.address_without(name)

    def address_without(self, name):
        """This list without the filter `name`."""
        query = self.request.GET.copy()
        for key in [name, f"{name}{NARROWED}", "page", "format", *(f"{name}{end}" for end in RANGES)]:
            query.pop(key, None)
        return f"?{query.urlencode()}"

    @property
    def is_narrowing(self):
        """True when the person is looking for a choice: the filters stay open."""
        return any(key.endswith(NARROWED) and value for key, value in self.data.items()) if self.data else False

    def carried(self):
        """« ?… » with the filters alone, so that another view of the same rows shows the same; empty without any."""
        names = {name for key in self.filters for name in (key, f"{key}{NARROWED}", *(f"{key}{end}" for end in RANGES))}
        query = self.request.GET.copy()
        for name in set(query) - names | {name for name in query if not any(query.getlist(name))}:
            query.pop(name, None)
        return f"?{query.urlencode()}" if query else ""

    def keep(self, names):
        """What else of the address the form sends again: how the view is set (`names`)."""
        self.kept = [(name, self.request.GET[name]) for name in names if self.request.GET.get(name)]

    def bare_address(self):
        """This list without any filter, its sorting kept."""
        sort = self.request.GET.get("sort")
        return f"?sort={sort}" if sort and sort.lstrip("-").isidentifier() else self.request.path


def is_empty_queryset(value):
    return hasattr(value, "exists") and not value


def in_words(field, value):
    """What a chip says of a value."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, slice):
        return typography.typeset(f"de {value.start or '…'} à {value.stop or '…'}")
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(str(row) for row in value)
    if isinstance(field, forms.MultipleChoiceField):
        return ", ".join(labels(field).get(str(one), str(one)) for one in value)
    if isinstance(field, forms.ModelChoiceField):
        return str(value)
    if isinstance(field, forms.ChoiceField):
        return labels(field).get(str(value), str(value))
    return f"« {value} »"


def labels(field):
    """{value: label} of a choice field, groups flattened."""
    flat = {}
    for value, label in field.choices:
        pairs = label if isinstance(label, (list, tuple)) else [(value, label)]
        flat.update({str(key): str(text) for key, text in pairs})
    return flat


def option_tags(pairs, chosen):
    """Options, escaped by hand: there may be hundreds, and `format_html` costs as much as the rest of the page."""
    return mark_safe(
        "".join(
            f'<option value="{escape(str(key))}"{" selected" if str(key) in chosen else ""}>{escape(str(text))}</option>'
            for key, text in pairs
        )
    )


def render_field(bound):
    """Label and control of a filter; a select is written in one go (Django pays a template per option)."""
    label = format_html('<label class="form-label" for="{}">{}</label>', bound.id_for_label, capfirst(str(bound.label)))
    widget = bound.field.widget
    if not isinstance(widget, forms.Select) or isinstance(widget, forms.SelectMultiple):
        css = "form-check-input" if isinstance(widget, forms.CheckboxInput) else "form-control"
        return format_html("<div>{}{}</div>", label, bound.as_widget(attrs={"class": css}))
    value = bound.value()
    chosen = {"" if value is None else str(value).lower() if isinstance(value, bool) else str(value)}
    choices, narrowing = choices_of(bound)
    options = option_tags([pair for pair in choices if not isinstance(pair[1], (list, tuple))], chosen)
    groups = format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        ((name, option_tags(pairs, chosen)) for name, pairs in choices if isinstance(pairs, (list, tuple))),
    )
    select = format_html(
        '<select class="form-select" name="{}" id="{}">{}{}</select>', bound.html_name, bound.id_for_label, options, groups
    )
    return format_html("<div>{}{}{}</div>", label, select, narrowing)


def choices_of(bound):
    """(choices of a select, the field that narrows them or nothing); each row is read once, and no more than are shown."""
    field = bound.field
    if not isinstance(field, forms.ModelChoiceField):
        groups = (list, tuple)
        labels = field.widget.choices
        return [(key, text if isinstance(text, groups) else capfirst(str(text))) for key, text in labels], ""
    empty = [("", field.empty_label)] if field.empty_label is not None else []
    name = f"{bound.html_name}{NARROWED}"
    asked = bound.form.data.get(name, "")
    rows = rows_offered(field, asked)
    is_cut = is_searchable(field.queryset.model) and len(rows) > CHOICES_SHOWN
    chosen = getattr(bound.form, "cleaned_data", {}).get(bound.name)
    rows = rows[:CHOICES_SHOWN] if is_cut else rows
    if isinstance(chosen, field.queryset.model) and chosen not in rows:
        rows.insert(0, chosen)
    choices = empty + [(row.pk, field.label_from_instance(row)) for row in rows]
    return choices, narrowing_field(bound, name, asked) if is_cut or asked else ""


def rows_offered(field, asked):
    """The rows among which one chooses, those that `asked` narrows: one more than are shown, where they are cut."""
    if not hasattr(field, "offered"):
        return list(first_rows(field.queryset, asked))
    rows_of, pact = field.offered
    return list(first_rows(rows_of(pact), asked)) if asked else offered_composed(rows_of).rows_of(pact.pk)


@cache
def offered_composed(rows_of):
    """The query of the rows that `rows_of` gives for a pact."""
    return Composed(first_rows(rows_of(AnyKey()), ""))


def first_rows(rows, asked):
    rows = without_texts(rows)
    if not is_searchable(rows.model):
        return rows
    for word in words(asked):
        rows = rows.filter(search__contains=word)
    return rows[: CHOICES_SHOWN + 1]


def is_searchable(model):
    return any(column.name == "search" for column in model._meta.concrete_fields)


def narrowing_field(bound, name, asked):
    """Words that narrow the choices of a long select at the next « Filtrer »."""
    return format_html(
        '<label class="form-label pti-small mt-2" for="id_{0}">{1}</label>'
        '<input class="form-control" type="search" name="{0}" id="id_{0}" value="{2}">',
        name,
        typography.typeset(f"{capfirst(str(bound.label))} : plus de {CHOICES_SHOWN} choix, mots à y chercher"),
        asked,
    )
