"""The life of a pact: which step may follow which, who may take it, and what it asks for."""

from dataclasses import dataclass

from pti.enums import PactState, Role

STAFF = frozenset({Role.OFFICER, Role.ANIMATOR})
ANIMATOR = frozenset({Role.ANIMATOR})


@dataclass(frozen=True)
class Step:
    """One possible step: the verb of its button, who may take it, and whether a reason or an act is demanded."""

    verb: str
    roles: frozenset
    needs_reason: bool = False
    needs_act: bool = False
    # The to-do list is a warning that a person may override with a reason.
    warns: bool = False


S = PactState
TRANSITIONS = {
    (S.SCOPING, S.DRAFTING): Step("Ouvrir l’élaboration", STAFF),
    (S.DRAFTING, S.SCOPING): Step("Revenir au cadrage", STAFF),
    (S.DRAFTING, S.CONSULTATION): Step("Ouvrir la concertation", STAFF),
    (S.CONSULTATION, S.DRAFTING): Step("Revenir à l’élaboration", STAFF),
    (S.DRAFTING, S.ADOPTION): Step("Arrêter le texte", ANIMATOR, warns=True),
    (S.CONSULTATION, S.ADOPTION): Step("Arrêter le texte", ANIMATOR, warns=True),
    (S.ADOPTION, S.SIGNATURE): Step("Ouvrir la signature", ANIMATOR),
    (S.ADOPTION, S.DRAFTING): Step("Rouvrir le texte", ANIMATOR, needs_reason=True),
    (S.SIGNATURE, S.DRAFTING): Step("Rouvrir le texte", ANIMATOR, needs_reason=True),
    (S.ADOPTION, S.IN_FORCE): Step("Constater l’entrée en vigueur", ANIMATOR, needs_act=True),
    (S.SIGNATURE, S.IN_FORCE): Step("Constater l’entrée en vigueur", ANIMATOR, needs_act=True),
    (S.IN_FORCE, S.CLOSED): Step("Clore le pacte", ANIMATOR),
    **{
        (state, S.ABANDONED): Step("Abandonner le pacte", ANIMATOR, needs_reason=True)
        for state in (S.SCOPING, S.DRAFTING, S.CONSULTATION, S.ADOPTION, S.SIGNATURE, S.IN_FORCE)
    },
}


# An amendment is opened in élaboration and ends with the pact that it amends.
NOT_OF_AN_AMENDMENT = {(S.DRAFTING, S.SCOPING), (S.IN_FORCE, S.CLOSED), (S.IN_FORCE, S.ABANDONED)}


def steps_of(pact):
    """{next state: step} that `pact` may take now."""
    left_out = NOT_OF_AN_AMENDMENT if pact.is_amendment else set()
    return {to: step for (origin, to), step in TRANSITIONS.items() if origin == pact.state and (origin, to) not in left_out}
