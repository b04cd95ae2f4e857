"""Moving a fiche on the board."""

from django import forms

from actions import looks
from actions.board import ASKS_WHY
from actions.enums import ActionStatus
from pti.forms import PtiForm

WHY = {
    ActionStatus.DONE: "Dites en une phrase ce qui est obtenu : une fiche réalisée porte son résultat.",
    ActionStatus.PAUSED: "Dites en une phrase pourquoi elle est suspendue, et jusqu’à quand.",
    ActionStatus.DROPPED: "Dites en une phrase pourquoi elle est abandonnée.",
}


class MoveForm(PtiForm):
    """The new status, and the sentence that goes with it; `seen` is where the fiche stood when the page was drawn."""

    status = forms.ChoiceField(
        label="Déplacer vers", widget=forms.RadioSelect, error_messages={"required": "Choisissez un statut."}
    )
    sentence = forms.CharField(
        label="En une phrase",
        help_text="Facultatif, sauf pour une fiche réalisée (le résultat), suspendue ou abandonnée (le motif).",
        required=False,
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.ChoiceField(choices=ActionStatus, widget=forms.HiddenInput)

    says_optional = False

    def __init__(self, *args, action, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = self.others(action.status)

    @staticmethod
    def others(current):
        return [(value, looks.status_state(value)) for value in ActionStatus.values if value != current]

    def clean(self):
        data = super().clean()
        if data.get("status") in ASKS_WHY and not data.get("sentence"):
            self.add_error("sentence", WHY[data["status"]])
        return data

    def stands(self, status):
        """Somebody moved the fiche: offer where it may go from there; what was typed stays."""
        self.data = self.data.copy()
        self.data["seen"] = status
        self.fields["status"].choices = self.others(status)
