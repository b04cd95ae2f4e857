"""Whose turn while partners are consulted."""

from functools import cache

from django.db.models import Count
from django.utils.html import format_html

from partners.access import can_examine, own_partners
from partners.models import Consultation, ConsultedPartner, Proposal
from pti.composed import AnyKey, Composed
from pti.enums import PactState
from pti.figures import address, counted
from pti.turns import Turn


def consultation_turn(user, pact):
    """What the concertation expects of `user`; None when it expects nothing, or is not under way."""
    if pact.state != PactState.CONSULTATION:
        return None
    return staff_turn(pact) if can_examine(user, pact) else partner_turn(user, pact)


def staff_turn(pact):
    """Proposals to examine first, then the partners who have not answered."""
    pending = pending_in(pact)
    if pending:
        return Turn("À vous", told_of(pending, pact), url=address(pact, "partners:proposal_list"), link="Examiner")
    row = Consultation.objects.filter(pact=pact).open().first()
    if row is None:
        return None
    awaited = ConsultedPartner.objects.filter(consultation=row).without_answer().count()
    if not awaited:
        return None
    url = row.get_absolute_url()
    told = counted(awaited, "partenaire n’a pas encore répondu", url, "partenaires n’ont pas encore répondu")
    what = format_html("{} (échéance le {}).", told, f"{row.deadline:%d/%m/%Y}")
    return Turn("On attend les partenaires", what, True, url, "Voir qui")


def told_of(pending, pact):
    """« 3 propositions de partenaires attendent une réponse. », the count as a link to them."""
    url = address(pact, "partners:proposal_list")
    told = counted(pending, "proposition de partenaire attend", url, "propositions de partenaires attendent")
    return format_html("{} une réponse.", told)


def pending_in(pact):
    """How many proposals of partners await an answer in `pact`."""
    return pending_composed().row_of(pact.pk) or 0


@cache
def pending_composed():
    """The query of the number of proposals that await an answer in a pact; no row when there are none."""
    rows = Proposal.objects.filter(consultation__pact=AnyKey()).pending().order_by().values("consultation__pact")
    return Composed(rows.annotate(count=Count("pk")).values_list("count", flat=True))


def partner_turn(user, pact):
    """The consultation that waits for the person's own organisation."""
    row = Consultation.objects.filter(pact=pact).awaiting(own_partners(user, pact)).order_by("deadline").first()
    if row is None:
        return None
    what = f"Le texte vous est soumis : « {row} ». Réponse attendue le {row.deadline:%d/%m/%Y}."
    return Turn("À vous", what, url=row.get_absolute_url(), link="Lire et répondre")
