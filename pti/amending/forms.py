"""Entry forms of an amendment."""

from django import forms

from pti.amending.choices import additions, choices_of
from pti.forms import PtiForm, RevisionForm
from pti.models import Amendment, AmendmentPoint


class OpenForm(PtiForm):
    """A new amendment: what it is about."""

    purpose = Amendment._meta.get_field("purpose").formfield(
        label="Objet de l’avenant",
        required=True,
        help_text="En quelques phrases : ce que l’avenant change, et pourquoi maintenant. Ce texte est voté avec lui.",
    )


class PurposeForm(RevisionForm):
    class Meta:
        model = Amendment
        fields = ["purpose"]
        help_texts = {"purpose": "Ce texte est voté avec l’avenant."}


class ReasonForm(RevisionForm):
    class Meta:
        model = AmendmentPoint
        fields = ["reason"]
        help_texts = {"reason": "Pourquoi ce point change. Le motif est imprimé à côté de l’ancien et du nouveau texte."}


class TickForm(PtiForm):
    """What the amendment opens: rows of the signed text, and kinds of rows that it adds."""

    rows = forms.MultipleChoiceField(label="Modifier", required=False, widget=forms.CheckboxSelectMultiple)
    models = forms.MultipleChoiceField(label="Ajouter", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, amendment, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = choices_of(amendment)
        self.additions = additions(amendment)
        self.fields["rows"].choices = [(row.value, row.label) for group in self.groups for row in group.rows if not row.ticked]
        self.fields["models"].choices = [(row.value, row.label) for row in self.additions if not row.ticked]

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("rows") and not data.get("models"):
            self.add_error(None, "Cochez au moins une ligne à modifier, ou un ajout.")
        return data
