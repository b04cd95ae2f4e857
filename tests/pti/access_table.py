"""Who may open the pages of the ground floor, the login pages and the animator's settings room."""

from tests.access_table import LOGGED_IN, Row

HIDDEN = {302, 403, 404}
SETTINGS = Row(HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, {200, 302, 403, 404, 405})
HOME = LOGGED_IN.but(partner=302, other_partner=302, reader=302, officer=302, animator=302)
# Pages of the login: some send on who has nothing to do there.
ACCOUNT = Row(*[{200, 302, 404, 405}] * 6)

ROWS = {
    "home": HOME,
    "pact_detail": HOME,
    "attached_file": LOGGED_IN.but(partner=404, other_partner=404, reader=404, officer=404, animator=404),
    # The settings room: its own tests say what the animator does there.
    "admin:*": SETTINGS,
    "admin:login": ACCOUNT,
    "admin:jsi18n": ACCOUNT,
    "account_*": ACCOUNT,
    "mfa_*": ACCOUNT,
}


def kwargs_for(url_name, world):
    """The pact for its own pages; the animator's own account for what the admin asks by number."""
    if url_name.startswith("admin:"):
        return {"object_id": world.users["animator"].pk, "content_type_id": 1, "app_label": "pti", "url": "nulle-part"}
    if url_name == "attached_file":
        return {"kind": "inconnu", "uid": world.pact.uid}
    return {"pk": world.pact.pk, "key": "cle", "uidb36": "1"}
