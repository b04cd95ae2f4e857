"""Entry forms of what goes up: a referral, its answer, fiches of a list put on an agenda."""

from django import forms
from django.core.exceptions import ValidationError

from actions.models import Action
from governance.enums import ReferralOutcome
from governance.models import Meeting, Referral
from pti.dates import today
from pti.forms import PtiForm, PtiModelForm


class ReferralForm(PtiModelForm):
    """Which committee a blocking point goes up to, who must answer there, and by when."""

    class Meta:
        model = Referral
        fields = ["committee", "meeting", "owner_text", "due_on", "raised_on"]
        help_texts = {
            "owner_text": "Une fonction ou un organisme. Vide : la présidence de l’instance.",
            "due_on": "Vide : le jour de la séance, sinon trente jours après la saisine.",
        }

    def __init__(self, *args, committees, meetings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = committees
        self.fields["meeting"].queryset = meetings
        self.fields["meeting"].help_text = "Le point s’ajoute à l’ordre du jour de cette séance."

    def clean(self):
        data = super().clean() or self.cleaned_data
        meeting, committee = data.get("meeting"), data.get("committee")
        if meeting and committee and meeting.committee_id != committee.pk:
            self.add_error("meeting", "Cette séance est celle d’une autre instance.")
        if committee and self.instance.update.referrals.filter(committee=committee).exists():
            self.add_error("committee", "Cette instance est déjà saisie de ce point.")
        if data.get("raised_on") and data["raised_on"] > today():
            self.add_error("raised_on", "Cette date est à venir : la saisine s’enregistre le jour où elle est faite.")
        due, raised = data.get("due_on"), data.get("raised_on")
        if due and raised and due < raised:
            self.add_error("due_on", "La réponse ne peut pas être attendue avant la saisine.")
        return data


ANSWER_OUTCOMES = [
    (ReferralOutcome.LIFTED, "Le point de blocage est levé"),
    (ReferralOutcome.KEPT, "Le point de blocage est maintenu : il reste ouvert, ou monte plus haut"),
]


class ReferralAnswerForm(PtiForm):
    """The answer that comes down, and whether it lifts the point."""

    answer = forms.CharField(
        label="Réponse",
        help_text="Ce que l’instance a décidé. La fiche la montre, et la personne qui a signalé le point la reçoit.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    answered_on = forms.DateField(label="Répondue le")
    outcome = forms.ChoiceField(label="Après cette réponse", choices=ANSWER_OUTCOMES, widget=forms.RadioSelect)

    def __init__(self, *args, referral, **kwargs):
        super().__init__(*args, **kwargs)
        self.referral = referral

    def clean_answered_on(self):
        day = self.cleaned_data["answered_on"]
        if day < self.referral.raised_on:
            raise ValidationError("La réponse ne peut pas précéder la saisine.")
        if day > today():
            raise ValidationError("Cette date est à venir : la réponse s’enregistre une fois donnée.")
        return day


class AgendaFromListForm(PtiForm):
    """Which fiches, or which indicators, of a list go to which meeting to come."""

    meeting = forms.ModelChoiceField(
        label="Séance", queryset=Meeting.objects.none(), empty_label="Choisissez une séance à venir"
    )
    rows = forms.ModelMultipleChoiceField(
        label="Fiches",
        queryset=Action.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Ce qui est déjà à l’ordre du jour de cette séance n’y est pas mis deux fois.",
    )

    def __init__(self, *args, selection, meetings, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings
        field = self.fields["rows"]
        field.label, field.error_messages["required"] = selection.label, selection.keep_one
        field.queryset = selection.model.objects.filter(pact=selection.pact)
        field.choices = [(row.pk, str(row)) for row in chosen]
        self.initial.setdefault("rows", [row.pk for row in chosen])
