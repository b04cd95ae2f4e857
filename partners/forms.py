"""Entry forms of the partners' floor."""

from django import forms
from django.core.exceptions import ValidationError

from partners.enums import CommitmentState, Standing
from partners.models import Agreement, Commitment, CommitmentUpdate, Contact, Organisation, Partner, StakeholderAnalysis
from partners.models.organisations import check_siren, check_siret
from pti.dates import today
from pti.files import UploadField, content_type
from pti.forms import HeldForm, PtiForm, PtiModelForm, RevisionForm
from pti.models import Territory

PLACE = [
    "name_in_text", "standing", "role_text", "steers", "is_funder", "in_steering_committee", "needs_approval",
    "is_conditional", "condition", "services", "represented_at", "workshop", "note",
]  # fmt: skip
PLACE_HELP = {
    "organisation": "L’organisme tel qu’il s’appelle aujourd’hui.",
    "name_in_text": "Laissez vide si le texte emploie le nom d’aujourd’hui.",
    "standing": "Signataire : il signe le pacte. Associé : il y participe. Invité : il est entendu.",
    "role_text": "Le mot du pacte, s’il dit autre chose.",
    "needs_approval": "Décochez pour un service de l’État ou un directeur qui signe sans délibération.",
    "condition": "Par exemple : sous réserve d’une décision de sa commission permanente.",
    "services": "Un service par ligne.",
    "represented_at": "L’instance où il est représenté.",
}


class PartnerForm(RevisionForm):
    """An organisation's place in a text being written; the organisation is chosen, or named and made."""

    new_name = forms.CharField(
        label="Nom d’un nouvel organisme", max_length=300, required=False, help_text="S’il n’est pas dans la liste."
    )

    class Meta:
        model = Partner
        fields = ["organisation", *PLACE]
        help_texts = PLACE_HELP
        widgets = {"standing": forms.RadioSelect, "services": forms.Textarea(attrs={"rows": 3})}

    field_order = ["organisation", "new_name"]
    one_of = ("organisation", "new_name")

    def __init__(self, *args, pact, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.pact = pact
        taken = pact.partners.exclude(pk=self.instance.pk).values("organisation")
        self.fields["organisation"].queryset = Organisation.objects.visible_to(user).exclude(pk__in=taken)
        self.fields["standing"].choices = Partner._meta.get_field("standing").choices
        if self.instance.pk:
            del self.fields["new_name"], self.fields["organisation"]
        else:
            self.fields["organisation"].required = False

    def clean(self):
        data = super().clean()
        if not self.instance.pk and not data.get("organisation"):
            self.new_organisation(data)
        if data.get("is_conditional") and not data.get("condition"):
            self.add_error("condition", "Dites sous quelle réserve.")
        return data

    def new_organisation(self, data):
        """An organisation that the base knows under this name is not made twice."""
        name = (data.get("new_name") or "").strip()
        if not name:
            self.add_error("organisation", "Choisissez un organisme de la liste, ou nommez-en un nouveau.")
            return
        departments = list(self.pact.departments.all())
        known = Organisation.objects.named(name).around(departments).first()
        if known is not None and self.pact.partners.filter(organisation=known).exists():
            self.add_error("new_name", f"{known} est déjà partenaire de ce pacte.")
            return
        data["organisation"] = known or Organisation.named_apart(name, departments)

    def _post_clean(self):
        """A new organisation has no key before the save: the row is checked with what it has."""
        organisation = self.cleaned_data.get("organisation")
        if organisation is not None and organisation.pk is None:
            self.cleaned_data.pop("organisation")
            super()._post_clean()
            self.cleaned_data["organisation"] = self.instance.organisation = organisation
        else:
            super()._post_clean()

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"organisation"}

    def save(self, commit=True):
        if self.instance.organisation.pk is None:
            self.instance.organisation.save()
        return super().save(commit)


class JoinForm(PartnerForm):
    """Adhesion after the adoption: dated, outside the frozen text."""

    class Meta(PartnerForm.Meta):
        fields = ["organisation", "joined_on", *PLACE]

    field_order = ["organisation", "new_name", "joined_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["joined_on"].required = True


class LeaveForm(HeldForm):
    """Departure of a partner."""

    moves = ("revision",)

    class Meta:
        model = Partner
        fields = ["left_on", "leave_reason"]
        help_texts = {"left_on": "À partir de ce jour, on n’attend plus rien de lui.", "leave_reason": "En une phrase."}
        widgets = {"leave_reason": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["left_on"].required = True

    def clean_left_on(self):
        day = self.cleaned_data["left_on"]
        if self.instance.joined_on and day < self.instance.joined_on:
            raise ValidationError("Ce partenaire n’avait pas encore rejoint le pacte à cette date.")
        return day


class AnalysisForm(RevisionForm):
    """The stakeholder analysis of the guide; every field may stay empty."""

    class Meta:
        model = StakeholderAnalysis
        fields = [
            "strategy", "partnership_history", "function", "motivation", "strategic_fit", "short_term_impact", "influence",
            "diagnosis_mode", "implementation_mode", "evaluation_mode",
        ]  # fmt: skip
        help_texts = {
            "strategy": "Que cherche-t-il, quelles sont ses missions ?",
            "partnership_history": "Qu’avons-nous déjà fait ensemble ?",
            "function": "À quoi sert-il dans le projet ?",
            "motivation": "De − − (opposé) à + + (moteur).",
            "strategic_fit": "Le pacte sert-il sa propre stratégie ?",
            "short_term_impact": "Que change-t-il pour lui dès maintenant ?",
            "influence": "De 0 (aucune) à + + (forte).",
        }


class CommitmentForm(RevisionForm):
    """A commitment; its text may stay empty while it is being negotiated."""

    class Meta:
        model = Commitment
        fields = ["is_common", "partners", "text", "means_fte", "means_euros", "means_in_kind", "period_text", "condition"]
        widgets = {"partners": forms.CheckboxSelectMultiple, "means_in_kind": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "is_common": "Cochez s’il engage tous les signataires.",
            "partners": "Un engagement peut être partagé entre plusieurs partenaires.",
            "text": "Qui fait quoi, pour qui, avec quels moyens ? Peut rester vide le temps de l’écrire.",
            "means_in_kind": "Locaux, matériel, mise à disposition…",
            "period_text": "2027-2031, 2028…",
            "condition": "Par exemple : sous réserve du vote du budget.",
        }

    def __init__(self, *args, pact, only=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.only = only
        if only is None:
            self.fields["partners"].queryset = pact.partners.select_related("organisation")
            self.fields["partners"].required = False
        else:
            del self.fields["partners"], self.fields["is_common"]

    def save(self, commit=True):
        row = super().save(commit)
        if self.only is not None and commit:
            row.partners.add(self.only)
        return row


class CommitmentUpdateForm(PtiModelForm):
    """Whether a commitment is kept."""

    class Meta:
        model = CommitmentUpdate
        fields = ["state", "sentence"]
        labels = {"state": "Cet engagement est", "sentence": "En une phrase, qu’est-ce qui est fait ?"}
        help_texts = {"sentence": "Un fait que le comité de pilotage comprendra sans vous."}
        widgets = {"sentence": forms.Textarea(attrs={"rows": 3})}

    state = forms.ChoiceField(
        label="Cet engagement est",
        choices=[(value, label.capitalize()) for value, label in CommitmentState.choices],
        widget=forms.RadioSelect,
    )


class AgreementForm(RevisionForm):
    class Meta:
        model = Agreement
        fields = ["name", "parties", "state", "state_text", "date_text", "period_text", "scope", "territory_text", "note"]
        widgets = {"parties": forms.Textarea(attrs={"rows": 3}), "note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "state_text": "Si le texte le dit autrement.",
            "date_text": "Date de signature : 12/03/2027, 2027…",
            "scope": "Départementale, territoriale…",
        }


class ContactForm(RevisionForm):
    """A person of an organisation. No data on recipients, ever."""

    class Meta:
        model = Contact
        fields = [
            "first_name", "last_name", "function", "email", "phone", "is_signatory", "is_elected", "is_referent", "territories",
        ]  # fmt: skip
        widgets = {"territories": forms.CheckboxSelectMultiple}
        help_texts = {
            "function": "Directrice, conseiller, vice-présidente déléguée…",
            "email": "Pour les invitations et les relances. Seuls l’équipe du pacte et son organisme la voient.",
            "territories": "Pour un référent : les territoires dont il s’occupe. Aucun : tout le pacte.",
        }

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territories"].queryset = Territory.objects.filter(pact_links__pact=pact)


class OrganisationForm(RevisionForm):
    """What an organisation is; its name changes by a dated name, on a page of its own."""

    class Meta:
        model = Organisation
        fields = ["name", "acronym", "kind", "kind_text", "parent", "is_category", "siren", "siret", "note"]
        help_texts = {
            "name": "Son nom d’aujourd’hui, en entier.",
            "kind_text": "Si le texte la dit autrement.",
            "parent": "Pour un service : l’organisme qui le contient.",
            "is_category": "Pour un ensemble : « missions locales du département », « référents ».",
            "siren": "9 chiffres ; les espaces ne gênent pas.",
            "siret": "14 chiffres ; les espaces ne gênent pas.",
        }

    # Typed with spaces, they are longer than the columns.
    siren = forms.CharField(label="SIREN", required=False, max_length=20, help_text="9 chiffres ; les espaces ne gênent pas.")
    siret = forms.CharField(label="SIRET", required=False, max_length=25, help_text="14 chiffres ; les espaces ne gênent pas.")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Organisation.objects.visible_to(user).exclude(pk=self.instance.pk)
        if self.instance.pk:
            del self.fields["name"]

    def clean_siren(self):
        return checked(self.cleaned_data["siren"], check_siren)

    def clean_siret(self):
        return checked(self.cleaned_data["siret"], check_siret)


def checked(text, check):
    """A number without its spaces and points, checked when there is one."""
    number = "".join(c for c in text if c not in " .\u00a0\u202f-")
    if number:
        check(number)
    return number


class RenameForm(PtiForm):
    """A dated name: the former one stays, as « ex- »."""

    name = forms.CharField(label="Nouveau nom", max_length=300)
    acronym = forms.CharField(label="Nouveau sigle", max_length=60, required=False)
    on = forms.DateField(label="Depuis le", help_text="Premier jour sous ce nom : 01/01/2024.", initial=today)

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        if name == self.organisation.name:
            raise ValidationError("C’est déjà son nom.")
        return name


class SuccessionForm(PtiForm):
    """Who follows this organisation: merged into another, or split."""

    successor = forms.ModelChoiceField(label="Successeur", queryset=Organisation.objects.none())
    kind = forms.ChoiceField(
        label="Nature",
        choices=[("merged", "Fusionné dans"), ("split", "Scindé, en partie repris par")],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label="Date", help_text="Jour où le successeur prend la suite.")

    def __init__(self, *args, organisation, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = Organisation.objects.visible_to(user).exclude(pk=organisation.pk)


class PartiesForm(PtiForm):
    """The signatories whom an amendment concerns."""

    concerned = forms.ModelMultipleChoiceField(
        label="Concernés par l’avenant",
        queryset=Partner.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Un avenant concerne au moins un signataire : cochez-le."},
    )

    def __init__(self, *args, amendment, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Partner.objects.filter(pact=amendment, standing=Standing.SIGNATORY).present()
        self.fields["concerned"].queryset = rows.select_related("organisation").order_by("order", "id")
        self.initial.setdefault("concerned", [row.pk for row in rows if row.is_concerned])


class SignedTextForm(PtiForm):
    """The signed PDF of a pact, as it was signed elsewhere."""

    file = UploadField(label="Texte signé", help_text="Le PDF signé par les partenaires, 20 Mo au plus.")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if content_type(file) != "application/pdf":
            raise ValidationError("Choisissez un PDF : c’est le texte signé qui est gardé.")
        return file
