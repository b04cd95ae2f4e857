"""The same as `test_statements`, for the pages of a partner, of its governance and of the pact itself."""

from django.urls import reverse

from pti.enums import PactState, Role
from tests.factories.governance import (
    AgendaItemFactory,
    AttendanceFactory,
    ChairFactory,
    CommitteeFactory,
    DecisionFactory,
    MeetingDocumentFactory,
    MeetingFactory,
    SeatFactory,
)
from tests.factories.partners import (
    ApprovalFactory,
    CommitmentFactory,
    ConsultationFactory,
    ContactFactory,
    OrganisationFactory,
    PartnerFactory,
    SignatoryFactory,
    SignatureFactory,
    VersionFactory,
)
from tests.factories.pti import PactFactory, SectionFactory, TerritoryFactory, freeze, person
from tests.test_statements import HIGH, kept_of_somebody
from tests.world import log_in

# The names that each page says.
SAID = {
    "partner": ("Partenaire", "Engagement", "Contact", "Conseil", "Territoire", "Direction"),
    "file": ("Partenaire", "Conseil", "Mandat", "Direction"),
    "board": ("Partenaire", "Conseil", "Direction"),
    "committee": ("Instance", "Président", "Siège", "Décision"),
    "meeting": ("Instance", "Point", "Présence", "Décision", "fichier"),
    "consultation": ("Lecture", "Partenaire"),
    "pact": ("Le pacte", "Section", "Engagement", "Territoire"),
}


def fill(letter, role, first):
    """(addresses of the pages of a pact, who reads it): every name ends with the letter, every key is high."""
    keys = iter(range(first, first + 100))

    def made(factory, **fields):
        return factory(pk=next(keys), **fields)

    pact = made(PactFactory, title=f"Le pacte {letter}")
    place = made(TerritoryFactory, name=f"Territoire {letter}")
    pact.territory_links.create(pk=next(keys), territory=place)
    made(SectionFactory, pact=pact, title=f"Section {letter}")
    body = made(OrganisationFactory, name=f"Organisme {letter}")
    partner = made(PartnerFactory, pact=pact, organisation=body, name_in_text=f"Partenaire {letter}", signatory=True)
    made(CommitmentFactory, pact=pact, text=f"<p>Engagement {letter}</p>", partners=[partner])
    contact = made(ContactFactory, pact=pact, organisation=body, last_name=f"Contact {letter}", is_referent=True)
    contact.territories.add(place)
    version = made(VersionFactory, pact=pact, number=1)
    made(ApprovalFactory, partner=partner, version=version, body=f"Conseil {letter}")
    made(SignatureFactory, partner=partner, version=version, capacity=f"Direction {letter}")
    made(SignatoryFactory, partner=partner, name=f"Mandat {letter}", email=f"{letter}.mandat@exemple.test")
    committee = made(CommitteeFactory, pact=pact, name=f"Instance {letter}", parent=made(CommitteeFactory, pact=pact))
    made(ChairFactory, committee=committee, text=f"Président {letter}")
    made(SeatFactory, committee=committee, text=f"Siège {letter}")
    meeting = made(MeetingFactory, committee=committee, held=True, sent=True)
    made(AgendaItemFactory, meeting=meeting, title=f"Point {letter}")
    made(AttendanceFactory, meeting=meeting, text=f"Présence {letter}")
    made(DecisionFactory, meeting=meeting, text=f"Décision {letter}", owner=body)
    made(MeetingDocumentFactory, meeting=meeting, name=f"fichier {letter}")
    consultation = made(ConsultationFactory, pact=pact, version=version, title=f"Lecture {letter}", partners=[partner])
    freeze(pact, PactState.SIGNATURE)
    pages = {
        "consultation": consultation.get_absolute_url(),
        "partner": partner.get_absolute_url(),
        "file": partner.signing_file_url(),
        "board": reverse("partners:signature_board", args=[pact.pk]),
        "committee": committee.get_absolute_url(),
        "meeting": meeting.get_absolute_url(),
        "pact": pact.get_absolute_url(),
    }
    return pages, person(role, pact, pk=next(keys), email=f"{letter}@exemple.test")


def read(client, user, pages):
    """{page: what the person is answered}."""
    log_in(client, user)
    return {name: client.get(address) for name, address in pages.items()}


def test_each_sees_her_own_and_nothing_of_anybody_is_kept(client, db):
    """Two people, two roles, two pacts in turn in one process; then one who reads neither, by the very same statements."""
    of_each = {"A": fill("A", Role.ANIMATOR, HIGH), "B": fill("B", Role.OFFICER, 2 * HIGH)}
    for mine, theirs in ("AB", "BA"):
        pages, user = of_each[mine]
        told = {name: answer.content.decode() for name, answer in read(client, user, pages).items()}
        missing = [(page, name) for page, names in SAID.items() for name in names if f"{name} {mine}" not in told[page]]
        assert missing == []
        every = {name for names in SAID.values() for name in names}
        assert [(page, name) for page in told for name in every if f"{name} {theirs}" in told[page]] == []
    stranger = person(Role.OFFICER, PactFactory())
    assert {page.status_code for pages, _ in of_each.values() for page in read(client, stranger, pages).values()} == {404}
    assert kept_of_somebody() == []


def test_of_another_pact_nothing_is_found(client, db):
    """The row of one pact under the address of another that the person reads too, and a number that no key can be."""
    pages, user = fill("A", Role.OFFICER, HIGH)
    other = person(Role.OFFICER, PactFactory(pk=3 * HIGH)).accesses.get()
    user.accesses.create(pact=other.pact, role=Role.OFFICER)
    for name in ("partner", "file", "committee", "meeting", "consultation"):
        elsewhere = pages[name].replace(f"/pactes/{HIGH}/", f"/pactes/{3 * HIGH}/")
        nowhere = pages[name].rstrip("/").replace("/dossier", "").rsplit("/", 1)[0] + f"/{2**63}/"
        assert [read(client, user, {name: page})[name].status_code for page in (elsewhere, nowhere)] == [404, 404]
