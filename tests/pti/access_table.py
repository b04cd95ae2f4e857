"""Who may open the pages of the ground floor, the login pages and the animator's settings room."""

from pti.mail_choices import choices_url
from tests.access_table import ANIMATOR, LOGGED_IN, LOGIN, PUBLIC, READ, WRITE, Row
from tests.factories.pti import AmendmentFactory, SectionFactory

HIDDEN = {302, 403, 404}
SETTINGS = Row(HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, {200, 302, 403, 404, 405})
HOME = LOGGED_IN.but(partner=302, other_partner=302, reader=302, officer=302, animator=302)
# Who is in already is sent on.
ENTRANCE = Row(*[302] * 6)

ROWS = {
    "version_compare": READ,
    "amendment_list": READ,
    "amendment_open": ANIMATOR.but(animator=403),
    "amendment_detail": READ,
    "amendment_annex": READ,
    "amendment_purpose": WRITE,
    "amendment_points": WRITE,
    "amendment_again": WRITE,
    "point_*": WRITE,
    "health": PUBLIC,
    "home": HOME,
    "pact_list": LOGGED_IN,
    "pact_detail": READ,
    "pact_create*": ANIMATOR.but(other_partner=403),
    "pact_write": WRITE,
    "pact_traces": WRITE,
    "pact_life": WRITE,
    "pact_step": ANIMATOR,
    "pact_extend": ANIMATOR.but(animator=403),
    "pact_settings": ANIMATOR,
    "frame_edit": WRITE,
    "figure_list": READ,
    "piece_add": WRITE,
    "piece_edit": WRITE,
    "piece_delete": WRITE,
    "piece_move": WRITE.by_post(),
    "version_detail": READ,
    "version_text": READ,
    "pact_print": READ,
    "extract_print": READ,
    "section_print": READ,
    # The version of this small world holds no text.
    "version_print": READ,
    "help": LOGGED_IN,
    "site_map": LOGGED_IN,
    "accessibility": PUBLIC,
    "legal_notice": PUBLIC,
    "privacy": PUBLIC,
    "brand_css": PUBLIC,
    # No logo in this small world.
    "brand_logo": Row(*[404] * 6),
    # The address is the key.
    "mail_choices": PUBLIC,
    "favicon": Row(*[302] * 6),
    "attached_file": LOGGED_IN.but(partner=404, other_partner=404, reader=404, officer=404, animator=404),
    # The settings room: its own tests say what the animator does there.
    "admin:*": SETTINGS,
    "admin:login": Row(LOGIN, 403, 403, 403, 403, (302, "admin:index")),
    "journal": WRITE,
    "row_history": WRITE,
    "row_restore": WRITE.by_post(),
    # Outside the demonstration these do not exist.
    "demo_*": Row(*[404] * 6),
    "demo_enter": Row(*[404] * 6, method="post"),
    "account_login": ENTRANCE.but(anonymous=200),
    "account_request_login_code": ENTRANCE.but(anonymous=200),
    "account_confirm_login_code": ENTRANCE,
    "account_logout": LOGGED_IN.but(anonymous=(302, "account_login")),
    "account_inactive": PUBLIC,
    # The second factor is each person's own; none of these people has one yet.
    "mfa_authenticate": ENTRANCE,
    "mfa_index": LOGGED_IN,
    "mfa_activate_totp": LOGGED_IN,
    "mfa_list_webauthn": LOGGED_IN,
    "mfa_add_webauthn": LOGGED_IN,
    "mfa_generate_recovery_codes": LOGGED_IN,
    "mfa_reauthenticate": Row(LOGIN, *[403] * 5),
    "mfa_reauthenticate_webauthn": Row(LOGIN, *[403] * 5),
    "mfa_deactivate_totp": Row(LOGIN, *[404] * 5),
    "mfa_remove_webauthn": Row(LOGIN, *[404] * 5),
    "mfa_view_recovery_codes": Row(LOGIN, *[404] * 5),
}


def extend(world):
    """A section of the text, with a past for the pages of the journal; an amendment that opens it."""
    world.section = SectionFactory(pact=world.pact)
    world.amendment = AmendmentFactory(amends=world.pact, amendment_number=1)
    world.point = world.amendment.points.create(target=world.section.uid, model="Section", label=world.section.title)


def kwargs_for(url_name, world):
    """The pact for its own pages; the animator's own account for what the admin asks by number."""
    if url_name.startswith("admin:"):
        return {"object_id": world.users["animator"].pk, "content_type_id": 1, "app_label": "pti", "url": "nulle-part"}
    if url_name in {"row_history", "row_restore"}:
        return {"kind": "pti.section", "uid": world.section.uid, "history_id": world.section.history.first().pk}
    if url_name == "attached_file":
        return {"kind": "inconnu", "uid": world.pact.uid}
    if url_name.startswith("piece_"):
        return {"piece": "section", "pk": world.section.pk, "way": "monter"}
    if url_name == "mail_choices":
        return {"signed": choices_url("claire@exemple.test").rstrip("/").rpartition("/")[2]}
    if url_name == "pact_step":
        return {"to": "adoption"}
    if url_name.startswith(("version_", "amendment_")):
        return {"number": 1, "form": "odt"}
    if url_name == "pact_print":
        return {"form": "odt"}
    if url_name == "extract_print":
        return {"name": "fiche", "uid": world.action.uid, "form": "odt"}
    if url_name == "section_print":
        return {"name": "tableau", "form": "odt"}
    if url_name.startswith("point_"):
        return {"number": 1, "pk": world.point.pk}
    return {"pk": world.pact.pk, "key": "cle", "uidb36": "1"}
