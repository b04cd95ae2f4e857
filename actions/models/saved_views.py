"""« Vue enregistrée »: a filter of the fiches under a name, and who wants to be told what enters it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict

from actions import tabs
from actions.enums import Pace
from pti.models import Pact
from pti.models.pacts import OfPactQuerySet


class SavedViewQuerySet(OfPactQuerySet):
    def listed_for(self, user, *, is_staff):
        """Her own, and for staff those that are shared."""
        return self.filter(Q(owner=user) | Q(is_shared=True)) if is_staff else self.filter(owner=user)


class SavedView(models.Model):
    """The filters (`query`) of the fiches and their tab; its owner's alone, or shared with the staff of the pact."""

    pact = models.ForeignKey(Pact, on_delete=models.CASCADE, related_name="saved_views", verbose_name="pacte")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views", verbose_name="enregistrée par"
    )
    name = models.CharField("nom", max_length=80)
    query = models.CharField("filtres", max_length=500, blank=True)
    said = models.CharField("filtres, en mots", max_length=300, blank=True)
    tab = models.CharField("onglet", max_length=20, default=tabs.LIST, choices=tabs.choices)
    is_shared = models.BooleanField("partagée avec les agents et l’animation du pacte", default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pact", "owner", "name"],
                name="view_named_once",
                violation_error_message="Vous avez déjà une vue de ce nom.",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """The tab that it was saved from, with these filters."""
        return self.shown_in.address(self.pact_id, self.query)

    @property
    def shown_in(self):
        """The tab on which it opens."""
        return tabs.named(self.tab)

    @property
    def filters(self):
        return QueryDict(self.query)


class Subscription(models.Model):
    """« Préviens-moi »: what a person already knows of a view; what enters it is told, at once or once a week."""

    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="subscriptions", verbose_name="vue")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="view_subscriptions", verbose_name="personne"
    )
    pace = models.CharField("me prévenir", max_length=7, choices=Pace)
    known = models.JSONField("fiches déjà connues", default=list)
    looked_in = models.CharField("dernier passage", max_length=20, blank=True)

    class Meta:
        verbose_name = "abonnement à une vue"
        verbose_name_plural = "abonnements aux vues"
        ordering = ["view", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["view", "user"],
                name="view_followed_once",
                violation_error_message="Vous suivez déjà cette vue.",
            )
        ]

    def __str__(self):
        return f"{self.view} : {self.get_pace_display()}"
