"""The « point d’avancement »: one phone-sized page, one filled field is enough."""

from django import forms
from django.utils.html import format_html

from actions import looks
from actions.enums import ActionStatus, BlockingLevel, Confidence
from actions.services import NOTHING_SAID
from partners.models import Organisation
from pti import typography
from pti.dates import today
from pti.forms import DayField, PtiForm

MILESTONE_CHOICES = [("done", "C’est fait"), ("moved", "Nouvelle date"), ("", "Je ne sais pas encore")]
TEXTS = ("sentence", "done", "difficulties", "next_steps", "blocking_point")


def status_choices():
    return [(value, looks.status_state(value)) for value in ActionStatus.values]


def confidence_choices():
    return [
        (value, format_html("{}<small>{}</small>", looks.confidence_state(value), looks.CONFIDENCE_SHAPES[value][2]))
        for value in Confidence.values
        if value != Confidence.UNKNOWN
    ]


def text_field(label, help_text, **kwargs):
    return forms.CharField(label=label, help_text=help_text, required=False, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


class UpdateForm(PtiForm):
    """What the lead says; fields for its late or near milestones, and for the values of the year."""

    status = forms.ChoiceField(label="L’action est", choices=status_choices, widget=forms.RadioSelect, required=False)
    confidence = forms.ChoiceField(
        label="L’objectif vous paraît", choices=confidence_choices, widget=forms.RadioSelect, required=False
    )
    sentence = text_field(
        "En une phrase, qu’est-ce qui a changé ?",
        "Un fait que le comité de pilotage comprendra sans vous. Exemple : « Deux gestionnaires ont accepté la règle. »",
        max_length=280,
    )
    done = text_field("Ce qui a été fait", "Réunions, documents, personnes accueillies : des faits et leur date.")
    difficulties = text_field("Les difficultés", "Qu’est-ce qui ralentit ? Depuis quand ?")
    next_steps = text_field("La suite", "Quelle est la prochaine étape, et pour quand ?")
    blocking_point = text_field(
        "Qu’est-ce qui bloque ?", "Dites de qui vous attendez quoi. L’animatrice décidera avec vous de l’instance à saisir."
    )
    blocking_level = forms.ChoiceField(
        label="À qui le porter ?", choices=[("", "Je ne sais pas"), *BlockingLevel.choices], required=False
    )

    says_optional = False

    def __init__(self, *args, action, milestones, indicators, year, staff_organisations=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.action, self.year = action, year
        self.milestones, self.indicators = list(milestones), list(indicators)
        self.initial.setdefault("status", action.status)
        if action.confidence != Confidence.UNKNOWN:
            self.initial.setdefault("confidence", action.confidence)
        for milestone in self.milestones:
            self.add_milestone(milestone)
        for indicator in self.indicators:
            unit = f" ({indicator.unit})" if indicator.unit else ""
            self.fields[f"value_{indicator.pk}"] = forms.CharField(
                label=f"{indicator.name}{unit}", required=False, max_length=200
            )
        if staff_organisations is not None:
            self.add_staff_fields(staff_organisations)

    def add_milestone(self, milestone):
        when = typography.date_text(milestone.planned_text)
        self.fields[f"milestone_{milestone.pk}"] = forms.ChoiceField(
            label=f"Jalon « {milestone.label} », {f'prévu : {when}' if when else 'sans date'}",
            choices=MILESTONE_CHOICES,
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields[f"milestone_{milestone.pk}_on"] = DayField(
            label="Nouvelle date", required=False, help_text="jj/mm/aaaa, si le jalon est reporté."
        )
        self.fields[f"milestone_{milestone.pk}_why"] = forms.CharField(
            label="Pourquoi ce report ?", required=False, max_length=400
        )

    def add_staff_fields(self, organisations):
        self.fields["organisation"] = forms.ModelChoiceField(
            label="Au nom de",
            queryset=Organisation.objects.filter(pk__in=[one.pk for one in organisations]),
            required=False,
            empty_label="Le Département lui-même",
            help_text="Qui vous a dit ce que vous écrivez ? La fiche le dira en gras.",
        )
        self.fields["channel"] = forms.CharField(
            label="Reçu par", required=False, max_length=60, help_text="Par téléphone, par courrier, en réunion…"
        )
        self.fields["on"] = DayField(label="Date du point", required=False, help_text="Vide : aujourd’hui.")

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day and day > today():
            raise forms.ValidationError("Un point ne se date pas dans l’avenir.")
        return day

    def clean(self):
        data = super().clean()
        for milestone in self.milestones:
            self.check_move(f"milestone_{milestone.pk}", data)
        if not self.errors and not self.says_something(data):
            raise forms.ValidationError(NOTHING_SAID, code="empty")
        return data

    def check_move(self, name, data):
        """A milestone that moves has its new date and its reason; a date that was typed says that it moves."""
        if data.get(f"{name}_on") and not data.get(name):
            data[name] = "moved"
        if data.get(name) != "moved" or f"{name}_on" in self.errors:
            return
        if not data.get(f"{name}_on"):
            message = "Donnez la nouvelle date, comme 28/02/2027, ou choisissez « Je ne sais pas encore »."
            self.add_error(f"{name}_on", message)
        elif not data.get(f"{name}_why"):
            self.add_error(f"{name}_why", "Dites pourquoi, en quelques mots : la fiche le dira à côté de la date prévue.")

    def says_something(self, data):
        """What was shown as it stood and left as it stood says nothing."""
        moved = any(data.get(name) and data[name] != self.initial.get(name) for name in ("status", "confidence"))
        return moved or any(data.get(name) for name in TEXTS) or bool(self.told_milestones()) or bool(self.told_values())

    def told_milestones(self):
        """[(milestone, "done" or the new date, reason)]."""
        told = []
        for milestone in self.milestones:
            what = self.cleaned_data.get(f"milestone_{milestone.pk}")
            day = self.cleaned_data.get(f"milestone_{milestone.pk}_on")
            if what == "done":
                told.append((milestone, "done", ""))
            elif what == "moved" and day:
                told.append((milestone, day, self.cleaned_data.get(f"milestone_{milestone.pk}_why", "")))
        return told

    def told_values(self):
        """[(indicator, year, raw text)]."""
        pairs = ((one, self.cleaned_data.get(f"value_{one.pk}", "")) for one in self.indicators)
        return [(indicator, self.year, raw) for indicator, raw in pairs if raw]

    def said(self):
        """The fields of the update."""
        names = ("status", "confidence", *TEXTS)
        said = {name: self.cleaned_data[name] for name in names}
        said["blocking_level"] = self.cleaned_data["blocking_level"] if said["blocking_point"] else ""
        return said

    # What the page draws.

    def milestone_fields(self):
        return [
            (self[f"milestone_{one.pk}"], self[f"milestone_{one.pk}_on"], self[f"milestone_{one.pk}_why"])
            for one in self.milestones
        ]

    def value_fields(self):
        return [self[f"value_{one.pk}"] for one in self.indicators]

    @property
    def opens_more(self):
        return self.is_bound and any(self.data.get(name) for name in ("done", "difficulties", "next_steps"))

    @property
    def opens_blocking(self):
        return self.is_bound and bool(self.data.get("blocking_point"))

    @property
    def opens_values(self):
        return self.is_bound and any(self.data.get(f"value_{one.pk}") for one in self.indicators)


class UnblockForm(PtiForm):
    """How a blocking point was lifted."""

    how = forms.CharField(
        label="Comment a-t-il été levé ?",
        help_text="Qui a décidé quoi ? Le comité de pilotage le lira.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
