"""Entry forms of the governance floor; extras are keyword-only and narrow the choices."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst

from actions.models import Action
from governance.enums import DecisionState, Presence
from governance.models import (
    AgendaItem,
    Attendance,
    Chair,
    Committee,
    CommitteeService,
    Decision,
    Formation,
    Meeting,
    Seat,
)
from governance.services import pact_of_item
from partners.models import Contact, Organisation
from pti.dates import parse_period
from pti.enums import Role
from pti.forms import PtiForm, PtiModelForm, RevisionForm
from pti.models import Pact, Territory

ANSWERS = [
    (Presence.PRESENT, "Je viens"),
    (Presence.REPRESENTED, "Je me fais représenter"),
    (Presence.EXCUSED, "Je ne viens pas"),
]


def organisations_of(pact):
    """Partners of the pact first in mind, but any organisation may sit."""
    return Organisation.objects.order_by("search", "id")


class ContractForm:
    """Says beside the form, rather than by an error, that the text is frozen."""

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        try:
            self.instance.refuse_if_frozen()
        except ValidationError as error:
            self.add_error(None, error)


class CommitteeForm(ContractForm, RevisionForm):
    """A committee as the pact describes it; once the text is frozen, a new one carries the date of its mandate."""

    class Meta:
        model = Committee
        fields = [
            "name",
            "kind",
            "level",
            "theme",
            "role",
            "parent",
            "takes_over_from",
            "territories",
            "chair_mode",
            "chair_text",
            "pilot",
            "co_pilot",
            "frequency_text",
            "meetings_due",
            "meetings_due_per",
            "due_at_launch",
            "due_at_mid_term",
            "due_at_end",
            "quorum",
            "members_text",
            "mandated_on",
            "dissolved_on",
        ]
        help_texts = {
            "role": "Que décide-t-elle, que suit-elle, à qui rend-elle compte ?",
            "chair_text": "Par exemple : « le président du Conseil départemental ou son représentant ».",
            "pilot": "Pour un groupe de travail.",
            "co_pilot": "D’un autre organisme que le pilote.",
            "frequency_text": "Tel que le pacte l’écrit : « au moins une fois par an ».",
            "meetings_due": "Le nombre de séances que l’on comptera : 1, 2, 3…",
        }

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        others = Committee.objects.serving(pact).exclude(pk=self.instance.pk).order_by("order", "id")
        self.fields["parent"].queryset = others
        older = Committee.objects.filter(pk__in=self.older(pact)).select_related("pact").order_by("search", "id")
        self.fields["takes_over_from"].queryset = older
        self.fields["takes_over_from"].label_from_instance = lambda row: (
            row.name if row.pact == pact else f"{row.name} ({row.pact})"
        )
        self.fields["territories"].queryset = Territory.objects.filter(pacts=pact).order_by("search", "id")
        for name in ("pilot", "co_pilot"):
            self.fields[name].queryset = organisations_of(pact)
        if pact.is_frozen:
            self.keep_to_life()

    def older(self, pact):
        pacts = [pact.pk, *([pact.previous_id] if pact.previous_id else [])]
        return Committee.objects.filter(pact__in=pacts).exclude(pk=self.instance.pk).values("pk")

    def keep_to_life(self):
        """What the text says no longer moves: a new committee is dated, an old one may be dissolved."""
        if self.instance.pk and not self.instance.is_life_row:
            for name in [name for name in self.fields if name not in {"dissolved_on", "revision"}]:
                del self.fields[name]
            return
        self.fields["mandated_on"].required = True
        for name in ("takes_over_from", "territories"):
            if self.instance.pk is None:
                continue
            self.fields[name].disabled = not self.instance.is_life_row

    def clean(self):
        data = super().clean() or self.cleaned_data
        if "meetings_due" in self.fields and bool(data.get("meetings_due")) != bool(data.get("meetings_due_per")):
            self.add_error(
                "meetings_due_per", "Dites combien de séances sont dues et sur quelle durée, ou laissez les deux vides."
            )
        return data


class PartForm(ContractForm, PtiModelForm):
    """A part of a committee; `remove` takes it off and says so."""

    def __init__(self, *args, pact, user, **kwargs):
        super().__init__(*args, **kwargs)
        if "organisation" in self.fields:
            self.fields["organisation"].queryset = organisations_of(pact)

    @staticmethod
    def remove(request, row):
        try:
            row.delete()
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, f"{capfirst(row._meta.verbose_name)} : retiré.")


class LifePartForm(PartForm):
    """Mandates happen: they move once the text is frozen too."""

    def _post_clean(self):
        super(ContractForm, self)._post_clean()


class ChairForm(LifePartForm):
    class Meta:
        model = Chair
        fields = ["organisation", "text", "starts_on", "ends_on", "order"]
        help_texts = {"text": "La fonction : « le préfet ou son représentant ».", "order": "En cas de tour : 1, 2, 3…"}


class SeatForm(LifePartForm):
    class Meta:
        model = Seat
        fields = ["organisation", "text", "formation", "holder", "deputy", "starts_on", "ends_on", "order"]
        help_texts = {"text": "Pour qui n’est pas un organisme : « deux représentants des usagers »."}

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, pact=pact, **kwargs)
        self.fields["formation"].queryset = self.instance.committee.formations.all()
        for name in ("holder", "deputy"):
            self.fields[name].queryset = Contact.objects.filter(pact=pact).select_related("organisation")


class FormationForm(PartForm):
    class Meta:
        model = Formation
        fields = ["name", "role", "order"]


class ServiceForm(PartForm):
    class Meta:
        model = CommitteeService
        fields = ["pact", "label"]
        help_texts = {
            "pact": "Un autre pacte de cette base.",
            "label": "Ou le nom du plan : « FSE+ », « contrat local de santé »…",
        }

    def __init__(self, *args, pact, user, **kwargs):
        super().__init__(*args, pact=pact, user=user, **kwargs)
        hers = Pact.objects.with_role(user, Role.ANIMATOR, Role.OFFICER).ordinary().exclude(pk=pact.pk)
        self.fields["pact"].queryset = (hers | Pact.objects.filter(pk=self.instance.pact_id)).distinct()


PART_FORMS = {"presidences": ChairForm, "sieges": SeatForm, "formations": FormationForm, "plans": ServiceForm}


class HeldMeeting:
    """What is written of a meeting waits for who is closing it, and is then refused."""

    def save(self, commit=True):
        meeting = self.instance if isinstance(self.instance, Meeting) else self.instance.meeting
        with transaction.atomic():
            if meeting.pk:
                meeting.hold()
            return super().save(commit)


class MeetingForm(HeldMeeting, RevisionForm):
    """When and where; the raw date is kept."""

    link = forms.URLField(label="lien de visioconférence", required=False, assume_scheme="https")

    class Meta:
        model = Meeting
        fields = ["committee", "formation", "date_text", "starts_at", "ends_at", "place", "link", "object", "status", "quorum"]
        help_texts = {
            "starts_at": "Par exemple 14 h 30.",
            "ends_at": "Par exemple 16 h.",
            "quorum": "Nombre d’organismes ; vide : celui de l’instance.",
        }

    def __init__(self, *args, committees, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = committees
        formations = Formation.objects.filter(committee__in=committees).select_related("committee")
        self.fields["formation"].queryset = formations
        self.fields["formation"].label_from_instance = lambda row: f"{row.committee.name} : {row.name}"
        self.fields["date_text"].required = True

    def clean_date_text(self):
        text = self.cleaned_data["date_text"]
        if parse_period(text) is None:
            raise ValidationError("Saisissez une date comme 28/02/2017, ou une année, un mois, un trimestre.")
        return text

    def clean(self):
        data = super().clean() or self.cleaned_data
        formation, committee = data.get("formation"), data.get("committee")
        if formation and committee and formation.committee_id != committee.pk:
            self.add_error("formation", "Cette formation est celle d’une autre instance.")
        if data.get("starts_at") and data.get("ends_at") and data["ends_at"] <= data["starts_at"]:
            self.add_error("ends_at", "La fin précède le début.")
        return data


class MinutesForm(HeldMeeting, RevisionForm):
    """The minutes: a draft until they are sent."""

    class Meta:
        model = Meeting
        fields = ["minutes"]
        help_texts = {"minutes": "Qui était là, ce qui s’est dit, ce qui est décidé. Brouillon tant qu’il n’est pas envoyé."}


class AgendaItemForm(HeldMeeting, RevisionForm):
    """One line of the agenda; its subject is a fiche, an indicator or a decision of the pact."""

    subject = forms.ChoiceField(label="objet", required=False)

    class Meta:
        model = AgendaItem
        fields = ["title", "presenter", "minutes_planned", "order", "pact", "notes"]
        help_texts = {"notes": "En séance ou après : ce qui s’est dit sur ce point."}

    field_order = ["title", "subject", "presenter", "minutes_planned", "order", "pact", "notes"]

    def __init__(self, *args, subjects, pacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.subjects = subjects
        self.fields["subject"].choices = [("", "Aucun"), *subjects.choices()]
        self.initial["subject"] = subjects.key_of(self.instance)
        if len(pacts) < 2:
            del self.fields["pact"]
        else:
            self.fields["pact"].queryset = Pact.objects.filter(pk__in=[pact.pk for pact in pacts])
            self.fields["pact"].help_text = "Ce point ne sera lu que par ceux de ce pacte. Vide : tous."

    def save(self, commit=True):
        self.instance.subject = self.subjects.row_of(self.cleaned_data["subject"])
        return super().save(commit)


class DecisionForm(HeldMeeting, RevisionForm):
    """A verb, somebody in charge, a date."""

    class Meta:
        model = Decision
        fields = ["text", "owner", "owner_text", "due_text", "action", "item"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}
        labels = {"text": "Ce que l’instance décide", "owner": "Qui s’en charge", "due_text": "Avant le"}
        help_texts = {
            "text": "Un verbe, un responsable, une date. Le texte sera relu à voix haute.",
            "due_text": "jj/mm/aaaa, un mois ou un trimestre.",
            "owner_text": "Pour qui n’est pas un organisme de la liste.",
        }

    def __init__(self, *args, meeting, pact, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = organisations_of(pact)
        self.fields["action"].queryset = Action.objects.filter(pact=pact).only("number", "title").order_by("order", "id")
        self.fields["item"].queryset = AgendaItem.objects.visible_to(user).filter(meeting=meeting)

    def clean_due_text(self):
        text = self.cleaned_data["due_text"]
        if text and parse_period(text) is None:
            raise ValidationError("Saisissez une date comme 28/02/2017, ou un mois, un trimestre.")
        return text

    def save(self, commit=True):
        """A decision of an item that bears on one pact bears on it too; so does one about a fiche of it."""
        item, action = self.instance.item, self.instance.action
        if item is not None and item.pact_id:
            self.instance.pact = item.pact
        elif action is not None:
            self.instance.pact = pact_of_item(self.instance.meeting, action)
        elif item is not None:
            self.instance.pact = None
        return super().save(commit)


class FollowForm(PtiForm):
    """What became of a decision."""

    state = forms.ChoiceField(choices=DecisionState)


class AttendanceForm(PtiModelForm):
    """One organisation at one meeting."""

    says_optional = False

    class Meta:
        model = Attendance
        fields = ["presence", "people"]


class AttendanceFormSet(forms.BaseModelFormSet):
    """The lines of one meeting, and no other."""

    def clean(self):
        super().clean()
        if any(form.instance.pk is None for form in self.forms):
            raise ValidationError("La liste des présences a changé : relisez-la, puis enregistrez de nouveau.")


class AnswerForm(PtiForm):
    """What a member organisation says before the meeting."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), widget=forms.HiddenInput)
    presence = forms.ChoiceField(choices=ANSWERS)

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class MoveForm(PtiForm):
    """The meeting that an item of the agenda is put off to."""

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label="séance qui le reprend")

    def __init__(self, *args, meetings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings
