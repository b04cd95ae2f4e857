"""Entry forms of the life of a pact: a step, an extension, its settings; and of its creation."""

from django import forms
from django.core.exceptions import ValidationError

from pti import parts
from pti.dates import today
from pti.enums import Role
from pti.forms import HeldForm, PtiForm, PtiModelForm
from pti.models import Extension, Pact


class StepForm(PtiForm):
    """One step: its day, why, on which act; `step` says what is demanded, `warnings` what is passed over."""

    on = forms.DateField(label="Date", help_text="Le jour où l’étape est franchie.")
    act = forms.CharField(
        label="Fondement", max_length=300, required=False, help_text="La délibération, la dernière signature, l’arrêté…"
    )
    reason = forms.CharField(label="Motif", required=False, widget=forms.Textarea, help_text="Il reste dans la vie du pacte.")

    def __init__(self, *args, step, warnings, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", today())
        self.fields["act"].required = step.needs_act
        self.fields["reason"].required = step.needs_reason or bool(warnings)
        if warnings:
            self.fields["reason"].label = "Pourquoi passer outre ?"
        for name, message in (
            ("act", "Dites sur quel fondement : la délibération, la dernière signature…"),
            ("reason", "Dites pourquoi : le motif reste dans la vie du pacte."),
        ):
            self.fields[name].error_messages["required"] = message

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > today():
            raise ValidationError("Cette date est à venir : l’étape s’enregistre une fois franchie.")
        return day


class ExtensionForm(PtiModelForm):
    """« Prorogation »."""

    class Meta:
        model = Extension
        fields = ["new_end_on", "reason", "decision", "decided_on"]
        help_texts = {
            "new_end_on": "Le nouveau dernier jour du pacte.",
            "reason": "Pourquoi le pacte est-il prolongé ?",
            "decision": "L’instance et son acte.",
        }


class SettingsForm(HeldForm):
    """What happens around the text, which stays open once it is frozen."""

    moves = ("revision",)

    class Meta:
        model = Pact
        fields = ["silence_months", "late_days", "alert_confidence", "previous"]
        help_texts = {
            "silence_months": "Une action sans point d’avancement depuis ce nombre de mois est dite « sans nouvelles ».",
            "late_days": "Un jalon non fait alerte une fois dépassé de plus que ce nombre de jours ; 0 : dès le lendemain.",
            "alert_confidence": "À partir de quelle confiance déclarée une fiche est dite « à soutenir ».",
            "previous": "Le pacte de la base auquel celui-ci succède.",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["previous"].queryset = Pact.objects.visible_to(user).ordinary().exclude(pk=self.instance.pk)

    def clean_silence_months(self):
        months = self.cleaned_data["silence_months"]
        if not 1 <= months <= 60:
            raise ValidationError("Saisissez un nombre de mois entre 1 et 60.")
        return months

    def clean_late_days(self):
        days = self.cleaned_data["late_days"]
        if not 0 <= days <= 365:
            raise ValidationError("Saisissez un nombre de jours entre 0 et 365.")
        return days


class CopyForm(PtiForm):
    """A new pact made of another one: its title, what to keep, by how many years its dates move."""

    source = forms.ModelChoiceField(label="Pacte de départ", queryset=Pact.objects.none(), empty_label="Choisissez un pacte")
    title = forms.CharField(label="Titre du nouveau pacte", max_length=300)
    keep = forms.MultipleChoiceField(
        label="Parties à reprendre",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Le cadre est toujours repris. Ce qui s’est passé (points d’avancement, signatures) ne l’est jamais.",
    )
    running_only = forms.BooleanField(
        label="Laisser les fiches réalisées ou abandonnées",
        required=False,
        help_text="Seules les fiches encore en cours, en fonctionnement, suspendues ou en projet sont reprises.",
    )
    years = forms.IntegerField(
        label="Décaler les dates, en années",
        initial=0,
        min_value=-20,
        max_value=20,
        required=False,
        help_text="5 pour passer de 2022-2026 à 2027-2031.",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Pact.objects.with_role(user, Role.ANIMATOR, Role.OFFICER).ordinary()
        choices = [(part.name, part.label) for part in parts.registered(parts.PartKind.CONTRACT) if part.optional]
        self.fields["keep"].choices = choices
        self.initial.setdefault("keep", [name for name, _ in choices])

    def clean_years(self):
        return self.cleaned_data["years"] or 0


class ImportForm(PtiForm):
    """A pact in a file: the shape of docs/import.md, or an export of this application."""

    file = forms.FileField(
        label="Fichier du pacte",
        help_text="Un fichier JSON, ou le fichier exporté par cette application (JSON ou ZIP), 20 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".json,.zip"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > 20 * 1024 * 1024:
            raise ValidationError("Ce fichier dépasse 20\u00a0Mo.")
        return file
