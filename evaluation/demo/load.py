"""Loads the demonstration: the four pacts as they are, the living copy, and the personas."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Theme
from actions.themes import ensure_themes
from evaluation.demo.living import build_living_copy
from partners.models import Membership
from pti.dates import today
from pti.demo import PERSONAS
from pti.enums import PactState, Role
from pti.facts import load_json
from pti.models import Access, Brand, Pact, User
from pti.pact_facts import import_facts
from pti.services import resume_at

FOLDER = Path(__file__).parent
# The model of the living copy first: its « Pôle emploi » keeps its name, those of the others say their département.
FILES = ("indre-et-loire-2015-2017", "deux-sevres-2022-2027", "herault-2022-2025", "meuse-2017-2021")
MODEL_OF_THE_COPY = "indre-et-loire-2015-2017"
DEPARTEMENT = "Indre-et-Loire"  # which runs the living copy
OTHER_PACT = "herault-2022-2025"
# Persona: (role, name in the pact of the organisation she belongs to).
PLACES = {
    "animatrice": (Role.ANIMATOR, "Conseil général d’Indre-et-Loire"),
    "agente": (Role.OFFICER, "Conseil général d’Indre-et-Loire"),
    "elue": (Role.READER, ""),
    "partenaire-caf": (Role.PARTNER, "Caisse d’allocations familiales Touraine"),
    "partenaire-ars": (Role.PARTNER, "Agence régionale de santé"),
    "partenaire-emploi": (Role.PARTNER, "Pôle emploi"),
    "autre-pacte": (Role.PARTNER, "Communauté de communes Vallée de l’Hérault"),
}


@transaction.atomic
def load_demo():
    """Fill an empty base; refuses (ValidationError) any other."""
    if Pact.objects.exists() or User.objects.exists():
        raise ValidationError("La démonstration ne se charge que dans une base vide : celle-ci ne l’est pas.")
    ensure_themes(Theme)
    Brand.objects.get_or_create(defaults={"name": DEPARTEMENT, "contact_email": "pacte@departement.example"})
    on = today()
    users = {persona.key: make_user(persona) for persona in PERSONAS}
    pacts = {name: load_facts(name, on) for name in FILES}
    living = build_living_copy(pacts[MODEL_OF_THE_COPY], on=on, by=users["animatrice"], users=list(users.values()))
    for key, user in users.items():
        place(user, key, pacts[OTHER_PACT] if key == "autre-pacte" else living)
    return living


def load_facts(name, on):
    """One real pact, closed or in force by its dates; nothing is added to it."""
    pact, _ = import_facts(load_json((FOLDER / f"{name}.json").read_text(encoding="utf-8")))
    state = PactState.CLOSED if pact.ends_on < on else PactState.IN_FORCE
    return resume_at(pact=pact, state=state, reason="État déduit des dates du pacte.", by=None)


def make_user(persona):
    """The invented account of a persona."""
    names = {"first_name": persona.first_name, "last_name": persona.last_name, "function": persona.function}
    return User.objects.create_user(persona.email, **names)


def place(user, key, pact):
    """Give a persona her access and her organisation; the animator sees every pact."""
    role, name = PLACES[key]
    Access.objects.create(user=user, pact=None if role == Role.ANIMATOR else pact, role=role)
    partner = pact.partners.filter(name_in_text=name).first()
    if partner:
        Membership.objects.create(user=user, organisation=partner.organisation)
