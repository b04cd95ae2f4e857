"""Fundings: planned ones are part of the text, the others happen."""

from actions.enums import FundingState
from actions.models import Action, Axis, Funding
from actions.money.cells import AMBIGUOUS, NEGATIVE, TWO_WAYS
from actions.numbers import read_number
from actions.roadmaps import FIRST_YEAR, LAST_YEAR
from actions.tree import Tree
from actions.writing import FUNDING
from pti.forms import RevisionForm


class FundingForm(RevisionForm):
    """One cell of the money; the amount is typed as people write it."""

    class Meta:
        model = Funding
        fields = [
            "action", "axis", "label", "funder", "funder_text", "year", "state", "unit", "raw_amount", "is_conditional",
            "is_undisclosed", "in_kind", "complement", "note", "beneficiary", "agreed_on", "decision_reference",
            "payment_terms", "payment_text", "is_notified_aid",
        ]  # fmt: skip
        help_texts = FUNDING
        labels = {"raw_amount": "montant"}

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.pact = pact
        self.fields["action"].queryset = Action.objects.filter(pact=pact).order_by("number_key", "order", "id")
        self.fields["action"].empty_label = "Aucune"
        self.fields["axis"].queryset = Axis.objects.filter(pact=pact)
        self.fields["axis"].choices = [("", "Aucun"), *Tree(pact).choices()]
        if pact.is_frozen:
            self.fields["state"].choices = [pair for pair in FundingState.choices if pair[0] != FundingState.PLANNED]

    def clean(self):
        data = super().clean()
        if not data.get("funder") and not data.get("funder_text"):
            self.add_error("funder", "Choisissez un financeur ou écrivez-le.")
        if data.get("year") is not None and not FIRST_YEAR <= data["year"] <= LAST_YEAR:
            self.add_error("year", "Écrivez une année : 2027.")
        amount = read_number(data.get("raw_amount"))
        if data.get("is_undisclosed") and amount is not None:
            self.add_error("raw_amount", "Un montant non communiqué reste vide.")
        elif "raw_amount" in self.changed_data and AMBIGUOUS.match(data.get("raw_amount") or ""):
            self.add_error("raw_amount", TWO_WAYS.format(data["raw_amount"]))
        elif "raw_amount" in self.changed_data and amount is not None and amount < 0:
            self.add_error("raw_amount", NEGATIVE)
        elif amount is not None and not -(10**12) < amount < 10**12:
            self.add_error("raw_amount", "Ce montant est trop grand : vérifiez les zéros.")
        else:
            self.instance.amount = amount
        return data
