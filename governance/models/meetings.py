"""Meetings (« séances »): agenda, attendance, minutes."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, DateField, F, IntegerField, Q, When
from django.urls import reverse

from governance.enums import MeetingStatus, Presence
from governance.models.committees import Committee, Formation
from partners.models import Organisation
from pti.dates import parse_period, today
from pti.enums import Role
from pti.fields import DateTextField, RichTextField
from pti.files import Attachment
from pti.models import Pact
from pti.rows import Followed, Revised
from pti.search import SearchMixin


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(committee__in=Committee.objects.visible_to(user))

    def of_pact(self, pact):
        """Meetings of the committees of `pact`."""
        return self.filter(committee__in=Committee.objects.serving(pact))

    def held(self):
        return self.filter(status=MeetingStatus.HELD)

    def coming(self, on):
        """Planned or convened, on `on` or later, the nearest first."""
        expected = [MeetingStatus.PLANNED, MeetingStatus.CONVENED]
        return self.filter(status__in=expected, held_on__gte=on).order_by("held_on", "starts_at", "id")

    def upcoming_first(self, on):
        """Those to come, the nearest on top; then the past, the latest on top; those without a date last."""
        expected = Q(status__in=[MeetingStatus.PLANNED, MeetingStatus.CONVENED], held_on__gte=on)
        return self.annotate(
            is_past=Case(When(expected, then=0), default=1, output_field=IntegerField()),
            next_on=Case(When(expected, then=F("held_on")), default=None, output_field=DateField()),
        ).order_by("is_past", F("next_on").asc(nulls_last=True), F("held_on").desc(nulls_last=True), "-id")

    def past(self, on):
        """Held, or before `on`."""
        return self.filter(Q(status=MeetingStatus.HELD) | Q(held_on__lt=on))

    def for_table(self):
        return self.select_related("committee", "formation")


class Meeting(SearchMixin, Revised, Followed):
    """One sitting of a committee. Once closed (`closed_on`), its agenda, attendance and minutes are locked."""

    pact_path = "committee__pact"
    computed_fields = ("held_on", "last_on")
    computed_from = {"date_text": ("held_on", "last_on")}
    search_fields = ("object", "place", "committee_text", "territory_text")

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="meetings", verbose_name="instance")
    committee_text = models.CharField("instance, telle qu’écrite", max_length=300, blank=True)
    formation = models.ForeignKey(
        Formation, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings", verbose_name="formation"
    )
    date_text = DateTextField("date", help_text="jj/mm/aaaa, ou une période pour une série de séances passées.")
    held_on = models.DateField("jour", null=True, blank=True, editable=False)
    last_on = models.DateField("dernier jour", null=True, blank=True, editable=False)
    starts_at = models.TimeField("de", null=True, blank=True)
    ends_at = models.TimeField("à", null=True, blank=True)
    place = models.CharField("lieu", max_length=300, blank=True)
    link = models.URLField("lien de visioconférence", blank=True)
    territory_text = models.CharField("territoire, tel qu’écrit", max_length=200, blank=True)
    object = models.CharField("objet", max_length=400, blank=True)
    status = models.CharField("état", max_length=10, choices=MeetingStatus, default=MeetingStatus.PLANNED)
    status_text = models.CharField("état, tel qu’écrit", max_length=120, blank=True)
    quorum = models.PositiveSmallIntegerField("quorum", null=True, blank=True)
    minutes = RichTextField("compte rendu")
    minutes_sent_on = models.DateField("compte rendu envoyé le", null=True, blank=True)
    closed_on = models.DateField("séance close le", null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        verbose_name_plural = "séances"
        ordering = [F("held_on").desc(nulls_last=True), "-id"]

    @property
    def web_link(self):
        """The link when it leads to the web: nothing else is ever made a link of."""
        return self.link if self.link.lower().startswith(("https://", "http://")) else ""

    def __str__(self):
        exact = self.held_on is not None and self.held_on == self.last_on
        return f"{self.committee}, {f'{self.held_on:%d/%m/%Y}' if exact else self.date_text}"

    def compute(self):
        super().compute()
        self.held_on, self.last_on = parse_period(self.date_text) or (None, None)

    def get_absolute_url(self):
        return reverse("governance:meeting_detail", args=[self.committee.pact_id, self.pk])

    @property
    def is_locked(self):
        return self.closed_on is not None

    @property
    def awaits_answers(self):
        """Organisations may still say whether they come."""
        expected = self.status in (MeetingStatus.PLANNED, MeetingStatus.CONVENED)
        return expected and not self.is_locked and (self.held_on is None or self.held_on >= today())

    @property
    def has_draft_minutes(self):
        """Minutes that only the staff see."""
        return bool(self.minutes) and self.minutes_sent_on is None

    def members(self):
        """Seats held by organisations on the day of the meeting, of its formation or of the whole committee."""
        day = self.held_on or today()
        seats = self.committee.seats.exclude(organisation=None)
        if self.formation_id:
            seats = seats.filter(Q(formation=self.formation_id) | Q(formation=None))
        return seats.exclude(starts_on__gt=day).exclude(ends_on__lt=day)

    def refuse_if_locked(self):
        """Once closed, the agenda, the attendance and the minutes do not move."""
        if self.is_locked:
            raise ValidationError("Cette séance est close : l’animatrice peut la rouvrir.")

    def hold(self):
        """Lock the meeting until the transaction ends, and refuse when it is closed: closing it waits, or has passed."""
        type(self)._base_manager.select_for_update(no_key=True).get(pk=self.pk).refuse_if_locked()

    @transaction.atomic
    def send_minutes(self, *, on):
        """Give the minutes to those who read the pact."""
        self.hold()
        if not self.minutes:
            raise ValidationError("Il n’y a pas encore de compte rendu à envoyer.")
        self.minutes_sent_on = on
        self.save(update_fields=["minutes_sent_on"])

    @transaction.atomic
    def close(self, *, on):
        """Lock what happened; every organisation must have been pointed."""
        self.hold()
        if self.held_on is None or self.held_on > on:
            raise ValidationError("Une séance se clôt une fois tenue : donnez-lui sa date, passée.")
        pointed = self.attendances.exclude(presence=Presence.UNKNOWN).count()
        left = self.attendances.filter(presence=Presence.UNKNOWN).count()
        if not pointed or left:
            raise ValidationError("Pointez d’abord les présences : la clôture les verrouille.")
        self.status, self.closed_on = MeetingStatus.HELD, on
        self.save(update_fields=["status", "closed_on"])

    def reopen(self):
        """Unlock a closed meeting."""
        if not self.is_locked:
            raise ValidationError("Cette séance n’est pas close.")
        self.closed_on = None
        self.save(update_fields=["closed_on"])


class OfMeetingQuerySet(models.QuerySet):
    """Rows that carry their meeting."""

    def visible_to(self, user):
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class AgendaItemQuerySet(OfMeetingQuerySet):
    def visible_to(self, user):
        """An item of a committee that serves several pacts is for those of its own pact only."""
        return super().visible_to(user).filter(Q(pact=None) | Q(pact__in=Pact.objects.visible_to(user)))


class AgendaItem(Revised, Followed):
    """One line of the agenda; its subject (action, indicator, decision…) is a generic key."""

    pact_path = "meeting__committee__pact"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items", verbose_name="séance")
    pact = models.ForeignKey(
        Pact, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items", verbose_name="pacte concerné"
    )
    order = models.PositiveIntegerField("ordre", default=0)
    title = models.CharField("point", max_length=300)
    presenter = models.CharField("présenté par", max_length=200, blank=True)
    minutes_planned = models.PositiveSmallIntegerField("durée en minutes", null=True, blank=True)
    subject_type = models.ForeignKey(
        ContentType, verbose_name="nature du sujet", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subject_id = models.PositiveBigIntegerField("numéro du sujet", null=True, blank=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    notes = RichTextField("ce qui s’est dit")
    moved_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="moved_from", verbose_name="reporté à"
    )

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "point à l’ordre du jour"
        verbose_name_plural = "ordre du jour"
        ordering = ["meeting", "order", "id"]

    def __str__(self):
        return self.title


POINTED = ~Q(presence=Presence.UNKNOWN)
THERE = Q(presence__in=[Presence.PRESENT, Presence.REPRESENTED])


class AttendanceQuerySet(OfMeetingQuerySet):
    def of_pact(self, pact):
        return self.filter(meeting__committee__in=Committee.objects.serving(pact))

    def pointed(self):
        """Somebody said whether the organisation was there."""
        return self.filter(POINTED)

    def there(self):
        return self.filter(THERE)

    def for_table(self):
        return self.select_related("meeting__committee", "organisation")


class Attendance(Followed):
    """Whether an organisation was there, and with how many people."""

    pact_path = "meeting__committee__pact"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances", verbose_name="séance")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="attendances", verbose_name="organisme"
    )
    text = models.CharField("tel qu’écrit", max_length=300, blank=True)
    presence = models.CharField("présence", max_length=11, choices=Presence, default=Presence.UNKNOWN)
    people = models.PositiveSmallIntegerField("personnes", null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "présence"
        verbose_name_plural = "présences"
        ordering = ["meeting", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "organisation"],
                name="attendance_once_per_organisation",
                violation_error_message="Cet organisme est déjà pointé.",
            ),
            models.CheckConstraint(
                name="attendance_says_who",
                condition=Q(organisation__isnull=False) | ~Q(text=""),
                violation_error_message="Choisissez un organisme ou écrivez qui.",
            ),
        ]

    def __str__(self):
        return f"{self.text or self.organisation} : {self.get_presence_display()}"


class MeetingDocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of a meeting: staff at any time, the others once the minutes are sent."""
        staff = Pact.objects.with_role(user, Role.ANIMATOR, Role.OFFICER)
        seen = self.filter(meeting__in=Meeting.objects.visible_to(user))
        return seen.filter(Q(meeting__committee__pact__in=staff) | Q(meeting__minutes_sent_on__isnull=False))


class MeetingDocument(Attachment):
    """A file of a meeting."""

    pact_path = "meeting__committee__pact"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="documents", verbose_name="séance")

    objects = MeetingDocumentQuerySet.as_manager()

    class Meta(Attachment.Meta):
        verbose_name = "document de séance"
        verbose_name_plural = "documents de séances"
