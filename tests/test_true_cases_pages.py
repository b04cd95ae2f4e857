"""True cases that staff make through the pages: read back on their page, before and after export and import."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actions.models import Action, Axis, Funding
from governance.models import Committee
from partners.models import Approval, Contact, Organisation, Partner, Signature
from pti import exchange
from pti.dates import today
from pti.enums import PactState, Role
from pti.models import Pact, PactTerritory, Scheme, Territory
from pti.services import change_state
from tests.emptied import empty_base
from tests.factories.pti import PactFactory, person
from tests.factories.whole import PDF
from tests.filling import fill
from tests.reading import visible_text
from tests.world import log_in


@pytest.fixture
def staff(client):
    """The client, as an animator of every pact."""
    return log_in(client, person(Role.ANIMATOR, email="animatrice@exemple.test"))


def page(client, where):
    """Normalised text of a page, spaces folded away."""
    response = client.get(where if isinstance(where, str) else where.get_absolute_url(), follow=True)
    assert response.status_code == 200
    return visible_text(response.content.decode()).replace(" ", "")


def again(client, pact, *, with_people=False):
    """`pact` once exported and imported into an empty base, the animator being back."""
    content = exchange.export_bytes(pact, with_people=with_people)
    empty_base()
    pact = exchange.load(*exchange.read(content))
    log_in(client, person(Role.ANIMATOR, email="animatrice@exemple.test"))
    return pact


def checked_twice(client, pact, check, **options):
    check(Pact.objects.get(pk=pact.pk))
    check(again(client, pact, **options))


def a_pact(**fields):
    return PactFactory(title="Pacte", start_text="2015", end_text="2017", **fields)


def a_partner(pact, name, **fields):
    organisation = Organisation.objects.create(name=name)
    return Partner.objects.create(pact=pact, organisation=organisation, name_in_text=name, **fields)


def address(name, pact, *args):
    return reverse(name, args=[pact.pk, *args])


def test_a_pact_of_two_departments(staff):
    pact = a_pact()
    two = [Territory.objects.create(name=name, kind="department", code=code) for name, code in [("Cher", "18"), ("Indre", "36")]]
    fill(staff, address("frame_edit", pact), departments=[place.pk for place in two])

    def check(pact):
        assert sorted(place.name for place in pact.departments.all()) == ["Cher", "Indre"]
        text = page(staff, pact)
        assert "cher" in text
        assert "indre" in text

    checked_twice(staff, pact, check)


def test_a_local_pact_signed_and_one_only_examined(staff):
    parent = a_pact()
    for name, signed in [("Chinon", "on"), ("Loches", None)]:
        place = Territory.objects.create(name=name)
        local = PactFactory(title=f"Pacte local de {name}", start_text="2015", end_text="2017")
        fill(staff, address("frame_edit", local), parent=parent.pk, territory=place.pk, to_be_signed=signed)
    text = page(staff, parent)
    assert "pactelocaldechinon" in text
    assert "examineseulement" in text
    for local in list(Pact.objects.filter(parent=parent).order_by("title")):
        assert local.to_be_signed == (local.territory.name == "Chinon")
    examined = Pact.objects.get(title="Pacte local de Loches")
    kept = (examined.to_be_signed, str(parent.uid))
    after = again(staff, examined)
    assert (after.to_be_signed, after.outside["parent"]) == kept
    assert "examineseulement" in page(staff, after)


def test_an_extension(staff):
    pact = a_pact(in_force=True)
    fill(
        staff,
        address("pact_extend", pact),
        new_end_on="30/06/2018",
        reason="Le temps d’évaluer",
        decision="Assemblée, acte 12",
        decided_on="01/12/2017",
    )

    def check(pact):
        assert pact.effective_end == datetime.date(2018, 6, 30)
        assert pact.end_text == "2017"
        text = page(staff, address("pact_life", pact))
        assert "30juin2018" in text
        assert "letempsd'evaluer" in text

    checked_twice(staff, pact, check)


def test_an_organisation_renamed_during_the_pact(staff):
    pact = a_pact()
    partner = a_partner(pact, "Pôle emploi", standing="signatory")
    url = reverse("partners:organisation_rename", args=[partner.organisation_id])
    fill(staff, url, name="France Travail", acronym="", on="01/01/2024")

    def check(pact):
        partner = pact.partners.get()
        assert partner.organisation.name == "France Travail"
        assert "ex-Pôle emploi" in partner.organisation.former_names
        assert partner.organisation.name_on(datetime.date(2016, 1, 1)) == "Pôle emploi"
        text = page(staff, partner)
        assert "francetravail" in text
        assert "poleemploi" in text

    checked_twice(staff, pact, check)


def test_a_conditional_signatory(staff):
    pact = a_pact()
    partner = a_partner(pact, "Région", standing="signatory")
    fill(
        staff,
        address("partners:partner_edit", pact, partner.pk),
        is_conditional="on",
        condition="Sous réserve d’une décision de sa commission permanente",
    )

    def check(pact):
        partner = pact.partners.get()
        assert partner.is_conditional
        assert "sousreserved'unedecisiondesacommissionpermanente" in page(staff, partner)

    checked_twice(staff, pact, check)


def adopted(pact):
    change_state(pact=pact, to=PactState.ADOPTION, by=None, reason="Essai")
    return Pact.objects.get(pk=pact.pk)


def test_a_signature_after_the_start_of_the_pact_and_before_its_approval(staff):
    pact = a_pact()
    partner = a_partner(pact, "CAF Touraine", standing="signatory")
    pact = adopted(pact)
    fill(
        staff,
        address("partners:approval_add", pact, partner.pk),
        body="Conseil d’administration",
        held_text="22/09/2016",
        file=SimpleUploadedFile("acte.pdf", PDF),
    )
    fill(
        staff,
        address("partners:signature_add", pact, partner.pk),
        signatory="Anne Exemple",
        capacity="Directrice",
        signed_on="12/07/2016",
        method="scan",
        file=SimpleUploadedFile("page.pdf", PDF),
    )

    def check(pact):
        signature = Signature.objects.get(partner__pact=pact)
        assert signature.signed_on > pact.starts_on
        assert signature.version.number == 1
        text = page(staff, address("partners:signature_board", pact))
        assert "12juillet2016" in text
        assert "avant" in text

    checked_twice(staff, pact, check, with_people=True)


def test_an_act_of_the_steering_committee_and_one_of_the_assembly(staff):
    pact = adopted(a_pact())
    for kind, body in [("steering", "Comité de pilotage"), ("assembly", "Conseil départemental")]:
        fill(staff, address("partners:act_add", pact), kind=kind, body=body, held_text="14/06/2016")

    def check(pact):
        assert sorted(Approval.objects.filter(pact=pact, partner=None).values_list("kind", flat=True)) == ["assembly", "steering"]
        text = page(staff, address("partners:signature_board", pact))
        assert "comitedepilotage" in text
        assert "conseildepartemental" in text

    checked_twice(staff, pact, check)


def test_an_action_under_two_nodes(staff):
    pact = a_pact()
    first, second = [Axis.objects.create(pact=pact, number=n, title=f"Axe {n}", order=i) for i, n in enumerate("12")]
    action = Action.objects.create(pact=pact, axis=first, number="9", title="Accueil des familles")
    fill(staff, address("actions:action_edit", pact, action.pk), other_axes=[second.pk])

    def check(pact):
        action = pact.actions.get()
        assert (action.axis.number, [axis.number for axis in action.other_axes.all()]) == ("1", ["2"])
        for axis in pact.axes.all():
            assert "accueildesfamilles" in page(staff, axis)

    checked_twice(staff, pact, check)


def test_an_action_en_fonctionnement_is_not_done(staff):
    pact = a_pact(in_force=True)
    pact.state = PactState.DRAFTING
    pact.save()
    action = Action.objects.create(pact=pact, number="14", title="Pilotage")
    fill(staff, address("actions:update_add", pact, action.pk), status="running", as_whom="self")

    def check(pact):
        action = pact.actions.get()
        assert (action.status, action.done_on) == ("running", None)
        assert "enfonctionnement" in page(staff, action)

    checked_twice(staff, pact, check)


def test_an_action_shared_with_another_scheme(staff):
    pact = a_pact()
    scheme = Scheme.objects.create(pact=pact, name="FSE+")
    action = Action.objects.create(pact=pact, number="1", title="Fiche")
    fill(staff, address("actions:action_edit", pact, action.pk), schemes=[scheme.pk])

    def check(pact):
        assert [scheme.name for scheme in pact.actions.get().schemes.all()] == ["FSE+"]
        assert "fse+" in page(staff, pact.actions.get())

    checked_twice(staff, pact, check)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"unit": "fte", "raw_amount": "0,3"}, "0,3etp"),
        ({"unit": "in_kind", "in_kind": "Deux bureaux à Chinon"}, "deuxbureauxachinon"),
        ({"raw_amount": "15 000", "is_conditional": "on"}, "sousreserve"),
        ({"is_undisclosed": "on"}, "noncommunique"),
    ],
    ids=["fte", "in-kind", "conditional", "undisclosed"],
)
def test_a_funding_that_is_not_plain_euros(staff, fields, shown):
    pact = a_pact()
    action = Action.objects.create(pact=pact, number="9", title="Fiche")
    url = address("actions:funding_add", pact)
    fill(staff, url, action=action.pk, funder_text="CAF Touraine", year="2016", state="planned", **fields)

    def check(pact):
        assert Funding.objects.get(pact=pact).funder_text == "CAF Touraine"
        assert shown in page(staff, pact.actions.get())
        assert shown in page(staff, address("actions:funding_list", pact))

    checked_twice(staff, pact, check)


def test_a_committee_serving_two_pacts(staff):
    other = PactFactory(title="Pacte voisin")
    pact = a_pact()
    fill(staff, address("governance:committee_create", pact), name="Conférence des financeurs", kind="funders")
    committee = Committee.objects.get()
    fill(staff, address("governance:committee_part_create", pact, committee.pk, "plans"), pact=other.pk, label="")
    assert "conferencedesfinanceurs" in page(staff, address("governance:committee_list", other))

    def check(pact):
        committee = pact.committees.get()
        assert committee.services.get().label == "Pacte voisin"
        assert "pactevoisin" in page(staff, committee)

    checked_twice(staff, pact, check)


def test_a_working_group_across_two_territories(staff):
    pact = a_pact()
    places = [Territory.objects.create(name=name) for name in ("Biterrois", "Petite Camargue")]
    for place in places:
        PactTerritory.objects.create(pact=pact, territory=place)
    fill(
        staff,
        address("governance:committee_create", pact),
        name="Groupe mobilité",
        kind="working_group",
        territories=[place.pk for place in places],
    )

    def check(pact):
        committee = pact.committees.get()
        assert sorted(place.name for place in committee.territories.all()) == ["Biterrois", "Petite Camargue"]
        text = page(staff, committee)
        assert "biterrois" in text
        assert "petitecamargue" in text

    checked_twice(staff, pact, check)


def test_a_referent_for_one_territory_only(staff):
    pact = a_pact()
    partner = a_partner(pact, "Mission locale")
    place = Territory.objects.create(name="Loches")
    PactTerritory.objects.create(pact=pact, territory=place)
    fill(
        staff,
        address("partners:contact_add", pact, partner.pk),
        last_name="Exemple",
        first_name="Paul",
        is_referent="on",
        territories=[place.pk],
    )

    def check(pact):
        contact = Contact.objects.get(pact=pact)
        assert (contact.is_referent, [place.name for place in contact.territories.all()]) == (True, ["Loches"])
        text = page(staff, pact.partners.get())
        assert "paulexemple" in text
        assert "loches" in text

    checked_twice(staff, pact, check, with_people=True)


def test_a_late_adhesion_joins_after_the_text(staff):
    pact = adopted(a_pact())
    fill(staff, address("partners:partner_join", pact), new_name="Ville de Tours", joined_on="01/03/2016", standing="signatory")

    def check(pact):
        partner = pact.partners.get()
        assert partner.joined_on == datetime.date(2016, 3, 1)
        assert partner.joined_on < today()
        assert "1ermars2016" in page(staff, partner)

    checked_twice(staff, pact, check)
