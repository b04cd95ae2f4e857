"""Whose turn while a collection is open, in the reader's own words."""

from functools import cache

from django.db.models import Count, Q
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from actions.models import Campaign, CampaignRequest
from actions.models.campaigns import AWAITED, calling
from partners.access import organisation_ids
from pti import typography
from pti.access import can_follow, is_partner_on
from pti.composed import AnyKey, Composed
from pti.dates import today
from pti.figures import address, counted
from pti.turns import Turn


def campaign_turn(user, pact):
    """The open collection that ends first: who must still answer, or what is asked of the person; one query."""
    if pact.is_amendment:
        return None
    return staff_turn(pact) if can_follow(user, pact) else partner_turn(user, pact)


def staff_turn(pact):
    """How many answers are still awaited, how many partners call for help."""
    campaign = open_composed().row_of(pact.pk)
    if campaign is None or not (campaign.awaited or campaign.calls):
        return None
    return Turn(
        "On attend", format_html("{} : {}.", when(campaign), what(campaign)), True, campaign.get_absolute_url(), "Voir qui"
    )


@cache
def open_composed():
    """The query of the open collection of a pact that ends first."""
    rows = Campaign.objects.filter(pact=AnyKey()).open().only("pact", "deadline")
    rows = rows.annotate(
        awaited=Count("requests", filter=Q(requests__state__in=AWAITED)),
        calls=Count("requests", filter=calling("requests__")),
    )
    return Composed(rows.order_by("deadline", "id")[:1])


def when(campaign):
    """Until when it is open; a deadline that is past is said so."""
    day = typography.plain(typography.day(campaign.deadline))
    if campaign.deadline < today():
        return f"Une collecte attendait les réponses le {day}"
    return f"Une collecte est ouverte jusqu’au {day}"


def what(campaign):
    """What is awaited and who calls, each as a link to its rows."""
    url, words = campaign.get_absolute_url(), []
    if campaign.awaited:
        awaited_url = f"{url}?attente=reponses"
        words.append(counted(campaign.awaited, "réponse encore attendue", awaited_url, "réponses encore attendues"))
    if campaign.calls:
        words.append(counted(campaign.calls, "demande vous attend", f"{url}?attente=appels", "demandes vous attendent"))
    return mark_safe(", ".join(words))


def partner_turn(user, pact):
    """What her own organisations are asked, and where to answer without the mail."""
    if not is_partner_on(user, pact):
        return None
    rows = awaited_of(user, pact)
    if not rows:
        return None
    count, last = len(rows), min(row.campaign.deadline for row in rows)
    one, many = ("fiche à mettre à jour", "fiches à mettre à jour")
    if any(row.action_id is None for row in rows):
        one, many = "réponse à donner", "réponses à donner"
    url = address(pact, "actions:my_actions")
    day = typography.plain(typography.day(last))
    words = format_html("Vous avez {} avant le {}.", counted(count, one, url, many), day)
    return Turn("À vous", words, url=url, link="Répondre")


def awaited_of(user, pact):
    """What open collections still ask of the organisations of `user`, each collection apart, the most pressing first."""
    rows = CampaignRequest.objects.awaited().filter(
        campaign__pact=pact, campaign__opened_on__isnull=False, campaign__closed_on=None,
        organisation__in=organisation_ids(user),
    )  # fmt: skip
    rows = rows.select_related("campaign", "action", "commitment").in_order()
    return sorted(rows, key=lambda row: (row.campaign.deadline, row.campaign_id))


def request_now(action):
    """What an open collection still asks about this fiche; None when it asks nothing."""
    return request_composed().row_of(action.pk)


@cache
def request_composed():
    """The query of what open collections ask about a fiche, the most pressing."""
    rows = CampaignRequest.objects.awaited().filter(
        action=AnyKey(), campaign__opened_on__isnull=False, campaign__closed_on=None
    )  # fmt: skip
    rows = rows.select_related("campaign", "organisation").order_by("campaign__deadline", "id")
    return Composed(rows.only("campaign__name", "campaign__deadline", "organisation__acronym", "organisation__name")[:1])
