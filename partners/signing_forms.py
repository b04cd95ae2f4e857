"""Entry forms of approvals and signatures; each bears on one version, and its file is checked by content."""

from django import forms

from partners.enums import ApprovalBody
from partners.models import Approval, PartnerDocument, Signature
from pti.access import is_staff_on
from pti.dates import first_day, today
from pti.files import UploadField
from pti.forms import PtiForm, PtiModelForm


class ProofMixin:
    """A form whose `file` becomes the proof of the row, and which says who recorded it and for whom."""

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.pact = self.instance.pact if isinstance(self.instance, Approval) else self.instance.partner.pact
        versions = self.pact.versions.adopted().defer("content").order_by("-number")
        self.fields["version"].queryset = versions
        self.fields["version"].required = True
        self.fields["version"].empty_label = None
        self.fields["version"].initial = versions.first()

    def save(self, commit=True):
        """The file first: the row points to it."""
        row, file = self.instance, self.cleaned_data.get("file")
        partner = row.partner
        if row._state.adding:
            row.on_behalf = partner is not None and is_staff_on(self.by, self.pact)
        row.recorded_by = row.recorded_by or self.by
        if file:
            row.proof = PartnerDocument.objects.create(pact=self.pact, partner=partner, file=file, added_by=self.by)
        return super().save(commit)


def reason_field():
    """Why a recorded signature moves; the journal keeps it (100 characters in its column)."""
    return forms.CharField(label="Motif", max_length=100, help_text="Le journal le garde avec ce qui était enregistré.")


COUNTS = [
    "quorum", "present", "proxies", "excused", "absent", "voters", "votes_for", "votes_against", "abstentions",
    "not_taking_part",
]  # fmt: skip


class ApprovalForm(ProofMixin, PtiModelForm):
    """The act by which a partner's body approves the text."""

    file = UploadField(label="Délibération", required=False)

    class Meta:
        model = Approval
        fields = [
            "version", "body", "held_text", "held_at", "place", "convened_on", "object", "act_number", "act_id",
            "transmission_number", "published_on", *COUNTS, "result", "chair", "secretary", "is_conditional", "reservations",
        ]  # fmt: skip
        widgets = {
            "object": forms.Textarea(attrs={"rows": 2}),
            "reservations": forms.Textarea(attrs={"rows": 3}),
            "held_at": forms.TextInput(attrs={"inputmode": "numeric"}),
        }
        help_texts = {
            "version": "Le texte que l’instance avait sous les yeux.",
            "body": "Conseil d’administration, commission permanente, décision du directeur…",
            "held_text": "12/03/2027 ; 03/2027 si le jour n’est pas connu.",
            "held_at": "14:30",
            "is_conditional": "L’accord est donné sous une condition, à dire dans les réserves.",
            "reservations": "Ce que l’instance a demandé, ou la condition qu’elle pose.",
            "result": "Adopté à l’unanimité, adopté à la majorité…",
            "voters": "Présents et pouvoirs qui prennent part au vote.",
        }

    def clean(self):
        data = super().clean()
        day = first_day(data.get("held_text"))
        if day and day > today():
            self.add_error("held_text", "Cette date est à venir : la délibération s’enregistre une fois prise.")
        self.check_votes(data)
        if data.get("is_conditional") and not data.get("reservations"):
            self.add_error("reservations", "Dites à quelle condition.")
        return data

    def check_votes(self, data):
        """The votes cannot outnumber the voters."""
        said = [data.get(name) for name in ("votes_for", "votes_against", "abstentions")]
        voters = data.get("voters")
        if voters is not None and sum(count or 0 for count in said) > voters:
            self.add_error("voters", "Les voix dépassent le nombre de votants : vérifiez les nombres.")

    def save(self, commit=True):
        self.instance.held_on = first_day(self.cleaned_data["held_text"])
        return super().save(commit)


class ActForm(ApprovalForm):
    """An act of the steering committee or of the assembly: not a partner's."""

    class Meta(ApprovalForm.Meta):
        fields = ["kind", *ApprovalForm.Meta.fields]
        widgets = {**ApprovalForm.Meta.widgets, "kind": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].label = "De qui est cet acte ?"
        self.fields["kind"].choices = [one for one in ApprovalBody.choices if one[0] != ApprovalBody.PARTNER]
        if not self.instance.pk:
            self.initial["kind"] = ApprovalBody.STEERING


class SignatureForm(ProofMixin, PtiModelForm):
    """Who signed, in what capacity, when, how, which version; the file is what proves it."""

    file = UploadField(label="Exemplaire signé")

    class Meta:
        model = Signature
        fields = ["version", "signatory", "capacity", "signed_on", "method"]
        widgets = {"method": forms.RadioSelect}
        help_texts = {
            "version": "Le numéro imprimé au bas de l’exemplaire signé.",
            "signatory": "Prénom et nom de la personne qui a signé.",
            "capacity": "Présidente, directeur par délégation…",
            "method": "L’application garde l’exemplaire signé ; elle ne signe rien elle-même.",
        }

    field_order = ["version", "signatory", "capacity", "signed_on", "method", "file"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signatory"].required = True
        self.fields["method"].choices = Signature._meta.get_field("method").choices

    def clean_signed_on(self):
        day = self.cleaned_data["signed_on"]
        if day > today():
            raise forms.ValidationError("Cette date est à venir : la signature s’enregistre une fois donnée.")
        return day

    def clean_version(self):
        version = self.cleaned_data["version"]
        if self.instance.partner.signatures.filter(version=version).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Ce partenaire a déjà signé cette version.")
        return version

    @property
    def is_early(self):
        """Dated before its partner's own approval: kept, with a warning."""
        last = self.instance.partner.approvals.exclude(held_on=None).order_by("held_on").last()
        return bool(last and self.instance.signed_on < last.held_on)


class CorrectionForm(SignatureForm):
    """A recorded signature, corrected with a reason; a file takes the place of the one that is kept."""

    reason = reason_field()
    file = UploadField(label="Autre exemplaire signé", required=False)

    field_order = [*SignatureForm.field_order, "reason"]

    def save(self, commit=True):
        self.instance._change_reason = self.cleaned_data["reason"]
        return super().save(commit)


class WithdrawalForm(PtiForm):
    """Why a recorded signature is taken back."""

    reason = reason_field()
