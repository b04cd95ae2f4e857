"""Whom we wait for: updates not given, signatures, decisions overdue; blocking points and where they went."""

from dataclasses import dataclass, field
from functools import cache

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Window
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator

from actions.models import Lead, Update
from governance.models import Referral
from partners.models import ConsultedPartner, Partner
from pti import typography
from pti.composed import AnyKey, AnyKeys, Composed
from pti.enums import PactState
from pti.figures import address, counted, figure

SHOWN = 6
POINTS_SHOWN = 5
SIGNATORY_COLUMNS = (
    "pact", "standing", "is_concerned", "left_on", "needs_approval", "organisation__name", "organisation__acronym",
)  # fmt: skip
OPINION_COLUMNS = (
    "consultation__pact__amends", "consultation__pact__amendment_number", "partner__organisation__name",
    "partner__organisation__acronym",
)  # fmt: skip
POINT_COLUMNS = (
    "on", "blocking_point", "blocking_level", "action__pact", "action__number", "action__title", "action__short_title",
    "organisation__name", "organisation__acronym",
)  # fmt: skip


@dataclass
class Awaited:
    """One organisation, and what is awaited of it; its words are made when it is shown."""

    name: str
    weight: int = 0
    lines: list = field(default_factory=list)

    @property
    def words(self):
        return format_html_join(", ", "{}", ((say(*told),) for say, *told in self.lines))


class Waiting:
    """By organisation, the one of whom most is awaited first; two queries. `facts`: see actions.alerts.

    `overdue`: decisions overdue, by owner (see `Steering`); `amendments`: those under way; `shown`: how many at most.
    """

    def __init__(self, pact, facts, overdue, signatories, amendments, shown=SHOWN):
        self.pact, self.found, self.shown = pact, {}, shown
        self.silent = [fact.pk for fact in facts if fact.silent]
        self.overdue = overdue
        self.add_updates()
        self.add_decisions()
        self.add_signatures(signatories)
        self.add_opinions([one.pk for one in (pact, *amendments) if one.state == PactState.CONSULTATION])

    def of(self, pk, name):
        return self.found.setdefault(pk or name, Awaited(name))

    def add(self, pk, name, count, *line):
        one = self.of(pk, name)
        one.weight += count
        one.lines.append(line)

    def add_updates(self):
        if not self.silent:
            return
        for pk, acronym, name, count in leads_composed().rows_of(self.silent):
            self.add(pk, acronym or name, count, self.say_updates, pk, count)

    def say_updates(self, pk, count):
        url = address(self.pact, "actions:action_list", alerte="silence", lead=pk)
        return counted(count, "point d’avancement", url, "points d’avancement")

    def add_decisions(self):
        for pk, acronym, name, count in self.overdue:
            self.add(pk, acronym or name, count, self.say_decisions, pk, count)

    def say_decisions(self, pk, count):
        url = address(self.pact, "governance:decision_list", state="overdue", owner=pk)
        return counted(count, "décision en retard", url, "décisions en retard")

    def add_signatures(self, signatories):
        for partner in signatories:
            if partner.signing_state in ("approval", "signature"):
                self.add(partner.organisation_id, partner.organisation.short_name, 1, self.say_signature, partner)

    def say_signature(self, partner):
        url = reverse("partners:partner_detail", args=[self.pact.pk, partner.pk])
        words = "délibération attendue" if partner.signing_state == "approval" else "signature attendue"
        return format_html('<a href="{}">{}</a>', url, words)

    def add_opinions(self, consulted):
        """Partners who have not answered the open consultations of these pacts: this one, or its amendments."""
        for one in opinions_composed().rows_of(consulted) if consulted else ():
            self.add(one.partner.organisation_id, one.partner.organisation.short_name, 1, self.say_opinion, one.consultation)

    def say_opinion(self, consultation):
        pact = consultation.pact
        words = f"avis sur l’{pact.amendment_name.lower()}" if pact.is_amendment else "avis sur le texte"
        return format_html('<a href="{}">{}</a>', consultation.get_absolute_url(), words)

    @property
    def rows(self):
        return sorted(self.found.values(), key=lambda one: (-one.weight, one.name))[: self.shown]

    @property
    def whole(self):
        """« Les 9 organismes », when some of them are not shown."""
        if self.shown is None or len(self.found) <= self.shown:
            return ""
        url = f"{address(self.pact, 'evaluation:dashboard', attente='tous')}#t-attente"
        return figure(len(self.found), url, f"Les {typography.plural(len(self.found), 'organisme')}")


@cache
def leads_composed():
    """The query of (organisation, its acronym, its name, how many of these fiches it leads)."""
    leads = Lead.objects.leading().filter(action__in=AnyKeys(), organisation__isnull=False)
    rows = leads.order_by().values_list("organisation", "organisation__acronym", "organisation__name")
    return Composed(rows.annotate(count=Count("action", distinct=True)))


@cache
def opinions_composed():
    """The query of the partners who have not answered the open consultations of some pacts."""
    rows = ConsultedPartner.objects.filter(consultation__pact__in=AnyKeys(), consultation__closed_on=None).without_answer()
    return Composed(rows.select_related("consultation__pact", "partner__organisation").only(*OPINION_COLUMNS))


@dataclass
class Point:
    """One blocking point: the fiche, the sentence, the road upward."""

    update: Update
    url: str
    who: str
    text: str
    road: str
    referred: bool


class Points:
    """The blocking points not lifted: the latest ones, how many there are, how many went to no committee; one query."""

    def __init__(self, pact):
        self.pact = pact
        rows = points_composed().rows_of(pact.pk)
        self.total, self.loose = (rows[0].total, rows[0].loose) if rows else (0, 0)
        self.shown = [point_of(pact, update) for update in rows]

    @property
    def whole(self):
        """« Les 8 points de blocage », when some of them are not shown."""
        if self.total == len(self.shown):
            return ""
        words = f"Les {typography.plural(self.total, 'point de blocage', 'points de blocage')}"
        return figure(self.total, address(self.pact, "governance:blocking_list"), words)


@cache
def points_composed():
    """The query of the latest blocking points of a pact, `total` and `loose` counted on all of them."""
    sent = Referral.objects.filter(update=OuterRef("pk")).order_by("-raised_on", "-id")
    rows = Update.objects.filter(action__pact=AnyKey()).blocking().annotate(referred=Exists(sent))
    rows = rows.annotate(total=Window(Count("pk")), loose=Window(Count("pk", filter=Q(referred=False))))
    rows = rows.annotate(sent_to=Subquery(sent.values("committee__name")[:1]), sent_on=Subquery(sent.values("raised_on")[:1]))
    return Composed(rows.select_related("action", "organisation").only(*POINT_COLUMNS).order_by("-on", "-id")[:POINTS_SHOWN])


def point_of(pact, update):
    action = update.action
    if update.referred:
        road = format_html("Porté à : {}, le {}", update.sent_to, typography.day(update.sent_on))
    elif update.blocking_level:
        road = format_html("À porter au {}, signalé le {}", update.get_blocking_level_display(), typography.day(update.on))
    else:
        road = format_html("Signalé le {}, porté à aucune instance", typography.day(update.on))
    name = f"Fiche {action.number}" if action.number else action.label
    who = update.organisation.short_name if update.organisation_id else ""
    text = Truncator(update.blocking_point).chars(220)
    return Point(
        update,
        reverse("actions:action_detail", args=[pact.pk, action.pk]),
        f"{name}, {who}" if who else name,
        text,
        road,
        update.referred,
    )


def signatories_of(pact):
    """Signatories still in the pact, with what was signed, and `present`: how many partners are in it; one query."""
    rows = signatories_composed().rows_of(pact.pk)
    for partner in rows:
        partner.pact = pact
    return rows


@cache
def signatories_composed():
    """The query of the signatories of a pact."""
    partners = Partner.objects.filter(pact=AnyKey())
    present = partners.present().order_by().values("pact").annotate(count=Count("pk")).values("count")
    rows = partners.signatories().with_signing_in(AnyKey()).annotate(present=Subquery(present))
    return Composed(rows.select_related("organisation").only(*SIGNATORY_COLUMNS).order_by("order", "id"))
