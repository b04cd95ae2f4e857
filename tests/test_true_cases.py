"""True cases of real pacts: each is made, read on its page, exported, imported into an empty base, and read again."""

from decimal import Decimal

import pytest
from django.urls import reverse

from actions.models import Action, Axis, Indicator, Lead
from governance.models import Committee
from partners.models import Commitment
from pti import exchange
from pti.enums import Role
from pti.models import Pact
from pti.pact_facts import import_facts
from pti.search import normalise
from tests.emptied import empty_base
from tests.factories.pti import person
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
        says(read(reverse("actions:action_list", args=[pact.pk])), "aucune fiche")

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
        says(read(action), "Fiche")

    both(one_action(), check)


def test_an_action_with_three_leads(both):
    def check(pact, read):
        action = Action.objects.get(pact=pact)
        assert action.leads.leading().count() == 3
        says(read(action), "Département", "Caisse d’allocations familiales", "Missions locales du département")

    both(one_action(lead="Département", co_leads=["CAF", "Missions locales du département"]), check)


@pytest.mark.parametrize(
    ("written", "organisation", "tentative"),
    [
        ("membres du COPIL", None, False),
        ("CAF (pressentie)", "Caisse d’allocations familiales", True),
        ("Pôles Insertion du Département", "Pôles Insertion", False),
        ("Missions locales du département", "Missions locales du département", False),
    ],
)
def test_a_lead_that_is_plain_text_tentative_a_service_or_a_category(both, written, organisation, tentative):
    def check(pact, read):
        lead = Lead.objects.get(action__pact=pact)
        assert (lead.organisation and lead.organisation.name, lead.is_tentative, lead.text) == (
            organisation,
            tentative,
            written,
        )
        says(read(lead.action), written.removesuffix(" (pressentie)"), *(["pressenti"] if tentative else []))

    both(one_action(lead=written), check)


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
        says(read(pact.partners.get(organisation__is_category=True)), "engagement")

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


@pytest.mark.parametrize(
    ("chair", "mode", "chairs"),
    [("Présidence tournante", "rotating", 0), ("Département et CAF", "co_chairs", 2), ("Présidente du Conseil", "single", 1)],
)
def test_a_rotating_chair_and_co_chairs(both, chair, mode, chairs):
    def check(pact, read):
        committee = Committee.objects.get(pact=pact)
        assert (committee.chair_mode, committee.chairs.count()) == (mode, chairs)
        says(read(committee), "tournante" if mode == "rotating" else chair.split(" et ")[0])

    both({"partners": PARTNERS, "committees": [{"name": "COPIL", "level": "departemental", "chair": chair}]}, check)


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
        says(read(indicator), "Retour des professionnels")

    both(one_action(indicators=[{"name": "Retour des professionnels", "kind": "resultat"}]), check)


@pytest.mark.parametrize(
    ("funding", "shown"),
    [
        ({"label": "Animatrice", "amount": Decimal("0.5"), "unit": "ETP"}, "0,5 ETP"),
        ({"label": "Local", "amount": "mise à disposition d’une salle", "unit": "en nature"}, "mise à disposition d’une salle"),
        ({"label": "Poste", "amount": 15000, "unit": "€", "note": "Sous réserve du vote"}, "sous réserve"),
        ({"label": "Garantie jeunes", "funder": "État", "note": "Montant non indiqué"}, "Non communiqué"),
    ],
)
def test_a_fund_tied_to_no_action_in_fte_in_kind_conditional_or_undisclosed(both, funding, shown):
    def check(pact, read):
        row = pact.fundings.get()
        assert row.action is None
        says(read(reverse("actions:funding_list", args=[pact.pk])), funding["label"], shown)

    both({"fundings": [funding]}, check)


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
