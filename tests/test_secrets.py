"""What partners and readers never read, wherever they look: every page by GET, files and exports included."""

import re
import zipfile
from io import BytesIO

import pytest

from governance.models import AgendaItem, Decision
from partners.models import Contact, StakeholderAnalysis
from pti.models import Pact
from pti.versions import freeze
from tests.access_table import address, walk
from tests.factories.governance import MeetingFactory
from tests.factories.partners import OrganisationFactory, PartnerFactory
from tests.world import log_in

SECRETS = {
    "stakeholder analysis": "zqanalysezq",
    "e-mail": "zqadressezq",
    "phone": "0600007788",
    "draft of minutes": "zqbrouillonzq",
    "note of an agenda": "zqnotezq",
    "decision not sent": "zqdecisionzq",
    "account": "zqcomptezq",
}
QUERIES = ["", "?format=csv", "?format=xlsx", "?q=zqdecisionzq", "?q=zqbrouillonzq"]


@pytest.fixture
def secrets(world):
    """The secrets of another partner than the person's own, and a frozen version that was made with them."""
    other = PartnerFactory(pact=world.pact, organisation=OrganisationFactory(name="MSA Berry"), signatory=True)
    for partner in (other, world.partner_row):
        StakeholderAnalysis.objects.create(
            partner=partner,
            motivation=-2,
            influence=2,
            **dict.fromkeys(["strategy", "function"], SECRETS["stakeholder analysis"]),
        )
    Contact.objects.create(
        pact=world.pact,
        organisation=other.organisation,
        last_name="Tiers",
        email=f"{SECRETS['e-mail']}@exemple.test",
        phone=SECRETS["phone"],
    )
    meeting = MeetingFactory(committee=world.committee, held=True)
    meeting.minutes = f"<p>{SECRETS['draft of minutes']}</p>"
    meeting.save()
    item = AgendaItem.objects.create(meeting=meeting, title="Point", notes=f"<p>{SECRETS['note of an agenda']}</p>")
    Decision.objects.create(
        meeting=meeting, item=item, action=world.action, text=SECRETS["decision not sent"], due_text="01/01/2016"
    )
    officer = world.users["officer"]
    officer.email, officer.phone = f"{SECRETS['account']}@exemple.test", SECRETS["phone"]
    officer.save()
    world.secret_partner, world.secret_meeting = other, meeting
    world.frozen_version = freeze(pact=Pact.objects.get(pk=world.pact.pk), by=officer)
    return world


def text_of(response):
    """Everything that a browser gets; the sheets of a workbook unpacked; what it asked itself left out."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace")


def addresses(world):
    for url in walk():
        if not url.name.startswith(("admin:", "account_", "mfa_")):
            path = address(url, world)
            yield from (path + query for query in (QUERIES if "_list" in url.name or url.name == "figure_list" else [""]))
    pact = f"/pactes/{world.pact.pk}"
    yield f"{pact}/partenaires/{world.secret_partner.pk}/"
    yield f"{pact}/seances/{world.secret_meeting.pk}/"
    yield f"{pact}/versions/{world.frozen_version.number}/"
    yield f"{pact}/versions/{world.frozen_version.number}/texte.json"
    yield f"/organismes/{world.secret_partner.organisation_id}/"


@pytest.mark.parametrize("role", ["partner", "reader", "other_partner"])
def test_no_page_tells_a_secret(client, secrets, role):
    log_in(client, secrets.users[role])
    told, read = [], 0
    for path in addresses(secrets):
        response = client.get(path)
        if response.status_code == 200:
            read += 1
            typed = re.search(r"q=(\w+)", path)
            text = text_of(response)
            told += [(path, name) for name, word in SECRETS.items() if word in text and not (typed and typed[1] == word)]
        if "connexion" in response.get("Location", ""):
            log_in(client, secrets.users[role])
    assert told == []
    assert read > 5


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_each_secret_is_told_to_staff(client, secrets, name):
    """The secrets above are really there to be seen."""
    log_in(client, secrets.users["officer"])
    pact = f"/pactes/{secrets.pact.pk}"
    pages = [
        f"{pact}/partenaires/{secrets.secret_partner.pk}/",
        f"{pact}/partenaires/{secrets.secret_partner.pk}/analyse/",
        f"{pact}/seances/{secrets.secret_meeting.pk}/",
    ]
    seen = "".join(text_of(client.get(path)) for path in pages)
    assert name == "account" or SECRETS[name] in seen.replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
