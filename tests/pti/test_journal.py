import datetime

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils import timezone

from actions.models import Action, Indicator, Milestone, Target
from partners.models import Publication
from pti.contract import FROZEN_MESSAGE
from pti.dates import today
from pti.diff import words
from pti.enums import Role
from pti.fields import clean_html
from pti.journal.lines import followed_models, shown_models
from pti.journal.links import link_together
from pti.journal.restore import restore
from pti.models import Amendment, AmendmentPoint, Brand, Extension, GlossaryTerm, JournalLine, JournalLinks, LegalText, Section
from pti.sealed import Sealed
from tests.factories.actions import ActionFactory, MeasureFactory, MilestoneFactory, TargetFactory, ThemeFactory
from tests.factories.pti import PactFactory, TerritoryFactory, freeze, person
from tests.factories.whole import whole_pact


@pytest.fixture
def pact():
    return PactFactory(title="Pacte d’Indre-et-Loire")


@pytest.fixture
def officer(pact, client):
    user = person(Role.OFFICER, pact, first_name="Sophie", last_name="Delaunay")
    client.force_login(user)
    return user


def lines(client, pact, **query):
    return client.get(f"/pactes/{pact.pk}/journal/", query).context["lines"]


def section_in_two_states(pact, user):
    section = Section(pact=pact, title="Préambule", text="<p>Le pacte unit les partenaires.</p>")
    section._history_user = user
    section.save()
    section.text = "<p>Le pacte unit tous les partenaires.</p>"
    section.save()
    return section


def history_url(section):
    return f"/pactes/{section.pact_id}/journal/pti.section/{section.uid}/"


def test_two_states_between_which_only_links_changed_are_not_told_the_same(client, pact, officer):
    """Links are lines of words, not columns: comparing columns does not see them."""
    action = ActionFactory(pact=pact)
    action.themes.add(ThemeFactory(name="Mobilité"))
    action.title = "Autre titre"
    action.save()
    first, linked, last = action.history.order_by("history_id").values_list("pk", flat=True)
    url = f"/pactes/{pact.pk}/journal/actions.action/{action.uid}/"

    html = client.get(url, {"avant": first, "apres": linked}).content.decode()
    assert "Thèmes : ajout de Mobilité" in html.replace("\u00a0", " ")
    assert "disent la même chose" not in html

    html = client.get(url, {"avant": linked, "apres": last}).content.decode()
    assert "Thèmes" not in html


def test_journal_says_who_what_and_field_by_field(client, pact, officer):
    section_in_two_states(pact, officer)

    line = lines(client, pact)[0]

    assert (line.who, line.what, line.name, line.deed) == ("Sophie Delaunay", "Section", "Préambule", "modification")
    assert [(change.label, change.old, change.new) for change in line.changes] == [
        ("Texte", "Le pacte unit les partenaires.", "Le pacte unit tous les partenaires.")
    ]


def test_journal_knows_who_is_logged_in(client, pact, officer):
    section = section_in_two_states(pact, None)
    client.post(f"{history_url(section)}retablir/{section.history.last().pk}/")

    assert lines(client, pact)[0].who == "Sophie Delaunay"


def test_journal_is_newest_first_and_keeps_what_was_deleted(client, pact, officer):
    section = section_in_two_states(pact, officer)
    section.delete()

    assert [line.deed for line in lines(client, pact, kind="pti.section")] == ["suppression", "modification", "création"]


def test_journal_names_what_a_row_points_to(client, pact, officer):
    territory = TerritoryFactory(name="Lochois")
    pact.territory = territory
    pact.save()

    change = lines(client, pact)[0].changes[0]

    assert (change.label, change.old, change.new) == ("Territoire du pacte local", "", "Lochois")


def test_journal_follows_links_between_rows(client, pact, officer):
    action = Action.objects.create(pact=pact, title="Accueil")
    action.territories.set([TerritoryFactory(name="Lochois")])

    assert lines(client, pact)[0].entry.history_change_reason == "territoires : ajout de Lochois"


def test_journal_shows_its_own_pact_only(client, pact, officer):
    Section.objects.create(pact=PactFactory(), title="Ailleurs")

    assert lines(client, pact, kind="pti.section") == []
    assert "Ailleurs" not in {line.name for line in lines(client, pact)}


def test_journal_has_25_lines_a_page(client, pact, officer):
    for number in range(30):
        GlossaryTerm.objects.create(pact=pact, term=f"Terme {number}")

    assert len(lines(client, pact)) == 25
    assert len(lines(client, pact, kind="pti.glossaryterm", page=2)) == 5


@pytest.mark.parametrize("count", [1, 3])
def test_journal_query_count(client, pact, officer, count, django_assert_num_queries):
    for number in range(count):
        term = GlossaryTerm.objects.create(pact=pact, term=f"Terme {number}")
        term.term = f"Terme {number} bis"
        term.save()
    with django_assert_num_queries(10):
        found = lines(client, pact, kind="pti.glossaryterm")
    assert len(found) == 2 * count


def test_journal_filters_by_person_and_day(client, pact, officer):
    section = section_in_two_states(pact, officer)
    today, tomorrow = timezone.localdate(), timezone.localdate() + datetime.timedelta(days=1)
    stranger = person(Role.READER, pact)

    assert len(lines(client, pact, kind="pti.section", who=officer.pk)) == section.history.filter(history_user=officer).count()
    assert lines(client, pact, kind="pti.section", who=stranger.pk) == []
    assert len(lines(client, pact, kind="pti.section", since=f"{today:%d/%m/%Y}")) == 2
    assert lines(client, pact, since=f"{tomorrow:%d/%m/%Y}") == []
    assert lines(client, pact, until="01/01/2020") == []


def test_journal_tells_a_bad_date_and_ignores_it(client, pact, officer):
    page = client.get(f"/pactes/{pact.pk}/journal/", {"since": "32/13/2020"})

    assert list(page.context["filter"].errors) == ["since"]
    assert len(page.context["lines"]) > 0


def test_journal_runs_no_markup(client, pact, officer):
    GlossaryTerm.objects.create(pact=pact, term="<script>alert(1)</script>")

    assert b"<script>alert" not in client.get(f"/pactes/{pact.pk}/journal/").content


def test_two_states_are_compared_word_by_word(client, pact, officer):
    section = section_in_two_states(pact, officer)

    page = client.get(history_url(section))

    assert page.context["changes"] == [
        ("Texte", 'Le pacte unit <ins><span class="visually-hidden">ajouté : </span>tous</ins> les partenaires.')
    ]


def test_comparison_says_in_words_what_was_removed_and_added():
    assert words("deux mots", "trois mots") == (
        '<del><span class="visually-hidden">supprimé : </span>deux</del> '
        '<ins><span class="visually-hidden">ajouté : </span>trois</ins> mots'
    )


def test_comparison_escapes_what_it_compares():
    assert "<b>" not in words("<b>", "<b> <i>")


def test_past_state_is_put_back(client, pact, officer):
    section = section_in_two_states(pact, officer)
    first = section.history.last()

    response = client.post(f"{history_url(section)}retablir/{first.pk}/")

    section.refresh_from_db()
    assert response.url == history_url(section)
    assert section.text == "<p>Le pacte unit les partenaires.</p>"
    assert section.history.count() == 3
    assert section.history.first().history_change_reason.startswith("rétabli tel qu’au ")


def test_a_withdrawn_fiche_is_not_restored_into_the_signed_text(client, pact, officer):
    """« Retirée le » is no field of the text: nothing else would refuse."""
    action = ActionFactory(pact=pact)
    freeze(pact)
    past = action.history.get()
    action.withdrawn_on, action.withdrawn_by = today(), 1
    action.save(update_fields=["withdrawn_on", "withdrawn_by"])
    url = f"/pactes/{pact.pk}/journal/actions.action/{action.uid}/"
    assert client.get(url, {"avant": past.pk}).context["restorable"] is False
    assert client.post(f"{url}retablir/{past.pk}/").status_code == 403
    with pytest.raises(ValidationError, match="retiré cette ligne"):
        restore(entry=past, by=officer)
    assert not pact.actions.exists()


def past_url(row, pact):
    return f"/pactes/{pact.pk}/journal/{row._meta.label_lower}/{row.uid}/"


def bring_back(client, row, pact):
    """Press « Rétablir » on the page of a deleted row; the page that follows."""
    page = client.get(past_url(row, pact))
    assert page.context["restorable"]
    assert "La ligne a été supprimée" in page.content.decode()
    state = row.history.exclude(history_type="-").first()
    return client.post(f"{past_url(row, pact)}retablir/{state.pk}/", follow=True)


def test_a_deleted_row_comes_back_with_what_went_with_it(client, pact, officer):
    target = TargetFactory(indicator__action__pact=pact, indicator__pact=pact, year=2026, raw_value="120")
    indicator = target.indicator
    measure = MeasureFactory(indicator=indicator, raw_value="80")
    kept = [(one.pk, one.uid) for one in (indicator, target, measure)]
    Indicator.objects.get(pk=indicator.pk).delete()

    bring_back(client, indicator, pact)

    back = Indicator.objects.get(pk=indicator.pk)
    assert [(one.pk, one.uid) for one in (back, back.targets.get(), back.measures.get())] == kept
    assert (back.targets.get().raw_value, back.measures.get().raw_value) == ("120", "80")
    assert back.history.first().history_type == "+"
    assert back.history.first().history_user == officer


def test_what_was_deleted_before_stays_deleted(client, pact, officer):
    first = TargetFactory(indicator__action__pact=pact, indicator__pact=pact, year=2025)
    indicator = first.indicator
    Target.objects.get(pk=first.pk).delete()
    Target.history.filter(history_type="-").blank_person(history_date=timezone.now() - datetime.timedelta(minutes=1))
    Indicator.objects.get(pk=indicator.pk).delete()

    bring_back(client, indicator, pact)

    assert not Indicator.objects.get(pk=indicator.pk).targets.exists()


def test_a_deleted_row_comes_back_after_what_it_belonged_to(client, pact, officer):
    milestone = MilestoneFactory(action__pact=pact)
    action = milestone.action
    Action.objects.get(pk=action.pk).delete()
    state = milestone.history.exclude(history_type="-").first()
    assert client.get(past_url(milestone, pact)).context["restorable"] is False
    assert client.post(f"{past_url(milestone, pact)}retablir/{state.pk}/").status_code == 403

    bring_back(client, action, pact)

    assert Action.objects.get(pk=action.pk).milestones.get().uid == milestone.uid


def test_a_deleted_row_does_not_come_back_into_a_frozen_text(client, pact, officer):
    milestone = MilestoneFactory(action__pact=pact)
    Milestone.objects.get(pk=milestone.pk).delete()
    freeze(pact)

    response = bring_back(client, milestone, pact)

    assert [str(message) for message in response.context["messages"]] == [FROZEN_MESSAGE]
    assert not Milestone.objects.exists()


def test_a_past_state_gets_its_links_back(client, pact, officer):
    mobility, health = ThemeFactory(name="Mobilité"), ThemeFactory(name="Santé")
    action = ActionFactory(pact=pact)
    bare = action.history.get()
    action.themes.set([mobility])
    linked = action.history.first()
    action.themes.set([health])

    for state, themes in ((linked, [mobility]), (bare, []), (action.history.first(), [health])):
        client.post(f"{past_url(action, pact)}retablir/{state.pk}/")
        assert list(action.themes.all()) == themes
    action.themes.clear()
    client.post(f"{past_url(action, pact)}retablir/{linked.pk}/")
    assert list(action.themes.all()) == [mobility]


def test_a_deleted_fiche_comes_back_with_its_links_but_those_that_are_gone(client, pact, officer):
    mobility, health = ThemeFactory(name="Mobilité"), ThemeFactory(name="Santé")
    action = ActionFactory(pact=pact)
    link_together(Action._meta.get_field("themes"), {action: [mobility, health]})
    Action.objects.get(pk=action.pk).delete()
    health.delete()

    bring_back(client, action, pact)

    assert list(Action.objects.get(pk=action.pk).themes.all()) == [mobility]


def test_links_of_before_the_first_that_is_told_come_back(client, pact, officer):
    """A base older than the lines that keep links: what they were is read from the first one."""
    mobility, health = ThemeFactory(name="Mobilité"), ThemeFactory(name="Santé")
    action = ActionFactory(pact=pact)
    Action.themes.through.objects.create(action=action, theme=mobility)
    action.themes.add(health)
    action.themes.remove(mobility)

    client.post(f"{past_url(action, pact)}retablir/{action.history.last().pk}/")

    assert list(action.themes.all()) == [mobility]


def test_a_past_state_tells_what_hangs_from_the_row_and_was_written_since(client, pact, officer):
    action = ActionFactory(pact=pact, title="Avant")
    MilestoneFactory(action=action, label="Resté")
    gone = MilestoneFactory(action=action, label="Supprimé")
    for past in (Action.history.all(), Milestone.history.all()):
        past.blank_person(history_date=timezone.now() - datetime.timedelta(days=1))
    Milestone.objects.get(pk=gone.pk).delete()
    action.title = "Après"
    action.save()
    last, first = action.history.all()

    def told(state):
        return [(one.name, one.deed) for one in client.get(past_url(action, pact), {"avant": state.pk}).context["hanging"]]

    assert told(first) == [("Supprimé", "suppression")]
    assert told(last) == []
    assert past_url(gone, pact) in client.get(past_url(action, pact), {"avant": first.pk}).content.decode()


def test_restored_revision_moves_forward(client, pact, officer):
    section = section_in_two_states(pact, officer)
    Section.objects.filter(pk=section.pk).update(revision=7)

    client.post(f"{history_url(section)}retablir/{section.history.last().pk}/")

    section.refresh_from_db()
    assert section.revision == 8


def test_frozen_text_is_not_put_back(client, pact, officer):
    section = section_in_two_states(pact, officer)
    freeze(pact)

    response = client.post(f"{history_url(section)}retablir/{section.history.last().pk}/", follow=True)

    section.refresh_from_db()
    assert section.text == "<p>Le pacte unit tous les partenaires.</p>"
    assert [str(message) for message in response.context["messages"]] == [FROZEN_MESSAGE]


def test_past_script_is_cleaned_when_put_back(client, pact, officer):
    section = section_in_two_states(pact, officer)
    history = Section.history.model
    dirty = section.history.last()
    history.objects.filter(pk=dirty.pk).blank_person(text="<p>Bonjour</p><script>alert(1)</script>")

    client.post(f"{history_url(section)}retablir/{dirty.pk}/")

    section.refresh_from_db()
    assert section.text == clean_html("<p>Bonjour</p>")


def test_row_that_takes_no_past_state_back_is_refused(client, pact, officer):
    extension = Extension.objects.create(pact=pact, new_end_on=datetime.date(2030, 1, 1), reason="Crise")
    url = f"/pactes/{pact.pk}/journal/pti.extension/{extension.uid}/retablir/{extension.history.first().pk}/"

    assert client.post(url).status_code == 403


def test_history_of_another_pact_is_not_found(client, pact, officer):
    section = section_in_two_states(PactFactory(), None)

    assert client.get(f"/pactes/{pact.pk}/journal/pti.section/{section.uid}/").status_code == 404
    assert client.get(history_url(section)).status_code == 404


@pytest.mark.parametrize("kind", ["pti.user", "partners.membership", "rien.du-tout"])
def test_history_of_accounts_is_not_here(client, pact, officer, kind):
    assert client.get(f"/pactes/{pact.pk}/journal/{kind}/{officer.uid}/").status_code == 404


def render_tag(user, row):
    return Template("{% load journal %}{% journal_of row %}").render(Context({"user": user, "row": row}))


def test_row_carries_its_folded_journal(pact, officer):
    html = render_tag(officer, section_in_two_states(pact, officer))

    assert "Journal des modifications (2)" in html
    assert "Sophie Delaunay" in html


@pytest.mark.parametrize("role", [Role.PARTNER, Role.READER])
def test_folded_journal_is_for_staff(pact, role):
    section = section_in_two_states(pact, None)

    assert render_tag(person(role, pact), section).strip() == ""


@pytest.mark.parametrize("count", [1, 3])
def test_folded_journal_query_count(pact, officer, count, django_assert_num_queries):
    section = section_in_two_states(pact, officer)
    for number in range(count):
        section.title = f"Titre {number}"
        section.save()
    _ = officer.roles
    with django_assert_num_queries(4):
        render_tag(officer, section)


def test_every_line_is_in_the_index(client, pact, officer):
    section_in_two_states(pact, officer).delete()
    Action.objects.create(pact=pact, title="Accueil").territories.set([TerritoryFactory()])

    for model in followed_models().values():
        past = model.history.model.objects
        told = {line.line: line for line in JournalLine.objects.filter(kind=model._meta.label_lower)}
        assert set(told) == set(past.values_list("history_id", flat=True))
        for entry in past.all():
            line = told[entry.pk]
            before = past.filter(id=entry.id, history_id__lt=entry.pk).order_by("-history_id").first()
            assert line.before == (before and before.pk)
            assert (line.at, line.user_id, line.pact_id) == (entry.history_date, entry.history_user_id, entry.journal_pact_id)


@pytest.mark.parametrize("model", [JournalLine, JournalLinks])
def test_index_of_the_journal_is_sealed(pact, model):
    ActionFactory(pact=pact).themes.add(ThemeFactory())
    line = model.objects.first()

    for deed in (line.save, line.delete, model.objects.all().delete, lambda: model.objects.update(kind="rien")):
        with pytest.raises(Sealed):
            deed()


def test_index_of_the_journal_says_nothing_of_what_changed():
    assert {field.name for field in JournalLine._meta.fields} == {"id", "kind", "line", "before", "at", "user", "pact"}


def test_the_pages_of_the_journal_walk_every_followed_model(client):
    """A pact with a row of every model: turned page after page, its journal shows a line of each, and each line once."""
    pact = whole_pact()
    Amendment.objects.create(pact=pact, opened_on=timezone.localdate(), base_number=1, base_sha256="0" * 64)
    AmendmentPoint.objects.create(pact=pact, model="pti.section", label="Sections")
    Publication.objects.create(pact=pact, version=pact.versions.first(), posted_on=timezone.localdate())
    Brand.objects.create(name="Département")
    LegalText.objects.create(kind="privacy", text="<p>Vos données</p>")
    client.force_login(person(Role.OFFICER, pact))
    told, more, number = [], True, 0
    while more:
        number += 1
        page = client.get(f"/pactes/{pact.pk}/journal/", {"page": number}).context
        told += [(line.kind, line.entry.pk) for line in page["lines"]]
        more = page["page"].has_next()

    written = JournalLine.objects.filter(kind__in=shown_models()).values_list("kind", "line")
    assert sorted(told) == sorted(written)
    assert set(shown_models()) - {kind for kind, _ in told} == set()
