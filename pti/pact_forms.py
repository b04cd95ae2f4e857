"""Entry forms of the pact: its frame and the pieces of its text, each field with its writing instruction."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from pti import sources
from pti.enums import StatementKind, TerritoryKind
from pti.forms import PtiForm, PtiModelForm, RevisionForm, check_date_text, check_ends
from pti.models import ContextFigure, GlossaryTerm, Pact, PactTerritory, Scheme, Section, Statement, Territory
from pti.models.pacts import default_level_words


class LevelWordsField(forms.CharField):
    """« axe, objectif, action »: one word for each level, from the top."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        if isinstance(value, list):
            return value
        return [word.strip() for word in (value or "").split(",") if word.strip()]

    def clean(self, value):
        words = self.to_python(value)
        if any(len(word) > 40 for word in words):
            raise ValidationError("Un nom de niveau tient en 40 caractères : raccourcissez-le.")
        return words or default_level_words()

    def has_changed(self, initial, data):
        return self.to_python(initial) != self.to_python(data)


class FrameForm(RevisionForm):
    """The frame of the pact: everything that is not a list of pieces. The whole follow-up counts from its two ends."""

    read_dates = ("start_text", "end_text")

    level_words = LevelWordsField(
        label="Noms des niveaux de l’arbre",
        required=False,
        help_text="Les mots du pacte, du plus haut au plus bas, séparés par des virgules : axe, orientation, objectif.",
    )

    class Meta:
        model = Pact
        fields = [
            "title", "subtitle", "departments", "start_text", "end_text", "legal_basis", "audience_scope", "audiences",
            "audience_definition", "level_words", "to_be_signed", "parent", "territory", "source_note",
        ]  # fmt: skip
        widgets = {"departments": forms.CheckboxSelectMultiple, "audience_scope": forms.RadioSelect}
        help_texts = {
            "title": "Tel qu’il sera voté et signé.",
            "subtitle": "La devise ou le nom d’usage, s’il y en a un.",
            "departments": "Un pacte peut couvrir plusieurs départements.",
            "legal_basis": "Par exemple : article L263-2 du Code de l’action sociale et des familles.",
            "audience_scope": "Le pacte s’adresse-t-il aux seuls allocataires du RSA ?",
            "audiences": "Quels publics, avec quelles priorités ? Une ligne par public.",
            "audience_definition": "Comment les partenaires définissent-ils ensemble ces publics ?",
            "to_be_signed": "Décochez pour un texte seulement examiné, comme certains pactes locaux.",
            "parent": "Pour un pacte local : le pacte départemental dont il dépend.",
            "territory": "Pour un pacte local : le territoire sur lequel il porte.",
            "source_note": "D’où vient ce texte, et ce que la source laisse dans le doute.",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["departments"].queryset = Territory.objects.departments()
        self.fields["departments"].required = False
        self.fields["audience_scope"].choices = [("", "Non renseigné"), *Pact._meta.get_field("audience_scope").choices]
        # An amendment speaks for the pact that it amends, which does not contain itself.
        own = [self.instance.pk, self.instance.amends_id]
        parents = Pact.objects.with_role(user, "animator", "officer").filter(parent=None, amends=None)
        parents = parents.exclude(pk__in=[pk for pk in own if pk])
        self.fields["parent"].queryset = (parents | Pact.objects.filter(pk=self.instance.parent_id)).distinct()

    def clean(self):
        data = super().clean()
        check_ends(self, data)
        if data.get("parent") and not data.get("territory"):
            self.add_error("territory", "Un pacte local porte sur un territoire : choisissez-le.")
        return data


class PieceForm(RevisionForm):
    """A piece of one pact; `pact` narrows the choices."""

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        self.pact = self.instance.pact = pact


class SectionForm(PieceForm):
    class Meta:
        model = Section
        fields = ["title", "parent", "source", "text"]
        labels = {"source": "Contenu généré"}
        help_texts = {
            "title": "Sans numéro : il vient de la place de la section.",
            "parent": "Laissez vide pour une section de premier niveau.",
            "source": "Rien pour une section écrite. Sinon, elle se remplit de ce que le pacte dit déjà ; tableau, frise et"
            " carte montrent ce qui est suivi, et gardent l’état du jour où le texte est arrêté.",
            "text": "Ce que les partenaires disent ensemble, en phrases courtes. Devant un contenu généré : son introduction.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = descendants(self.instance) if self.instance.pk else set()
        self.fields["parent"].queryset = Section.objects.filter(pact=self.pact).exclude(pk__in=own)
        self.fields["parent"].empty_label = "Premier niveau"
        self.fields["source"].choices = [("", "Aucun : la section est écrite"), *sources.choices()]

    def clean_source(self):
        """A content is placed once in the document."""
        source = self.cleaned_data["source"]
        placed = Section.objects.filter(pact=self.pact, source=source).exclude(pk=self.instance.pk).first() if source else None
        if placed is not None:
            raise ValidationError(f"Ce contenu est déjà placé dans la section «\u00a0{placed.title}\u00a0».")
        return source


def descendants(section):
    """Keys of a section and of all that it contains: none of them may be its parent."""
    rows = list(Section.objects.filter(pact=section.pact_id).values_list("pk", "parent_id"))
    found, added = {section.pk}, True
    while added:
        new = {pk for pk, parent in rows if parent in found} - found
        found |= new
        added = bool(new)
    return found


class StatementForm(PieceForm):
    class Meta:
        model = Statement
        fields = ["number", "title", "title_variants", "text"]
        help_texts = {
            "number": "Tel qu’il figure au texte, s’il y en a un.",
            "title": "En une ligne : ce qui engage.",
            "title_variants": "Si le texte le nomme de plusieurs façons.",
            "text": "À quoi cela oblige les partenaires, concrètement ?",
        }

    def clean(self):
        data = super().clean()
        if not data.get("title") and not data.get("text"):
            self.add_error("title", "Donnez un intitulé ou un texte.")
        return data


class TerritoryForm(PtiModelForm):
    """A territory of the pact: one of the base, or a new one."""

    name = forms.CharField(
        label="Nom d’un nouveau territoire", max_length=200, required=False, help_text="S’il n’est pas dans la liste."
    )
    kind = forms.ChoiceField(label="Nature", choices=[("", "Non renseigné"), *TerritoryKind.choices], required=False)
    kind_text = forms.CharField(
        label="Nature, telle qu’écrite",
        max_length=200,
        required=False,
        help_text="Le mot du pacte : maison des solidarités, bassin d’emploi…",
    )
    code = forms.CharField(label="Code INSEE ou SIREN d’EPCI", max_length=12, required=False)

    class Meta:
        model = PactTerritory
        fields = ["territory"]
        help_texts = {"territory": "Un pacte peut employer deux découpages à la fois."}

    field_order = ["territory", "name", "kind", "kind_text", "code"]

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        self.pact = self.instance.pact = pact
        self.fields["territory"].required = False
        self.fields["territory"].queryset = Territory.objects.exclude(
            pk__in=self.pact.territory_links.exclude(pk=self.instance.pk).values("territory")
        )

    def clean(self):
        data = super().clean()
        if not data.get("territory"):
            if not data.get("name"):
                self.add_error("territory", "Choisissez un territoire de la liste, ou nommez-en un nouveau.")
            else:
                data["territory"] = self.instance.territory = Territory(
                    name=data["name"],
                    kind=data["kind"] or TerritoryKind.OTHER,
                    kind_text=data["kind_text"],
                    code=data["code"],
                )
        return data

    def _post_clean(self):
        """A new territory has no key yet: it is made when the piece is saved."""
        if self.cleaned_data.get("territory") is None or self.cleaned_data["territory"].pk:
            super()._post_clean()

    def save(self, commit=True):
        if self.instance.territory.pk is None:
            self.instance.territory.save()
        return super().save(commit)


class SchemeForm(PieceForm):
    class Meta:
        model = Scheme
        fields = ["name", "lead", "period_text", "date_text", "status", "orientations", "note"]
        help_texts = {
            "name": "Le plan ou le schéma avec lequel le pacte s’articule.",
            "lead": "Qui le porte ?",
            "date_text": "Date d’adoption, si elle est connue.",
            "status": "En vigueur, en cours d’écriture…",
            "orientations": "Ce que le pacte en reprend ou en rejoint.",
        }


class TermForm(PieceForm):
    class Meta:
        model = GlossaryTerm
        fields = ["term", "definition"]
        help_texts = {"definition": "La définition que tous les partenaires partagent."}


class FigureForm(PieceForm):
    class Meta:
        model = ContextFigure
        fields = [
            "label", "raw_value", "value", "value_high", "unit", "qualifier", "scope", "territory", "territory_text",
            "date_text", "source", "note",
        ]  # fmt: skip
        help_texts = {
            "label": "Ce qui est compté. Commencez par « – dont » pour détailler la ligne du dessus.",
            "raw_value": "Recopiée de la source, même si elle se lit mal.",
            "value": "Le nombre, si la valeur en est un : 17612 ou 12,5.",
            "value_high": "Pour une fourchette : sa borne haute.",
            "unit": "Personnes, foyers, %…",
            "scope": "Ce que le chiffre couvre : RSA socle, moins de 30 ans…",
            "territory_text": "Si le territoire n’est pas dans la liste.",
            "date_text": "31/12/2023, 2023, 2023-S2…",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = Territory.objects.filter(pact_links__pact=self.pact) | Territory.objects.filter(
            pacts_as_department=self.pact
        )
        self.fields["territory"].queryset = self.fields["territory"].queryset.distinct()


DEPARTMENT_CODE = RegexValidator(
    r"^(\d{2,3}|2[AB])[DM]?$", "Le code d’un département a deux ou trois signes : 37, 2A, 974.", flags=re.IGNORECASE
)


class PactForm(PtiForm):
    """A new, blank pact: what names it; the rest comes with its frame."""

    one_of = ("department", "department_name")

    title = forms.CharField(
        label="Titre", max_length=300, help_text="Par exemple : Pacte territorial pour l’insertion 2027-2031."
    )
    department = forms.ModelChoiceField(
        label="Département", queryset=Territory.objects.none(), required=False, empty_label="Un autre, nommé ci-dessous"
    )
    department_name = forms.CharField(
        label="Nom du département", max_length=200, required=False, help_text="S’il n’est pas dans la liste."
    )
    department_code = forms.CharField(
        label="Code INSEE du département", max_length=12, required=False, help_text="37, 2A, 974…", validators=[DEPARTMENT_CODE]
    )
    start_text = forms.CharField(
        label="Début",
        max_length=120,
        required=False,
        validators=[check_date_text],
        help_text="Une année, un mois ou un jour : 2027, 01/2027 ou 01/01/2027.",
    )
    end_text = forms.CharField(
        label="Fin", max_length=120, required=False, validators=[check_date_text], help_text="Une année, un mois ou un jour."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Territory.objects.departments()

    def clean(self):
        data = super().clean()
        check_ends(self, data)
        if not data.get("department") and not data.get("department_name"):
            self.add_error("department", "Choisissez le département, ou nommez-le.")
        return data


STATEMENT_KINDS = {"principe": StatementKind.PRINCIPLE, "enjeu": StatementKind.STAKE}
