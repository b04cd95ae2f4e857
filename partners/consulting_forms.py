"""Entry forms of the concertation: a consultation, a proposal, an opinion, a decision."""

from django import forms
from django.core.exceptions import ValidationError

from partners.enums import OpinionKind, ProposalState
from partners.models import Consultation, Opinion, Partner, PartnerDocument, Proposal
from pti.access import is_staff_on
from pti.dates import today
from pti.fields import clean_html
from pti.files import UploadField
from pti.forms import HeldForm, PtiForm, PtiModelForm, RichTextFormField


class ConsultationForm(HeldForm):
    """What partners are asked, until when, and whom; once open, partners are added, never taken out."""

    moves = ("closed_on",)

    partners = forms.ModelMultipleChoiceField(
        label="Partenaires invités",
        queryset=Partner.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un partenaire."},
    )

    class Meta:
        model = Consultation
        fields = ["title", "deadline", "message"]
        widgets = {"message": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "title": "Par exemple : première lecture, avant le comité de pilotage de mars.",
            "deadline": "Le dernier jour pour répondre : 28/02/2027.",
            "message": "Ce que vous attendez des partenaires. Il part dans le courriel.",
        }

    field_order = ["title", "deadline", "message", "partners"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = self.instance.pact.partners.present().select_related("organisation")
        field = self.fields["partners"]
        if self.instance.pk:
            rows = rows.exclude(consulted__consultation=self.instance)
            field.label, field.required = "Inviter aussi", False
            if not rows.exists():
                del self.fields["partners"]
        else:
            self.initial["partners"] = [partner.pk for partner in rows]
        field.queryset = rows

    def clean_deadline(self):
        day = self.cleaned_data["deadline"]
        if day < today() and day != self.initial.get("deadline"):
            raise ValidationError("Cette date est passée : donnez aux partenaires un jour à venir.")
        return day


class AnswerMixin:
    """Who answers, for whom, and how it reached us: the staff record « au nom de », a partner speaks for itself."""

    def __init__(self, *args, by, partners, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.pact = by, self.instance.consultation.pact
        self.is_staff = is_staff_on(by, self.pact)
        field = self.fields["partner"]
        field.queryset, field.empty_label = partners, None
        if self.instance.partner_id or len(partners) == 1:
            self.instance.partner = self.instance.partner if self.instance.partner_id else partners[0]
            del self.fields["partner"]
        if not self.is_staff:
            del self.fields["author_name"], self.fields["received_by"]

    def keep(self, commit):
        """Say who recorded it, and keep its file with the partner's."""
        row, file = self.instance, self.cleaned_data.get("file")
        if row._state.adding:
            row.on_behalf, row.recorded_by = self.is_staff, self.by
            row.author_name = row.author_name or ("" if self.is_staff else self.by.get_full_name())
        if file:
            row.proof = PartnerDocument.objects.create(pact=self.pact, partner=row.partner, file=file, added_by=self.by)


ON_BEHALF = ["partner", "author_name", "received_by"]
ON_BEHALF_HELP = {
    "partner": "Au nom de qui ?",
    "author_name": "La personne qui parle pour le partenaire.",
    "received_by": "Comment cette réponse est arrivée.",
}


class ProposalForm(AnswerMixin, HeldForm):
    """Another wording, filled in with what the partner reads."""

    moves = ("state",)

    file = UploadField(label="Document reçu", required=False)

    class Meta:
        model = Proposal
        fields = [*ON_BEHALF, "text", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
        labels = {"text": "Votre rédaction"}
        help_texts = {
            **ON_BEHALF_HELP,
            "text": "Écrivez dans le texte ci-dessous, comme vous voudriez le lire. Pour proposer de le retirer, videz-le.",
            "reason": "Ce que ce changement apporte. L’équipe du Département vous répondra.",
        }

    field_order = [*ON_BEHALF, "text", "reason", "file"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_staff:
            del self.fields["file"]
        if not self.instance.pk:
            self.initial["text"] = self.instance.base

    def clean_text(self):
        text = self.cleaned_data["text"]
        if clean_html(text) == clean_html(self.instance.base):
            raise ValidationError("Ce texte est celui que vous avez lu : changez-y quelque chose, ou donnez un avis.")
        return text

    def save(self, commit=True):
        self.keep(commit)
        return super().save(commit)


class OpinionForm(AnswerMixin, PtiModelForm):
    """An opinion on the whole text, in words or in a file."""

    file = UploadField(label="Avis écrit", required=False)

    class Meta:
        model = Opinion
        fields = [*ON_BEHALF, "kind", "text"]
        widgets = {"kind": forms.RadioSelect}
        labels = {"kind": "Votre avis"}
        help_texts = {**ON_BEHALF_HELP, "text": "Vos observations, si vous en avez."}

    field_order = [*ON_BEHALF, "kind", "text", "file"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = OpinionKind.choices

    def clean(self):
        data = super().clean()
        if data.get("kind") in (OpinionKind.RESERVED, OpinionKind.UNFAVOURABLE) and not (data.get("text") or data.get("file")):
            self.add_error("text", "Dites pourquoi, ici ou dans un document joint.")
        return data

    def save(self, commit=True):
        self.keep(commit)
        self.instance.given_on = today()
        return super().save(commit)


DECISIONS = {
    "accepter": ProposalState.ACCEPTED,
    "amender": ProposalState.AMENDED,
    "refuser": ProposalState.REFUSED,
}


class DecisionForm(PtiForm):
    """The answer to a proposal, and the text that enters when it is amended; the button says which."""

    answer = forms.CharField(
        label="Réponse au partenaire",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Pourquoi. Le partenaire la lit avec la décision.",
        error_messages={"required": "Dites pourquoi : le partenaire lit cette réponse."},
    )
    text = RichTextFormField(label="Rédaction retenue", required=False, help_text="Le texte qui entre si vous l’amendez.")
    decision = forms.ChoiceField(choices=[(key, key) for key in DECISIONS], widget=forms.HiddenInput, required=False)
    whole = forms.BooleanField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    says_optional = False

    @property
    def state(self):
        """What the button that was pressed decides."""
        return DECISIONS.get(self.cleaned_data.get("decision"), ProposalState.AMENDED)
