"""What a meeting decides, and what goes up to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from actions.models import Action, Update
from governance.enums import DecisionState, ReferralOutcome
from governance.models.committees import Committee, OfCommitteeQuerySet
from governance.models.meetings import AgendaItem, Meeting
from partners.models import Organisation
from pti.access import is_staff_on
from pti.dates import last_day
from pti.enums import Role
from pti.fields import DateTextField
from pti.models import Pact
from pti.rows import Followed, Revised


def read_among(user, committees):
    """(keys of `committees`, known with their pact; keys of those whose minutes `user` reads before they are sent)."""
    return [one.pk for one in committees], [one.pk for one in committees if is_staff_on(user, one.pact)]


# What `may_read` judges by.
JUDGED_BY = ("meeting__minutes_sent_on", "meeting__committee__pact__parent", "meeting__committee__pact__amends")


def may_read(user, decision):
    """What `read_in` keeps, of a decision `in_pact` that is read with its meeting and the pact of its committee."""
    meeting = decision.meeting
    return meeting.minutes_sent_on is not None or is_staff_on(user, meeting.committee.pact)


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Decisions of visible meetings whose minutes are sent (staff see them at once), of the reader's own pacts."""
        from_seen = self.filter(meeting__in=Meeting.objects.visible_to(user))
        mine = from_seen.filter(Q(pact=None) | Q(pact__in=Pact.objects.visible_to(user)))
        staff = Pact.objects.with_role(user, Role.ANIMATOR, Role.OFFICER)
        return mine.filter(Q(meeting__committee__pact__in=staff) | Q(meeting__minutes_sent_on__isnull=False))

    def read_in(self, user, pact):
        """What `visible_to` gives inside a pact that `user` is known to read, of the committees that serve it."""
        rows = self.in_pact(pact)
        staff = Pact.objects.with_role(user, Role.ANIMATOR, Role.OFFICER)
        return rows.filter(Q(meeting__minutes_sent_on__isnull=False) | Q(meeting__committee__pact__in=staff))

    def in_pact(self, pact):
        """What the committees that serve `pact` decide in it; who reads which is asked by `read_in`, or by `may_read`."""
        return self.filter(Q(pact=pact) | Q(pact=None), meeting__committee__in=Committee.objects.serving(pact))

    def read_by(self, user, pact, committees):
        """What `read_in` gives, when the committees of a pact that `user` reads are known (with their pact)."""
        return self.read_among(pact, *read_among(user, committees))

    def read_among(self, pact, committees, drafts):
        """What is decided in `pact` by `committees`, minutes being sent; those of `drafts` need not be (see `read_among`)."""
        rows = self.filter(Q(pact=pact) | Q(pact=None), meeting__committee__in=committees)
        return rows.filter(Q(meeting__committee__in=drafts) | Q(meeting__minutes_sent_on__isnull=False))

    def open(self):
        return self.filter(state=DecisionState.OPEN)

    def kept(self):
        """Still meant to be carried out, or carried out."""
        return self.exclude(state=DecisionState.DROPPED)

    def overdue(self, on):
        return self.open().filter(due_on__lt=on)

    def for_table(self):
        return self.select_related("meeting__committee", "action", "owner")


class Decision(Revised, Followed):
    """One line of the « relevé de décisions », with who must do it and by when."""

    pact_path = "meeting__committee__pact"
    computed_fields = ("due_on",)
    computed_from = {"due_text": ("due_on",)}

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions", verbose_name="séance")
    item = models.ForeignKey(
        AgendaItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions", verbose_name="point"
    )
    pact = models.ForeignKey(
        Pact, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions", verbose_name="pacte concerné"
    )
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions", verbose_name="fiche-action"
    )
    text = models.TextField("décision")
    owner = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions", verbose_name="à faire par"
    )
    owner_text = models.CharField("à faire par, en clair", max_length=200, blank=True)
    due_text = DateTextField("pour le")
    due_on = models.DateField("échéance", null=True, blank=True, editable=False)
    state = models.CharField("état", max_length=8, choices=DecisionState, default=DecisionState.OPEN)
    done_on = models.DateField("exécutée le", null=True, blank=True)
    order = models.PositiveIntegerField("ordre", default=0)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision"
        verbose_name_plural = "décisions"
        ordering = ["meeting", "order", "id"]
        indexes = [models.Index(fields=["due_on", "id"], name="decision_due")]
        constraints = [
            models.CheckConstraint(
                name="decision_done_on_iff_done",
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on=None)),
                violation_error_message="Une décision exécutée porte sa date, et elle seule.",
            )
        ]

    def __str__(self):
        return self.text[:80]

    def is_overdue(self, on):
        """Same rule as DecisionQuerySet.overdue, for one row."""
        return self.state == DecisionState.OPEN and self.due_on is not None and self.due_on < on

    @property
    def owner_name(self):
        return self.owner_text or (self.owner.short_name if self.owner_id else "")

    def follow(self, state, *, on):
        """Say what became of it; « exécutée » takes its date."""
        self.state = state
        self.done_on = on if state == DecisionState.DONE else None
        self.save(update_fields=["state", "done_on"])

    def compute(self):
        super().compute()
        self.due_on = last_day(self.due_text)


class ReferralQuerySet(OfCommitteeQuerySet):
    def visible_to(self, user):
        """Referrals of the pacts that `user` reads."""
        return self.filter(update__action__pact__in=Pact.objects.visible_to(user))

    def waiting(self):
        """Asked, not answered, and no higher committee asked since."""
        return self.filter(answered_on=None, outcome="")

    def for_table(self):
        return self.select_related("committee", "meeting", "update__action")


class Referral(Followed):
    """A blocking point sent up to a committee (« saisine »), and the answer that comes down."""

    pact_path = "update__action__pact"

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="referrals", verbose_name="point d’avancement")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="referrals", verbose_name="instance saisie")
    raised_on = models.DateField("saisie le")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="saisie par",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    meeting = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.SET_NULL, related_name="referrals", verbose_name="séance"
    )
    owner_text = models.CharField("qui doit répondre", max_length=200, blank=True)
    due_on = models.DateField("réponse attendue le", null=True, blank=True)
    answer = models.TextField("réponse", blank=True)
    answered_on = models.DateField("répondue le", null=True, blank=True)
    outcome = models.CharField("suite", max_length=6, choices=ReferralOutcome, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = "saisine"
        verbose_name_plural = "saisines"
        ordering = ["-raised_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["update", "committee"],
                name="referral_once_per_committee",
                violation_error_message="Cette instance est déjà saisie de ce point.",
            ),
            models.CheckConstraint(
                name="referral_outcome_is_answered",
                condition=~Q(outcome__in=[ReferralOutcome.LIFTED, ReferralOutcome.KEPT]) | Q(answered_on__isnull=False),
                violation_error_message="Un point levé ou maintenu porte la date de la réponse.",
            ),
        ]

    def __str__(self):
        return f"{self.committee}, {self.raised_on:%d/%m/%Y}"

    @property
    def is_waiting(self):
        """Same rule as ReferralQuerySet.waiting, for one row."""
        return self.answered_on is None and not self.outcome

    def is_overdue(self, on):
        return self.is_waiting and self.due_on is not None and self.due_on < on
