"""A frozen text does not move, and says so when it did."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from partners.models import Approval, Signature
from partners.signing.board import board_of
from partners.signing.forms import SignatureForm
from pti import parts, versions
from pti.contract import FrozenText
from pti.enums import PactState, VersionStage
from pti.models import Version
from pti.pact_views.versions import paged
from pti.printing.text import Text
from pti.sealed import Sealed
from pti.services import change_state
from pti.version_page import read
from pti.versions import canonical, freeze, is_intact
from tests.factories.whole import whole_pact

TEXT_MODELS = sorted(
    {
        (part.name, model)
        for part in parts.registered(parts.PartKind.CONTRACT)
        for model in part.models
        if not model.of_the_amendment
    },
    key=lambda pair: (pair[0], pair[1].__name__),
)


def adopted_pact():
    pact = whole_pact()
    change_state(pact=pact, to=PactState.ADOPTION, by=None, reason="Essai")
    pact.refresh_from_db()
    return pact


@pytest.fixture(scope="session")
def adopted_rows(keep):
    return keep(adopted_pact)


@pytest.fixture
def adopted(adopted_rows, db):
    return adopted_rows.replay()


def a_text_column(model):
    """A column of the text of `model`, and the way to change it."""
    names = parts.contract_columns(model)
    for name in names:
        column = model._meta.get_field(name)
        if name != "uid" and not column.is_relation and column.get_internal_type() in {"CharField", "TextField"}:
            return name, "autre"
    for name in names:
        if model._meta.get_field(name).get_internal_type().startswith("Positive"):
            return name, 77
    return "uid", None


@pytest.mark.parametrize(("part", "model"), TEXT_MODELS, ids=[f"{name}-{model.__name__}" for name, model in TEXT_MODELS])
def test_every_write_of_the_text_of_a_frozen_pact_is_refused(adopted, part, model):
    rows = model._base_manager.filter(**{model.pact_path or "pk": adopted.pk}).of_the_text()
    row = rows.first()
    name, value = a_text_column(model)
    value = value or "00000000-0000-0000-0000-000000000000"
    setattr(row, name, value)
    fresh = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if f.name not in {"id", "uid"}}
    refused = [
        lambda: row.save(),
        lambda: row.save(update_fields=[name]),
        lambda: rows.filter(pk=row.pk).update(**{name: value}),
        lambda: model.objects.bulk_update([row], [name]),
        lambda: row.delete(),
        lambda: rows.delete(),
        lambda: row.history.first().instance.delete(),
    ]
    if model.pact_path:
        refused += [lambda: model(**fresh).save(), lambda: model.objects.bulk_create([model(**fresh)])]
    before = list(rows.order_by("uid").values())
    for write in refused:
        with pytest.raises(FrozenText), transaction.atomic():
            write()
    assert list(rows.order_by("uid").values()) == before


def test_restore_from_the_journal_is_refused_once_frozen():
    pact = whole_pact()
    section = pact.sections.first()
    section.text = "<p>Deux</p>"
    section.save()
    change_state(pact=pact, to=PactState.ADOPTION, by=None, reason="Essai")
    with pytest.raises(FrozenText):
        section.history.last().instance.save()


def test_version_is_written_once():
    pact = whole_pact()
    version = pact.versions.get()
    version.content = "{}"
    for write in (
        version.save,
        version.delete,
        pact.versions.all().delete,
        lambda: Version.objects.update(content="{}"),
        lambda: Version.objects.bulk_update([version], ["content"]),
    ):
        with pytest.raises(Sealed):
            write()
    assert is_intact(Version.objects.get())


def test_a_version_built_again_under_its_key_does_not_take_its_place():
    version = whole_pact().versions.with_text().get()
    kept = {field.attname: getattr(version, field.attname) for field in Version._meta.concrete_fields}
    again = Version(**kept | {"content": "{}"})
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    with pytest.raises(Sealed):
        Version.objects.bulk_create([again], update_conflicts=True, update_fields=["content"], unique_fields=["id"])
    assert is_intact(Version.objects.get())


def test_same_text_gives_the_same_content():
    pact = whole_pact()
    first = pact.versions.get()
    second = freeze(pact=pact, by=None)
    assert second.content.replace('"number":2', '"number":1') == first.content
    assert second.sha256 != first.sha256


def test_a_row_that_was_read_is_not_asked_again(django_assert_max_num_queries):
    pact = whole_pact()
    with django_assert_max_num_queries(38):
        versions.text_of(pact)


def test_one_changed_character_is_found(capsys):
    pact = whole_pact()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pti_version SET content = replace(content, 'Guide', 'Guise')")
    assert not is_intact(pact.versions.get())
    out = io.StringIO()
    with pytest.raises(CommandError, match="empreinte différente"):
        call_command("check_versions", stdout=out)
    assert out.getvalue() == f"Pacte {pact.pk}, Version 1 : empreinte différente\n"


def test_adoption_freezes_the_next_version_and_reopening_asks_why():
    pact = whole_pact()
    change_state(pact=pact, to=PactState.ADOPTION, by=None, reason="Le COPIL a tranché")
    assert pact.versions.count() == 2
    with pytest.raises(ValidationError, match="pourquoi"):
        change_state(pact=pact, to=PactState.DRAFTING, by=None)
    change_state(pact=pact, to=PactState.DRAFTING, by=None, reason="Une fiche oubliée")
    pact.refresh_from_db()
    assert (pact.state, pact.versions.count()) == (PactState.DRAFTING, 2)


def test_a_step_that_does_not_exist_is_refused():
    pact = whole_pact()
    with pytest.raises(ValidationError, match="ne peut pas passer"):
        change_state(pact=pact, to=PactState.IN_FORCE, by=None, act="Dernière signature")


def test_the_note_on_the_source_is_not_part_of_the_frozen_text():
    pact = whole_pact()
    pact.source_note = "Numérisé par nos soins"
    pact.save()
    change_state(pact=pact, to=PactState.ADOPTION, by=None, reason="Essai")
    version = Version.objects.filter(pact=pact).latest("number")
    assert "source_note" not in version.content
    assert "Numérisé par nos soins" not in version.content
    pact.refresh_from_db()
    pact.source_note = "Une ambiguïté levée"
    pact.save()
    assert is_intact(version)


def test_a_version_for_concertation_freezes_nothing_and_takes_the_next_number():
    pact = whole_pact()
    working = freeze(pact=pact, by=None, stage=VersionStage.WORKING)
    pact.sections.filter(parent=None).update(text="<p>Deux</p>")
    adopted = freeze(pact=pact, by=None)
    assert (working.number, adopted.number) == (2, 3)
    assert [one.number for one in pact.versions.adopted()] == [3, 1]


def test_a_version_for_concertation_is_neither_approved_nor_signed():
    pact = whole_pact()
    working = freeze(pact=pact, by=None, stage=VersionStage.WORKING)
    partner = pact.partners.get(standing="signatory")
    for row in (
        Approval(pact=pact, partner=partner, version=working, body="Conseil"),
        Signature(partner=partner, version=working, capacity="Directrice", signed_on=working.frozen_on, method="scan"),
    ):
        with pytest.raises(ValidationError, match="seule une version arrêtée"):
            row.save()


def test_a_version_for_concertation_leaves_the_signature_board_alone():
    pact = whole_pact()
    change_state(pact=pact, to=PactState.ADOPTION, by=None, reason="Essai")
    adopted = pact.versions.first()
    freeze(pact=pact, by=None, stage=VersionStage.WORKING)
    assert board_of(pact).version == adopted
    assert pact.partners.awaited().get().last_version == adopted.pk
    pact.refresh_from_db()
    form = SignatureForm(instance=Signature(partner=pact.partners.get(standing="signatory")), by=None)
    assert {one.stage for one in form.fields["version"].queryset} == {VersionStage.ADOPTED}


def test_a_version_comes_without_its_text_until_it_is_asked(db):
    number = freeze(pact=whole_pact(), by=None).number
    assert Version.objects.get(number=number).get_deferred_fields() == {"content"}
    assert Version.objects.with_text().get(number=number).get_deferred_fields() == set()


def sections_of(count, **more):
    rows = [{"uid": f"s{i:03}", "title": f"Section {i}", "order": i, **more} for i in range(count)]
    return read(canonical({"parts": {"sections": {"Section": rows}}}))


@pytest.mark.parametrize(
    ("asked", "first", "last"), [({}, 0, 99), ({"partie-sections": "2"}, 100, 119), ({"entier": ""}, 0, 119)]
)
def test_a_long_chapter_is_shown_by_pages_or_in_whole(asked, first, last):
    [(_, _, nodes, _)] = paged(sections_of(120).chapters, asked)
    assert [nodes[0].name, nodes[-1].name] == [f"Section {first}", f"Section {last}"]


def test_yearly_targets_are_read_in_the_order_of_their_years():
    """Nothing else orders them: a target has no place of its own."""
    indicator = {"uid": "i", "name": "Entrées en formation"}
    years = {"a": 2029, "b": None, "c": 2028}
    targets = [{"uid": uid, "indicator": "i", "year": year, "raw_value": str(year)} for uid, year in years.items()]
    data = {"parts": {"indicators": {"Indicator": [indicator], "Target": targets}}}
    [(_, _, [node])] = read(canonical(data)).chapters
    assert [[one.text for one in child.entries if one.label == "Année"] for child in node.children] == [["2028"], ["2029"], []]
    assert [row["year"] for row in Text(data).of("Target")] == [2028, 2029, None]


def test_a_row_that_cannot_be_read_does_not_break_the_page():
    [(_, _, nodes)] = sections_of(1, text={"not": "a text"}).chapters
    assert [(node.name, node.entries) for node in nodes] == [("", [])]
