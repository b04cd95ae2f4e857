"""Factories of the ground floor: minimal rows, traits named after states."""

import factory
from factory.django import DjangoModelFactory

from pti.dates import today
from pti.enums import PactState, Role, StatementKind, TerritoryKind
from pti.models import Access, Amendment, ContextFigure, Pact, Section, Statement, Territory, User


class TerritoryFactory(DjangoModelFactory):
    class Meta:
        model = Territory

    class Params:
        department = factory.Trait(kind=TerritoryKind.DEPARTMENT, name="Indre-et-Loire", code="37")
        epci = factory.Trait(kind=TerritoryKind.EPCI)

    name = factory.Sequence(lambda n: f"Territoire {n}")


class PactFactory(DjangoModelFactory):
    """A pact in élaboration; a trait gives another state (`frozen=True` is adoption).

    Rows of a frozen pact are made before it is frozen: `freeze(pact)` moves the state alone.
    """

    class Meta:
        model = Pact
        skip_postgeneration_save = True

    class Params:
        scoping = factory.Trait(state=PactState.SCOPING)
        frozen = factory.Trait(state=PactState.ADOPTION)
        in_force = factory.Trait(state=PactState.IN_FORCE)
        closed = factory.Trait(state=PactState.CLOSED)
        local = factory.Trait(
            parent=factory.SubFactory("tests.factories.pti.PactFactory"), territory=factory.SubFactory(TerritoryFactory)
        )

    title = factory.Sequence(lambda n: f"Pacte {n}")
    start_text = "2024"
    end_text = "2028"
    state = PactState.DRAFTING

    @factory.post_generation
    def departments(self, create, extracted, **kwargs):
        if create and extracted:
            self.departments.set(extracted)


class AmendmentFactory(PactFactory):
    """An amendment being drafted whose copy holds nothing but the frame; `services.open_amendment` copies the text."""

    amends = factory.SubFactory(PactFactory, in_force=True)
    amendment_number = factory.Sequence(lambda n: n + 1)
    title = factory.SelfAttribute("amends.title")

    @factory.post_generation
    def amendment(self, create, extracted, **kwargs):
        if create:
            Amendment.objects.create(
                pact=self, purpose="<p>Ajuster.</p>", opened_on=today(), base_number=1, base_sha256="0" * 64
            )


def freeze(pact, state=PactState.ADOPTION):
    """Freeze the text of `pact` once its rows are made."""
    pact.state = state
    pact.save(update_fields=["state"])
    return pact


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = Section

    pact = factory.SubFactory(PactFactory)
    order = factory.Sequence(lambda n: n)
    title = factory.Sequence(lambda n: f"Section {n}")
    text = "<p>Ce que disent les partenaires.</p>"


class StatementFactory(DjangoModelFactory):
    class Meta:
        model = Statement

    pact = factory.SubFactory(PactFactory)
    kind = StatementKind.PRINCIPLE
    title = factory.Sequence(lambda n: f"Principe {n}")


class ContextFigureFactory(DjangoModelFactory):
    class Meta:
        model = ContextFigure

    pact = factory.SubFactory(PactFactory)
    label = factory.Sequence(lambda n: f"Bénéficiaires {n}")
    raw_value = "17 612"
    value = 17612


class UserFactory(DjangoModelFactory):
    """A person without any access; `AccessFactory(user=…)` or the helpers below give one."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"personne{n}@exemple.test")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Nom{n}")


class AccessFactory(DjangoModelFactory):
    class Meta:
        model = Access

    class Params:
        animator = factory.Trait(role=Role.ANIMATOR)
        officer = factory.Trait(role=Role.OFFICER)
        reader = factory.Trait(role=Role.READER)

    user = factory.SubFactory(UserFactory)
    pact = factory.SubFactory(PactFactory)
    role = Role.PARTNER


def person(role, pact=None, **fields):
    """An account that holds `role` on `pact` (None: on all)."""
    return AccessFactory(user=UserFactory(**fields), pact=pact, role=role).user
