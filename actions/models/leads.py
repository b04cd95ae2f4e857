"""Who leads, carries out, joins or funds an action."""

from django.db import models
from django.db.models import Q

from actions.enums import LEADING_ROLES, LeadRole
from actions.models.fiches import Action, OfActionQuerySet
from partners.models import Organisation
from pti.contract import ContractModel, ContractQuerySet, Withdrawable
from pti.models import Scheme


class LeadQuerySet(ContractQuerySet, OfActionQuerySet):
    def current(self):
        return self.filter(ended_on=None)

    def leading(self):
        return self.current().filter(role__in=LEADING_ROLES)

    def for_table(self):
        """Who leads today, with their names."""
        return self.leading().select_related("organisation", "scheme").order_by("order", "id")


class Lead(Withdrawable, ContractModel):
    """A body in an action: an organisation (a service, a category), a plan, or plain text (« membres du COPIL »).

    A lead who leaves gets an end date; the next one carries its start date and joins after the text.
    """

    pact_path = "action__pact"
    life_fields = frozenset({"ended_on", "end_reason"})
    life_rows = Q(started_on__isnull=False)

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="leads", verbose_name="fiche-action")
    role = models.CharField("rôle", max_length=10, choices=LeadRole, default=LeadRole.PILOT)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="leads", verbose_name="organisme"
    )
    scheme = models.ForeignKey(
        Scheme, null=True, blank=True, on_delete=models.PROTECT, related_name="leads", verbose_name="plan"
    )
    text = models.CharField("tel qu’écrit", max_length=300, blank=True)
    is_tentative = models.BooleanField("pressenti", default=False)
    order = models.PositiveIntegerField("ordre", default=0)
    started_on = models.DateField("depuis le", null=True, blank=True, help_text="Pour qui succède à un autre.")
    ended_on = models.DateField("jusqu’au", null=True, blank=True)
    end_reason = models.CharField("motif", max_length=300, blank=True)

    objects = LeadQuerySet.as_manager()

    class Meta(ContractModel.Meta):
        verbose_name = "pilote ou associé"
        verbose_name_plural = "pilotes et associés"
        ordering = ["action", "order", "id"]
        indexes = [
            models.Index(
                fields=["role", "action", "organisation"],
                condition=Q(ended_on=None, withdrawn_on=None),
                name="lead_current",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="lead_says_who",
                condition=Q(organisation__isnull=False) | Q(scheme__isnull=False) | ~Q(text=""),
                violation_error_message="Choisissez un organisme ou écrivez qui.",
            ),
            models.CheckConstraint(
                name="lead_ends_after_start",
                condition=Q(started_on=None) | Q(ended_on=None) | Q(ended_on__gte=models.F("started_on")),
                violation_error_message="La fin précède le début.",
            ),
        ]

    def __str__(self):
        return self.text or (self.organisation.name if self.organisation_id else str(self.scheme))

    @property
    def is_leading(self):
        """Same rule as LeadQuerySet.leading, for one row."""
        return self.ended_on is None and self.role in LEADING_ROLES

    @property
    def is_life_row(self):
        return self.started_on is not None
