"""Lists of the governance floor."""

import django_tables2 as tables
from django.db.models import F
from django.utils.html import format_html
from django.utils.text import capfirst

from actions.models import Update
from governance.blocking import due_of, higher_words
from governance.enums import DecisionState, MeetingStatus
from governance.models import Attendance, Committee, Decision, Meeting, Referral
from governance.obligations import Keeping
from pti import typography
from pti.links import row_address
from pti.tables import NOTHING, UNKNOWN, DayColumn, PtiTable
from pti.templatetags.pti import state

STATUS_SHAPES = {
    MeetingStatus.PLANNED: "calendar-event",
    MeetingStatus.CONVENED: "envelope",
    MeetingStatus.HELD: "s-done",
    MeetingStatus.POSTPONED: "s-paused",
    MeetingStatus.CANCELLED: "s-dropped",
}
KEEPING_SHAPES = {
    Keeping.KEPT: ("check-lg", "ink"),
    Keeping.RUNNING: ("hourglass-split", "ink"),
    Keeping.MISSED: ("exclamation-triangle", "bad"),
    Keeping.UNKNOWN: ("c-none", "none"),
}
DECISION_SHAPES = {DecisionState.OPEN: "s-ongoing", DecisionState.DONE: "s-done", DecisionState.DROPPED: "s-dropped"}


def keeping_state(obligation):
    """Shape and sentence of an obligation; what is unknown stays grey."""
    if obligation.keeping not in KEEPING_SHAPES:
        return obligation.sentence
    shape, tone = KEEPING_SHAPES[obligation.keeping]
    return state(shape, obligation.sentence, tone)


def meeting_state(meeting):
    """Shape and word of the status of a meeting."""
    return state(STATUS_SHAPES[meeting.status], capfirst(meeting.status_text or meeting.get_status_display()))


def decision_state(decision, on):
    """« Exécutée le… », « En retard de 39 jours », « À exécuter avant le… »."""
    if decision.state == DecisionState.DONE:
        return state("s-done", format_html("Exécutée le {}", typography.day(decision.done_on)))
    if decision.is_overdue(on):
        return state("clock-history", f"En retard de {typography.elapsed((on - decision.due_on).days)}", "bad")
    return state(DECISION_SHAPES[decision.state], capfirst(decision.get_state_display()))


class PactTable(PtiTable):
    """A list inside a pact: links stay under its address."""

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        self.pact = pact
        self.addresses = {}

    def url(self, name, pk):
        """The address of a row of the pact; each name is looked up once."""
        if name not in self.addresses:
            self.addresses[name] = row_address(name, self.pact.pk)
        return self.addresses[name](pk)

    def link(self, name, pk, text):
        return format_html('<a href="{}">{}</a>', self.url(name, pk), text)


class CommitteeTable(PactTable):
    name = tables.Column("instance")
    level = tables.Column("niveau")
    kind = tables.Column("nature")
    covers = tables.Column("territoires", empty_values=(), orderable=False, accessor="pk")
    chair = tables.Column("présidence", empty_values=(), orderable=False, accessor="pk")
    obligation = tables.Column("obligation de se réunir", empty_values=(), orderable=False, accessor="pk")

    noun, nouns, feminine = "instance", "instances", True
    title_column = "name"
    secondary = ("kind", "chair")
    when_empty = "Ce pacte n’a pas encore d’instance."

    class Meta(PtiTable.Meta):
        model = Committee
        fields = ("name", "level", "kind", "covers", "chair", "obligation")
        order_by = "level"

    def __init__(self, *args, obligations, **kwargs):
        super().__init__(*args, **kwargs)
        self.obligations = obligations

    def order_level(self, queryset, is_descending):
        return queryset.order_by("-level" if is_descending else "level", "order", "id"), True

    def render_name(self, value, record):
        text = self.link("governance:committee_detail", record.pk, value)
        return format_html('{} <span class="pti-small">dissoute</span>', text) if record.dissolved_on else text

    def value_name(self, value):
        return value

    def render_level(self, record):
        return capfirst(record.level_text or record.get_level_display())

    def render_kind(self, record):
        return capfirst(record.kind_label)

    def render_covers(self, record):
        return ", ".join(territory.name for territory in record.territories.all()) or "Tout le pacte"

    def render_chair(self, record):
        chairs = ", ".join(str(chair) for chair in record.chairs.all() if not chair.ends_on)
        return record.chair_text or chairs or UNKNOWN

    def render_obligation(self, record):
        return keeping_state(self.obligations[record.pk])

    def value_obligation(self, record):
        return self.obligations[record.pk].sentence


class MeetingTable(PactTable):
    held_on = tables.Column("séance", empty_values=())
    committee = tables.Column("instance", order_by=("committee__search", "-held_on"))
    object = tables.Column("objet", orderable=False)
    status = tables.Column("état")
    minutes_sent_on = DayColumn("compte rendu envoyé le", default="Non envoyé")

    noun, nouns, feminine = "séance", "séances", True
    title_column = "held_on"
    secondary = ("object", "minutes_sent_on")
    nowrap = ("status",)
    when_empty = "Aucune séance n’est prévue, ni passée."

    class Meta(PtiTable.Meta):
        model = Meeting
        fields = ("held_on", "committee", "object", "status", "minutes_sent_on")

    def render_held_on(self, record):
        return self.link("governance:meeting_detail", record.pk, self.day_of(record))

    def value_held_on(self, record):
        return self.day_of(record)

    @staticmethod
    def day_of(record):
        return typography.date_text(record.date_text) or "Date à fixer"

    def render_committee(self, record):
        text = self.link("governance:committee_detail", record.committee_id, record.committee.name)
        return format_html('{} <span class="pti-small">{}</span>', text, record.formation) if record.formation else text

    def value_committee(self, record):
        return record.committee.name

    def render_status(self, record):
        return meeting_state(record)

    def value_status(self, record):
        return record.status_text or record.get_status_display()


class DecisionTable(PactTable):
    text = tables.Column("décision", orderable=False)
    owner = tables.Column("à faire par", empty_values=(), order_by=("owner__search", "owner_text"))
    due_on = tables.Column("échéance", empty_values=())
    state = tables.Column("suivi")
    meeting = tables.Column("séance", order_by=("meeting__held_on",))
    action = tables.Column("fiche", order_by=("action__order",), default=NOTHING)

    noun, nouns, feminine = "décision", "décisions", True
    title_column = "text"
    secondary = ("meeting", "action")
    nowrap = ("due_on", "state", "action")
    when_empty = "Aucune décision n’est enregistrée. Elles se prennent dans les séances, point par point."

    class Meta(PtiTable.Meta):
        model = Decision
        fields = ("text", "owner", "due_on", "state", "meeting", "action")
        order_by = "due_on"

    def render_text(self, record):
        anchor = self.url("governance:meeting_detail", record.meeting_id)
        return format_html('<a href="{}#decision-{}">{}</a>', anchor, record.pk, typography.shorten(record.text, 140))

    def value_text(self, value):
        return value

    def render_owner(self, record):
        return record.owner_name or UNKNOWN

    def value_owner(self, record):
        return record.owner_name

    def render_due_on(self, record):
        return typography.date_text(record.due_text) or "Sans échéance"

    def render_state(self, record):
        return decision_state(record, self.pact.reference_day)

    def value_state(self, record):
        return record.get_state_display()

    def render_meeting(self, record):
        return f"{record.meeting.committee.name}, {typography.date_text(record.meeting.date_text)}"

    def render_action(self, record):
        return self.link("actions:action_detail", record.action_id, record.action.number or record.action.label)

    def value_action(self, record):
        return str(record.action)


class AttendanceTable(PactTable):
    organisation = tables.Column("organisme", empty_values=(), order_by=("organisation__search", "text"))
    presence = tables.Column("présence")
    people = tables.Column("personnes")
    meeting = tables.Column("séance", order_by=("meeting__held_on",))

    noun, nouns, feminine = "présence", "présences", True
    title_column = "organisation"
    numeric = ("people",)
    when_empty = "Aucune présence n’est enregistrée. Elles se pointent dans chaque séance."

    class Meta(PtiTable.Meta):
        model = Attendance
        fields = ("organisation", "presence", "people", "meeting")
        order_by = "-meeting"

    def render_organisation(self, record):
        return record.text or str(record.organisation)

    def render_presence(self, record):
        return capfirst(record.get_presence_display())

    def render_meeting(self, record):
        text = f"{record.meeting.committee.name}, {typography.date_text(record.meeting.date_text)}"
        return self.link("governance:meeting_detail", record.meeting_id, text)

    def value_meeting(self, record):
        return f"{record.meeting.committee.name}, {record.meeting.date_text}"


class ReferralTable(PactTable):
    update = tables.Column("point de blocage", orderable=False)
    action = tables.Column("fiche", accessor="update__action", order_by=("update__action__order",))
    committee = tables.Column("instance saisie", order_by=("committee__search",))
    raised_on = DayColumn("date de la saisine")
    answered_on = tables.Column("réponse", empty_values=())

    noun, nouns, feminine = "saisine", "saisines", True
    title_column = "update"
    secondary = ("raised_on",)
    nowrap = ("raised_on",)
    when_empty = "Aucune saisine. Un point de blocage se porte à une instance depuis le tableau de bord."

    class Meta(PtiTable.Meta):
        model = Referral
        fields = ("update", "action", "committee", "raised_on", "answered_on")
        order_by = "-raised_on"

    def render_update(self, record):
        text = typography.shorten(record.update.blocking_point, 140)
        return self.link("actions:action_detail", record.update.action_id, text)

    def value_update(self, record):
        return record.update.blocking_point

    def render_action(self, record):
        action = record.update.action
        return self.link("actions:action_detail", action.pk, action.number or action.label)

    def value_action(self, record):
        return str(record.update.action)

    def render_committee(self, record):
        return self.link("governance:committee_detail", record.committee_id, record.committee.name)

    def value_committee(self, record):
        return record.committee.name

    def render_answered_on(self, record):
        if record.is_waiting:
            return state("hourglass-split", "Réponse attendue")
        if record.answered_on is None:
            return state("arrow-return-right", "Porté plus haut")
        return format_html("Le {} : {}", typography.day(record.answered_on), typography.shorten(record.answer, 80))

    def value_answered_on(self, record):
        return record.answer or ("" if record.is_waiting else "Porté plus haut")


class BlockingTable(PactTable):
    """Where each blocking point stands, the answers most overdue first."""

    blocking_point = tables.Column("point de blocage", orderable=False)
    action = tables.Column("fiche", order_by=("action__number_key", "action__order"))
    on = tables.Column("signalé")
    standing = tables.Column("où il en est", empty_values=(), orderable=False)
    last_due_on = tables.Column("réponse attendue", empty_values=())
    next = tables.Column("suite", empty_values=(), orderable=False)

    noun, nouns, feminine = "point de blocage", "points de blocage", False
    title_column = "blocking_point"
    secondary = ("on",)
    when_empty = "Aucun point de blocage. Un pilote en signale un dans son point d’avancement."

    class Meta(PtiTable.Meta):
        model = Update
        fields = ("blocking_point", "action", "on", "standing", "last_due_on", "next")
        order_by = "last_due_on"

    def __init__(self, *args, on, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.day = on
        if not staff:
            self.columns.hide("next")

    def order_last_due_on(self, queryset, is_descending):
        due = F("last_due_on")
        due = due.desc(nulls_last=True) if is_descending else due.asc(nulls_last=True)
        return queryset.order_by(due, "on", "id"), True

    def render_blocking_point(self, record):
        url = self.url("actions:action_detail", record.action_id)
        text = typography.shorten(record.blocking_point, 180)
        return format_html('<a class="fw-normal" href="{}#point-{}">{}</a>', url, record.pk, typography.typeset(text))

    def value_blocking_point(self, record):
        return record.blocking_point

    def render_action(self, record):
        return self.link("actions:action_detail", record.action_id, record.action.number or record.action.label)

    def value_action(self, record):
        return str(record.action)

    def render_on(self, record):
        who = record.organisation.short_name if record.organisation_id else ""
        return format_html("{}<br>{}", typography.day(record.on), who) if who else typography.day(record.on)

    def value_on(self, record):
        return record.on

    def render_standing(self, record):
        if record.unblocked_on:
            return state("check-lg", format_html("Levé le {}", typography.day(record.unblocked_on)))
        if not record.road:
            wanted = record.get_blocking_level_display()
            small = format_html('<span class="pti-small d-block">À porter au {}</span>', wanted) if wanted else ""
            return format_html("{}{}", state("c-none", "Porté à aucune instance", "none"), small)
        names = [one.committee.name for one in record.road]
        before = format_html('<span class="pti-small d-block">Après {}</span>', ", ".join(names[:-1])) if names[1:] else ""
        return format_html("{}{}", self.link("governance:committee_detail", record.road[-1].committee_id, names[-1]), before)

    def value_standing(self, record):
        return (
            f"Levé le {record.unblocked_on}" if record.unblocked_on else " > ".join(one.committee.name for one in record.road)
        )

    def render_last_due_on(self, record):
        waiting = next((one for one in reversed(record.road) if one.is_waiting), None)
        if waiting is None:
            answered = next((one for one in reversed(record.road) if one.answered_on), None)
            return format_html("Répondu le {}", typography.day(answered.answered_on)) if answered else NOTHING
        small = format_html('<span class="pti-small d-block">{}</span>', waiting.owner_text or waiting.committee.name)
        day = format_html('<span class="pti-small d-block">{}</span>', typography.day(waiting.due_on)) if waiting.due_on else ""
        return format_html("{}{}{}", due_of(waiting, self.day), day, small)

    def value_last_due_on(self, record):
        return record.last_due_on

    def render_next(self, record):
        if record.unblocked_on:
            return NOTHING
        name = format_html('<span class="visually-hidden"> : fiche {}</span>', record.action.number or record.action.label)
        up = self.url("governance:referral_create", record.pk)
        verb = higher_words(record.road)
        links = format_html('<a class="d-block py-1" href="{}">{}{}</a>', up, verb, name)
        waiting = next((one for one in reversed(record.road) if one.is_waiting), None)
        if waiting is None:
            return links
        answer = self.url("governance:referral_answer", waiting.pk)
        return format_html('<a class="d-block py-1" href="{}">Enregistrer la réponse{}</a>{}', answer, name, links)

    def value_next(self, record):
        return ""
