"""Indicators (the text) and their values (what happens)."""

import datetime

from django import forms

from actions.filters import territories_of
from actions.forms.rows import save_targets, target_years_of, written
from actions.models import Action, Axis, Indicator
from actions.numbers import read_number
from actions.tree import Tree
from actions.writing import INDICATOR
from partners.models import Organisation
from pti.dates import today
from pti.forms import PtiForm, RevisionForm
from pti.models import Territory


class IndicatorForm(RevisionForm):
    """What is counted and how, with its target of each year."""

    read_dates = ("baseline_text",)

    class Meta:
        model = Indicator
        fields = [
            "name", "action", "axis", "kind", "kind_text", "group", "definition", "unit", "source", "frequency", "collector",
            "audience", "baseline_raw", "baseline_text", "threshold_low", "threshold_high", "threshold_action",
            "disaggregation",
        ]  # fmt: skip
        help_texts = INDICATOR

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.pact = pact
        actions = Action.objects.filter(pact=pact).order_by("number_key", "order", "id")
        self.fields["action"].queryset = actions
        self.fields["action"].empty_label = "Aucune"
        self.fields["axis"].queryset = Axis.objects.filter(pact=pact)
        self.fields["axis"].choices = [("", "Aucun"), *Tree(pact).choices()]
        known = {one.year: written(one) for one in self.instance.targets.all() if one.year} if self.instance.pk else {}
        self.years = sorted({*target_years_of(pact), *known})
        for year in self.years:
            field = forms.CharField(label=f"Cible {year}", required=False, max_length=200, initial=known.get(year, ""))
            self.fields[f"target_{year}"] = field

    def save(self, commit=True):
        if "baseline_raw" in self.changed_data:
            self.instance.baseline = read_number(self.cleaned_data["baseline_raw"])
        indicator = super().save(commit)
        save_targets(indicator, {year: self.cleaned_data[f"target_{year}"] for year in self.years})
        return indicator


class MeasureForm(PtiForm):
    """A value observed."""

    year = forms.IntegerField(label="Année", min_value=1990, max_value=2100)
    raw_value = forms.CharField(
        label="Valeur", max_length=200, help_text="Comme vous l’écririez : 1 234, 61 %, oui. Ce que vous tapez est gardé."
    )
    series = forms.CharField(
        label="Série",
        required=False,
        max_length=120,
        help_text="Deux organismes comptent-ils autrement ? Nommez chaque compte : « CAF », « MSA ».",
    )
    organisation = forms.ModelChoiceField(
        label="Fourni par", queryset=Organisation.objects.all(), required=False, empty_label="Non renseigné"
    )
    territory = forms.ModelChoiceField(
        label="Territoire", queryset=Territory.objects.none(), required=False, empty_label="Tout le pacte"
    )
    breakdown = forms.CharField(label="Ventilation", required=False, max_length=120, help_text="Femmes, moins de 26 ans…")
    measured_on = forms.DateField(label="Relevé le", required=False, help_text="Vide : aujourd’hui.")
    note = forms.CharField(
        label="Note", required=False, max_length=400, help_text="Un changement de périmètre, une estimation…"
    )

    def __init__(self, *args, indicator, organisations=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories_of(indicator.pact)
        self.initial.setdefault("year", indicator.pact.reference_day.year)
        if organisations is not None:
            self.fields["organisation"].queryset = organisations

    def clean_measured_on(self):
        day = self.cleaned_data["measured_on"]
        if isinstance(day, datetime.date) and day > today():
            raise forms.ValidationError("Une valeur ne se relève pas dans l’avenir.")
        return day
