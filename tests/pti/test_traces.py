"""A renewal: nothing of the old département, of its years or of its people remains unseen."""

from actions.models import Action
from partners.models import Contact, OrganisationName
from pti.dates import today
from pti.models import Territory
from pti.services import create_from
from pti.traces import traces_of
from tests.factories.whole import whole_pact


def renewed(**options):
    old = whole_pact()
    department = old.departments.get()
    old.sections.create(title=f"Le pacte en {department.name}", text="<p>De 2015 à 2017, avec Jeanne Exemple.</p>")
    Contact.objects.create(
        pact=old, organisation=old.partners.first().organisation, first_name="Jeanne", last_name="Exemple", is_elected=True
    )
    new = create_from(old, title="Nouveau pacte", by=None, **options)
    new.start_text, new.end_text = "2027", "2031"
    new.save()
    new.departments.set([Territory.objects.create(name="Creuse", kind="department", code="23")])
    return new


def test_each_trace_is_told_until_none_remains():
    new = renewed()
    found = {trace.word: trace for trace in traces_of(new)}
    assert {"Indre-et-Loire", "2015", "2017", "Jeanne Exemple"} <= set(found)
    section = new.sections.get(title__startswith="Le pacte en")
    assert any(f"/section/{section.pk}/modifier/#div_id_title" in place.url for place in found["Indre-et-Loire"].places)
    assert "1\xa0section" in found["Indre-et-Loire"].counted
    section.title, section.text = "Le pacte en Creuse", ""
    section.save()
    again = {trace.word for trace in traces_of(new)}
    assert "Jeanne Exemple" not in again
    assert "Indre-et-Loire" not in again


def test_a_name_since_changed_is_a_trace():
    new = renewed()
    organisation = new.partners.first().organisation
    OrganisationName.objects.create(organisation=organisation, name="Direccte", ends_on=today())
    new.glossary_terms.create(term="Direccte", definition="")
    assert "Direccte" in {trace.word for trace in traces_of(new)}


def test_a_pact_that_follows_no_other_has_no_trace():
    assert traces_of(whole_pact()) == []


def test_finished_fiches_may_be_left_out():
    old = whole_pact()
    Action.objects.create(pact=old, title="Finie", status="done", done_on=today())
    assert create_from(old, title="A", by=None).actions.count() == 2
    assert [one.title for one in create_from(old, title="B", by=None, running_only=True).actions.all()] == ["Fiche"]
