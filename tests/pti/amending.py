"""A pact in force and its amendment: what the tests of amendments share."""

from pti import versions
from pti.amending import services
from pti.enums import PactState
from pti.services import change_state
from pti.ticks import copy_uid
from tests.factories.whole import whole_pact


def pact_in_force():
    """A pact in force that has a row of every model."""
    pact = whole_pact()
    change_state(pact=pact, to=PactState.ADOPTION, by=None, reason="Essai")
    change_state(pact=pact, to=PactState.IN_FORCE, by=None, act="Dernière signature")
    pact.refresh_from_db()
    return pact


def amended(base):
    return services.open_amendment(base=base, purpose="<p>Ajuster la fiche 9</p>", by=None)


def enter_into_force(amendment):
    change_state(pact=amendment, to=PactState.ADOPTION, by=None, reason="Essai")
    change_state(pact=amendment, to=PactState.IN_FORCE, by=None, act="Dernière signature")
    amendment.refresh_from_db()


def the_copy(amendment, row):
    return type(row)._base_manager.get(uid=copy_uid(amendment.uid, row.uid))


def tick(amendment, row):
    return services.tick(amendment=amendment, model=type(row), target=row.uid, by=None)


def said_by(pact):
    """What a pact says, without what names its rows."""
    kept = ("title", "text", "label", "name", "body")
    text = versions.text_of(pact)["parts"]
    return {
        (name, model): sorted(str({key: row[key] for key in kept if key in row}) for row in rows)
        for name, groups in text.items()
        if name != "amendment"
        for model, rows in groups.items()
    }
