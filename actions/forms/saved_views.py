"""Saving a view, and choosing when to be told what enters it."""

from django import forms

from actions.enums import Pace
from actions.models import SavedView
from pti.forms import PtiForm, PtiModelForm

PACES = [("", "Ne pas me prévenir"), *Pace.choices]


def pace_field():
    return forms.ChoiceField(
        label="Me prévenir par courriel",
        choices=PACES,
        help_text="Quand une fiche entre dans la vue ; rien ne part s’il n’y a rien de nouveau.",
        widget=forms.RadioSelect,
        required=False,
    )


class SavedViewForm(PtiModelForm):
    """The name, who sees it, when to be told."""

    pace = pace_field()

    says_optional = False

    class Meta:
        model = SavedView
        fields = ["name", "is_shared"]

    def __init__(self, *args, may_share, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]
        self.fields["name"].help_text = "Ce que vous y cherchez : « En retard à Tours », « Mes fiches sans nouvelles »."

    def clean_name(self):
        same = SavedView.objects.filter(pact=self.instance.pact, owner=self.instance.owner, name=self.cleaned_data["name"])
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Vous avez déjà une vue de ce nom.")
        return self.cleaned_data["name"]


class PaceForm(PtiForm):
    """The same, for a view that somebody else shares."""

    pace = pace_field()

    says_optional = False
