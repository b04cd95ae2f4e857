"""True cases of real pacts: each is made by a file or through the pages, read on its page, exported, imported into an
empty base, and read again.
"""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actions.models import Action, Axis, Funding, Indicator, Lead
from governance.models import Committee
from partners.models import Approval, Commitment, Contact, Organisation, Partner, Signature
from pti import exchange
from pti.dates import today
from pti.enums import PactState, Role
from pti.models import Pact, PactTerritory, Scheme, Territory
from pti.pact_facts import import_facts
from pti.search import normalise
from pti.services import change_state
from tests.emptied import empty_base
from tests.factories.pti import PactFactory, person
from tests.factories.whole import PDF
from tests.filling import fill
from tests.reading import visible_text
from tests.world import log_in

MINIMAL = {"title": "Pacte", "period": {"start": "2015", "end": "2017"}, "department": {"name": "Creuse", "insee_code": "23"}}
PARTNERS = [
    {"name": "Département", "category": "collectivité", "role": "pilote", "services": ["Pôles Insertion"]},
    {"name": "Caisse d’allocations familiales", "acronym": "CAF", "category": "sécurité sociale", "role": "signataire"},
    {"name": "Missions locales du département", "category": "service public de l’emploi", "role": "associé"},
]


@pytest.fixture
def both(client):
    """Import the case and check it; then export it, empty the base, import it and check it again.

    `check(pact, read)`: `read(where)` is the normalised text of the page of a row, or of an address, for the animator.
    """

    def both(facts, check):
        pact, _ = import_facts({**MINIMAL, **facts})
        check(pact, reader(client))
        content = exchange.export_bytes(pact)
        empty_base()
        again = exchange.load(*exchange.read(content))
        check(Pact.objects.get(pk=again.pk), reader(client))

    return both


def reader(client):
    log_in(client, person(Role.ANIMATOR, email="animatrice@exemple.test"))

    def read(where):
        response = client.get(where if isinstance(where, str) else where.get_absolute_url(), follow=True)
        assert response.status_code == 200
        return visible_text(response.content.decode())

    return read


def says(text, *expected):
    """`text` holds each of the expected texts, spaces apart."""
    squeezed = text.replace(" ", "")
    assert [one for one in expected if normalise(one).replace(" ", "") not in squeezed] == []


def one_action(**fields):
    return {
        "partners": PARTNERS,
        "axes": [{"number": 1, "title": "Axe", "actions": [{"number": 1, "title": "Fiche", **fields}]}],
    }


def test_a_pact_with_no_axis_and_no_action(both):
    def check(pact, read):
        assert (Axis.objects.filter(pact=pact).count(), Action.objects.filter(pact=pact).count()) == (0, 0)
        says(read(pact), "Pacte")
        says(read(reverse("actions:action_list", args=[pact.pk])), "n’a pas encore de fiche-action")

    both({}, check)


def test_a_four_level_tree_with_an_unnumbered_group(both):
    deep = {"number": "1.1.1", "title": "Quatrième niveau"}
    group = {
        "title": "Regroupement",
        "sub_orientations": [{"number": "1.1", "title": "Troisième niveau", "sub_orientations": [deep]}],
    }

    def check(pact, read):
        leaf = Axis.objects.get(pact=pact, title="Quatrième niveau")
        assert [leaf.number, leaf.parent.number, leaf.parent.parent.is_group, leaf.parent.parent.parent.number] == [
            "1.1.1", "1.1", True, "1",
        ]  # fmt: skip
        says(read(reverse("actions:axis_tree", args=[pact.pk])), "Premier niveau", "Regroupement", "1.1.1", "Quatrième niveau")

    both({"axes": [{"number": 1, "title": "Premier niveau", "orientations": [group]}]}, check)


def test_an_action_with_no_lead(both):
    def check(pact, read):
        action = Action.objects.get(pact=pact)
        assert list(Action.objects.filter(pact=pact).without_lead()) == [action]
        says(read(action), "Fiche", "Sans pilote")

    both(one_action(), check)


def test_an_action_with_three_leads(both):
    def check(pact, read):
        action = Action.objects.get(pact=pact)
        assert action.leads.leading().count() == 3
        says(read(action), "Département", "Caisse d’allocations familiales", "Missions locales du département")

    both(one_action(lead="Département", co_leads=["CAF", "Missions locales du département"]), check)


def test_a_lead_that_is_plain_text_tentative_a_service_or_a_category(both):
    expected = {
        "membres du COPIL": (None, False),
        "CAF (pressentie)": ("Caisse d’allocations familiales", True),
        "Pôles Insertion du Département": ("Pôles Insertion", False),
        "Missions locales du département": ("Missions locales du département", False),
    }

    def check(pact, read):
        leads = list(Lead.objects.filter(action__pact=pact).order_by("action__number"))
        read_again = [(one.text, (one.organisation and one.organisation.name, one.is_tentative)) for one in leads]
        assert read_again == list(expected.items())
        for lead in leads:
            says(read(lead.action), lead.text.removesuffix(" (pressentie)"), *(["pressenti"] if lead.is_tentative else []))

    actions = [{"number": rank, "title": f"Fiche {rank}", "lead": written} for rank, written in enumerate(expected, 1)]
    both({"partners": PARTNERS, "axes": [{"number": 1, "title": "Axe", "actions": actions}]}, check)


def test_a_lead_that_is_a_service_has_its_parent_and_a_category_says_so(both):
    def check(pact, read):
        service, category = (lead.organisation for lead in Lead.objects.filter(action__pact=pact).order_by("order"))
        assert (service.parent.name, category.is_category) == ("Département", True)
        says(read(service), "Pôles Insertion", "Département")

    both(one_action(lead="Pôles Insertion du Département", co_leads=["Missions locales du département"]), check)


def test_a_lead_that_is_a_committee(both):
    def check(pact, read):
        lead = Lead.objects.get(action__pact=pact)
        assert lead.committee_link.committee.name == "Comité technique de la mobilité"
        says(read(lead.action), "Membres du comité technique de la mobilité")

    committees = [{"name": "Comité technique de la mobilité", "level": "thematique"}]
    both({**one_action(lead="Membres du comité technique de la mobilité"), "committees": committees}, check)


def test_a_lead_that_is_a_plan(both):
    def check(pact, read):
        lead = Lead.objects.get(action__pact=pact)
        assert lead.scheme.name == "Programme d’accès à la prévention et aux soins (PRAPS)"
        says(read(lead.action), "PRAPS")

    schemes = [{"name": "Programme d’accès à la prévention et aux soins (PRAPS)"}]
    both({**one_action(lead="PRAPS"), "coordinated_schemes": schemes}, check)


def test_a_partner_list_left_open(both):
    def check(pact, read):
        action = Action.objects.get(pact=pact)
        assert (action.associated_open_ended, action.leads.count()) == (True, 1)
        says(read(action), "Caisse d’allocations familiales", "…")

    both(one_action(partners=["CAF", "…"]), check)


def test_an_empty_commitment_and_one_shared_by_two_bodies(both):
    shared = {"commitments": ["Nommer un référent"]}
    partners = [{**PARTNERS[0], **shared}, {**PARTNERS[1], **shared}, {**PARTNERS[2], "commitments": [""]}]

    def check(pact, read):
        commitments = Commitment.objects.filter(pact=pact).order_by("order")
        assert [(one.text, one.partners.count()) for one in commitments] == [("<p>Nommer un référent</p>", 2), ("", 1)]
        partner = pact.partners.get(organisation__name="Département")
        says(read(partner), "Nommer un référent", "Partagé avec", "Caisse d’allocations familiales")
        says(read(pact.partners.get(organisation__is_category=True)), "Engagement à écrire")

    both({"partners": partners}, check)


def test_three_acts_of_adoption(both):
    acts = [
        {"body": "Comité de pilotage du pacte", "date": "2014-11-03", "object": "Avis"},
        {"body": "Assemblée départementale", "date": "2014-12-12", "number": "CD-42", "for": 38, "against": 0, "abstention": 2},
        {
            "body": "Conseil d’administration de la Caisse d’allocations familiales",
            "date": "2015-01-20",
            "for": 20,
            "against": 1,
        },
    ]

    def check(pact, read):
        assert list(pact.approvals.order_by("held_on").values_list("kind", "partner__organisation__acronym")) == [
            ("steering", None), ("assembly", None), ("partner", "CAF"),
        ]  # fmt: skip
        says(read(reverse("partners:signature_board", args=[pact.pk])), "Comité de pilotage du pacte", "CD-42", "38 pour")
        says(read(pact.partners.get(organisation__acronym="CAF")), "Conseil d’administration", "20 pour, 1 contre")

    both({"partners": PARTNERS, "deliberations": acts}, check)


def test_a_committee_with_two_formations(both):
    def check(pact, read):
        committee = Committee.objects.get(pact=pact)
        assert [one.name for one in committee.formations.all()] == ["Formation technique", "Formation politique"]
        assert (committee.meetings_due, committee.meetings_due_per) == (2, "year")
        says(read(committee), "Formation technique", "Formation politique")

    frequency = "Chaque semestre, en alternant formation technique et formation politique"
    both({"committees": [{"name": "Comité local", "level": "territorial", "frequency": frequency}]}, check)


def test_a_rotating_chair_and_co_chairs(both):
    chairs = {
        "Présidence tournante": ("rotating", 0, "tournante"),
        "Département et CAF": ("co_chairs", 2, "Département"),
        "Présidente du Conseil": ("single", 1, "Présidente du Conseil"),
    }

    def check(pact, read):
        for rank, (mode, count, shown) in enumerate(chairs.values()):
            committee = Committee.objects.get(pact=pact, name=f"Comité {rank}")
            assert (committee.chair_mode, committee.chairs.count()) == (mode, count)
            says(read(committee), shown)

    committees = [{"name": f"Comité {rank}", "level": "departemental", "chair": one} for rank, one in enumerate(chairs)]
    both({"partners": PARTNERS, "committees": committees}, check)


def test_a_steering_committee_due_at_launch_mid_term_and_end(both):
    due = ["COPIL de lancement", "COPIL intermédiaire (bilan à mi-parcours)", "COPIL final (bilan)"]

    def check(pact, read):
        committee = Committee.objects.get(pact=pact)
        assert (committee.due_at_launch, committee.due_at_mid_term, committee.due_at_end) == (True, True, True)
        assert (committee.meetings_due, committee.meetings_due_per) == (3, "pact")
        says(read(committee), *due)

    both({"committees": [{"name": "COPIL", "level": "departemental", "minimum_meetings": 3, "obligations": due}]}, check)


def test_a_milestone_before_the_pact_and_one_dated_by_half_year(both):
    schedule = [
        {"label": "Candidature", "period_or_date": "30/09/2014"},
        {"label": "Élaboration", "period_or_date": "2015-S1"},
        {"label": "Jamais", "period_or_date": "31/02/2015"},
    ]

    def check(pact, read):
        action = Action.objects.get(pact=pact)
        lasts = {one.label: one.planned_last and one.planned_last.isoformat() for one in action.milestones.all()}
        assert lasts == {"Candidature": "2014-09-30", "Élaboration": "2015-06-30", "Jamais": None}
        says(read(action), "30 septembre 2014", "1er semestre 2015", "31/02/2015")

    both(one_action(schedule=schedule), check)


def test_a_target_that_rises_every_year(both):
    targets = [
        {"label": "Part des personnes", "value": 20, "unit": "%", "date": "2015"},
        {"label": "Progression annuelle", "value": 10, "unit": "% supplémentaires par an"},
    ]

    def check(pact, read):
        indicator = Indicator.objects.get(pact=pact, name="Part des personnes")
        assert list(indicator.targets.values_list("year", "raw_value")) == [(2015, "20"), (2016, "30"), (2017, "40")]
        says(read(indicator.action), "Part des personnes", "20 %", "30 %", "40 %")

    both(one_action(targets=targets), check)


def test_an_indicator_with_no_target_and_no_unit(both):
    def check(pact, read):
        indicator = Indicator.objects.get(pact=pact)
        assert (indicator.unit, indicator.targets.count()) == ("", 0)
        says(read(indicator), "Retour des professionnels", "Ni cible ni valeur")

    both(one_action(indicators=[{"name": "Retour des professionnels", "kind": "resultat"}]), check)


def test_a_fund_tied_to_no_action_in_fte_in_kind_conditional_or_undisclosed(both):
    fundings = [
        ({"label": "Animatrice", "amount": Decimal("0.5"), "unit": "ETP"}, "0,5 ETP"),
        ({"label": "Local", "amount": "mise à disposition d’une salle", "unit": "en nature"}, "mise à disposition d’une salle"),
        ({"label": "Poste", "amount": 15000, "unit": "€", "note": "Sous réserve du vote"}, "sous réserve"),
        ({"label": "Garantie jeunes", "funder": "État", "note": "Montant non indiqué"}, "Non communiqué"),
    ]

    def check(pact, read):
        assert [row.action for row in pact.fundings.all()] == [None] * 4
        assert [row.label for row in pact.fundings.filter(is_conditional=True)] == ["Poste"]
        text = read(reverse("actions:funding_list", args=[pact.pk]))
        for funding, shown in fundings:
            says(text, funding["label"], shown)

    both({"fundings": [funding for funding, _ in fundings]}, check)


def test_a_figure_whose_raw_text_is_impossible(both):
    def check(pact, read):
        figure = pact.context_figures.get()
        assert (figure.raw_value, figure.value, figure.date_text) == ("douze ou treize", None, "31/02/2014")
        says(read(reverse("figure_list", args=[pact.pk])), "douze ou treize", "31/02/2014")

    both({"context_figures": [{"label": "Structures", "value": "douze ou treize", "date": "31/02/2014"}]}, check)


def test_two_sets_of_territories(both):
    places = [("Nord", "bassin"), ("Sud", "bassin"), ("Guéret", "EPCI"), ("Aubusson", "EPCI")]

    def check(pact, read):
        assert sorted(pact.territories.values_list("kind", flat=True)) == ["basin", "basin", "epci", "epci"]
        says(read(pact), *(name for name, _ in places))

    both({"territories": [{"name": name, "kind": kind} for name, kind in places]}, check)


def test_a_hundred_actions_on_a_screen(both):
    def check(pact, read):
        assert Action.objects.filter(pact=pact).count() == 100
        url = reverse("actions:action_list", args=[pact.pk])
        says(read(url), "100 fiches", "Fiche numéro 1")
        says(read(f"{url}?page=4"), "Fiche numéro 100")

    actions = [{"number": number, "title": f"Fiche numéro {number}"} for number in range(1, 101)]
    both({"axes": [{"number": 1, "title": "Axe", "actions": actions}]}, check)


# Through the pages ---------------------------------------------------------------------------------------------------


@pytest.fixture
def staff(client):
    """The client, as an animator of every pact."""
    return log_in(client, person(Role.ANIMATOR, email="animatrice@exemple.test"))


def page(client, where):
    """Normalised text of a page, spaces folded away."""
    response = client.get(where if isinstance(where, str) else where.get_absolute_url(), follow=True)
    assert response.status_code == 200
    return visible_text(response.content.decode()).replace(" ", "")


def imported(client, content):
    """The pact of an exported file, in an empty base, the animator being back."""
    empty_base()
    pact = exchange.load(*exchange.read(content))
    log_in(client, person(Role.ANIMATOR, email="animatrice@exemple.test"))
    return pact


def again(client, pact, *, with_people=False):
    """`pact` once exported and imported into an empty base."""
    return imported(client, exchange.export_bytes(pact, with_people=with_people))


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
    two = [
        Territory.objects.create(name=name, kind="department", code=code) for name, code in [("Cher", "18"), ("Indre", "36")]
    ]
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
    contents = {local.to_be_signed: exchange.export_bytes(local) for local in Pact.objects.filter(parent=parent)}
    for signed, content in contents.items():
        after = imported(staff, content)
        assert (after.to_be_signed, after.outside["parent"]) == (signed, str(parent.uid))
        assert ("examineseulement" in page(staff, after)) is not signed


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
        assert sorted(Approval.objects.filter(pact=pact, partner=None).values_list("kind", flat=True)) == [
            "assembly",
            "steering",
        ]
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


def test_a_funding_that_is_not_plain_euros(staff):
    pact = a_pact()
    action = Action.objects.create(pact=pact, number="9", title="Fiche")
    fundings = {
        "0,3etp": {"unit": "fte", "raw_amount": "0,3"},
        "deuxbureauxachinon": {"unit": "in_kind", "in_kind": "Deux bureaux à Chinon"},
        "sousreserve": {"raw_amount": "15 000", "is_conditional": "on"},
        "noncommunique": {"is_undisclosed": "on"},
    }
    for fields in fundings.values():
        said = {"action": action.pk, "funder_text": "CAF Touraine", "year": "2016", "state": "planned"} | fields
        fill(staff, address("actions:funding_add", pact), **said)

    def check(pact):
        assert [one.funder_text for one in Funding.objects.filter(pact=pact)] == ["CAF Touraine"] * 4
        for text in page(staff, pact.actions.get()), page(staff, address("actions:funding_list", pact)):
            assert [shown for shown in fundings if shown not in text] == []

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
