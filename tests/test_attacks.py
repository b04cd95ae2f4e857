"""What people try that the pages do not offer: rows of another pact, old states, odd addresses, double sendings."""

import datetime
import io
import json
import uuid
import zipfile

import pytest
from django.core.exceptions import EmptyResultSet, ValidationError
from django.urls import reverse

from actions.models import Axis, Funding, Indicator
from actions.services import lift_blocking
from governance.forms import ServiceForm
from governance.models import CommitteeService, Referral
from governance.services import refer
from partners.models import Signature
from pti import exchange
from pti.dates import today
from pti.enums import PactState, Role
from pti.life_forms import CopyForm
from pti.models import Pact
from tests.asking import unrendered
from tests.factories.actions import AxisFactory
from tests.factories.partners import OrganisationFactory
from tests.factories.pti import AmendmentFactory, PactFactory, person
from tests.world import log_in


def test_a_pact_read_before_its_adoption_does_not_open_it_again(world):
    stale = Pact.objects.get(pk=world.pact.pk)
    now = Pact.objects.get(pk=world.pact.pk)
    now.state = PactState.ADOPTION
    now.save(update_fields=["state"])
    stale.silence_months = 6
    stale.save()
    world.pact.refresh_from_db()
    assert (world.pact.state, world.pact.silence_months) == (PactState.ADOPTION, 6)


@pytest.mark.parametrize(
    ("name", "model", "fields"),
    [
        ("actions:indicator_add", Indicator, {"name": "Nombre", "kind": "other"}),
        ("actions:funding_add", Funding, {"label": "Poste", "funder_text": "X", "state": "planned", "unit": "eur"}),
    ],
)
def test_the_axis_of_another_pact_is_not_a_choice(client, world, name, model, fields):
    strange, before = AxisFactory(pact=world.other_pact), model.objects.count()
    log_in(client, world.users["officer"])
    response = client.post(reverse(name, args=[world.pact.pk]), fields | {"axis": strange.pk})
    assert "axis" in response.context["form"].errors
    assert model.objects.count() == before
    assert Axis.objects.filter(pact=world.pact).exists()


def test_an_officer_makes_a_committee_serve_her_own_pacts_only(world):
    service = CommitteeService(committee=world.committee)
    form = ServiceForm({"pact": world.other_pact.pk}, instance=service, pact=world.pact, user=world.users["officer"])
    assert list(form.errors) == ["pact"]


def test_a_pact_is_copied_by_its_own_staff_only(world):
    user = person(Role.ANIMATOR, world.other_pact, email="ailleurs@exemple.test")
    user.accesses.create(pact=world.pact, role=Role.READER)
    assert list(CopyForm(user=user).fields["source"].queryset) == [world.other_pact]


@pytest.mark.parametrize("value", ["²", "9" * 30, "9" * 5000, "\x00"])
@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("actions:axis_add", "sous"),
        ("actions:action_add", "axe"),
        ("actions:indicator_add", "fiche"),
        ("actions:funding_add", "fiche"),
        ("governance:decision_create", "point"),
        ("governance:meeting_create", "instance"),
    ],
)
def test_an_odd_number_in_the_address_is_left_out(client, world, name, key, value):
    log_in(client, world.users["officer"])
    pks = [world.pact.pk] + ([world.meeting.pk] if "decision" in name else [])
    assert client.get(reverse(name, args=pks), {key: value}).status_code == 200


LISTS = [
    "figure_list", "partners:partner_list", "actions:action_list", "actions:indicator_list", "actions:funding_list",
    "governance:committee_list", "governance:meeting_list", "governance:attendance_list", "governance:decision_list",
    "governance:referral_list", "evaluation:review_list",
]  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_survives_any_address(client, world, monkeypatch, name):
    """Every field reads the value at once; those that take it, and what moves the list, then do together, or one by one when
    that asks no row.
    """
    log_in(client, world.users["reader"])
    address = reverse(name, args=[world.pact.pk])
    filters = [one for field in client.get(address).context["filter"].form.fields for one in (field, f"{field}_min")]
    others = ["page", "sort", "per_page"]
    for value in ["../x", "²", "9" * 30, "\x00", "-1", "31/02/2014", "pact__accesses__user__email"]:
        everywhere = client.get(address, dict.fromkeys([*others, *filters], value))
        assert everywhere.status_code == 200, value
        refused = everywhere.context["filter"].form.errors
        taken = [key for key in filters if key.removesuffix("_min") not in refused]
        with monkeypatch.context() as patched:
            unrendered(patched)
            together = rows_are_read(client, address, dict.fromkeys([*others, *taken], value))
            for key in [] if asks_rows(together.context["filter"].qs) else others + taken:
                rows_are_read(client, address, {key: value})


def rows_are_read(client, address, query):
    """The answer to an odd address, once the rows that it shows have been asked of the base."""
    response = client.get(address, query)
    assert response.status_code == 200, query
    table = response.context.get("table")
    assert list(response.context["filter"].qs if table is None else table.paginated_rows) is not None, query
    return response


def asks_rows(queryset):
    """False when Django knows without asking that no row is wanted."""
    try:
        return bool(str(queryset.query))
    except EmptyResultSet:
        return False


def test_a_blocking_point_goes_up_to_a_committee_once(world):
    deed = {"update": world.blocking, "committee": world.committee, "meeting": None, "on": today(), "by": None}
    refer(**deed)
    with pytest.raises(ValidationError, match="déjà saisie"):
        refer(**deed)
    assert Referral.objects.filter(update=world.blocking).count() == 1


def test_the_second_of_two_signatures_at_once_is_told(client, world, monkeypatch):
    """Both people passed the check before either had saved."""
    Pact.objects.filter(pk=world.pact.pk).update(state=PactState.SIGNATURE)
    Signature.objects.filter(partner=world.partner_row).delete()
    monkeypatch.setattr("partners.signing.forms.SignatureForm.clean_version", lambda form: form.cleaned_data["version"])
    monkeypatch.setattr("partners.signing.forms.SignatureForm.validate_constraints", lambda form: None, raising=False)
    log_in(client, world.users["officer"])
    address = reverse("partners:signature_add", args=[world.pact.pk, world.partner_row.pk])

    def sign():
        file = io.BytesIO(b"%PDF-1.4\n%%EOF")
        file.name = "page.pdf"
        said = {"version": world.version.pk, "signatory": "A. Exemple", "capacity": "Directrice", "method": "scan"}
        return client.post(address, said | {"signed_on": f"{today():%d/%m/%Y}", "file": file})

    assert (sign().status_code, sign().status_code) == (302, 200)
    assert Signature.objects.filter(partner=world.partner_row).count() == 1


def test_a_page_of_a_person_is_kept_by_no_proxy(client, world):
    log_in(client, world.users["reader"])
    assert client.get(reverse("pact_detail", args=[world.pact.pk]))["Cache-Control"] == "private, no-cache"


def test_lifting_a_blocking_point_writes_no_name_in_the_journal(world):
    """The journal names people by their account, so that they may be forgotten."""
    lift_blocking(update=world.blocking, by=world.users["officer"])
    assert world.blocking.history.first().history_change_reason == "point de blocage levé"


def test_who_led_until_yesterday_no_longer_posts(client, world):
    world.lead.ended_on = today() - datetime.timedelta(days=1)
    world.lead.save()
    log_in(client, world.users["partner"])
    response = client.post(reverse("actions:update_add", args=[world.pact.pk, world.action.pk]), {"sentence": "Encore moi"})
    assert (response.status_code, world.action.updates.filter(sentence="Encore moi").exists()) == (403, False)


def test_a_partner_posts_in_the_name_of_her_own_organisation_only(client, world):
    """She types the fields of staff too."""
    log_in(client, world.users["partner"])
    other = OrganisationFactory(name="MSA")
    said = {"sentence": "Fait", "organisation": other.pk, "channel": "téléphone", "on": "01/01/2016"}
    client.post(reverse("actions:update_add", args=[world.pact.pk, world.action.pk]), said)
    update = world.action.updates.get(sentence="Fait")
    assert (update.organisation, update.on_behalf, update.on) == (world.lead.organisation, False, today())


def test_an_access_that_is_removed_closes_every_page(client, world):
    log_in(client, world.users["partner"])
    world.users["partner"].accesses.all().delete()
    assert client.get(reverse("actions:action_detail", args=[world.pact.pk, world.action.pk])).status_code == 404


@pytest.mark.parametrize("role", ["partner", "reader"])
def test_cadrage_is_for_staff(client, world, role):
    Pact.objects.filter(pk=world.pact.pk).update(state=PactState.SCOPING)
    log_in(client, world.users[role])
    for name in LISTS:
        assert client.get(reverse(name, args=[world.pact.pk])).status_code == 404, name


# Files.


def test_an_import_writes_in_no_other_pact(world):
    """A crafted export names a pact of the base as the owner of a row."""
    victim, theirs = PactFactory(title="Visé"), PactFactory(title="Apporté")
    theirs.glossary_terms.create(term="PTI", definition="x")
    text = exchange.export_bytes(theirs).decode()
    uid = "11111111-1111-4111-8111-111111111111"
    data = json.loads(text.replace(str(theirs.uid), uid))
    rows = [rows for part in data["parts"].values() for rows in part.values() if isinstance(rows, list)]
    for row in (row for some in rows for row in some if isinstance(row, dict)):
        row["uid"] = row["uid"] if row["uid"] == uid else "2" + row["uid"][1:]
        if row.get("pact") == uid:
            row["pact"] = str(victim.uid)
    with pytest.raises(ValidationError, match="pact inconnu"):
        exchange.load(data)
    assert victim.glossary_terms.count() == 0


@pytest.mark.parametrize(("role", "may"), [(Role.OFFICER, False), (Role.ANIMATOR, True)])
def test_an_amendment_in_a_file_is_taken_by_who_animates_its_pact(client, role, may):
    """Who animates another pact would become its animator, put it in force, and so write the signed text."""
    amendment = AmendmentFactory(amendment_number=1)
    base, text = amendment.amends, exchange.export_bytes(amendment).decode()
    for row in (amendment, amendment.amendment):
        text = text.replace(str(row.uid), str(uuid.uuid4()))
    file = io.BytesIO(text.replace('"amendment_number":1', '"amendment_number":2').encode())
    file.name = "avenant.json"
    user = person(Role.ANIMATOR, PactFactory())
    user.accesses.create(pact=base, role=role)
    log_in(client, user)
    response = client.post(reverse("pact_create_import"), {"file": file})
    assert (response.status_code, base.amendments.count()) == ((302, 2) if may else (200, 1))
    assert may or "que vous n’animez pas" in " ".join(response.context["errors"])
    assert not user.accesses.filter(pact__amends=base).exists()


def test_an_archive_that_unpacks_too_big_is_refused(monkeypatch):
    monkeypatch.setattr(exchange, "UNPACKED_LIMIT", 1000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pact.json", " " * 5000)
    with pytest.raises(ValidationError, match="trop grande"):
        exchange.read(packed.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        '{"format": "pti-pact/1"}',
        '{"format": "pti-pact/1", "pact": 3, "parts": [], "shared": {}}',
        '{"format": "pti-pact/1", "pact": "x", "with_people": 1, "parts": {}, "shared": {}}',
        '{"format": "pti-pact/1", "pact": "x", "with_people": false, "parts": {"frame": 3}, "shared": {"organisations": 4}}',
        "[" * 100_000,
        '{"meta": {"title": "a\\u0000b"}}',
        "3",
    ],
)
def test_a_broken_file_is_told_in_french(client, world, content):
    log_in(client, world.users["animator"])
    file = io.BytesIO(content.encode())
    file.name = "pacte.json"
    before = Pact.objects.count()
    response = client.post(reverse("pact_create_import"), {"file": file})
    assert response.status_code == 200
    assert response.context["errors"]
    assert Pact.objects.count() == before
