"""An amendment opens what is ticked and nothing else, whatever the way in; unticking restores what was signed."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Action, Axis, Funding, Indicator, Lead, Milestone, Target
from partners.models import Commitment, Partner
from pti import parts, versions
from pti.amending import services
from pti.amending.choices import choices_of, label_of
from pti.contract import NotTicked
from pti.dates import today
from pti.enums import PactState, Role
from pti.journal.restore import restore
from pti.models import Pact, Section, Statement
from pti.pact_forms import FrameForm
from pti.services import change_state
from pti.ticks import is_head
from tests.factories.partners import CommitmentFactory, PartnerFactory
from tests.factories.pti import AmendmentFactory, PactFactory, person
from tests.pti.amending import said_by, the_copy, tick


def test_an_amendment_is_a_copy_of_the_text(base, amendment):
    assert (amendment.state, amendment.amends, amendment.amendment_number) == (PactState.DRAFTING, base, 1)
    assert str(amendment) == "Avenant n°\xa01 : Pacte « été »"
    assert said_by(amendment) == said_by(base)
    action = the_copy(amendment, base.actions.get())
    assert (action.pact, action.status, action.updates.count()) == (amendment, "project", 0)
    assert amendment.amendment.base_sha256 == base.versions.get(number=2).sha256
    assert services.open_amendment(base=base, purpose="", by=None).amendment_number == 2


def test_only_a_pact_in_force_is_amended(amendment):
    with pytest.raises(ValidationError, match="c’est le pacte qui s’amende"):
        services.open_amendment(base=amendment, purpose="", by=None)
    with pytest.raises(ValidationError, match="en vigueur"):
        services.open_amendment(base=Pact.objects.create(title="x", state=PactState.ADOPTION), purpose="", by=None)


CONTRACT = [
    (part.name, model)
    for part in parts.registered(parts.PartKind.CONTRACT)
    for model in part.models
    if not model.of_the_amendment
]


@pytest.mark.parametrize(("part", "model"), CONTRACT, ids=lambda one: getattr(one, "__name__", one))
def test_every_write_of_what_is_not_ticked_is_refused(amendment, part, model):
    rows = model._base_manager.filter(**{model.pact_path or "pk": amendment.pk}).of_the_text()
    row = rows.first()
    name = next(n for n in ("title", "name", "label", "text", "term", "body", "raw_value", "uid") if hasattr(row, n))
    value = uuid.uuid4() if name == "uid" else "Autre"
    before = getattr(row, name)
    attempts = [
        lambda: row.save(),
        lambda: rows.filter(pk=row.pk).update(**{name: value}),
        lambda: model._base_manager.bulk_update([row], [name]),
        lambda: row.delete(),
        lambda: rows.filter(pk=row.pk).delete(),
    ]
    for attempt in attempts:
        setattr(row, name, value)
        with pytest.raises(NotTicked), transaction.atomic():
            attempt()
    assert getattr(model._base_manager.get(pk=row.pk), name) == before
    for many in model._meta.many_to_many:
        if many.remote_field.through._meta.auto_created:
            links, other = getattr(row, many.name), many.related_model.objects.exclude(pk=row.pk).first()
            for attempt in (lambda links=links: links.clear(), lambda links=links, other=other: links.add(other)):
                with pytest.raises(NotTicked), transaction.atomic():
                    attempt()


def test_a_new_row_needs_its_own_tick(amendment):
    attempts = [
        lambda: Action.objects.create(pact=amendment, title="Nouvelle"),
        lambda: Action.objects.bulk_create([Action(pact=amendment, title="Nouvelle")]),
        lambda: Section.objects.create(pact=amendment, title="Nouvelle"),
        lambda: Milestone.objects.create(action=amendment.actions.get(), label="Nouveau"),
        lambda: Commitment.objects.create(pact=amendment),
    ]
    for attempt in attempts:
        with pytest.raises(NotTicked), transaction.atomic():
            attempt()
    services.tick(amendment=amendment, model=Action, by=None)
    new = Action.objects.create(pact=amendment, title="Nouvelle")
    Milestone.objects.create(action=new, label="Premier jalon")
    with pytest.raises(NotTicked):
        Section.objects.create(pact=amendment, title="Nouvelle")
    with pytest.raises(NotTicked):
        Milestone.objects.create(action=amendment.actions.exclude(pk=new.pk).get(), label="Nouveau")


def test_a_ticked_fiche_opens_with_its_parts_and_no_other(base, amendment):
    tick(amendment, base.actions.get())
    action = the_copy(amendment, base.actions.get())
    action.title = "Fiche revue"
    action.save()
    action.milestones.get().delete()
    lead = action.leads.first()
    lead.is_tentative = True
    lead.save()
    Target.objects.create(indicator=action.indicators.get(), year=2018, raw_value="200")
    Funding.objects.create(pact=amendment, action=action, label="Poste")
    action.themes.clear()
    axis = amendment.axes.first()
    axis.title = "Axe revu"
    with pytest.raises(NotTicked):
        axis.save()
    with pytest.raises(NotTicked):
        Indicator.objects.create(pact=amendment, name="Sans fiche")


def test_a_part_does_not_move_to_a_fiche_that_is_not_ticked(base, amendment):
    services.tick(amendment=amendment, model=Action, by=None)
    new = Action.objects.create(pact=amendment, title="Nouvelle")
    mine = Milestone.objects.create(action=new, label="Jalon")
    closed = the_copy(amendment, base.actions.get())
    mine.action = closed
    with pytest.raises(NotTicked):
        mine.save()
    for where in ({"action": closed}, {"action_id": closed.pk}):
        with pytest.raises(NotTicked):
            Milestone.objects.filter(pk=mine.pk).update(**where)
    stolen = closed.milestones.get()
    stolen.action = new
    with pytest.raises(NotTicked):
        stolen.save()


def test_what_happens_is_not_written_in_an_amendment(base, amendment):
    tick(amendment, base.actions.get())
    action = the_copy(amendment, base.actions.get())
    with pytest.raises(NotTicked, match="dans le pacte lui-même"):
        Lead.objects.create(action=action, text="CAF", started_on=today())
    lead = action.leads.first()
    lead.started_on = today()
    with pytest.raises(NotTicked):
        lead.save()
    with pytest.raises(NotTicked):
        Lead.objects.filter(pk=lead.pk).update(started_on=today())


def test_a_ticked_row_does_not_leave_with_rows_that_are_not_ticked(base, amendment):
    group = base.axes.get(is_group=True)
    tick(amendment, group)
    with pytest.raises(NotTicked):
        the_copy(amendment, group).delete()
    tick(amendment, base.actions.get())
    the_copy(amendment, group).delete()
    assert not Axis.objects.filter(pact=amendment, is_group=True).exists()


def test_the_journal_restores_no_row_that_is_not_ticked(base, amendment):
    section = base.sections.first()
    point = tick(amendment, section)
    copy = the_copy(amendment, section)
    copy.title = "Revue"
    copy.save()
    entry = copy.history.first()
    services.untick(point=point, by=None)
    with pytest.raises(NotTicked):
        restore(entry=entry, by=None)


def test_unticking_restores_what_was_signed(base, amendment):
    before = said_by(amendment)
    point = tick(amendment, base.actions.get())
    action = the_copy(amendment, base.actions.get())
    action.title, action.axis = "Fiche revue", None
    action.save()
    action.themes.clear()
    action.milestones.get().delete()
    Milestone.objects.create(action=action, label="Autre")
    indicator = action.indicators.get()
    indicator.targets.all().delete()
    services.untick(point=point, by=None)
    action.refresh_from_db()
    assert said_by(amendment) == before
    assert (action.title, action.axis.pact, list(action.themes.values_list("name", flat=True))) == (
        "Fiche",
        amendment,
        ["Mobilité"],
    )
    assert indicator.targets.get().raw_value == "150"
    assert not amendment.points.exists()


def test_unticking_brings_back_what_was_removed(base, amendment):
    said = {name: rows for name, rows in versions.text_of(amendment)["parts"].items() if name != "amendment"}
    points = [tick(amendment, base.actions.get()), tick(amendment, Commitment.objects.filter(pact=base).first())]
    the_copy(amendment, base.actions.get()).delete()
    the_copy(amendment, Commitment.objects.filter(pact=base).first()).delete()
    for point in points:
        services.untick(point=point, by=None)
    again = {name: rows for name, rows in versions.text_of(amendment)["parts"].items() if name != "amendment"}
    assert again == said


def test_unticking_an_addition_removes_what_was_added_unless_something_hangs_on_it(base, amendment):
    point = services.tick(amendment=amendment, model=Axis, by=None)
    new = Axis.objects.create(pact=amendment, title="Nouvel axe")
    tick(amendment, base.actions.get())
    action = the_copy(amendment, base.actions.get())
    action.axis = new
    action.save()
    with pytest.raises(ValidationError, match="en dépend encore"):
        services.untick(point=point, by=None)
    action.axis = None
    action.save()
    services.untick(point=point, by=None)
    assert not Axis.objects.filter(pk=new.pk).exists()


def test_the_points_are_part_of_the_frozen_text(base, amendment):
    point = tick(amendment, base.actions.get())
    change_state(pact=amendment, to=PactState.ADOPTION, by=None, reason="Essai")
    point.refresh_from_db()
    point.reason = "Après coup"
    with pytest.raises(ValidationError):
        point.save()
    with pytest.raises(ValidationError, match="arrêté"):
        services.untick(point=point, by=None)
    assert '"amends":{"number":1' in amendment.versions.get().content


def test_an_amendment_stays_the_one_of_its_pact(base, amendment):
    amendment.amends = None
    with pytest.raises(ValidationError):
        amendment.save()
    with pytest.raises(ValidationError):
        Pact.objects.filter(pk=amendment.pk).update(amends=None, amendment_number=None)


def test_an_amendment_does_not_make_its_pact_contain_itself():
    amendment = AmendmentFactory()
    form = FrameForm(instance=amendment, user=person(Role.ANIMATOR, amendment.amends))
    assert not form.fields["parent"].queryset.exists()


def test_only_heads_are_ticked_on_the_pages(base):
    assert is_head(base.actions.get())
    assert not is_head(base.actions.get().milestones.get())
    assert all(is_head(one) for one in Partner.objects.filter(pact=base))


@pytest.mark.parametrize("count", [1, 3])
def test_choices_query_count(db, count, django_assert_num_queries):
    pact = PactFactory()
    for _ in range(count):
        CommitmentFactory(pact=pact, partners=PartnerFactory.create_batch(2, pact=pact))
    amendment = AmendmentFactory(amends=pact)
    with django_assert_num_queries(20):
        groups = {group.label: group.rows for group in choices_of(amendment)}
    assert len(groups["Engagements"]) == count


def test_a_row_without_a_title_is_named_by_its_words():
    assert label_of(Statement(kind="principle", text="<p>Agir ensemble</p>")) == "Principe : Agir ensemble"
    assert label_of(Statement(kind="stake", title="Emploi", text="<p>Agir</p>")) == "Emploi"
