"""Rows written inside the form of a fiche: leads, milestones, indicators. They work without JavaScript and keep what was typed.

A group never deletes a row that the person did not remove herself. It knows the state it was loaded from, so that two people
on the same fiche see both versions.
"""

import hashlib
from functools import cache, cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseFormSet, formset_factory
from django.utils.choices import BaseChoiceIterator

from actions.enums import IndicatorKind, LeadRole
from actions.models import Indicator, Lead, Milestone, Target
from actions.numbers import read_number
from actions.writing import INDICATORS, LEADS, MILESTONES
from partners.models import Organisation
from pti import typography
from pti.composed import AnyKey, Composed
from pti.forms import PtiForm, check_date_text
from pti.models import Scheme
from pti.numbers import read_whole

ORGANISATION, SCHEME = "o", "s"


class RowForm(PtiForm):
    """One row; `stored` is its row in the base, if any."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    says_optional = False
    may_be_removed = True

    def __init__(self, *args, group, **kwargs):
        self.group = group
        super().__init__(*args, **kwargs)

    @property
    def stored(self):
        return self.group.rows.get(read_whole(self["id"].value()))

    widths = ()

    def drawn(self):
        """[(field, CSS class of its column)]."""
        return [(self[name], css) for name, css in self.widths]

    @property
    def is_removed(self):
        return bool(self["DELETE"].value()) if "DELETE" in self.fields else False


class LeadRow(RowForm):
    """Who leads, joins or funds: chosen, or written."""

    widths = (
        ("role", "col-6 col-xl-2"),
        ("who", "col-12 col-sm-6 col-xl"),
        ("text", "col-12 col-sm-6 col-xl-3"),
        ("is_tentative", "col-auto"),
    )

    role = forms.ChoiceField(label="Rôle", choices=LeadRole.choices, initial=LeadRole.PILOT)
    who = forms.ChoiceField(label="Organisme ou plan", required=False)
    text = forms.CharField(label="Ou tel qu’écrit", required=False, max_length=300)
    is_tentative = forms.BooleanField(label="Pressenti", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = self.group.choices.who

    def clean(self):
        data = super().clean()
        if not data.get("DELETE") and not data.get("who") and not data.get("text"):
            self.add_error("who", "Choisissez un organisme ou écrivez qui.")
        return data


class MilestoneRow(RowForm):
    """A step and its date, typed with tolerance."""

    widths = (("label", "col-12 col-sm"), ("planned_text", "col-7 col-sm-3"))

    label = forms.CharField(label="Jalon", max_length=400)
    planned_text = forms.CharField(label="Date prévue", required=False, max_length=120)

    def clean_planned_text(self):
        text = self.cleaned_data["planned_text"].strip()
        if self.stored is None or text != self.stored.planned_text:
            check_date_text(text)
        return text


class IndicatorRow(RowForm):
    """What is counted, and its target of each year; the rest is on the indicator's own page."""

    name = forms.CharField(label="Indicateur", max_length=400)
    kind = forms.ChoiceField(label="Nature", choices=IndicatorKind.choices, initial=IndicatorKind.OTHER)
    unit = forms.CharField(label="Unité", required=False, max_length=120)
    baseline_raw = forms.CharField(label="Départ", required=False, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for year in self.group.years:
            self.fields[f"target_{year}"] = forms.CharField(label=f"Cible {year}", required=False, max_length=200)

    def drawn(self):
        named = [("name", "col-12"), ("kind", "col-sm-4"), ("unit", "col-sm-4"), ("baseline_raw", "col-sm-4")]
        years = [(f"target_{year}", "col-6 col-sm-3") for year in self.group.years]
        return [(self[name], css) for name, css in [*named, *years]]

    @property
    def may_be_removed(self):
        return self.stored is None or not self.stored.measures.all()


class RowFormSet(BaseFormSet):
    """Rows of one group; removed rows stay in the page, hidden, until the fiche is saved."""

    def clean(self):
        if any(form.is_removed and not form.may_be_removed for form in self.forms):
            raise ValidationError("Un indicateur qui a des valeurs relevées se retire depuis sa propre page.")

    def live_forms(self):
        return [form for form in self.forms if not form.is_removed]

    def removed_forms(self):
        return [form for form in self.forms if form.is_removed]


class ReadOnce(BaseChoiceIterator):
    """Choices that every row shares: Django copies a plain list twice for each."""

    def __init__(self, rows):
        self.rows = rows

    def __iter__(self):
        return iter(self.rows)

    def __deepcopy__(self, memo):
        return self


@cache
def names_composed():
    """The query of every organisation and its name."""
    return Composed(Organisation.objects.values_list("pk", "name"))


@cache
def plans_composed():
    """The query of the plans of a pact and their names."""
    return Composed(Scheme.objects.filter(pact=AnyKey()).values_list("pk", "name"))


class RowChoices:
    """Organisations and plans that a row may name, read once."""

    def __init__(self, pact):
        organisations = [(f"{ORGANISATION}{pk}", name) for pk, name in names_composed().tuples_of()]
        schemes = [(f"{SCHEME}{pk}", name) for pk, name in plans_composed().tuples_of(pact.pk)]
        self.who = ReadOnce([("", "Aucun"), ("Organismes", organisations), *([("Plans", schemes)] if schemes else [])])
        self.names = dict(organisations + schemes)


class RowGroup:
    """The rows of one kind of a fiche: their formset, their words, how they are saved."""

    prefix = ""
    title = ""
    noun = ""
    add_label = ""
    help_text = ""
    on_one_line = True
    form_class = None

    def __init__(self, action, data, choices):
        self.action, self.choices = action, choices
        self.rows = {row.pk: row for row in (self.stored_rows() if action.pk else ())}
        initial = [self.initial_of(row) for row in self.rows.values()]
        self.stored_words = self.words_of(initial)
        self.sent_state = (data.get(f"{self.prefix}-etat") if data else None) or digest(self.stored_words)
        self.state = self.sent_state
        self.takes_theirs = False
        extra = 0 if initial else 1
        formset = formset_factory(self.form_class, formset=RowFormSet, extra=extra, can_delete=True)
        self.formset = formset(data, initial=initial, prefix=self.prefix, form_kwargs={"group": self})

    def again(self, action):
        """The rows of another fiche, as they are stored."""
        return type(self)(action, None, self.choices)

    @cached_property
    def blank(self):
        """An empty row."""
        return self.formset.empty_form

    # What differs between two people.

    def sent_rows(self):
        """Values as they were typed, rows removed or left empty apart."""
        rows = [{name: form[name].value() or "" for name in form.fields} for form in self.formset.forms if not form.is_removed]
        return [row for row in rows if row["id"] or self.is_said(row)]

    @property
    def sent_words(self):
        return self.words_of(self.sent_rows())

    def moved(self):
        """Somebody else changed these rows since the page was loaded."""
        return digest(self.stored_words) != self.sent_state

    def left_alone(self):
        """The person sent these rows as she received them."""
        return digest(self.sent_words) == self.sent_state

    def words_of(self, rows):
        return "\n".join(self.line(row) for row in rows)

    # How they are written.

    def is_valid(self):
        return self.takes_theirs or self.formset.is_valid()

    def save(self):
        if self.takes_theirs:
            return
        order = 0
        for form in self.formset.forms:
            data = form.cleaned_data
            if data.get("DELETE"):
                if form.stored is not None:
                    form.stored.delete()
            elif data and (form.stored is not None or self.is_said(data)):
                self.save_row(form.stored, data, order)
                order += 1


def in_order(rows):
    """Sorted here: an import has read the rows of every fiche at once."""
    return sorted(rows, key=lambda row: (row.order, row.pk))


def digest(words):
    return hashlib.sha256(words.encode()).hexdigest()[:16]


class LeadGroup(RowGroup):
    """The leads of the text; those who came later are changed from the fiche."""

    prefix, title, noun, add_label = "pilotes", "Pilotes, associés, financeurs", "Organisme", "Ajouter un organisme"
    help_text, form_class = LEADS, LeadRow

    def stored_rows(self):
        return in_order(one for one in self.action.leads.all() if not one.is_life_row)

    def initial_of(self, lead):
        who = f"{ORGANISATION}{lead.organisation_id}" if lead.organisation_id else ""
        who = f"{SCHEME}{lead.scheme_id}" if lead.scheme_id else who
        return {"id": lead.pk, "role": lead.role, "who": who, "text": lead.text, "is_tentative": lead.is_tentative}

    def is_said(self, row):
        return bool(row["who"] or row["text"])

    def line(self, row):
        who = " ".join(filter(None, (self.choices.names.get(row["who"], ""), row["text"])))
        return f"{LeadRole(row['role'] or 'pilot').label} : {who}{' (pressenti)' if row['is_tentative'] else ''}"

    def save_row(self, lead, data, order):
        lead = lead or Lead(action=self.action)
        who = data["who"]
        lead.organisation_id = int(who[1:]) if who.startswith(ORGANISATION) else None
        lead.scheme_id = int(who[1:]) if who.startswith(SCHEME) else None
        lead.role, lead.text, lead.is_tentative, lead.order = data["role"], data["text"], data["is_tentative"], order
        lead.save()


class MilestoneGroup(RowGroup):
    """What is planned; what is done or put off stays as it was."""

    prefix, title, noun, add_label = "jalons", "Jalons", "Jalon", "Ajouter un jalon"
    help_text, form_class = MILESTONES, MilestoneRow

    def stored_rows(self):
        return self.action.milestones.all()

    def initial_of(self, milestone):
        return {"id": milestone.pk, "label": milestone.label, "planned_text": milestone.planned_text}

    def is_said(self, row):
        return bool(row["label"] or row["planned_text"])

    def line(self, row):
        return f"{row['label']} ({row['planned_text'] or 'sans date'})"

    def save_row(self, milestone, data, order):
        milestone = milestone or Milestone(action=self.action)
        changed = milestone.pk is None or milestone.planned_text != data["planned_text"]
        milestone.label, milestone.planned_text, milestone.order = data["label"], data["planned_text"], order
        if changed:
            milestone.read_planned_text()
        milestone.save()


class IndicatorGroup(RowGroup):
    """Indicators and their yearly targets."""

    prefix, title, noun, add_label = "indicateurs", "Indicateurs", "Indicateur", "Ajouter un indicateur"
    help_text, form_class, on_one_line = INDICATORS, IndicatorRow, False

    def __init__(self, action, data, choices):
        self.years = target_years_of(action.pact)
        super().__init__(action, data, choices)

    def stored_rows(self):
        """Years of the pact, and those that already have a target."""
        rows = in_order(self.action.indicators.all())
        models.prefetch_related_objects(rows, "targets", "measures")
        told = {target.year for row in rows for target in row.targets.all() if target.year}
        self.years = sorted({*self.years, *told})
        return rows

    def initial_of(self, indicator):
        row = {
            "id": indicator.pk,
            "name": indicator.name,
            "kind": indicator.kind,
            "unit": indicator.unit,
            "baseline_raw": indicator.baseline_raw,
        }
        targets = {one.year: written(one) for one in indicator.targets.all() if one.year}
        return row | {f"target_{year}": targets.get(year, "") for year in self.years}

    def is_said(self, row):
        return bool(row["name"])

    def line(self, row):
        targets = ", ".join(f"{year} : {row[f'target_{year}']}" for year in self.years if row[f"target_{year}"])
        kind = IndicatorKind(row["kind"] or "other").label
        parts = [kind, row["unit"], f"au départ {row['baseline_raw']}" if row["baseline_raw"] else "", targets]
        return f"{row['name']} ({'; '.join(part for part in parts if part)})"

    def save_row(self, indicator, data, order):
        indicator = indicator or Indicator(action=self.action, pact=self.action.pact)
        if indicator.baseline_raw != data["baseline_raw"]:
            indicator.baseline = read_number(data["baseline_raw"])
        for name in ("name", "kind", "unit", "baseline_raw"):
            setattr(indicator, name, data[name])
        indicator.order = order
        indicator.revision += 1
        indicator.save()
        save_targets(indicator, {year: data[f"target_{year}"] for year in self.years})


def written(target):
    return target.raw_value or ("" if target.value is None else typography.number(target.value))


def target_years_of(pact):
    """Years of the pact, eight at most."""
    if not pact.starts_on or not pact.ends_on:
        return []
    return list(range(pact.starts_on.year, pact.ends_on.year + 1)[:8])


def save_targets(indicator, texts):
    """Write the target of each year; an empty text removes it, an unchanged one stays as it is."""
    known = {one.year: one for one in indicator.targets.all() if one.year}
    for year, text in texts.items():
        target = known.get(year)
        if target is not None and written(target) == text:
            continue
        if not text:
            if target is not None:
                target.delete()
            continue
        target = target or Target(indicator=indicator, year=year)
        target.raw_value, target.value, target.value_high = text, read_number(text), None
        target.save()
