"""« Modifier en lot »: one form for each of the four changes."""

from django import forms

from actions import looks
from actions.board import ASKS_WHY
from actions.enums import ActionStatus, BatchKind
from actions.filters import themes_of
from actions.forms.moves import WHY
from actions.models import Theme
from partners.models import Organisation
from pti import typography
from pti.forms import DayField, PtiForm

MOST_PUSHED = 3650


class StatusBatchForm(PtiForm):
    """The same status for all, said by an update."""

    status = forms.ChoiceField(
        label="Nouveau statut",
        choices=lambda: [(value, looks.status_state(value)) for value in ActionStatus.values],
        widget=forms.RadioSelect,
    )
    sentence = forms.CharField(
        label="En une phrase",
        help_text="Chaque fiche la portera. Nécessaire pour réalisée (le résultat), suspendue ou abandonnée (le motif).",
        required=False,
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    says_optional = False

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)

    def clean(self):
        data = super().clean()
        if data.get("status") in ASKS_WHY and not data.get("sentence"):
            self.add_error("sentence", WHY[data["status"]])
        return data

    def params(self):
        return self.cleaned_data

    def said(self):
        return f"Statut : {ActionStatus(self.cleaned_data['status']).label}"


class LeadBatchForm(PtiForm):
    """Who pilots from a day on; the one before leaves that day."""

    organisation = forms.ModelChoiceField(
        label="Nouveau pilote", queryset=Organisation.objects.all(), empty_label="Choisissez", required=True
    )
    on = DayField(label="À partir du", help_text="Le pilote d’aujourd’hui l’est jusqu’à ce jour.")
    reason = forms.CharField(label="Motif", required=False, max_length=300, help_text="Fusion, retrait, nouvelle compétence…")

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)

    def params(self):
        data = self.cleaned_data
        return {"organisation": data["organisation"].pk, "on": data["on"], "reason": data["reason"]}

    def said(self):
        return f"Pilote : {self.cleaned_data['organisation']}, depuis le {self.cleaned_data['on']:%d/%m/%Y}"


class ForecastBatchForm(PtiForm):
    """The forecast date of the milestones; the planned one never moves."""

    which = forms.ChoiceField(
        label="Quels jalons",
        choices=[("late", "Ceux qui sont en retard"), ("all", "Tous ceux qui ne sont pas faits")],
        initial="late",
        widget=forms.RadioSelect,
    )
    how = forms.ChoiceField(
        label="Comment",
        choices=[("days", "Décaler de jours"), ("months", "Décaler de mois"), ("set", "Fixer une date")],
        initial="months",
        widget=forms.RadioSelect,
    )
    count = forms.IntegerField(
        label="De combien",
        help_text="De jours ou de mois, depuis la date attendue aujourd’hui : 3 ; ou -1 pour avancer.",
        required=False,
        min_value=-MOST_PUSHED,
        max_value=MOST_PUSHED,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Un nombre entier, comme 3."},
    )
    on = DayField(label="Nouvelle date", required=False, help_text="Pour fixer une date : jj/mm/aaaa.")
    reason = forms.CharField(label="Pourquoi", max_length=400, help_text="Chaque jalon le dira, à côté de la date prévue.")

    says_optional = False

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)

    def clean(self):
        data = super().clean()
        if data.get("how") == "set" and not data.get("on") and "on" not in self.errors:
            self.add_error("on", "Donnez la nouvelle date, comme 28/02/2027.")
        if data.get("how") in ("days", "months") and not data.get("count") and "count" not in self.errors:
            self.add_error("count", "Dites de combien, comme 3.")
        if data.get("how") == "months" and abs(data.get("count") or 0) > MOST_PUSHED // 30:
            self.add_error("count", "Dix ans au plus : 120 mois.")
        return data

    def params(self):
        return self.cleaned_data

    def said(self):
        data = self.cleaned_data
        which = "Jalons en retard" if data["which"] == "late" else "Jalons non faits"
        if data["how"] == "set":
            return f"{which} : attendus le {data['on']:%d/%m/%Y}"
        one, several = ("jour", "jours") if data["how"] == "days" else ("mois", "mois")
        way = "repoussés" if data["count"] > 0 else "avancés"
        return f"{which} : {way} de {typography.plural(abs(data['count']), one, several)}"


class ThemeBatchForm(PtiForm):
    """A theme more, or one less."""

    deed = forms.ChoiceField(
        label="Que faire",
        choices=[("add", "Ajouter un thème"), ("remove", "Retirer un thème")],
        initial="add",
        widget=forms.RadioSelect,
    )
    theme = forms.ModelChoiceField(label="Thème", queryset=Theme.objects.none(), empty_label="Choisissez")

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = themes_of(pact)

    def params(self):
        return {"deed": self.cleaned_data["deed"], "theme": self.cleaned_data["theme"].pk}

    def said(self):
        return f"Thème {'ajouté' if self.cleaned_data['deed'] == 'add' else 'retiré'} : {self.cleaned_data['theme']}"


FORMS = {
    BatchKind.STATUS: StatusBatchForm,
    BatchKind.LEAD: LeadBatchForm,
    BatchKind.FORECAST: ForecastBatchForm,
    BatchKind.THEME: ThemeBatchForm,
}
