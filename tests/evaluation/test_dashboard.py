"""The dashboard: every figure is a link to the list that it counts, and the two agree, whoever looks."""

import datetime
import re
from html import unescape

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils.html import strip_tags

from actions.campaigns import deeds
from actions.enums import AnswerKind, Confidence
from evaluation.dashboard.waiting import POINTS_SHOWN, SHOWN
from governance.enums import CommitteeKind
from governance.models import Committee, Decision
from governance.models.decisions import may_read
from partners.consulting import decide
from partners.enums import ProposalState
from partners.models import Partner
from pti.amending.services import tick
from pti.enums import PactState, Role
from pti.models import Section, User
from pti.typography import MONTHS
from tests.asking import unrendered
from tests.factories.actions import (
    ActionFactory,
    AxisFactory,
    CampaignFactory,
    CampaignRequestFactory,
    IndicatorFactory,
    LeadFactory,
    MeasureFactory,
    OrganisationFactory,
    UpdateFactory,
)
from tests.factories.governance import (
    AttendanceFactory,
    CommitteeFactory,
    DecisionFactory,
    MeetingFactory,
    ReferralFactory,
)
from tests.factories.partners import ConsultationFactory, PartnerFactory, ProposalFactory
from tests.factories.pti import AmendmentFactory, PactFactory, SectionFactory, freeze, person
from tests.world import log_in, make_world

FIGURE = re.compile(r'<(\w+)([^>]*)data-pti-figure="(\d+)"([^>]*)>')
HREF = re.compile(r'href="([^"]+)"')
LINKS_AND_TAGS = re.compile(r"<a [^>]*>.*?</a>|<script.*?</script>|<[^>]*>", re.DOTALL)
# « 6 partenaires », « sur 16 »: what is counted, but for days, months and years.
COUNT = re.compile(rf"\d+\u00a0(?!(?:{'|'.join(MONTHS)}|ans?|jours?)\b)\w+|(?<!mois )\bsur \d+|\b[Ll]es \d+")
TODAY = datetime.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _reference_day(settings):
    settings.REFERENCE_DAY = TODAY.isoformat()


def build():
    """A pact in which every figure of the dashboard counts something, for every role something else."""
    world = make_world()
    pact = world.pact
    axes = AxisFactory.create_batch(2, pact=pact)
    child = AxisFactory(pact=pact, parent=axes[0])
    late = ActionFactory(pact=pact, axis=child, late=True)
    late.other_axes.add(axes[1], axes[0])
    LeadFactory(action=late)
    ActionFactory(pact=pact, axis=axes[1], blocked=True)
    ActionFactory(pact=pact, axis=axes[1], running=True, to_support=True)
    ActionFactory(pact=pact, done=True)
    loose = ActionFactory(pact=pact, project=True)
    loose.other_axes.add(axes[1])
    UpdateFactory(action=late, on=TODAY - datetime.timedelta(days=700), confidence=Confidence.SUPPORT)
    measured = IndicatorFactory(action=late, threshold_high=50)
    MeasureFactory(indicator=measured, value=91)
    for standing in ("signatory", "associated"):
        Partner.objects.create(pact=pact, organisation=OrganisationFactory(), standing=standing)
    local = CommitteeFactory(pact=pact, kind=CommitteeKind.LOCAL, yearly=True)
    shared = CommitteeFactory(pact=world.other_pact, serves=[pact], yearly=True)
    MeetingFactory(committee=local, held=True, sent=True)
    MeetingFactory(committee=shared, held=True, date_text="02/02/2026")
    draft = MeetingFactory(committee=world.committee, held=True, draft=True)
    DecisionFactory(meeting=draft, overdue=True, owner=OrganisationFactory())
    DecisionFactory(meeting=world.held_meeting, overdue=True, owner=OrganisationFactory())
    DecisionFactory(meeting=world.held_meeting, done=True)
    DecisionFactory(meeting=world.held_meeting, pact=world.other_pact)
    AttendanceFactory(meeting=world.held_meeting, absent=True)
    AttendanceFactory(meeting=draft)
    campaign = CampaignFactory(pact=pact, open=True)
    CampaignRequestFactory.create_batch(2, campaign=campaign)
    deeds.answer(request=CampaignRequestFactory(campaign=campaign), kind=AnswerKind.HELP, said="Qui ?")
    LeadFactory.create_batch(SHOWN, action=late)
    UpdateFactory.create_batch(POINTS_SHOWN, action=late, on=TODAY - datetime.timedelta(days=700), blocking_point="Le local")
    ReferralFactory(update=UpdateFactory(action=late, on=TODAY - datetime.timedelta(days=700), blocking_point="Le bail"))
    # Another pact's rows are counted nowhere.
    ActionFactory(pact=world.other_pact, late=True)
    return world


@pytest.fixture(scope="session")
def lively_rows(keep):
    with override_settings(REFERENCE_DAY=TODAY.isoformat()):
        return keep(build)


@pytest.fixture
def lively(lively_rows, db):
    return lively_rows.replay()


def figures(html):
    """[(count, address)] of every figure of the page; one without a link has no address."""
    for tag, before, count, after in FIGURE.findall(html):
        link = HREF.search(before + after) if tag == "a" else None
        yield int(count), unescape(link[1]) if link else ""


def bare_counts(html):
    """What the page counts outside any link."""
    main = html[html.index("<main") : html.index("</main>")]
    return COUNT.findall(unescape(LINKS_AND_TAGS.sub("|", main)))


def rows_on_all_pages(client, url):
    """How many rows the list at `url` shows, its pages followed."""
    counted, page = 0, 1
    while True:
        response = client.get(f"{url}{'&' if '?' in url else '?'}page={page}")
        assert response.status_code == 200, url
        if "table" not in response.context:
            return rows_without_table(response.context)
        table = response.context["table"]
        assert table.filterset.form.is_valid(), (url, table.filterset.form.errors)
        counted += len(table.paginated_rows)
        if not table.page.has_next():
            return counted
        page += 1


def rows_without_table(context):
    """The same of the bodies awaited, of what is asked of one's own, of a page of requests or proposals, of a consultation."""
    if "waiting" in context:
        return len(context["waiting"].rows)
    if "asked" in context and "page" not in context:
        return len(context["asked"])
    return context["page"].paginator.count if "page" in context else len(context["awaited"])


@pytest.mark.parametrize(("page", "at_least"), [("dashboard", 25), ("home", 3)])
@pytest.mark.parametrize("role", ["partner", "reader", "officer", "animator"])
def test_every_figure_leads_to_the_rows_that_it_counts(client, lively, monkeypatch, role, page, at_least):
    log_in(client, lively.users[role])
    html = client.get(reverse(f"evaluation:{page}", args=[lively.pact.pk])).content.decode()
    found = list(figures(html))
    unrendered(monkeypatch)  # the rows of the tables are counted, their cells are read elsewhere
    rows = {url: rows_on_all_pages(client, url) for url in {url for _, url in found} if url}
    assert [(count, url) for count, url in found if not url or rows[url] != count] == []
    assert len(found) >= at_least
    assert bare_counts(html) == []


def agrees(client, user, pact):
    """Read the dashboard of `pact`, each of its figures counted where it leads; return it."""
    log_in(client, user)
    html = client.get(reverse("evaluation:dashboard", args=[pact.pk])).content.decode()
    assert [(count, url) for count, url in figures(html) if not url or rows_on_all_pages(client, url) != count] == []
    assert bare_counts(html) == []
    return html


def test_what_a_coming_meeting_must_be_brought_is_counted(client, lively):
    MeetingFactory(committee=lively.committee, date_text="03/12/2026")
    assert "à y porter." in agrees(client, lively.users["animator"], lively.pact)


@pytest.mark.parametrize("factory", [PactFactory, AmendmentFactory])
def test_what_a_consultation_awaits_is_counted(client, factory):
    """On the text, on an amendment: the proposals first, then the partners who have not answered."""
    text = factory()
    if text.is_amendment:
        tick(amendment=text, model=Section, by=None)
        tick(amendment=text, model=Partner, by=None)
    pact, section = text.amends or text, SectionFactory(pact=text)
    caf, msa = PartnerFactory.create_batch(2, pact=text)
    consultation = ConsultationFactory(pact=text, partners=[caf, msa])
    freeze(text, PactState.CONSULTATION)
    user = person(Role.ANIMATOR, pact)
    proposal = ProposalFactory(consultation=consultation, partner=caf, target=section)
    assert "proposition de partenaire attend" in agrees(client, user, pact)
    decide(proposal=proposal, state=ProposalState.ACCEPTED, answer="Merci.", by=user)
    html = agrees(client, user, pact)
    assert ("partenaire n’a pas encore répondu" in html) is text.is_amendment


def test_partner_and_staff_do_not_count_the_same_decisions(client, lively):
    counts = {}
    for role in ("partner", "officer"):
        log_in(client, lively.users[role])
        shares = client.get(reverse("evaluation:dashboard", args=[lively.pact.pk])).context["shares"]
        counts[role] = shares[1].whole
    assert counts["officer"] > counts["partner"] > 0


@pytest.mark.parametrize("role", ["partner", "other_partner", "reader", "officer", "animator"])
def test_the_ways_to_the_decisions_that_one_reads_agree(lively, role):
    """Row by row in the base, by the committees known, by the rows known."""
    user, pact = User.objects.get(pk=lively.users[role].pk), lively.pact
    committees = Committee.objects.serving(pact).select_related("pact")
    known = Decision.objects.in_pact(pact).select_related("meeting__committee__pact")
    expected = set(Decision.objects.read_in(user, pact))
    assert {row for row in known if may_read(user, row)} == set(Decision.objects.read_by(user, pact, committees)) == expected
    assert (len(expected) < len(known)) == (role in ("partner", "other_partner", "reader"))


@pytest.mark.parametrize("count", [1, 3])
def test_dashboard_query_count(client, count, django_assert_max_num_queries):
    pact = PactFactory()
    log_in(client, person(Role.OFFICER, pact))
    for _ in range(count):
        action = ActionFactory(pact=pact, axis=AxisFactory(pact=pact), late=True)
        LeadFactory(action=action)
        update = UpdateFactory(action=action, blocking_point="Un blocage")
        committee = CommitteeFactory(pact=pact, yearly=True)
        ReferralFactory(update=update, committee=committee)
        MeetingFactory(committee=committee)
        held = MeetingFactory(committee=committee, held=True)
        DecisionFactory(meeting=held, overdue=True, owner=OrganisationFactory())
        Partner.objects.create(pact=pact, organisation=OrganisationFactory(), standing="signatory")
        MeasureFactory(indicator=IndicatorFactory(action=action, threshold_high=50))
    with django_assert_max_num_queries(18):
        client.get(reverse("evaluation:dashboard", args=[pact.pk]))


def test_unknown_is_not_calculable_and_never_good(client):
    pact = PactFactory()
    log_in(client, person(Role.READER, pact))
    html = client.get(reverse("evaluation:dashboard", args=[pact.pk])).content.decode()
    assert html.count("Non calculable") == 4
    assert "pti-state--good" not in html


def test_carnet_tells_each_quarter(client):
    pact = PactFactory(start_text="2025", end_text="2027")
    action = ActionFactory(pact=pact)
    UpdateFactory(action=action, on=datetime.date(2026, 5, 2), confidence=Confidence.SECURED)
    UpdateFactory(action=action, on=datetime.date(2026, 6, 2), confidence=Confidence.COMPROMISED)
    UpdateFactory(action=action, on=datetime.date(2026, 8, 2), confidence="")
    log_in(client, person(Role.OFFICER, pact))
    response = client.get(reverse("evaluation:dashboard", args=[pact.pk]))
    (line,) = response.context["carnet"].lines()
    words = re.findall(r'visually-hidden">([^<]+)<', line.cells)
    assert words == [*["aucun point"] * 5, "objectif compromis", "non renseignée", "attendu"]


def test_carnet_shows_25_actions_a_page(client):
    pact = PactFactory()
    ActionFactory.create_batch(26, pact=pact)
    log_in(client, person(Role.OFFICER, pact))
    url = reverse("evaluation:dashboard", args=[pact.pk])
    assert len(client.get(url).context["carnet"].actions) == 25
    assert len(client.get(url, {"page": 2}).context["carnet"].actions) == 1


def test_done_is_not_running(client):
    pact = PactFactory()
    axis = AxisFactory(pact=pact)
    ActionFactory(pact=pact, axis=axis, done=True)
    ActionFactory.create_batch(2, pact=pact, axis=axis, running=True)
    log_in(client, person(Role.OFFICER, pact))
    progress = client.get(reverse("evaluation:dashboard", args=[pact.pk])).context["progress"]
    assert progress.by_status == {"running": 2, "done": 1}
    assert strip_tags(progress.finding()) == "2\u00a0fiches sur 3 sont en fonctionnement"


@pytest.mark.parametrize(("role", "shown"), [("officer", True), ("partner", False), ("reader", False)])
def test_only_staff_get_the_buttons(client, lively, role, shown):
    log_in(client, lively.users[role])
    html = client.get(reverse("evaluation:dashboard", args=[lively.pact.pk])).content.decode()
    assert ("Prévoir une séance" in html) is shown
    assert ("Porter à une instance" in html) is shown


def test_month_of_the_pact_is_counted(client, settings):
    settings.REFERENCE_DAY = "2016-10-06"
    pact = freeze(PactFactory(start_text="2015", end_text="2017"), PactState.IN_FORCE)
    log_in(client, person(Role.OFFICER, pact))
    html = client.get(reverse("evaluation:dashboard", args=[pact.pk])).content.decode()
    assert "Le pacte au 6\u00a0octobre 2016" in html
    assert "En vigueur, 22<sup>e</sup> mois sur 36." in html


def test_an_elected_person_prints_the_page_and_the_paper_says_which_pact_it_is_of(client):
    pact = PactFactory(title="PTI de Touraine")
    client.force_login(person(Role.READER, pact))
    html = client.get(reverse("evaluation:dashboard", args=[pact.pk])).content.decode()
    assert html.count("data-pti-print") == 1
    assert "· PTI de Touraine</p>" in html[html.index("pti-print-head") :]


@pytest.mark.parametrize(
    ("role", "state", "said"),
    [("officer", PactState.DRAFTING, True), ("reader", PactState.DRAFTING, False), ("officer", PactState.IN_FORCE, False)],
)
def test_while_the_text_is_written_staff_are_told_so(client, role, state, said):
    pact = PactFactory(state=state)
    client.force_login(person(role, pact))
    html = client.get(reverse("evaluation:dashboard", args=[pact.pk])).content.decode()
    assert ("Écrivez le texte et les fiches." in html) is said
    assert (f'href="{reverse("pact_life", args=[pact.pk])}">Ce qui manque</a>' in html) is said
