"""Rows that a form is not meant to name: those of another pact, those that do not exist, words in place of a number.

Each field that names rows gets them, all the fields of a form at once, from a person who may do the deed. The answer is the
form with a sentence in French beside each of these fields; nothing is written, nothing of the other pact is shown.
"""

import html
from types import SimpleNamespace

import pytest
from django.contrib.messages import get_messages
from django.db.models import QuerySet
from django.forms import BaseForm, ModelChoiceField
from django.http import QueryDict
from django.utils.http import urlencode

from actions.forms import grids
from actions.forms.axes import AxisForm
from actions.forms.campaigns import CampaignForm
from actions.forms.fiches import ActionForm, SuccessionForm
from actions.forms.fundings import FundingForm
from actions.forms.indicators import IndicatorForm, MeasureForm
from actions.forms.rows import LeadRow
from actions.forms.updates import UpdateForm
from actions.sheets.book import read, write
from actions.sheets.verify import Verdict, verify
from evaluation.forms import ReviewItemForm
from governance import forms as governance
from governance.blocking_forms import AgendaFromListForm, ReferralForm
from governance.models import CommitteeService
from partners import forms as partners
from partners.consulting_forms import ConsultationForm, OpinionForm, ProposalForm
from partners.models import Organisation
from partners.signing import forms as signing
from pti import life_forms, pact_forms
from pti.amending.forms import TickForm
from pti.enums import PactState, Role
from pti.forms import House
from pti.models import Pact, Territory
from tests.access_table import find_row, walk
from tests.asking import ask
from tests.factories.actions import MilestoneFactory, ThemeFactory
from tests.factories.governance import FormationFactory
from tests.factories.partners import ConsultationFactory, PartnerFactory
from tests.factories.pti import PactFactory, TerritoryFactory, person
from tests.test_deeds import DEEDS, NOT_YET
from tests.world import access_tables, log_in, make_world

# Each form that names rows: the deed that draws it, and what its address says otherwise than in the world.
FORMS = {
    pact_forms.PactForm: ("pact_create_blank", {}),
    life_forms.CopyForm: ("pact_create_copy", {}),
    life_forms.SettingsForm: ("pact_settings", {}),
    pact_forms.FrameForm: ("frame_edit", {}),
    pact_forms.SectionForm: ("piece_edit", {}),
    pact_forms.TerritoryForm: ("piece_add", {"piece": "territoire"}),
    pact_forms.FigureForm: ("piece_add", {"piece": "chiffre"}),
    TickForm: ("amendment_points", {}),
    partners.PartnerForm: ("partners:partner_add", {}),
    partners.JoinForm: ("partners:partner_join", {}),
    partners.ContactForm: ("partners:contact_add", {}),
    partners.CommitmentForm: ("partners:commitment_edit", {}),
    partners.PartiesForm: ("partners:amendment_parties", {}),
    partners.OrganisationForm: ("partners:organisation_add", {}),
    partners.SuccessionForm: ("partners:organisation_succeed", {}),
    ConsultationForm: ("partners:consultation_add", {}),
    OpinionForm: ("partners:opinion_edit", {}),
    ProposalForm: ("partners:proposal_add", {}),
    signing.ApprovalForm: ("partners:approval_add", {}),
    signing.ActForm: ("partners:act_add", {}),
    signing.SignatureForm: ("partners:signature_add", {}),
    signing.CorrectionForm: ("partners:signature_edit", {}),
    signing.SignatoryForm: ("partners:signatory_add", {}),
    signing.RefusalForm: ("partners:refusal_add", {}),
    ActionForm: ("actions:action_edit", {}),
    LeadRow: ("actions:action_edit", {}),
    SuccessionForm: ("actions:lead_succeed", {}),
    UpdateForm: ("actions:update_add", {}),
    AxisForm: ("actions:axis_edit", {}),
    CampaignForm: ("actions:campaign_add", {}),
    IndicatorForm: ("actions:indicator_add", {}),
    MeasureForm: ("actions:measure_add", {}),
    FundingForm: ("actions:funding_add", {}),
    governance.CommitteeForm: ("governance:committee_edit", {}),
    governance.ChairForm: ("governance:committee_part_create", {"part": "presidences"}),
    governance.SeatForm: ("governance:committee_part_create", {"part": "sieges"}),
    governance.ServiceForm: ("governance:committee_part_create", {"part": "plans"}),
    governance.MeetingForm: ("governance:meeting_edit", {}),
    governance.MoveForm: ("governance:item_move", {}),
    governance.AgendaItemForm: ("governance:item_edit", {}),
    governance.DecisionForm: ("governance:decision_create", {}),
    ReferralForm: ("governance:referral_create", {}),
    AgendaFromListForm: ("governance:agenda_from_list", {"query": "alerte=blocage"}),
    ReviewItemForm: ("evaluation:item_edit", {}),
}
# The first is on no page of its own: see below; the others have no page either: see tests/actions/test_money.py.
ELSEWHERE = {governance.AnswerForm, grids.NewLineForm, grids.ScopeForm}
# What the partners' own people write too.
OWN = [
    partners.ContactForm, MeasureForm, signing.ApprovalForm, signing.SignatureForm, signing.SignatoryForm, signing.RefusalForm,
]  # fmt: skip
# Choices that name rows by more than a key: the row of the neighbour, and how the page writes it.
WRITTEN = {
    (LeadRow, "who"): ("scheme", "s{0.pk}"),
    (governance.AgendaItemForm, "subject"): ("action", "action-{0.pk}"),
    (TickForm, "rows"): ("section", "Section:{0.uid}"),
}
# Shared by all pacts: what the other one names, this one may name too.
SHARED = {
    (pact_forms.PactForm, "department"), (pact_forms.FrameForm, "departments"), (pact_forms.FrameForm, "territory"),
    (pact_forms.TerritoryForm, "territory"), (ActionForm, "themes"),
}  # fmt: skip
UNKNOWN = 999_999_999
ROWS_OF_A_FICHE = {"title": "Titre", "pilotes-TOTAL_FORMS": 1, "pilotes-INITIAL_FORMS": 0} | {
    f"{group}-{count}_FORMS": 0 for group in ("jalons", "indicateurs") for count in ("TOTAL", "INITIAL")
}
SECRET = "zqvoisinzq"


def build():
    """The world of the rights, and its neighbour with the same rows and more."""
    world = make_world()
    people = {**world.users, "partner": world.users["other_partner"]}
    theirs = SimpleNamespace(pact=world.other_pact, department=TerritoryFactory(department=True), users=people)
    for table in access_tables():
        getattr(table, "extend", lambda world: None)(theirs)
    for one in (world, theirs):
        one.scheme = one.pact.schemes.create(name="FSE+")
        one.milestone = MilestoneFactory(action=one.action)
        one.formation = FormationFactory(committee=one.committee)
        one.territory = TerritoryFactory()
        one.pact.territory_links.create(territory=one.territory)
        one.indicator = one.measure.indicator
    ThemeFactory()
    # Two partners are asked, and two pacts served, for the fields that say which one.
    world.consultation = ConsultationFactory(pact=world.pact, partners=[world.partner_row, PartnerFactory(pact=world.pact)])
    CommitteeService.objects.create(committee=world.committee, pact=PactFactory(title="Pacte local"))
    world.users["own animator"] = person(Role.ANIMATOR, world.pact, email="seule@exemple.test")
    world.theirs = hide(theirs)
    return world


def hide(theirs):
    """Write the secret in what names each row of the neighbour."""
    for row in vars(theirs).values():
        name = next((n for n in ("title", "name", "last_name", "label", "text") if hasattr(row, n)), None)
        if name and hasattr(row, "pk") and not isinstance(row, (Pact, Organisation, Territory)):
            QuerySet(type(row)).filter(pk=row.pk).update(**{name: SECRET})
    return theirs


@pytest.fixture(scope="session")
def two_pacts(keep):
    return keep(build)


@pytest.fixture
def world(two_pacts, db):
    return two_pacts.replay()


URLS = {url.name: url for url in walk()}


def address_of(form_class, world):
    name, said = FORMS[form_class]
    table, _ = find_row(name)
    known = {"pact_pk": world.pact.pk} | getattr(table, "kwargs_for", lambda name, world: {})(name, world)
    path = URLS[name].path(known | said)
    return f"{path}?{said['query']}" if "query" in said else path


def naming(form_class):
    """{field that names rows: their model, or the row of the neighbour and how it is written}."""
    fields = form_class.base_fields.items()
    found = {name: field.queryset.model for name, field in fields if isinstance(field, ModelChoiceField)}
    found |= {name: said for (form, name), said in WRITTEN.items() if form is form_class}
    return found | ({"organisation": Organisation} if form_class is UpdateForm else {})


def strangers(form_class, theirs, role):
    """{field: a row of the neighbour}, but where the row is anybody's."""
    found = {}
    for name, said in naming(form_class).items():
        if isinstance(said, tuple):
            found[name] = said[1].format(getattr(theirs, said[0]))
        elif (form_class, name) not in SHARED and (said is not Organisation or role == "partner"):
            found[name] = next(row.pk for row in vars(theirs).values() if type(row) is said)
    return found


def form_of(response, form_class):
    """The form that came back, those of the rows of a fiche included."""
    for layer in [layer for stack in response.context for layer in stack.dicts]:
        for form in [value for value in layer.values() if isinstance(value, BaseForm)]:
            groups = form.groups if isinstance(form, ActionForm) else []
            rows = [row for group in groups for row in group.formset.forms]
            if found := next((one for one in (form, *rows) if type(one) is form_class), None):
                return found
    return None


def accepted(form, values):
    """Which of these values the form takes without a word; {field: value}."""
    form.data = QueryDict(urlencode({form.add_prefix(name): value for name, value in values.items()}))
    form.full_clean()
    return {name: value for name, value in values.items() if not form.errors.get(name)}


def who_names(form_class):
    """A person who reads both pacts; where pacts themselves are named, one who reads her own."""
    return "own animator" if Pact in naming(form_class).values() else "animator"


def sent_to(client, world, form_class, role):
    """(answer, tables written, what was sent) to a form that gets rows of the neighbour."""
    if DEEDS[FORMS[form_class][0]] == NOT_YET:
        Pact.objects.filter(pk=world.pact.pk).update(state=PactState.SIGNATURE)
    log_in(client, world.users[role])
    values = strangers(form_class, world.theirs, role)
    prefix = "pilotes-0-" if form_class is LeadRow else ""
    data = {prefix + name: value for name, value in values.items()}
    response, written = ask(client, address_of(form_class, world), "post", ROWS_OF_A_FICHE | data)
    return response, written, values


def plain(text):
    """Words without what typography does to them."""
    return " ".join(html.unescape(text).replace("’", "'").split())


def faults(response, form, values):
    """Fields whose stranger was taken, or refused without a sentence on the page."""
    page = plain(response.content.decode())
    return [name for name in values if not form.errors.get(name) or plain(form.errors[name][0]) not in page]


@pytest.mark.parametrize("form_class", [pytest.param(form, id=form.__name__) for form in FORMS])
def test_a_form_names_rows_of_its_pact_only(client, world, form_class):
    response, written, values = sent_to(client, world, form_class, who_names(form_class))
    form = form_of(response, form_class)
    assert (response.status_code, written, faults(response, form, values)) == (200, [], [])
    assert SECRET not in response.content.decode()
    assert accepted(form, dict.fromkeys(naming(form_class), UNKNOWN)) == {}
    assert accepted(form, dict.fromkeys(naming(form_class), "un mot")) == {}


@pytest.mark.parametrize("form_class", [pytest.param(form, id=form.__name__) for form in OWN])
def test_a_partner_names_rows_of_its_pact_only(client, world, form_class):
    response, written, values = sent_to(client, world, form_class, "partner")
    form = form_of(response, form_class)
    assert (response.status_code, written, faults(response, form, values)) == (200, [], [])
    assert SECRET not in response.content.decode()


def forms_that_name_rows(of=House):
    for form_class in of.__subclasses__():
        yield from forms_that_name_rows(form_class)
        if naming(form_class) if hasattr(form_class, "base_fields") else False:
            yield form_class


def test_every_form_that_names_rows_is_tried():
    assert set(forms_that_name_rows()) - set(FORMS) - ELSEWHERE == set(), "say in FORMS which deed draws it"


# What no form field names: names of fields, hidden keys of rows, words of the address.


def post(client, world, name, data, role="animator", **said):
    """(answer, tables written, what the messages say) of a deed of the world."""
    log_in(client, world.users[role])
    table, _ = find_row(name)
    known = {"pact_pk": world.pact.pk} | getattr(table, "kwargs_for", lambda name, world: {})(name, world) | said
    response, written = ask(client, URLS[name].path(known), "post", data)
    return response, written, [str(message) for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize("key", ["action-{0.action.pk}", "indicator-{0.indicator.pk}", "decision-{0.open_decision.pk}",
    f"action-{UNKNOWN}", "action-" + "9" * 40, "action-mot", "action-", "user-1", ""])  # fmt: skip
def test_an_agenda_takes_subjects_of_its_pact_only(client, world, key):
    response, written, said = post(client, world, "governance:item_proposed", {"subject": key.format(world.theirs)})
    assert (response.status_code, written, said) == (302, [], ["Ce sujet n’est plus dans le pacte."])


@pytest.mark.parametrize("key", ["{0.seat.organisation_id}", str(UNKNOWN), "mot"])
def test_a_member_answers_for_its_own_seat_only(client, world, key):
    data = {"organisation": key.format(world.theirs), "presence": "present"}
    response, written, said = post(client, world, "governance:meeting_answer", data, "partner")
    assert (response.status_code, written, said) == (302, [], ["Choisissez l’une des trois réponses."])


@pytest.mark.parametrize("key", ["{0.pk}", str(UNKNOWN), "mot"])
def test_the_presences_of_another_meeting_are_not_written(client, world, key):
    strange = world.theirs.held_meeting.attendances.get()
    data = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": key.format(strange), "form-0-presence": "excused"}
    response, written, _ = post(client, world, "governance:attendance", data, pk=world.held_meeting.pk)
    assert (response.status_code, written) == (200, [])
    strange.refresh_from_db()
    assert strange.presence == "present"


def test_the_rows_of_a_fiche_leave_those_of_others(client, world):
    """An unknown key is that of a row which is gone: what was typed becomes a new row of this fiche."""
    theirs, rows = world.theirs, {"pilotes": "lead", "jalons": "milestone", "indicateurs": "indicator"}
    said = {"role": "pilot", "text": "Écrit ici", "label": "Écrit ici", "name": "Écrit ici", "kind": "other"}
    data = {"title": "Titre", "revision": world.action.revision}
    for prefix, row in rows.items():
        data |= {f"{prefix}-TOTAL_FORMS": 2, f"{prefix}-INITIAL_FORMS": 2, f"{prefix}-1-DELETE": "on"}
        data |= {f"{prefix}-{place}-{name}": value for place in (0, 1) for name, value in said.items()}
        data |= {f"{prefix}-{place}-id": getattr(theirs, row).pk for place in (0, 1)}
    before = {row: model_state(getattr(theirs, row)) for row in rows.values()}
    log_in(client, world.users["animator"])
    response = client.post(address_of(ActionForm, world), data)
    assert response.status_code == 302
    assert {row: model_state(getattr(theirs, row)) for row in rows.values()} == before
    assert world.action.milestones.filter(label="Écrit ici").count() == 1


def model_state(row):
    return type(row).objects.filter(pk=row.pk).values().get()


@pytest.mark.parametrize(
    "sent",
    [
        {"pilotes-TOTAL_FORMS": "mot", "ajouter": "pilotes"},
        {"jalons-TOTAL_FORMS": 1, "jalons-0-id": "9" * 5000, "jalons-0-label": "Jalon", "jalons-0-planned_text": "31/02/2027"},
    ],
)
def test_the_rows_of_a_fiche_bear_odd_keys(client, world, sent):
    response, written, _ = post(client, world, "actions:action_edit", ROWS_OF_A_FICHE | sent)
    assert (response.status_code, written) == (200, [])


def test_an_update_moves_milestones_and_values_of_its_action_only(client, world):
    theirs = world.theirs
    data = {"sentence": "Fait", f"milestone_{theirs.milestone.pk}": "done", f"value_{theirs.indicator.pk}": "12"}
    before = model_state(theirs.milestone), theirs.indicator.measures.count()
    log_in(client, world.users["partner"])
    assert client.post(address_of(UpdateForm, world), data).status_code == 302
    assert (model_state(theirs.milestone), theirs.indicator.measures.count()) == before


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("partners:opinion_edit", "partenaire={0.partner_row.pk}"),
        ("governance:decision_create", "point={0.item.pk}"),
        ("governance:meeting_create", "instance={0.committee.pk}"),
        ("actions:indicator_add", "fiche={0.action.pk}"),
        ("actions:funding_add", "fiche={0.action.pk}"),
        ("actions:axis_add", "sous={0.axis.pk}"),
        ("actions:action_add", "axe={0.axis.pk}"),
        ("piece_add", "dans={0.section.pk}"),
    ],
)
def test_an_address_proposes_rows_of_its_pact_only(client, world, name, query):
    log_in(client, world.users["animator"])
    table, _ = find_row(name)
    path = URLS[name].path({"pact_pk": world.pact.pk} | table.kwargs_for(name, world))
    response = client.get(f"{path}?{query.format(world.theirs)}")
    assert (response.status_code, SECRET in response.content.decode()) == (200, False)


@pytest.mark.parametrize("name", ["partners:place_detail", "partners:proposal_add", "row_history", "extract_print"])
def test_a_uid_of_another_pact_is_not_found(client, world, name):
    """The address names a row of this pact, but for the uid."""
    log_in(client, world.users["animator"])
    table, _ = find_row(name)
    known = {"pact_pk": world.pact.pk} | table.kwargs_for(name, world)
    uid = world.theirs.action.uid if name == "extract_print" else world.theirs.section.uid
    assert client.get(URLS[name].path(known | {"uid": uid})).status_code == 404


def test_a_row_is_restored_from_its_own_past_only(client, world):
    past = world.theirs.section.history.first().pk
    response, written, _ = post(client, world, "row_restore", {}, history_id=past)
    assert (response.status_code, written) == (404, [])


def test_a_workbook_names_fiches_and_rows_of_its_pact_only(world):
    content = write(world.theirs.pact)
    plan = verify(world.pact, read(content))
    assert (len(plan.of(Verdict.REFUSED)), plan.is_ready) == (len(plan.proposals), False)
