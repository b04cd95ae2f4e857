"""Filters of the governance lists; each lives in the address."""

import django_filters
from django.db.models import Q

from actions.enums import BlockingLevel
from actions.models import Update
from governance.blocking import LEVELS, RANKS
from governance.enums import CommitteeKind, CommitteeLevel, DecisionState, MeetingStatus, Presence
from governance.models import Attendance, Committee, Decision, Meeting, Referral
from governance.obligations import KEEPING_CHOICES, Keeping, obligations
from partners.models import Organisation
from pti.filters import PtiFilterSet
from pti.models import Territory

YES = [("yes", "oui"), ("no", "non")]
WHEN = [("coming", "à venir"), ("past", "passées")]
FOLLOW_UP = [("overdue", "en retard"), *DecisionState.choices, ("kept", "exécutées ou à exécuter")]
PRESENCES = [("there", "présents ou représentés"), ("pointed", "pointés"), *Presence.choices]


class PactFilterSet(PtiFilterSet):
    """A filter set that knows the pact of the address."""

    def __init__(self, *args, pact, **kwargs):
        self.pact = pact
        super().__init__(*args, **kwargs)


def committees_of(request):
    """Choices of « instance »: those of the pact of the address."""
    return Committee.objects.serving(request.resolver_match.kwargs["pact_pk"]).only("name").order_by("level", "order", "id")


def territories_of(request):
    return Territory.objects.filter(committees__in=committees_of(request)).distinct().order_by("search", "id")


def owners_of(request):
    pact_pk = request.resolver_match.kwargs["pact_pk"]
    owned = Decision.objects.filter(meeting__committee__in=Committee.objects.serving(pact_pk)).values("owner")
    return Organisation.objects.only("name").filter(pk__in=owned).order_by("search", "id")


class CommitteeFilter(PactFilterSet):
    level = django_filters.ChoiceFilter(label="niveau", choices=CommitteeLevel)
    kind = django_filters.ChoiceFilter(label="nature", choices=CommitteeKind)
    territory = django_filters.ModelChoiceFilter(label="territoire", field_name="territories", queryset=territories_of)
    obligation = django_filters.ChoiceFilter(
        label="obligation de se réunir",
        choices=[*KEEPING_CHOICES, ("measured", "chiffrée et calculable")],
        method="filter_obligation",
    )

    class Meta:
        model = Committee
        fields = ["level", "kind", "territory", "obligation"]

    def filter_obligation(self, queryset, name, value):
        found = obligations(queryset, self.pact)
        measured = {Keeping.KEPT, Keeping.RUNNING, Keeping.MISSED}
        wanted = measured if value == "measured" else {Keeping(value)}
        return queryset.filter(pk__in=[pk for pk, one in found.items() if one.keeping in wanted])


class MeetingFilter(PactFilterSet):
    when = django_filters.ChoiceFilter(label="quand", choices=WHEN, method="filter_when")
    committee = django_filters.ModelChoiceFilter(label="instance", queryset=committees_of)
    kind = django_filters.ChoiceFilter(label="nature de l’instance", field_name="committee__kind", choices=CommitteeKind)
    status = django_filters.ChoiceFilter(label="état", choices=MeetingStatus)
    year = django_filters.NumberFilter(label="année", field_name="held_on__year", min_value=1, max_value=9998)
    minutes = django_filters.ChoiceFilter(label="compte rendu envoyé", choices=YES, method="filter_minutes")

    class Meta:
        model = Meeting
        fields = ["when", "committee", "kind", "status", "year", "minutes"]

    def filter_when(self, queryset, name, value):
        on = self.pact.reference_day
        return queryset.coming(on).order_by() if value == "coming" else queryset.past(on)

    def filter_minutes(self, queryset, name, value):
        return queryset.filter(minutes_sent_on__isnull=value == "no")


class DecisionFilter(PactFilterSet):
    search_path = ""

    state = django_filters.ChoiceFilter(label="suivi", choices=FOLLOW_UP, method="filter_state")
    owner = django_filters.ModelChoiceFilter(label="à faire par", queryset=owners_of)
    committee = django_filters.ModelChoiceFilter(label="instance", field_name="meeting__committee", queryset=committees_of)
    action = django_filters.NumberFilter(label="fiche-action", field_name="action", min_value=1, max_value=2**63 - 1)

    class Meta:
        model = Decision
        fields = ["state", "owner", "committee", "action"]

    def filter_state(self, queryset, name, value):
        if value == "overdue":
            return queryset.overdue(self.pact.reference_day)
        return queryset.kept() if value == "kept" else queryset.filter(state=value)


class AttendanceFilter(PactFilterSet):
    search_path = ""

    presence = django_filters.ChoiceFilter(label="présence", choices=PRESENCES, method="filter_presence")
    kind = django_filters.ChoiceFilter(
        label="nature de l’instance", field_name="meeting__committee__kind", choices=CommitteeKind
    )
    committee = django_filters.ModelChoiceFilter(label="instance", field_name="meeting__committee", queryset=committees_of)
    organisation = django_filters.ModelChoiceFilter(
        label="organisme", queryset=lambda request: seated_in(committees_of(request))
    )

    class Meta:
        model = Attendance
        fields = ["presence", "kind", "committee", "organisation"]

    def filter_presence(self, queryset, name, value):
        if value in ("there", "pointed"):
            return getattr(queryset, value)()
        return queryset.filter(presence=value)


def seated_in(committees):
    """Organisations pointed at the meetings of `committees`."""
    seen = Attendance.objects.filter(meeting__committee__in=committees).values("organisation")
    return Organisation.objects.only("name").filter(pk__in=seen).order_by("search", "id")


class ReferralFilter(PactFilterSet):
    search_path = ""

    answered = django_filters.ChoiceFilter(label="répondue", choices=YES, method="filter_answered")
    committee = django_filters.ModelChoiceFilter(label="instance", queryset=committees_of)

    class Meta:
        model = Referral
        fields = ["answered", "committee"]

    def filter_answered(self, queryset, name, value):
        return queryset.filter(~Q(answered_on=None) if value == "yes" else Q(answered_on=None))


LEVEL_CHOICES = [("aucune", "portés à aucune instance"), *BlockingLevel.choices, ("autre", "autre instance")]
REPLIES = [("attendue", "attendue"), ("retard", "en retard"), ("donnee", "donnée, point maintenu"), ("aucune", "pas demandée")]
STATES = [("leve", "levés"), ("tous", "tous, levés ou non")]


class BlockingFilter(PactFilterSet):
    """Where the blocking points stand; without `etat`, those that nobody lifted."""

    search_path = "action__search"
    search_label = "chercher une fiche"

    niveau = django_filters.ChoiceFilter(label="où il en est", choices=LEVEL_CHOICES, method="filter_level")
    reponse = django_filters.ChoiceFilter(label="réponse", choices=REPLIES, method="filter_reply")
    organisation = django_filters.ModelChoiceFilter(label="signalé par", queryset=lambda request: raising_in(request))
    etat = django_filters.ChoiceFilter(label="état", choices=STATES, method="filter_state")

    class Meta:
        model = Update
        fields = ["niveau", "reponse", "organisation", "etat"]

    def filter_level(self, queryset, name, value):
        if value == "aucune":
            return queryset.filter(last_kind=None)
        if value == "autre":
            return queryset.exclude(last_kind=None).exclude(last_kind__in=RANKS)
        return queryset.filter(last_kind__in=LEVELS[value])

    def filter_reply(self, queryset, name, value):
        if value == "aucune":
            return queryset.filter(last_kind=None)
        if value == "donnee":
            return queryset.exclude(last_kind=None).filter(awaits=False)
        return queryset.filter(awaits=True) if value == "attendue" else queryset.filter(last_due_on__lt=self.pact.reference_day)

    def filter_state(self, queryset, name, value):
        return queryset.exclude(unblocked_on=None) if value == "leve" else queryset


def raising_in(request):
    """Organisations that raised a blocking point in the pact of the address."""
    raised = Update.objects.filter(action__pact=request.resolver_match.kwargs["pact_pk"]).exclude(blocking_point="")
    return Organisation.objects.only("name").filter(pk__in=raised.values("organisation")).order_by("search", "id")
