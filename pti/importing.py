"""A pact in a file, whatever its shape: what the command and the page of import share."""

from django.db import transaction

from pti import exchange
from pti.enums import STAFF, Role
from pti.facts import FactsError, load_json
from pti.models import Pact
from pti.pact_facts import import_facts
from pti.services import resume_at


@transaction.atomic
def import_file(content, *, state="", by=None):
    """(pact, warnings) of the bytes of a file of facts or of our own export.

    Refuses (FactsError, one line per error with its JSON path; ValidationError for an export), and then saves nothing.
    With `by`, an exported file is tied to the pacts of the base that this person writes, an amendment to one that she
    animates, and to no other.
    """
    ties = {"pacts": Pact.objects.with_role(by, *STAFF), "bases": Pact.objects.with_role(by, Role.ANIMATOR)} if by else {}
    if content.startswith(b"PK\x03\x04"):
        return exchange.load(*exchange.read(content), **ties), []
    data = load_json(text_of(content))
    if "format" in data:
        return exchange.load(*exchange.read(content), **ties), []
    pact, facts = import_facts(data)
    if state:
        pact = resume_at(pact=pact, state=state, reason="État repris à l’import.", by=None)
    return pact, facts.warnings


def text_of(content):
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FactsError([f"fichier : l’octet {error.start} n’est pas de l’UTF-8."]) from error
