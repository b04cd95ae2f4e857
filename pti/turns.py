"""Whose turn it is, in the reader's words: one sentence at the end of a pact's head."""

from dataclasses import dataclass

from pti.access import is_partner_on, is_staff_on
from pti.enums import PactState


@dataclass
class Turn:
    """« À vous » (wait=False) or « On attend… », and the page where it is done."""

    who: str
    what: str
    wait: bool = False
    url: str = ""
    link: str = ""


_rooms: list = []


def register(ask):
    """A room that knows better than the state of the pact: `ask(user, pact)` gives a Turn, or None."""
    _rooms.append(ask)


STAFF_TURNS = {
    PactState.SCOPING: Turn(
        "À vous", "Posez le cadre du pacte. Les partenaires ne le voient pas encore : ils le verront dès l’élaboration."
    ),
    PactState.DRAFTING: Turn("À vous", "Écrivez le texte et les fiches. La liste « À compléter » dit ce qui manque."),
    PactState.CONSULTATION: Turn("À vous", "Recueillez les remarques des partenaires, corrigez, puis arrêtez le texte."),
    PactState.ADOPTION: Turn(
        "On attend les partenaires",
        "Le texte est arrêté : chaque instance l’approuve, puis il est ouvert à la signature.",
        True,
    ),
    PactState.SIGNATURE: Turn("On attend les signataires", "Le texte est ouvert à la signature.", True),
    PactState.IN_FORCE: Turn("À vous", "Le pacte s’applique : tenez le suivi à jour et préparez les séances."),
}
PARTNER_TURNS = {
    PactState.DRAFTING: Turn(
        "On attend le Département",
        "Le texte s’écrit. Vous pouvez déjà le lire, et remplir les engagements et les contacts de votre organisme.",
        True,
    ),
    PactState.CONSULTATION: Turn("À vous", "Relisez le texte et les engagements de votre organisme avant qu’il soit arrêté."),
    PactState.ADOPTION: Turn(
        "À vous", "Le texte est arrêté : faites-le approuver par votre instance et déposez la délibération."
    ),
    PactState.SIGNATURE: Turn("À vous", "Le texte est ouvert à la signature : déposez l’exemplaire signé de votre organisme."),
    PactState.IN_FORCE: Turn("À vous", "Le pacte s’applique : donnez des nouvelles des actions que votre organisme pilote."),
}
READER_TURNS = {
    PactState.DRAFTING: Turn("On attend le Département", "Le texte s’écrit.", True),
    PactState.CONSULTATION: Turn("On attend les partenaires", "Le texte est soumis à leur lecture.", True),
    PactState.ADOPTION: Turn("On attend les partenaires", "Le texte est arrêté : leurs instances l’approuvent.", True),
    PactState.SIGNATURE: Turn("On attend les signataires", "Le texte est ouvert à la signature.", True),
}


# What reads otherwise when the text is an amendment.
AMENDMENT_TURNS = {
    PactState.DRAFTING: Turn(
        "À vous", "Cochez ce que l’avenant modifie, écrivez le nouveau texte et le motif de chaque point, puis arrêtez-le."
    ),
    PactState.CONSULTATION: Turn("À vous", "Recueillez les remarques des partenaires, corrigez, puis arrêtez l’avenant."),
}


def turn_of(user, pact):
    """Whose turn on `pact`, as `user` reads it; None when nothing is awaited of anybody."""
    if pact.is_amendment and pact.is_done:
        return None
    for ask in _rooms:
        turn = ask(user, pact)
        if turn is not None:
            return turn
    if pact.is_amendment and is_staff_on(user, pact) and pact.state in AMENDMENT_TURNS:
        return AMENDMENT_TURNS[pact.state]
    turns = READER_TURNS
    if is_staff_on(user, pact):
        turns = STAFF_TURNS
    elif is_partner_on(user, pact):
        turns = PARTNER_TURNS
    return turns.get(pact.state)
