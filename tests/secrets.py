"""What partners and readers never read, wherever they look: a world that holds it, and the reading of an answer."""

import zipfile
from io import BytesIO

from governance.models import AgendaItem, Decision
from partners.models import Contact, StakeholderAnalysis
from pti.models import Pact
from pti.versions import freeze
from tests.factories.governance import MeetingFactory
from tests.factories.partners import OrganisationFactory, PartnerFactory
from tests.world import make_world

WHO_MUST_NOT_KNOW = ("anonymous", "partner", "other_partner", "reader")
SECRETS = {
    "stakeholder analysis": "zqanalysezq",
    "e-mail": "zqadressezq",
    "phone": "0600007788",
    "draft of minutes": "zqbrouillonzq",
    "note of an agenda": "zqnotezq",
    "decision not sent": "zqdecisionzq",
    "account": "zqcomptezq",
}


def make_secret_world():
    world = make_world()
    write_secrets(world)
    return world


def write_secrets(world):
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


def told_in(response, but=""):
    """Names of the secrets that an answer holds, `but` the word that was asked."""
    text = text_of(response)
    return [name for name, word in SECRETS.items() if word in text and word != but]
