"""A pact of two hundred bodies, each with somebody to write to and five fiches: `python -m bench.base.collected`."""

import django

django.setup()

from django.db import models  # noqa: E402 (models need the applications to be ready)

from actions.enums import ActionStatus, Confidence, LeadRole  # noqa: E402
from actions.models import Action, Indicator, Lead, Milestone  # noqa: E402
from bench.base.texts import BORN, END  # noqa: E402
from partners.enums import OrganisationKind  # noqa: E402
from partners.models import Contact, Organisation, Partner  # noqa: E402
from pti.enums import PactState  # noqa: E402
from pti.models import Pact  # noqa: E402

RECIPIENTS, EACH = 200, 5


def put(model, rows):
    """Past the guards of the text: a base to measure, not a deed."""
    return models.QuerySet(model).bulk_create(list(rows), batch_size=500)


def fill():
    whole = Pact(title="Pacte de la collecte", start_text="2022", end_text="2027", state=PactState.IN_FORCE)
    whole.starts_on, whole.ends_on, whole.in_force_on = BORN, END, BORN
    (pact,) = put(Pact, [whole])
    bodies = put(
        Organisation, (Organisation(name=f"Organisme {i}", kind=OrganisationKind.ASSOCIATION) for i in range(RECIPIENTS))
    )
    put(Partner, (Partner(pact=pact, organisation=body, order=i) for i, body in enumerate(bodies)))
    put(
        Contact,
        (
            Contact(pact=pact, organisation=body, last_name=f"Nom {i}", email=f"p{i}@bench.example", is_referent=True)
            for i, body in enumerate(bodies)
        ),
    )
    actions = put(
        Action,
        (
            Action(
                pact=pact, number=str(i), number_key=f"{i:06}", title=f"Fiche {i}", order=i, status=ActionStatus.ONGOING,
                confidence=Confidence.REACHABLE,
            )
            for i in range(RECIPIENTS * EACH)
        ),
    )  # fmt: skip
    pairs = [(action, bodies[i // EACH]) for i, action in enumerate(actions)]
    put(Lead, (Lead(action=action, organisation=body, role=LeadRole.PILOT) for action, body in pairs))
    put(
        Milestone,
        (
            Milestone(
                action=action,
                label="Jalon",
                planned_text=str(year),
                planned_first=f"{year}-01-01",
                planned_last=f"{year}-12-31",
            )
            for action in actions
            for year in (2024, 2025, 2026)
        ),
    )
    put(Indicator, (Indicator(pact=pact, action=action, name="Places", order=0) for action in actions))


if __name__ == "__main__":
    fill()
