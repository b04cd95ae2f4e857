"""What the grid of fundings is asked: which part of the money, which columns; then its lines and its cells."""

from django import forms

from actions.enums import FundingState
from actions.filters import axes_of
from actions.models import Action, Axis, Funding
from actions.money.grid import KEY, NEW_LINES, Line, digest, made, years_of
from actions.tree import Tree
from partners.models import Organisation
from pti.forms import PtiForm

NOT_A_LINE = "Choisissez un financeur, ou écrivez-le."


class ScopeForm(PtiForm):
    """Which grid; kept in the address."""

    says_optional = False

    fiche = forms.ModelChoiceField(Action.objects.none(), required=False, label="fiche", empty_label="Toutes")
    axe = forms.ModelChoiceField(Axis.objects.none(), required=False, label="axe", empty_label="Tous")
    financeur = forms.ModelChoiceField(Organisation.objects.none(), required=False, label="financeur", empty_label="Tous")
    annee = forms.TypedChoiceField(required=False, label="année", coerce=int, empty_value=None)
    etat = forms.ChoiceField(required=False, label="état")

    def __init__(self, *args, pact, funders, **kwargs):
        super().__init__(*args, **kwargs)
        fields = self.fields
        fields["fiche"].queryset = (
            Action.objects.filter(pact=pact).only("number", "title").order_by("number_key", "order", "id")
        )
        fields["axe"].queryset = axes_of(pact)
        fields["axe"].choices = [("", "Tous"), *Tree(pact).choices()]
        fields["financeur"].queryset = funders
        fields["annee"].choices = [("", "Plusieurs"), *((year, year) for year in years_of(pact))]
        fields["etat"].choices = [("", "Tous"), *FundingState.choices]


class NewLineForm(PtiForm):
    """A line that has no money yet."""

    says_optional = False

    fiche = forms.ModelChoiceField(Action.objects.none(), required=False, label="fiche", empty_label="Aucune fiche")
    financeur = forms.ModelChoiceField(Organisation.objects.none(), required=False, label="financeur", empty_label="Choisir")
    texte = forms.CharField(required=False, max_length=300, label="ou, tel qu’écrit")

    def __init__(self, *args, fiches, funders, scope, **kwargs):
        super().__init__(*args, **kwargs)
        self.scope = scope
        self.fields["fiche"].queryset = fiches
        self.fields["financeur"].queryset = funders
        for name in ("fiche", "financeur"):
            if scope.get(name):
                del self.fields[name]
        if scope.get("financeur"):
            del self.fields["texte"]

    def line(self, rank):
        """The line that it names."""
        data = self.cleaned_data if self.is_bound and self.is_valid() else {}
        funder = self.scope.get("financeur") or data.get("financeur")
        action = self.scope.get("fiche") or data.get("fiche")
        axis = None if action else self.scope.get("axe")
        return Line(action, axis, funder, "" if funder else data.get("texte", ""), new=f"n{rank}")


def new_lines(data, *, fiches, funders, scope):
    """[(form, line)] of the empty lines at the foot of the grid."""
    forms_ = [
        NewLineForm(data, prefix=f"n{rank}", fiches=fiches, funders=funders, scope=scope, auto_id="id_%s")
        for rank in range(NEW_LINES)
    ]
    return [(form, form.line(rank)) for rank, form in enumerate(forms_)]


def posted_lines(data, pact, funders):
    """The lines that a sent grid speaks of, in its order; a key that names nothing of this pact is left out."""
    keys = [key for key in dict.fromkeys(data.getlist("ligne")) if KEY.fullmatch(key)][:50]
    texts = Funding.objects.filter(pact=pact, funder=None).order_by().values_list("funder_text", flat=True).distinct()
    by_digest = {digest(text): text for text in texts}
    wanted = {}
    for key in keys:
        action, axis, funder, text = KEY.fullmatch(key).groups()
        if text is None or text in by_digest:
            wanted[key] = (int(action) or None, int(axis) or None, int(funder) if funder else None, by_digest.get(text, ""))
    known = set(funders.filter(pk__in=[one[2] for one in wanted.values() if one[2]]).values_list("pk", flat=True))
    found = {line.key: line for line in made(pact, {one for one in wanted.values() if not one[2] or one[2] in known})}
    return [found[key] for key in keys if key in found]
