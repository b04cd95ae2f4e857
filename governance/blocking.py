"""Blocking points: which level each stands at, who must answer by when, the road it took up and down.

A point goes up by a referral to each committee (groupe de travail → comité local → comité technique → comité de pilotage).
It stands where the last referral sent it; an answer comes down, and lifts the point or explicitly keeps it.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.utils.html import format_html

from actions.campaigns.preparing import people_of
from actions.enums import BlockingLevel
from actions.models import Action, Update
from governance.enums import CommitteeKind, ReferralOutcome
from governance.models import Chair, Referral
from pti import typography
from pti.models import Pact
from pti.templatetags.pti import state

# The kinds of committees that are a level of the road; the others (financeurs, usagers…) stand beside it.
LEVELS = {
    BlockingLevel.WORKING_GROUP: (CommitteeKind.WORKING_GROUP, CommitteeKind.PROJECT_GROUP, CommitteeKind.PROJECT_TEAM),
    BlockingLevel.LOCAL: (CommitteeKind.LOCAL,),
    BlockingLevel.TECHNICAL: (CommitteeKind.TECHNICAL,),
    BlockingLevel.STEERING: (CommitteeKind.STEERING,),
}
RANKS = {kind: rank for rank, kinds in enumerate(LEVELS.values(), start=1) for kind in kinds}
# Nobody said when: the answer is awaited on the day of the meeting, else after that long.
ANSWERED_WITHIN = datetime.timedelta(days=30)
# How long a partner sees an answer on « Mes actions ».
SHOWN_FOR = datetime.timedelta(days=60)
POINTS_SHOWN = 10


def rank_of(committee):
    """1 for a working group… 4 for the steering committee; 0 for what is no level of the road."""
    return RANKS.get(committee.kind, 0)


def next_committee(update, referrals, committees):
    """Where the point should go next: the level that was asked for, then the nearest above where it stands."""
    ranks = {level: rank for rank, level in enumerate(LEVELS, start=1)}
    floor = max((rank_of(one.committee) for one in referrals), default=0)
    wanted = max(floor + 1, ranks.get(update.blocking_level, 0) if not referrals else 0)
    known = {one.committee_id for one in referrals}
    above = [one for one in committees if rank_of(one) >= wanted and one.pk not in known]
    return min(above, key=lambda one: (rank_of(one), one.order, one.pk), default=None)


def higher_words(referrals):
    """The verb of the next referral: there is nothing above the steering committee."""
    if not referrals:
        return "Porter à une instance"
    at_the_top = max(rank_of(one.committee) for one in referrals) == len(LEVELS)
    return "Porter à une autre instance" if at_the_top else "Porter plus haut"


def who_answers(committee):
    """Who chairs the committee today, as one names them; its own name when nobody does."""
    chairs = Chair.objects.filter(committee=committee, ends_on=None).select_related("organisation").order_by("order", "id")
    names = [one.text or str(one.organisation) for one in chairs]
    names = [name for name in names if not name.lower().startswith("non précisé")]
    return (", ".join(names) or committee.chair_text or committee.name)[:200]


def with_standing(rows):
    """Updates that carry a blocking point, with where each stands: `last_kind`, `last_due_on`, `awaits`; and their road."""
    referrals = Referral.objects.filter(update=OuterRef("pk")).order_by("-raised_on", "-id")
    waiting = referrals.waiting()
    return rows.annotate(
        last_kind=Subquery(referrals.values("committee__kind")[:1]),
        last_due_on=Subquery(waiting.values("due_on")[:1]),
        awaits=Exists(waiting),
    ).prefetch_related(Prefetch("referrals", Referral.objects.select_related("committee").order_by("raised_on", "id"), "road"))


@dataclass
class Step:
    """One step of the road, in words."""

    where: str
    said: str
    mark: str
    answer: str = ""
    referral: Referral | None = None


def road_of(update, referrals, on):
    """[Step] from where the point was raised, up to where it stands, then down."""
    said = format_html("Signalé le {}", typography.day(update.on))
    if update.organisation_id:
        said = format_html("{} par {}", said, update.organisation.short_name)
    if update.blocking_level and not referrals:
        said = format_html("{}, à porter au {}", said, update.get_blocking_level_display())
    steps = [Step("La fiche", said, state("sign-stop", "Signalé"))]
    steps += [step_of(referral, on) for referral in referrals]
    if update.unblocked_on:
        lifted = format_html("Levé le {}", typography.day(update.unblocked_on))
        # What the committee answered is told by its own step.
        own = not any(one.outcome == ReferralOutcome.LIFTED for one in referrals)
        steps.append(Step("Retour à la fiche", lifted, state("check-lg", "Levé"), update.unblocking if own else ""))
    return steps


def step_of(referral, on):
    """What came of one referral."""
    said = format_html("Saisie le {}", typography.day(referral.raised_on))
    where, answer = referral.committee.name, ""
    if referral.is_waiting:
        said, mark = format_html("{} ; réponse attendue : {}", said, referral.owner_text or where), due_of(referral, on)
        if referral.due_on:
            said = format_html("{}, pour le {}", said, typography.day(referral.due_on))
    elif referral.outcome == ReferralOutcome.UP:
        mark = state("arrow-return-right", "Porté plus haut")
    else:
        said, answer = format_html("{} ; réponse du {}", said, typography.day(referral.answered_on)), referral.answer
        lifted = referral.outcome == ReferralOutcome.LIFTED
        mark = state("check-lg", "Répondu : levé") if lifted else state("s-half", "Répondu : maintenu")
    return Step(where, said, mark, answer, referral)


def due_of(referral, on):
    """« En retard de 12 jours », « Dans 5 jours », or that an answer is awaited."""
    if referral.is_overdue(on):
        return state("clock-history", f"En retard de {typography.elapsed((on - referral.due_on).days)}", "bad")
    days = (referral.due_on - on).days if referral.due_on else 31
    if days > 30:
        return state("hourglass-split", "Réponse attendue")
    return state("hourglass-split", f"Dans {typography.plural(days, 'jour')}" if days else "Aujourd’hui")


def points_of(user, pact, on):
    """Blocking points of the fiches that `user` leads, or that her organisations raised: open ones, those lifted of late."""
    own = Update.objects.filter(action__pact=pact).exclude(blocking_point="")
    led = Action.objects.filter(pact=pact).led_by(user)
    own = own.filter(Q(action__in=led) | Q(organisation__memberships__user=user) | Q(author=user))
    kept = Q(unblocked_on=None) | Q(unblocked_on__gte=on - SHOWN_FOR)
    rows = Update.objects.visible_to(user).filter(kept, pk__in=own.values("pk"))
    return with_standing(rows.select_related("action", "organisation")).order_by("-on", "-id")[:POINTS_SHOWN]


def raiser_of(update):
    """(name, address) of the person to tell what became of a blocking point, or None.

    The author; when the point was recorded in the name of a body, or the author no longer reads the pact, its référent.
    """
    author, pact = update.author, update.action.pact
    reads = author is not None and author.is_active and Pact.objects.visible_to(author).filter(pk=pact.pk).exists()
    if reads and not update.on_behalf:
        return str(author), author.email
    if update.organisation_id is None:
        return None
    person = next(iter(people_of(pact, [update.organisation_id])[update.organisation_id]), None)
    return (person.name, person.email) if person else None
