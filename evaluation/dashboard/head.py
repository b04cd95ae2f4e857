"""What the head of the dashboard says: where the pact stands, and whose turn it is."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from governance.enums import CommitteeKind
from partners.enums import SigningState
from partners.turns import pending_in, told_of
from pti import typography
from pti.enums import PactState
from pti.figures import address, counted

SOON = 45
STATES = {
    PactState.SCOPING: "En cadrage",
    PactState.DRAFTING: "En élaboration",
    PactState.CONSULTATION: "En concertation",
    PactState.ADOPTION: "En adoption : le texte est arrêté",
    PactState.SIGNATURE: "En signature",
    PactState.IN_FORCE: "En vigueur",
    PactState.CLOSED: "Clos",
    PactState.ABANDONED: "Abandonné",
}


def month_of(pact):
    """« 22e mois sur 36 », or nothing out of the period."""
    day, start, end = pact.reference_day, pact.starts_on, pact.effective_end
    if pact.state != PactState.IN_FORCE or start is None or end is None or not start <= day <= end:
        return ""
    whole = (end.year - start.year) * 12 + end.month - start.month + 1
    return format_html(
        ", {} mois sur {}", typography.ordinal((day.year - start.year) * 12 + day.month - start.month + 1), whole
    )


def sentence(pact, actions_count, partners_count, steering):
    """« En vigueur, 22e mois sur 36. 16 fiches-actions, 45 partenaires, 6 comités locaux. »"""
    local = steering.of_kind(CommitteeKind.LOCAL)
    parts = [
        counted(actions_count, "fiche-action", address(pact, "actions:action_list"), "fiches-actions"),
        counted(partners_count, "partenaire", address(pact, "partners:partner_list", present="present")),
    ]
    if local:
        url = address(pact, "governance:committee_list", kind=CommitteeKind.LOCAL)
        parts.append(counted(local, "comité local", url, "comités locaux"))
    else:
        parts.append(counted(len(steering.committees), "instance", address(pact, "governance:committee_list")))
    return format_html("{}{}. {}.", STATES[pact.state], month_of(pact), mark_safe(", ".join(parts)))


@dataclass
class Turn:
    """What is expected, and the button that goes with it."""

    text: str
    url: str = ""
    button: str = ""


def turn_of(pact, meetings, points, signatories):
    """What the staff should do first: a meeting that comes, points sent nowhere, signatures."""
    if pact.state == PactState.CONSULTATION and (pending := pending_in(pact)):
        return Turn(told_of(pending, pact), address(pact, "partners:proposal_list"), "Examiner")
    meeting = next((one for one in meetings if (one.held_on - pact.reference_day).days <= SOON), None)
    loose, loose_url = points.loose, address(pact, "governance:blocking_list", niveau="aucune")
    told = counted(loose, "point de blocage", loose_url, "points de blocage")
    if meeting:
        days = (meeting.held_on - pact.reference_day).days
        when = "Séance aujourd’hui" if days == 0 else f"Séance dans {typography.plural(days, 'jour')}"
        more = format_html(" {} à y porter.", told) if loose else ""
        text = typography.typeset(format_html("{} : {}.{}", when, meeting.committee.name, more))
        return Turn(text, reverse("governance:meeting_detail", args=[pact.pk, meeting.pk]), "Préparer la séance")
    if loose:
        verb = "ne sont portés" if loose > 1 else "n’est porté"
        return Turn(format_html("{} {} à aucune instance.", told, verb), loose_url, "Voir les points")
    if any(partner.signing_state in (SigningState.APPROVAL, SigningState.SIGNATURE) for partner in signatories):
        url = reverse("partners:signature_board", args=[pact.pk])
        return Turn("Des signataires n’ont pas encore signé.", url, "Voir les signatures")
    return None
