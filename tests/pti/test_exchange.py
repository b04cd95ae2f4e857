"""Whole-pact export and import are exact inverses."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from actions.models import Theme
from actions.themes import ensure_themes
from partners.models import Contact, Organisation, Signature
from partners.signing.paper import proof_of
from pti import exchange, parts
from pti.contract import Withdrawable
from pti.enums import PactState, Role
from pti.models import Pact
from pti.printing.nodes import text_of_nodes
from pti.services import change_state
from tests.emptied import empty_base
from tests.factories.partners import OrganisationFactory, PartnerFactory
from tests.factories.pti import PactFactory, person
from tests.factories.whole import whole_pact
from tests.world import log_in


def round_trip(pact, **options):
    content = exchange.export_bytes(pact, **options)
    empty_base()
    again = exchange.load(*exchange.read(content))
    return content, exchange.export_bytes(again, **options), again


def only_withdrawn(model):
    """Nothing happens to these rows but an amendment that removes them (tests/pti/test_merging.py)."""
    fields = getattr(model, "life_fields", set()) - {"withdrawn_on", "withdrawn_by"}
    return issubclass(model, Withdrawable) and not fields and model.life_rows is None


def test_whole_pact_has_a_row_of_every_model_of_every_part():
    pact = whole_pact()
    dumped = exchange.dump(pact, with_people=True)[0]
    absent = {
        (part.name, model.__name__)
        for part in parts.registered()
        for model in part.models
        if not getattr(model, "of_the_amendment", False)
        and not (part.kind == parts.PartKind.LIFE and only_withdrawn(model))
        and model.__name__ not in {**dumped["parts"].get(part.name, {}), **dumped["shared"].get(part.name, {})}
    }
    # Nothing happens to these rows of the text in this pact but what another part tells.
    assert absent == {("committees_life", "Committee")}


@pytest.mark.parametrize("with_people", [True, False])
def test_export_import_export_gives_the_same_bytes(with_people):
    first, second, pact = round_trip(whole_pact(), with_people=with_people)
    assert second == first
    assert pact.title == "Pacte « été »"
    assert Contact.objects.count() == int(with_people)


def test_export_of_a_frozen_pact_keeps_its_version_and_its_fingerprint():
    pact = whole_pact()
    change_state(pact=pact, to=PactState.ADOPTION, by=None, reason="Essai")
    pact.refresh_from_db()
    prints = list(pact.versions.values_list("number", "sha256"))
    first, second, again = round_trip(pact)
    assert second == first
    assert list(again.versions.values_list("number", "sha256")) == prints
    assert again.state == PactState.ADOPTION


def test_the_themes_of_a_base_without_a_pact_give_way_to_those_of_the_file():
    """An empty base holds the themes of the guide, under uids and words of its own."""
    content = exchange.export_bytes(whole_pact())
    empty_base()
    ensure_themes(Theme)
    again = exchange.load(*exchange.read(content))
    assert exchange.export_bytes(again) == content
    assert Theme.objects.count() == 16


@pytest.mark.parametrize("has_a_pact", [True, False])
def test_a_theme_that_the_animator_wrote_or_that_a_pact_found_is_kept(has_a_pact):
    content = exchange.export_bytes(whole_pact())
    empty_base()
    ensure_themes(Theme)
    if has_a_pact:
        PactFactory()
    else:
        Theme.objects.filter(name="Mobilité").update(aim="Aller au travail")
    before = Theme.objects.filter(name="Mobilité").values().get()
    exchange.load(*exchange.read(content))
    assert Theme.objects.filter(name="Mobilité").values().get() == before


def test_export_without_people_names_nobody():
    text = json.dumps(exchange.dump(whole_pact())[0], ensure_ascii=False)
    assert "Morvan" not in text
    assert "Anne Exemple" not in text


def test_an_agreement_is_told_without_its_proof_where_an_import_names_nobody(client):
    content = exchange.export_bytes(whole_pact())
    empty_base()
    signature = Signature.objects.get(partner__pact=exchange.load(*exchange.read(content)), method="online")
    log_in(client, person(Role.ANIMATOR))
    assert "nomme une personne" in client.get(signature.partner.signing_file_url()).content.decode()
    assert "nomme une personne" in text_of_nodes(proof_of(signature))


def signed_by_the_caf():
    """A pact that one organisation signs."""
    caf = OrganisationFactory(name="CAF Touraine", kind="social_security")
    return PartnerFactory(organisation=caf, signatory=True).pact


def test_import_uses_the_organisations_of_the_base():
    content = exchange.export_bytes(signed_by_the_caf())
    empty_base()
    Organisation.objects.create(name="CAF Touraine", kind="social_security", note="déjà là")
    pact = exchange.load(*exchange.read(content))
    assert Organisation.objects.filter(name="CAF Touraine").count() == 1
    assert pact.partners.get(standing="signatory").organisation.note == "déjà là"


def test_two_organisations_of_one_name_stay_two():
    """« Caisse d’allocations familiales », thrice in the base: the file makes no one of them."""
    pact = signed_by_the_caf()
    for _ in range(2):
        twin = Organisation.objects.create(name="CAF Touraine", kind="social_security")
        pact.partners.create(organisation=twin, standing="associated")
    first, second, again = round_trip(pact)
    assert second == first
    assert Organisation.objects.filter(name="CAF Touraine", partners__pact=again).count() == 3


@pytest.mark.parametrize(
    ("known", "shared"),
    [
        ({"siret": "77562225100004"}, True),
        ({"siren": "775622251"}, True),
        ({"siren": "552100554"}, False),
        ({"name": "Autre nom", "siret": "77562225100004"}, True),
    ],
)
def test_an_organisation_is_known_by_its_identifiers_first(known, shared):
    pact = signed_by_the_caf()
    Organisation.objects.filter(name="CAF Touraine").update(siren="775622251", siret="77562225100004")
    content = exchange.export_bytes(pact)
    empty_base()
    there = Organisation.objects.create(**{"name": "CAF Touraine", **known})
    again = exchange.load(*exchange.read(content))
    assert (again.partners.get(standing="signatory").organisation == there) is shared


def test_import_of_a_pact_that_the_base_holds_is_refused():
    pact = whole_pact()
    with pytest.raises(ValidationError, match="déjà dans la base"):
        exchange.load(*exchange.read(exchange.export_bytes(pact)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rien", "ne contient pas de pacte"),
        (b"{", "JSON lisible"),
        (b"[]", "pas un pacte export"),
    ],
    ids=["zip", "json", "shape"],
)
def test_import_refuses_what_is_not_an_export(content, message):
    with pytest.raises(ValidationError, match=message):
        exchange.load(*exchange.read(content))
    assert Pact.objects.count() == 0


def test_import_of_an_altered_version_is_refused_and_saves_nothing():
    plain, contents = exchange.read(exchange.export_bytes(whole_pact()))
    plain["parts"]["versions"]["Version"][0]["content"] += " "
    empty_base()
    with pytest.raises(ValidationError, match="empreinte"):
        exchange.load(plain, contents)
    assert Pact.objects.count() == 0


def test_export_command_writes_the_file_and_refuses_an_unknown_pact(tmp_path):
    pact = whole_pact()
    call_command("export_pact", pact.pk, "--output", tmp_path / "pacte.zip")
    assert (tmp_path / "pacte.zip").read_bytes() == exchange.export_bytes(pact)
    with pytest.raises(CommandError, match="Aucun pacte"):
        call_command("export_pact", pact.pk + 1, "--output", tmp_path / "rien.json")
    for refused in (tmp_path, tmp_path / "ailleurs" / "pacte.zip"):
        with pytest.raises(CommandError, match="ne s’écrit pas"):
            call_command("export_pact", pact.pk, "--output", refused)
