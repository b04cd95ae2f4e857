"""The entry into force of an amendment: version n + 1 of the pact, what happened untouched, and nothing behind its back."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Action, Lead, Measure, Milestone, Update
from partners.models import Commitment, Organisation, Partner
from pti import exchange, versions
from pti.amending import merging, services
from pti.amending.mapping import Text, text_for_base
from pti.contract import FrozenText
from pti.dates import today
from pti.enums import PactState, VersionStage
from pti.models import Pact, Section
from pti.services import change_state, extend
from tests.emptied import empty_base
from tests.pti.amending import enter_into_force, said_by, the_copy, tick


def test_entry_into_force_makes_version_n_plus_1(base, amendment):
    action, commitment = base.actions.get(), Commitment.objects.filter(pact=base).first()
    status, updates = action.status, action.updates.count()
    tick(amendment, action)
    tick(amendment, commitment)
    services.tick(amendment=amendment, model=Section, by=None)
    copy = the_copy(amendment, action)
    copy.title = "Fiche revue"
    copy.save()
    copy.themes.clear()
    new = Milestone.objects.create(action=copy, label="Nouveau jalon", planned_text="2017")
    cell = the_copy(amendment, commitment)
    cell.text = "<p>Deux ETP</p>"
    cell.save()
    Section.objects.create(pact=amendment, title="Ajoutée", text="<p>x</p>")
    number = base.versions.count()
    enter_into_force(amendment)
    action.refresh_from_db()
    assert (action.title, action.status, action.updates.count(), action.themes.count()) == ("Fiche revue", status, updates, 0)
    assert action.milestones.get(label="Nouveau jalon").uid != new.uid
    assert base.sections.filter(title="Ajoutée").exists()
    last = base.versions.first()
    assert (last.number, last.stage, last.amendment_number) == (number + 1, VersionStage.MERGED, 1)
    assert '"title":"Fiche revue"' in last.content
    assert Text(base).rows == text_for_base(amendment, Text(base))[0]
    assert said_by(base) == said_by(amendment)
    assert versions.is_intact(last)


def test_signatures_are_awaited_on_what_was_signed(base, amendment):
    before = list(base.partners.awaited())
    tick(amendment, base.actions.get())
    enter_into_force(amendment)
    assert list(base.partners.awaited()) == before


def test_a_removed_fiche_with_life_is_withdrawn_not_deleted(base, amendment):
    action = base.actions.get()
    tick(amendment, action)
    the_copy(amendment, action).delete()
    counts = Update.objects.count(), Measure.objects.count()
    enter_into_force(amendment)
    assert not base.actions.exists()
    kept = Action.objects.with_withdrawn().get(pk=action.pk)
    assert (kept.withdrawn_by, kept.withdrawn_on, kept.withdrawal) == (1, today(), "Retirée par l’avenant n°\xa01")
    assert (Update.objects.count(), Measure.objects.count()) == counts
    assert '"Action"' not in base.versions.first().content
    assert not Milestone.objects.filter(action=action).exists()
    kept.title = "Autre"
    with pytest.raises(FrozenText):
        kept.save()


def test_what_is_removed_without_life_is_deleted(base, amendment):
    section = base.sections.filter(children=None).first()
    tick(amendment, section)
    the_copy(amendment, section).delete()
    enter_into_force(amendment)
    assert not Section._base_manager.filter(uid=section.uid).exists()


def test_a_second_amendment_is_refused_when_the_first_has_moved_the_text(base, amendment):
    second = services.open_amendment(base=base, purpose="", by=None)
    tick(amendment, base.actions.get())
    copy = the_copy(amendment, base.actions.get())
    copy.title = "Par le premier"
    copy.save()
    tick(second, base.sections.first())
    section = the_copy(second, base.sections.first())
    section.title = "Par le second"
    section.save()
    enter_into_force(amendment)
    change_state(pact=second, to=PactState.ADOPTION, by=None, reason="Essai")
    with pytest.raises(merging.BaseMoved, match="Reprenez l’avenant sur la version 3"):
        change_state(pact=second, to=PactState.IN_FORCE, by=None, act="x")
    assert base.sections.first().title != "Par le second"
    change_state(pact=second, to=PactState.DRAFTING, by=None, reason="Le pacte a changé")
    merging.take_again(amendment=second, by=None)
    assert the_copy(second, base.actions.get()).title == "Par le premier"
    enter_into_force(second)
    assert (base.actions.get().title, base.sections.first().title) == ("Par le premier", "Par le second")
    assert base.versions.first().amendment_number == 2


def test_what_both_amendments_open_is_unticked_first(base, amendment):
    second = services.open_amendment(base=base, purpose="", by=None)
    points = [tick(one, base.actions.get()) for one in (amendment, second)]
    for one, milestone in ((amendment, "A"), (second, "B")):
        Milestone.objects.create(action=the_copy(one, base.actions.get()), label=milestone)
    enter_into_force(amendment)
    second.refresh_from_db()
    with pytest.raises(ValidationError, match="Décochez ces points"):
        merging.take_again(amendment=second, by=None)
    services.untick(point=points[1], by=None)
    merging.take_again(amendment=second, by=None)
    assert "A" in {one.label for one in the_copy(second, base.actions.get()).milestones.all()}


def test_nothing_else_of_the_base_may_be_written_meanwhile(base, amendment):
    tick(amendment, base.actions.get())
    with pytest.raises(FrozenText), transaction.atomic():
        base.actions.update(title="x")
    enter_into_force(amendment)
    with pytest.raises(FrozenText), transaction.atomic():
        base.actions.update(title="x")
    with pytest.raises(FrozenText), transaction.atomic():
        amendment.actions.update(title="x")


def test_an_amendment_of_a_closed_pact_does_not_enter_into_force(base, amendment):
    tick(amendment, base.actions.get())
    change_state(pact=amendment, to=PactState.ADOPTION, by=None, reason="Essai")
    change_state(pact=base, to=PactState.CLOSED, by=None)
    with pytest.raises(ValidationError, match="ne le modifie plus"):
        change_state(pact=amendment, to=PactState.IN_FORCE, by=None, act="x")


def test_an_amendment_is_never_closed_nor_put_back_to_scoping(amendment):
    with pytest.raises(ValidationError):
        change_state(pact=amendment, to=PactState.SCOPING, by=None)
    enter_into_force(amendment)
    with pytest.raises(ValidationError):
        change_state(pact=amendment, to=PactState.CLOSED, by=None)


def test_an_extension_may_be_the_content_of_an_amendment(base):
    extend(pact=base, new_end_on=today().replace(year=2018, month=6, day=30), reason="x", decision="", decided_on=None, by=None)
    amendment = services.open_amendment(base=base, purpose="", by=None)
    tick(amendment, base)
    amendment.end_text = "2019"
    amendment.save()
    enter_into_force(amendment)
    base.refresh_from_db()
    assert (base.end_text, base.extended_to, base.effective_end.year) == ("2019", None, 2019)


def test_a_partner_who_joined_late_is_in_the_amendment(base):
    late = Partner.objects.create(pact=base, organisation=Organisation.objects.create(name="Cap emploi"), joined_on=today())
    amendment = services.open_amendment(base=base, purpose="", by=None)
    copy = the_copy(amendment, late)
    commitment = Commitment.objects.filter(pact=base).first()
    tick(amendment, commitment)
    the_copy(amendment, commitment).partners.add(copy)
    enter_into_force(amendment)
    assert late in commitment.partners.all()


def test_base_and_amendment_travel_each_in_its_file(base, amendment):
    tick(amendment, base.actions.get())
    the_copy(amendment, base.actions.get()).delete()
    enter_into_force(amendment)
    files = [exchange.export_bytes(one, with_people=True) for one in (base, amendment)]
    empty_base()
    with pytest.raises(ValidationError, match="importez d’abord ce pacte"), transaction.atomic():
        exchange.load(*exchange.read(files[1]))
    again = [exchange.load(*exchange.read(content)) for content in files]
    assert [exchange.export_bytes(one, with_people=True) for one in again] == files
    assert again[1].amends == again[0]
    assert Lead.objects.with_withdrawn().filter(action__pact=again[0], withdrawn_by=1).exists()
    assert Pact.objects.ordinary().get() == again[0]
