"""The form of a fiche: every field with its instruction, rows inside, two people on one fiche."""

from functools import cache

from django import forms
from django.db import transaction
from django.db.models import Max

from actions.filters import territories_of, themes_of
from actions.forms.rows import IndicatorGroup, LeadGroup, MilestoneGroup, ReadOnce, RowChoices, digest
from actions.models import Action, Axis
from actions.tree import Tree
from actions.writing import ACTION
from partners.models import Organisation
from pti.composed import AnyKey, Composed
from pti.forms import MOVED, DayField, Difference, Moved, PtiForm, RevisionForm, check_ends
from pti.models import Scheme
from pti.numbers import read_whole

# (anchor, title, fields before the rows, group of rows, fields after)
SECTIONS = (
    ("r-identite", "Identité", ["number", "title", "short_title", "axis"], None, []),
    ("r-pilotage", "Pilotage", [], "pilotes", ["associated_open_ended"]),
    ("r-texte", "Texte", ["diagnosis", "objectives", "audience", "content"], None, []),
    ("r-jalons", "Jalons", ["starts_text", "ends_text"], "jalons", ["schedule"]),
    ("r-moyens", "Moyens", ["means", "human_means", "technical_means", "legal_means", "financial_means"], None, []),
    ("r-indicateurs", "Indicateurs", [], "indicateurs", ["evaluation_method"]),
    ("r-faisabilite", "Faisabilité", ["assets", "constraints", "prerequisites", "is_experiment"], None, []),
    ("r-priorite", "Priorité", ["impact", "complexity", "priority", "financial_incidence"], None, []),
    (
        "r-liens",
        "Thèmes, territoires, autres plans",
        ["themes", "territories", "schemes", "other_axes", "title_variants"],
        None,
        [],
    ),
)
FIELDS = [name for _, _, before, _, after in SECTIONS for name in (*before, *after)]
# Fields of several rows, and which rows of the pact each offers.
MANY = {
    "themes": themes_of,
    "territories": territories_of,
    "schemes": lambda pact: Scheme.objects.filter(pact=pact),
    "other_axes": lambda pact: Axis.objects.filter(pact=pact),
}
PAIRS = {"number", "short_title", "axis", "starts_text", "ends_text", "impact", "complexity", "priority", "financial_incidence"}


class FicheChoices(RowChoices):
    """What the fields of a fiche of `pact` offer, read once; an import shares it between its fiches."""

    def __init__(self, pact):
        super().__init__(pact)
        self.tree = Tree(pact).choices()
        self.rows = {name: rows_of(pact) for name, rows_of in MANY.items()}
        offered = {name: offered_composed(name).rows_of(pact.pk) for name in MANY}
        self.offered = {name: ReadOnce([(row.pk, str(row)) for row in rows]) for name, rows in offered.items() if rows}


@cache
def offered_composed(name):
    """The query of the rows that the field `name` of a fiche offers."""
    return Composed(MANY[name](AnyKey()))


class ActionForm(RevisionForm):
    """The text of a fiche, its rows included: the revision of the fiche moves when they do.

    `has_just_read`: the row in hand is what the base holds (an import has read them all at once).
    """

    has_just_read = False
    read_dates = ("starts_text", "ends_text")

    class Meta:
        model = Action
        fields = FIELDS
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "title_variants": forms.Textarea(attrs={"rows": 2}),
            **dict.fromkeys(MANY, forms.CheckboxSelectMultiple),
        }
        help_texts = ACTION

    def __init__(self, *args, pact, choices=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.pact = self.instance.pact = pact
        choices = choices or FicheChoices(pact)
        self.fields["axis"].queryset = choices.rows["other_axes"]
        self.fields["axis"].choices = [("", "Aucun"), *choices.tree]
        for name in MANY:
            if name in choices.offered:
                self.fields[name].queryset, self.fields[name].choices = choices.rows[name], choices.offered[name]
            else:
                del self.fields[name]
        data = self.data if self.is_bound else None
        self.groups = [group(self.instance, data, choices) for group in (LeadGroup, MilestoneGroup, IndicatorGroup)]

    def sections(self):
        """What the page draws: (anchor, title, fields, group of rows, fields after)."""
        groups = {group.prefix: group for group in self.groups}
        for anchor, title, before, group, after in SECTIONS:
            yield anchor, title, self.drawn(before), groups.get(group), self.drawn(after)

    def drawn(self, names):
        return [(self[name], name in PAIRS, name in MANY) for name in names if name in self.fields]

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        data = super().clean()
        if {"starts_text", "ends_text"} & set(self.changed_data):
            check_ends(self, data, "starts_text", "ends_text")
        return data

    # Two people on the same fiche.

    def stored(self):
        return self.instance if self.has_just_read else super().stored()

    def take_theirs(self, stored, data):
        super().take_theirs(stored, data)
        for group in self.groups:
            group.takes_theirs = self.data.get(self.choice_name(group.prefix)) == "theirs"

    def tell_conflict(self, stored, sent):
        super().tell_conflict(stored, sent)
        told = bool(self.conflict)
        for group in self.groups:
            if group.moved() and group.sent_words != group.stored_words:
                self.conflict.append(
                    Difference(
                        name=self.choice_name(group.prefix),
                        label=group.title,
                        mine=group.sent_words or "Aucun",
                        theirs=group.stored_words or "Aucun",
                        keep="theirs" if group.left_alone() else "mine",
                    )
                )
            group.state = digest(group.stored_words)
        if self.conflict and not told:
            self.add_error(None, Moved(MOVED, code="moved"))

    def is_valid(self):
        """The rows too; each says its own errors."""
        valid = super().is_valid()
        return min([group.is_valid() for group in self.groups]) and valid

    @transaction.atomic
    def save_whole(self):
        """The fiche and its rows; a new one takes the last place."""
        if not self.instance.pk:
            last = Action.objects.filter(pact=self.pact).aggregate(last=Max("order"))["last"]
            self.instance.order = 0 if last is None else last + 1
        self.save()
        for group in self.groups:
            group.save()
        return self.instance

    def quieten(self):
        """Draw what was typed without judging it: a row is being added or removed."""
        for form in [self, *(form for group in self.groups for form in group.formset.forms)]:
            form._errors, form.cleaned_data = forms.utils.ErrorDict(), {}


def with_row_moves(data, groups):
    """The sent data after « Ajouter » (one more empty row) or « Retirer » (a row marked as removed)."""
    data = data.copy()
    added, removed = data.get("ajouter"), data.get("retirer", "")
    for group in groups:
        if added == group.prefix:
            key = f"{group.prefix}-TOTAL_FORMS"
            data[key] = str((read_whole(data.get(key)) or 0) + 1)
        if removed.startswith(f"{group.prefix}-"):
            data[f"{removed}-DELETE"] = "on"
    return data


class ShortTitleForm(RevisionForm):
    """What may still be written once the text is frozen: the name that people use."""

    class Meta:
        model = Action
        fields = ["short_title"]
        help_texts = {"short_title": ACTION["short_title"]}


class SuccessionForm(PtiForm):
    """One lead leaves, another may come: what happens, after the text."""

    on = DayField(label="Jusqu’au", help_text="Le dernier jour de celui qui part ; le suivant commence le même jour.")
    reason = forms.CharField(label="Motif", required=False, max_length=300, help_text="Fusion, retrait, nouvelle compétence…")
    organisation = forms.ModelChoiceField(
        label="Qui prend la suite", queryset=Organisation.objects.all(), required=False, empty_label="Personne pour le moment"
    )
    text = forms.CharField(label="Ou tel qu’écrit", required=False, max_length=300)
