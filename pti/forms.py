"""Form pieces that several applications use: one style, French dates, long texts, two people on one row.

    class ActionForm(RevisionForm):
        class Meta:
            model = Action
            fields = ["title", "objectives", "starts_on"]

Templates: `{% extends "pti/form_page.html" %}`, or the tags of `pti_forms`; `{% crispy form %}` and `{{ form|crispy }}`
draw the same thing.
"""

import datetime
import re
from dataclasses import dataclass

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.forms.models import model_to_dict
from django.utils.text import capfirst

from pti import typography
from pti.contract import ContractModel
from pti.dates import first_day, last_day, parse_period
from pti.fields import DateTextField, clean_html, readable
from pti.found import found_again
from pti.widgets import RichTextWidget

DAY_PATTERNS = (
    re.compile(r"(?P<d>\d{1,2})[ /.-]+(?P<m>\d{1,2})[ /.-]+(?P<y>\d{4}|\d{2})"),
    re.compile(r"(?P<d>\d{2})(?P<m>\d{2})(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
)


def read_day(text):
    """The day that `text` says (28/02/2017, 28-2-17, 28022017, 2017-02-28); a ValidationError says what to type."""
    match = next(filter(None, (pattern.fullmatch(text.strip()) for pattern in DAY_PATTERNS)), None)
    if match is None:
        raise ValidationError("Saisissez une date comme 28/02/2017.", code="invalid")
    day, month, year = int(match["d"]), int(match["m"]), int(match["y"])
    year += 2000 if year < 100 else 0
    try:
        return datetime.date(year, month, day)
    except ValueError:
        said = f"{day} {typography.MONTHS[month - 1]} {year}" if 1 <= month <= 12 else text.strip()
        raise ValidationError(f"Le {said} n’existe pas. Saisissez une date comme 28/02/2017.", code="invalid")


def check_day(text):
    """Refuse a day that does not exist; a raw date may say anything else."""
    if any(pattern.fullmatch(text.strip()) for pattern in DAY_PATTERNS):
        read_day(text)


BAD_PERIOD = "Cette date ne se lit pas. Saisissez une date comme 28/02/2017, ou 2017, 03/2017, 2017-S2."


def check_date_text(text):
    """Refuse a date that does not exist or cannot be read; an import may hold one, a person may not type one."""
    if not text or parse_period(text):
        return
    if text.strip()[:1].isdigit():
        read_day(text)  # says that the 31 February does not exist
    raise ValidationError(BAD_PERIOD)


def unless_stored(stored, check):
    """The validator `check`, of what a person types: what is `stored`, an import may have brought it, stays."""
    return lambda text: None if text == stored else check(text)


def check_ends(form, data, start="start_text", end="end_text"):
    """The two ends of a period that may be raw texts: refuse only an end that is surely before the start."""
    first, last = first_day(data.get(start)), last_day(data.get(end))
    if first and last and last < first:
        form.add_error(end, "La fin précède le début : vérifiez les deux dates.")


class TypedAsText:
    """A field of a day or of an hour that is typed as text; what was typed comes back when it cannot be read."""

    widget = forms.TextInput

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    @classmethod
    def like(cls, field):
        """The same field, typed as text."""
        return cls(required=field.required, label=field.label, initial=field.initial, help_text=field.help_text)


class DayField(TypedAsText, forms.DateField):
    """A date typed as text, read with tolerance."""

    def __init__(self, *, input_formats=None, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.datetime):
            return value.date()
        return value if isinstance(value, datetime.date) else read_day(str(value))

    def prepare_value(self, value):
        return f"{value:%d/%m/%Y}" if isinstance(value, datetime.date) else value


HOUR = re.compile(r"(?P<h>\d{1,2}) ?(?:h|:|\.|heures?) ?(?P<m>\d{2})?", re.IGNORECASE)


class HourField(TypedAsText, forms.TimeField):
    """An hour typed as people write it: 14 h 30, 14h, 9:05, 14.30."""

    def __init__(self, *, input_formats=None, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, datetime.time):
            return value or None
        match = HOUR.fullmatch(" ".join(str(value).split()))
        try:
            return datetime.time(int(match["h"]), int(match["m"] or 0)) if match else super().to_python(value)
        except (ValueError, ValidationError):
            raise ValidationError("Saisissez une heure comme 14 h 30.", code="invalid") from None

    def prepare_value(self, value):
        return typography.hour(value) if isinstance(value, datetime.time) else value


class RichTextFormField(forms.CharField):
    """Long text edited with the rich editor; readable plain text without JavaScript.

    Without JavaScript the textarea holds the text without its markup: sent back untouched, the stored text stays as it is.
    """

    widget = RichTextWidget

    def _clean_bound_field(self, bf):
        data = bf.initial if self.disabled else bf.data
        return self.clean(bf.initial if self.is_untouched(bf.initial, data) else data)

    def is_untouched(self, initial, data):
        return bool(initial) and "<" not in (data or "") and words_of(data) == words_of(readable(initial))

    def clean(self, value):
        return super().clean(clean_html(value))

    def has_changed(self, initial, data):
        return not self.is_untouched(initial, data) and clean_html(initial) != clean_html(data)


def words_of(text):
    return (text or "").split()


def say_unknown(field):
    """An unanswered choice says so in words, not in dashes; one that must be made asks for it."""
    words = "Choisissez" if field.required else "Non renseigné"
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = words if field.empty_label == "---------" else field.empty_label
    elif isinstance(field, forms.ChoiceField) and ("", "---------") in field.choices:
        field.choices = [("", words) if key == "" else (key, label) for key, label in field.choices]


def type_in_french(field):
    """A decimal typed « 12,5 » or « 12.5 »: a number input would refuse the comma."""
    field.localize = True
    kept = {name: value for name, value in field.widget.attrs.items() if name not in {"step", "min", "max"}}
    field.widget = forms.TextInput(attrs={**kept, "inputmode": "decimal"})
    field.widget.is_localized, field.widget.is_required = True, field.required


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows; a key longer than any is unknown, not an error of the base (Django looks after single keys only)."""

    def _check_values(self, value):
        for key in value if isinstance(value, list | tuple) else []:
            if len(str(key)) > 18:
                raise ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": "…"})
        return super()._check_values(value)


class House:
    """What every entry form of the house shares.

    `says_optional = False` drops « (facultatif) »; `one_of` names fields of which one is needed, none of them optional.
    """

    says_optional = True
    one_of = ()
    required_css_class = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if type(field) is forms.DateField:
                self.fields[name] = DayField.like(field)
            elif type(field) is forms.TimeField:
                self.fields[name] = HourField.like(field)
            elif isinstance(field, forms.DecimalField) and type(field.widget) is forms.NumberInput:
                type_in_french(field)
            elif type(field.widget) is forms.Textarea and field.widget.attrs.get("rows") == "10":
                field.widget.attrs["rows"] = "4"
            elif type(field) is forms.ModelMultipleChoiceField:
                field.__class__ = RowsField
            say_unknown(field)
            if "required" in field.error_messages:
                self.fields[name].error_messages["required"] = "Ce champ est nécessaire."

    @property
    def helper(self):
        """The one crispy style: the page writes the `form` tag, the button and the token."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


class PtiForm(House, forms.Form):
    """A form without a row."""


class PtiModelForm(House, forms.ModelForm):
    """A form over a row. `read_dates`: the raw dates that must be read, since something is counted from them."""

    read_dates = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for column in self._meta.model._meta.concrete_fields:
            if isinstance(column, DateTextField) and column.name in self.fields:
                check = check_date_text if column.name in self.read_dates else check_day
                self.fields[column.name].validators.append(unless_stored(self.initial.get(column.name), check))


def held(row):
    """The row as it stands now, locked until the transaction ends, its pact before it."""
    if isinstance(row, ContractModel):
        row.hold_pact()
    return found_again(row, held=True)


MEANWHILE = "Entre-temps, quelqu’un a fait avancer ce que vous modifiez : relisez où il en est. Rien n’est enregistré."


class HeldForm(PtiModelForm):
    """A form over a row that a deed may move while it is sent (closed, decided, taken back), which its `moves` tell.

    The form writes the whole row: saved over the deed, it would undo it without a word.
    """

    moves = ()

    def save(self, commit=True):
        if not self.instance.pk or not commit:
            return super().save(commit)
        with transaction.atomic():
            now = held(self.instance)
            if any(getattr(now, name) != getattr(self.instance, name) for name in self.moves):
                raise ValidationError(MEANWHILE)
            return super().save()


class Moved(ValidationError):
    """Someone else saved the row in between."""


MOVED = "Quelqu’un a enregistré pendant que vous écriviez. Rien n’est perdu : départagez les deux versions, puis enregistrez."
ALREADY = "La même chose vient d’être enregistrée : vérifiez, puis recommencez si besoin."


def saved(form):
    """Save a valid form; a refusal of the model comes back as an error of the form, nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            form.save()
    except Moved:  # someone saved between the check and the write: check again, against what is stored now
        form.full_clean()
        return saved(form)
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages))
        return False
    except IntegrityError:  # the same thing, saved by someone else since the check
        form.add_error(None, ALREADY)
        return False
    return True


@dataclass
class Difference:
    """One field that two people wrote differently."""

    name: str
    label: str
    mine: str
    theirs: str
    keep: str


class RevisionForm(PtiModelForm):
    """A form over a `Revised` row that several people edit.

    The hidden revision tells which state the person started from. When the row has moved since, nothing is saved:
    `conflict` lists the fields that differ, the person keeps one version of each (`garder-<field>`) and sends again.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict = []
        self.initial["revision"] = self.instance.revision
        self.started_from = self.instance.revision

    def clean(self):
        data = super().clean() or self.cleaned_data
        if not self.instance.pk:
            return data
        stored = self.stored()
        sent = data.get("revision")
        self.started_from = stored.revision
        self.take_the_rest(stored)
        if sent == stored.revision:
            self.take_theirs(stored, data)
        else:
            self.tell_conflict(stored, sent)
        return data

    def stored(self):
        """The row as it stands in the base now."""
        return found_again(self.instance)

    def take_the_rest(self, stored):
        """What this form does not show is written as it stands now: another form of the same row may have moved it."""
        names = [field.attname for field in self.instance._meta.concrete_fields if field.name not in self.fields]
        self.rest = {name: getattr(stored, name) for name in names}
        for name, value in self.rest.items():
            setattr(self.instance, name, value)

    def take_what_moved(self, now):
        """The same at the moment of writing: a deed that moved the row since the check is not undone."""
        for name, value in self.rest.items():
            if getattr(self.instance, name) == value:
                setattr(self.instance, name, getattr(now, name))

    def shared_names(self):
        """Fields of the form that are fields of the row."""
        columns = {field.name for field in [*self._meta.model._meta.fields, *self._meta.model._meta.many_to_many]}
        return [name for name in self.fields if name in columns and name != "revision"]

    def choice_name(self, name):
        return self.add_prefix(f"garder-{name}")

    def take_theirs(self, stored, data):
        """Second sending: the fields whose stored version the person keeps."""
        for name in self.shared_names():
            if self.data.get(self.choice_name(name)) == "theirs":
                value = getattr(stored, name)
                data[name] = list(value.all()) if isinstance(value, models.Manager) else value

    def tell_conflict(self, stored, sent):
        """Say what differs; a field that the person left alone proposes the stored version."""
        names = self.shared_names()
        theirs = model_to_dict(stored, fields=names)
        base = stored.history.filter(revision=sent).first() if hasattr(stored, "history") and sent is not None else None
        for name in names:
            field, data = self.fields[name], self[name].data
            if name in theirs and field.has_changed(theirs[name], data):
                known = base is not None and hasattr(base, name)
                alone = known and not field.has_changed(model_value(base, name), data)
                self.conflict.append(
                    Difference(
                        name=self.choice_name(name),
                        label=capfirst(str(field.label or name)),
                        mine=shown(field, data),
                        theirs=shown(field, theirs[name]),
                        keep="theirs" if alone else "mine",
                    )
                )
        if hasattr(self.data, "copy"):
            self.data = self.data.copy()
            self.data[self.add_prefix("revision")] = stored.revision
        if self.conflict:
            self.add_error(None, Moved(MOVED, code="moved"))

    def save(self, commit=True):
        """Save and move the revision on, unless someone was quicker since the check."""
        if not self.instance.pk or not commit:
            return super().save(commit)
        with transaction.atomic():
            now = held(self.instance)
            if now.revision != self.started_from:
                raise Moved(MOVED, code="moved")
            self.take_what_moved(now)
            self.instance.revision = now.revision + 1
            return super().save()


def model_value(row, name):
    """Raw value of a field of a row or of a past row."""
    return getattr(row, f"{name}_id", None) if hasattr(row, f"{name}_id") else getattr(row, name)


def shown(field, value):
    """A value in words, for the person who compares two versions."""
    if value in (None, "", []):
        return "Non renseigné"
    if isinstance(field, RichTextFormField):
        return readable(clean_html(value))
    if isinstance(field, forms.ModelChoiceField):
        return rows_named(field, value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    return str(field.prepare_value(value))


def rows_named(field, value):
    """The rows that a choice names, or what was sent when it names none: the field says its own error."""
    many = isinstance(field, forms.ModelMultipleChoiceField)
    keys = [getattr(one, "pk", one) for one in value] if many else value
    try:
        found = field.to_python(keys)
    except ValidationError:
        found = keys
    return ", ".join(str(row) for row in found) if many else str(found)
