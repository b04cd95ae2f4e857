"""What the follow-up of a collection shows: how many have answered, body by body, place by place; which late fiches woke up."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

from django.db.models import Count, Q

from actions.enums import RequestQuestion, RequestState
from actions.models import Campaign, CampaignRequest
from actions.models.campaigns import AWAITED, WAKING
from pti.composed import AnyKey, Composed

NOBODY, NOWHERE = "Sans pilote", "Sans territoire"


@dataclass
class Rate:
    """Answers of one body, of one territory, or of all; `key` names it in the address of the list that counts the same."""

    name: object
    asked: int
    answered: int
    validated: int
    key: object = None

    @property
    def share(self):
        """Percentage of answers, None without a question."""
        return round(100 * self.answered / self.asked) if self.asked else None


def rates_of(campaign):
    """(rate of the whole, [rate of each body]); one query."""
    rows = list(campaign.requests.values_list("organisation", "organisation__name", "state"))
    return rate("Ensemble", Counter(state for *_, state in rows)), rates_by(rows, NOBODY)


def asking_too(campaign):
    """Collections already open that ask about the same fiches, each with how many (`asked_too`)."""
    fiches = campaign.requests.filter(question=RequestQuestion.UPDATE).values("action")
    rows = Campaign.objects.filter(pact=campaign.pact_id, opened_on__isnull=False, closed_on=None)
    same = Q(requests__state__in=AWAITED, requests__question=RequestQuestion.UPDATE, requests__action__in=fiches)
    return rows.annotate(asked_too=Count("requests", filter=same)).filter(asked_too__gt=0).order_by("deadline", "id")


def territory_rates(campaign):
    """[rate of each territory]; a fiche of two territories counts in both; one query."""
    rows = campaign.requests.exclude(action=None).values_list("action__territories", "action__territories__name", "state")
    return rates_by(rows, NOWHERE)


def rates_by(rows, otherwise):
    """One rate for each key of (key, name, state), the lowest first."""
    counts, names = {}, {}
    for key, name, state in rows:
        counts.setdefault(key, Counter())[state] += 1
        names[key] = name or otherwise
    rates = [rate(names[key], by_state, key or "aucun") for key, by_state in counts.items()]
    return sorted(rates, key=lambda one: (one.share, -one.asked, one.name))


def rate(name, by_state, key=None):
    validated = by_state[RequestState.VALIDATED]
    return Rate(name, sum(by_state.values()), by_state[RequestState.ANSWERED] + validated, validated, key)


@dataclass
class Waking:
    """Fiches that were late on the day the collection opened, and those about which somebody spoke within ten days."""

    late: int = 0
    woken: int = 0

    @property
    def share(self):
        return round(100 * self.woken / self.late) if self.late else None


def waking_of(campaigns):
    """{collection: Waking}; one query."""
    found = {one.pk: Waking() for one in campaigns}
    rows = CampaignRequest.objects.filter(campaign__in=found, was_late=True).with_first_news()
    for campaign, opened_on, spoke_on in rows.values_list("campaign", "campaign__opened_on", "spoke_on"):
        found[campaign].late += 1
        found[campaign].woken += bool(spoke_on and spoke_on <= opened_on + WAKING)
    return found


def narrowed(rows, campaign, wanted):
    """(rows that the address asks for, what the page says of it): state, what is awaited, late fiches, body, territory."""
    state, awaited, late = wanted.get("etat", ""), wanted.get("attente", ""), wanted.get("retard", "")
    if state in RequestState.values:
        return rows.filter(state=state), ""
    if awaited == "reponses":
        return rows.awaited(), "Réponses encore attendues"
    if awaited == "appels":
        return rows.calling(), "Demandes qui vous attendent"
    if late == "reveil":
        return rows.woken(campaign.opened_on), "En retard à l’ouverture, mises à jour dans les dix jours"
    if late == "silence":
        return rows.still_asleep(campaign.opened_on), "En retard à l’ouverture, sans nouvelles dans les dix jours"
    for name, path, words in (
        ("organisme", "organisation", "Demandes d’un organisme"),
        ("territoire", "action__territories", "Fiches d’un territoire"),
    ):
        key = wanted.get(name, "")
        if key == "aucun":
            rows = rows.exclude(action=None) if name == "territoire" else rows
            return rows.filter(**{path: None}), words
        if key.isdecimal() and len(key) < 19:
            return rows.filter(**{path: int(key)}), words
    return rows, ""


@cache
def campaign_composed():
    """The query of a collection of a pact."""
    return Composed(Campaign.objects.filter(pact=AnyKey(0), pk=AnyKey(1)).order_by())


@cache
def request_composed():
    """The query of a question of a collection of a pact."""
    rows = CampaignRequest.objects.filter(campaign__pact=AnyKey(0), pk=AnyKey(1)).order_by()
    return Composed(rows.shown().select_related("campaign"))
