"""Every deed asked by POST, edit pages included, as each role: refused ones write nothing (« Who may » of the product).

A new URL goes into one of the lists below; the suite fails otherwise. `tests/access_table.py` walks the pages by GET.
"""

import pytest

from pti.enums import PactState, Role
from pti.models import Pact
from tests.access_table import OWN, PUBLIC, READ, WRITE, Row, address
from tests.asking import Roles, floor_of, unrendered, urls
from tests.factories.pti import person
from tests.test_access_table import agrees
from tests.world import FLOORS, ROLES

ANIMATOR = WRITE.but(officer=403)
STAFF_OF_ANY = Row(partner=403, other_partner=403, reader=403)
ANIMATOR_OF_ANY = STAFF_OF_ANY.but(officer=403)
NOT_YET = READ.but(partner=403, reader=403, officer=403, animator=403)

# The text: staff, and only while it may be written. Frozen, each of these is 403, or says so and writes nothing.
TEXT = {
    "frame_edit", "piece_add", "piece_edit", "piece_delete", "piece_move",
    "partners:partner_add", "partners:partner_edit", "partners:partner_delete", "partners:commitment_add",
    "actions:axis_add", "actions:axis_edit", "actions:axis_move", "actions:axis_delete",
    "actions:indicator_add", "actions:indicator_edit", "actions:indicator_delete",
    "actions:workbook_import", "actions:workbook_check",
    "actions:action_add", "actions:action_edit", "actions:action_delete", "actions:action_move",
    "row_restore",
}  # fmt: skip
# What happens: staff, whatever the state of the text.
LIFE = {
    "partners:partner_leave", "partners:analysis_edit", "partners:agreement_add", "partners:agreement_edit",
    "partners:agreement_delete", "actions:funding_add", "actions:funding_edit", "actions:funding_delete",
    "actions:funding_grid", "actions:document_delete", "actions:lead_succeed",
    "actions:batch_add", "actions:batch_detail",
    "governance:committee_create", "governance:committee_delete", "governance:committee_edit",
    "governance:committee_part_create",
    "governance:committee_part_edit", "governance:committee_part_delete", "governance:meeting_create",
    "governance:meeting_edit", "governance:attendance", "governance:invite_members", "governance:minutes_edit",
    "governance:minutes_send", "governance:meeting_close", "governance:item_create", "governance:item_proposed",
    "governance:item_edit", "governance:item_delete", "governance:item_move", "governance:item_shift",
    "governance:decision_create", "governance:decision_edit", "governance:decision_follow",
    "governance:agenda_from_list", "actions:remind_list", "actions:remind_indicators",
    "governance:referral_create", "governance:referral_answer", "evaluation:review_create", "evaluation:review_edit",
    "evaluation:item_add", "evaluation:item_edit", "evaluation:item_delete", "governance:document_add",
}  # fmt: skip
# Opened and closed by the animator, answered by those whom it asks, examined by the staff.
CONSULTING = {"partners:consultation_add", "partners:consultation_edit", "partners:consultation_close"}
OWN_TEXT = {"partners:own_commitment_add", "partners:commitment_edit", "partners:commitment_delete"}
OWN_LIFE = {
    "partners:contact_add", "partners:contact_edit", "partners:contact_delete", "actions:update_add",
    "actions:update_unblock", "partners:document_add", "partners:document_delete", "actions:measure_add",
    "actions:measure_delete", "actions:document_add", "actions:action_status",
}  # fmt: skip
DEEDS = {
    **dict.fromkeys(TEXT | LIFE, WRITE),
    **dict.fromkeys(OWN_TEXT | OWN_LIFE, OWN),
    **dict.fromkeys(["pact_step", "pact_settings", "governance:meeting_reopen", "partners:contact_invite"], ANIMATOR),
    "partners:publication_edit": ANIMATOR,
    "actions:workbook_check": WRITE.but(officer=404),
    # The amendment of this small world is being drafted.
    **dict.fromkeys(["amendment_purpose", "amendment_points", "amendment_again", "point_reason", "point_untick"], WRITE),
    "partners:amendment_parties": WRITE,
    "amendment_open": ANIMATOR.but(animator=403),
    **dict.fromkeys(["pact_create_blank", "pact_create_copy", "pact_create_import"], ANIMATOR_OF_ANY),
    # Nothing to sign, to extend or to join before the text is frozen.
    **dict.fromkeys(["partners:approval_add", "partners:approval_edit", "partners:act_add", "partners:signature_add"], NOT_YET),
    **dict.fromkeys(["partners:signature_edit", "partners:signature_withdraw"], NOT_YET),
    **dict.fromkeys(["partners:signatory_add", "partners:refusal_add", "partners:refusal_lift"], NOT_YET),
    **dict.fromkeys(
        ["partners:signature_close", "partners:signed_text_add", "partners:reminder_list", "partners:remind"], NOT_YET
    ),
    **dict.fromkeys(["partners:agreement_read", "partners:agreement_code", "partners:commitment_tell"], NOT_YET),
    **dict.fromkeys(["pact_extend", "partners:partner_join"], NOT_YET),
    "governance:document_delete": WRITE.but(partner=404, reader=404),
    "governance:meeting_answer": READ.but(reader=403, officer=403, animator=403),
    **dict.fromkeys(CONSULTING, ANIMATOR),
    **dict.fromkeys(["partners:proposal_add", "partners:opinion_edit"], OWN),
    "partners:proposal_edit": READ.but(reader=404),
    **dict.fromkeys(["partners:consultation_reminders", "partners:consultation_remind"], WRITE),
    "partners:proposal_decide": WRITE.but(reader=404),
    **dict.fromkeys(["actions:campaign_add", "actions:campaign_edit", "actions:campaign_reminders"], ANIMATOR),
    **dict.fromkeys(
        ["actions:campaign_open", "actions:campaign_close", "actions:campaign_unplan", "actions:campaign_delete"], ANIMATOR
    ),
    **dict.fromkeys(["actions:mail_bounced", "actions:address_correct"], WRITE),
    **dict.fromkeys(["actions:campaign_remind", "actions:request_detail", "actions:request_validate"], WRITE),
    "actions:request_reply": READ.but(reader=404, officer=404, animator=404),
    **dict.fromkeys(["actions:request_return", "actions:request_answer", "actions:campaign_validate"], WRITE),
    # Whoever holds the address of the mail (tests/actions/test_answers.py, tests/pti/test_mail_choices.py).
    **dict.fromkeys(["answers:answer", "answers:answer_deed", "mail_choices"], PUBLIC),
    **dict.fromkeys(["actions:roadmap_settle", "actions:roadmap_settle_of_territory"], WRITE),
    **dict.fromkeys(["actions:roadmap_reopen", "actions:roadmap_reopen_of_territory"], ANIMATOR),
    "actions:saved_view_add": READ,
    "actions:saved_view_edit": READ.but(partner=404, reader=404),
    "actions:saved_view_delete": READ.but(partner=404, reader=404, officer=403),
    "partners:organisation_add": STAFF_OF_ANY,
    "partners:organisation_edit": STAFF_OF_ANY.but(other_partner=404),
    "partners:organisation_rename": STAFF_OF_ANY.but(other_partner=404),
    "partners:organisation_succeed": STAFF_OF_ANY.but(other_partner=404),
}
# Once the text is frozen: who signs, who joins.
FROZEN = {
    **dict.fromkeys(TEXT, NOT_YET),
    **dict.fromkeys(OWN_TEXT, NOT_YET),
    **dict.fromkeys(["partners:approval_add", "partners:approval_edit", "partners:signature_add"], OWN),
    **dict.fromkeys(["partners:signatory_add", "partners:refusal_add", "partners:refusal_lift"], OWN),
    **dict.fromkeys(["partners:act_add", "partners:partner_join"], WRITE),
    "partners:commitment_tell": OWN,
    "pact_extend": ANIMATOR,
    "partners:consultation_add": NOT_YET,
}
# Pages that are only read: a POST there writes nothing.
READ_ONLY = {
    "health", "home", "help", "site_map", "accessibility", "legal_notice", "privacy", "brand_css", "brand_logo",
    "favicon",
    "pact_list", "pact_create", "pact_detail", "figure_list", "pact_life", "pact_write", "version_detail", "version_text",
    "version_compare", "pact_traces", "pact_print", "version_print", "extract_print", "section_print",
    "amendment_list", "amendment_detail", "amendment_annex",
    "journal", "row_history", "attached_file", "demo_mailbox", "demo_enter",
    "partners:consultation_list", "partners:consultation_detail", "partners:place_detail", "partners:proposal_list",
    "partners:proposal_detail",
    "partners:partner_list", "partners:partner_detail", "partners:analysis_matrix", "partners:signature_board",
    "partners:signing_file", "partners:verify",
    "partners:organisation_list", "partners:organisation_detail",
    "actions:workbook_export", "partners:public_pact", "partners:public_pact_pdf", "partners:deliberation_list",
    "partners:deliberation_export",
    "actions:action_board", "actions:action_matrix", "actions:territory_map", "governance:timeline",
    "actions:saved_view_list",
    "actions:action_list", "actions:action_detail", "actions:axis_tree", "actions:axis_detail", "actions:indicator_list",
    "actions:indicator_detail", "actions:funding_list", "actions:funding_totals", "actions:my_actions",
    "actions:subsidy_list", "actions:subsidy_export", "actions:roadmap_list", "actions:roadmap_detail",
    "actions:roadmap_of_territory", "actions:roadmap_print", "actions:roadmap_print_of_territory",
    "governance:committee_list", "governance:committee_detail", "governance:meeting_list", "governance:meeting_detail",
    "governance:attendance_list", "governance:decision_list", "governance:referral_list",
    "actions:alerts", "governance:blocking_list", "governance:action_story",
    "actions:workbook_progress", "actions:campaign_list", "actions:campaign_detail",
    "evaluation:past", "evaluation:past_day",
    "actions:mail_log",
    "evaluation:dashboard", "evaluation:home", "evaluation:review_list", "evaluation:review_detail",
}  # fmt: skip
# The entrance and the settings room have tests of their own (tests/pti/test_login.py, tests/pti/test_admin.py).
URLS = [url for url in urls() if floor_of(url) != "stock"]
DONE = {200, 302, 400}


@pytest.fixture(autouse=True)
def _statuses_alone(monkeypatch):
    """The pages are read by tests/test_access_table.py, the forms that are sent back by tests/test_odd_forms.py."""
    unrendered(monkeypatch)


def faults(roles, world, url, row):
    """What each role got that it should not."""
    for role in ROLES:
        expected = getattr(row, role)
        response, written = roles.ask(role, address(url, world), "post")
        if not agrees(response, DONE if expected in (200, 302) else expected):
            yield f"{role}: {response.status_code}, expected {expected}"
        if expected != 200 and written:
            yield f"{role}: refused, yet wrote {written}"


def test_every_url_is_a_deed_or_is_read_only():
    names = {url.name for url in URLS}
    assert names - set(DEEDS) - READ_ONLY == set(), "say in tests/test_deeds.py who may do it"
    assert (set(DEEDS) | READ_ONLY) - names == set(), "these URLs are gone"


@pytest.mark.parametrize("floor", FLOORS)
def test_each_deed_is_for_whom_the_product_says(client, world, floor):
    roles = Roles(client, world)
    deeds = [url for url in URLS if url.name in DEEDS and floor_of(url) == floor]
    assert deeds
    assert [(url.name, fault) for url in deeds for fault in faults(roles, world, url, DEEDS[url.name])] == []


def test_the_frozen_text_refuses_each_writing_page(client, world):
    Pact.objects.filter(pk=world.pact.pk).update(state=PactState.ADOPTION)
    # They answer by a sentence; nothing of the text is written.
    rows = FROZEN | {name: FROZEN[name].but(officer=302, animator=302) for name in ("row_restore", "actions:action_edit")}
    roles = Roles(client, world)
    found = [(url.name, fault) for url in URLS if url.name in rows for fault in faults(roles, world, url, rows[url.name])]
    assert found == []


# Their address names a kind of text, and no row of a pact.
OF_NO_ROW = {"piece_add", "section_print"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_row_of_another_pact_is_not_found(client, world, method):
    """The address names one pact, the row is of another; the person is officer of both."""
    world.users["both"] = both = person(Role.OFFICER, world.pact, email="deux@exemple.test")
    both.accesses.create(pact=world.other_pact, role=Role.ANIMATOR)
    roles = Roles(client, world)
    here, world.pact = world.pact, world.other_pact
    found = {}
    for url in URLS:
        named = set(url.arguments) - {"form"}
        if named > {"pact_pk"} and not {"to", "number", "day", "year"} & named and url.name not in OF_NO_ROW:
            response, written = roles.ask("both", address(url, world), method)
            if response.status_code not in (404, 405) or written:
                found[url.name] = (response.status_code, written)
    assert found == {}
    assert here != world.pact


def test_pages_that_are_read_write_nothing_when_posted(client, world):
    """Asked by GET, they are read by tests/test_access_table.py."""
    roles = Roles(client, world)
    read = [url for url in URLS if url.name in READ_ONLY]
    assert {url.name: written for url in read if (written := roles.ask("animator", address(url, world), "post")[1])} == {}
