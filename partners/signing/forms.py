"""Entry forms of approvals and signatures; each bears on one version, and its file is checked by content."""

from django import forms

from partners.enums import ApprovalBody, SignatureMethod
from partners.models import Approval, ConsultationPlan, Contact, PartnerDocument, Refusal, ReminderPlan, Signatory, Signature
from partners.signing import deeds
from pti.access import is_staff_on
from pti.dates import first_day, today
from pti.files import UploadField, content_type
from pti.forms import HeldForm, PtiForm, PtiModelForm
from pti.pdf_signatures import check_pdf
from pti.versions import pdf_of_version


class ProofMixin:
    """A form whose `file` becomes the proof of the row, and which says who recorded it and for whom."""

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.pact = self.instance.pact if isinstance(self.instance, Approval) else self.instance.partner.pact
        versions = self.pact.versions.adopted().order_by("-number")
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
            "transmission_number", "transmitted_on", "publication_id", "published_on", *COUNTS,
            "result", "chair", "secretary", "is_conditional", "reservations",
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
            "act_id": "Celui que porte l’acte transmis, s’il en a un : 037-223700011-20270312-CP12-DE.",
            "transmission_number": "Accusé de réception du contrôle de légalité.",
            "publication_id": "Numéro au recueil, ou adresse de la page où l’acte est publié.",
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


class SignatureForm(ProofMixin, HeldForm):
    """Who signed, in what capacity, when, how, which version; the file is what proves it."""

    moves = ("withdrawn_on",)

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
        self.fields["method"].choices = [one for one in SignatureMethod.choices if one[0] != SignatureMethod.ONLINE]
        signatory = deeds.current_signatory(self.instance.partner)
        if signatory and self.instance._state.adding:
            self.initial |= {"signatory": signatory.name, "capacity": signatory.capacity}

    def clean_signed_on(self):
        day = self.cleaned_data["signed_on"]
        if day > today():
            raise forms.ValidationError("Cette date est à venir : la signature s’enregistre une fois donnée.")
        return day

    def clean_version(self):
        version = self.cleaned_data["version"]
        if self.instance.partner.signatures.standing().filter(version=version).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Ce partenaire a déjà signé cette version.")
        return version

    def clean(self):
        data = super().clean()
        file, version = data.get("file"), data.get("version")
        if file and data.get("method") == SignatureMethod.PARAPHEUR and version:
            self.check_signed(file, version)
        elif file:
            self.instance.pdf_check = None
        return data

    def check_signed(self, file, version):
        """Check what the parapheur signed; a broken signature is refused, what is doubtful is kept and told."""
        if content_type(file) != "application/pdf":
            self.add_error("file", "Un parapheur rend un PDF : déposez ce fichier-là.")
            return
        content = file.read()
        file.seek(0)
        try:
            self.instance.pdf_check = check_pdf(content, original=pdf_of_version(version)).as_data()
        except forms.ValidationError as error:
            self.add_error("file", error)

    @property
    def is_early(self):
        """Dated before its partner's own approval: kept, with a warning."""
        last = self.instance.partner.approvals.exclude(held_on=None).order_by("held_on").last()
        return bool(last and self.instance.signed_on < last.held_on)


class CorrectionForm(SignatureForm):
    """A recorded signature, corrected with a reason; a file takes the place of the one that is kept.

    An agreement given on line is not corrected: it is taken back.
    """

    reason = reason_field()
    file = UploadField(label="Autre exemplaire signé", required=False)

    field_order = [*SignatureForm.field_order, "reason"]

    def save(self, commit=True):
        self.instance._change_reason = self.cleaned_data["reason"]
        return super().save(commit)


class WithdrawalForm(PtiForm):
    """Why a recorded signature is taken back."""

    reason = reason_field()


class SignatoryForm(PtiModelForm):
    """Who signs for a partner: one of its contacts, or somebody named here; by whose delegation."""

    reason = forms.CharField(
        label="Motif du changement", max_length=400, help_text="Départ, fin de mandat, empêchement… Le dossier le garde."
    )
    file = UploadField(label="Arrêté ou acte de délégation", required=False)

    class Meta:
        model = Signatory
        fields = ["contact", "name", "capacity", "email", "starts_on", "delegated_by", "delegation_reference"]
        labels = {"contact": "Un de ses contacts", "starts_on": "À partir du"}
        help_texts = {
            "contact": "Son nom et son adresse sont repris ; sinon, saisissez-les.",
            "capacity": "Présidente, directeur général par délégation…",
            "email": "Celle de son compte : le code de l’accord en ligne y arrive. Sans adresse : papier ou parapheur.",
            "delegated_by": "Si la personne signe par délégation : de qui.",
            "delegation_reference": "Arrêté n° 2027-41 du 3 janvier 2027.",
        }

    field_order = [*Meta.fields, "file", "reason"]
    one_of = ("contact", "name")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, partner = by, self.instance.partner
        contacts = Contact.objects.filter(pact=partner.pact.people_pact_id, organisation=partner.organisation)
        self.fields["contact"].queryset = contacts.order_by("-is_signatory", "last_name", "first_name", "id")
        self.fields["name"].required = False
        self.initial["starts_on"] = self.initial.get("starts_on") or today()
        first = contacts.filter(is_signatory=True).first()
        self.before = deeds.current_signatory(partner)
        if self.before is None:
            del self.fields["reason"]
            self.initial["contact"] = first
            self.initial["capacity"] = first.function if first else ""

    def clean(self):
        data = super().clean()
        contact = data.get("contact")
        if contact:
            data["name"] = data.get("name") or str(contact)
            data["email"] = data.get("email") or contact.email
        if not data.get("name"):
            self.add_error("name", "Choisissez un contact, ou saisissez le nom de la personne.")
        if (data.get("delegation_reference") or data.get("file")) and not data.get("delegated_by"):
            self.add_error("delegated_by", "Dites qui donne la délégation.")
        return data

    def save(self, commit=True):
        row, file = self.instance, self.cleaned_data.get("file")
        if row.partner.pact.is_amendment:
            row.contact = None  # A row of the pact, not of this file: its name and address are enough.
        if file:
            row.delegation_proof = PartnerDocument.objects.create(
                pact=row.partner.pact, partner=row.partner, file=file, added_by=self.by
            )
        return deeds.name_signatory(row=row, by=self.by, reason=self.cleaned_data.get("reason", ""))


class RefusalForm(PtiModelForm):
    """A partner that will not sign: which version, who decided, when, why."""

    file = UploadField(label="Courrier ou délibération", required=False)

    class Meta:
        model = Refusal
        fields = ["version", "said_by", "refused_on", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "said_by": "Conseil d’administration, direction générale…",
            "reason": "Tous ceux qui lisent le pacte le lisent.",
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        versions = self.instance.partner.pact.versions.adopted().order_by("-number")
        self.fields["version"].queryset, self.fields["version"].empty_label = versions, None
        self.initial["version"] = self.initial.get("version") or versions.first()
        self.initial["refused_on"] = self.initial.get("refused_on") or today()

    def clean_refused_on(self):
        day = self.cleaned_data["refused_on"]
        if day > today():
            raise forms.ValidationError("Cette date est à venir : le refus s’enregistre une fois dit.")
        return day

    def save(self, commit=True):
        row, file = self.instance, self.cleaned_data.get("file")
        if file:
            row.proof = PartnerDocument.objects.create(pact=row.partner.pact, partner=row.partner, file=file, added_by=self.by)
        return deeds.refuse(row=row, by=self.by)


MOST_DAYS = 365


class ReminderForm(PtiModelForm):
    """The schedule of reminders: on or off, and its rhythm."""

    class Meta:
        model = ReminderPlan
        fields = ["is_active", "first_after", "every"]
        help_texts = {
            "is_active": "Décochez pour tout arrêter : rien ne part plus, que ce que vous envoyez à la main.",
            "first_after": "Depuis le jour où la délibération ou la signature est attendue.",
            "every": "Trois jours au moins.",
        }

    def clean(self):
        data = super().clean() or self.cleaned_data
        for name in ("first_after", "every"):
            if data.get(name) and data[name] > MOST_DAYS:
                self.add_error(name, f"{MOST_DAYS} jours au plus.")
        return data

    def save(self, commit=True):
        """The days are counted from the day on which the schedule is set going."""
        if not self.instance.is_active:
            self.instance.started_on = None
        self.instance.started_on = self.instance.started_on or (today() if self.instance.is_active else None)
        return super().save(commit)


class ConsultationReminderForm(ReminderForm):
    """The same for a consultation."""

    class Meta(ReminderForm.Meta):
        model = ConsultationPlan
        help_texts = ReminderForm.Meta.help_texts | {"first_after": "Depuis le jour où le partenaire a été invité."}


class LiftingForm(PtiForm):
    """Why a refusal ends."""

    reason = forms.CharField(label="Motif", max_length=400, help_text="Ce qui a changé. Le refus reste au dossier, daté.")
