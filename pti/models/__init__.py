"""Models of the ground floor, one file per notion."""

from pti.models.amendments import Amendment, AmendmentPoint
from pti.models.brand import Brand, LegalText
from pti.models.frame import ContextFigure, GlossaryTerm, Scheme, Section, Statement
from pti.models.journal import JournalLine, JournalLinks
from pti.models.mail_choices import MailRefusal
from pti.models.mailbox import DemoMail
from pti.models.outbox import OutgoingMail, RefusedAddress
from pti.models.pacts import Extension, Pact, PactTerritory, StateChange
from pti.models.territories import Territory
from pti.models.users import Access, User
from pti.models.versions import Version, VersionDocument

__all__ = [
    "Access",
    "Amendment",
    "AmendmentPoint",
    "Brand",
    "ContextFigure",
    "DemoMail",
    "Extension",
    "GlossaryTerm",
    "JournalLine",
    "JournalLinks",
    "LegalText",
    "MailRefusal",
    "OutgoingMail",
    "Pact",
    "PactTerritory",
    "RefusedAddress",
    "Scheme",
    "Section",
    "StateChange",
    "Statement",
    "Territory",
    "User",
    "Version",
    "VersionDocument",
]
