"""Who may open the pages of `actions`; tests/access_table.py says how to add a row."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actions.campaigns import mails
from actions.models import ActionDocument, Batch, BatchLine, SavedView, Workbook
from actions.sheets.book import write
from pti.dates import today
from pti.models import OutgoingMail, RefusedAddress
from tests.access_table import ANIMATOR, OWN, PUBLIC, READ, WRITE
from tests.factories.actions import (
    ActionFactory,
    AxisFactory,
    CampaignRequestFactory,
    FundingFactory,
    IndicatorFactory,
    MeasureFactory,
    UpdateFactory,
    led_by,
)
from tests.factories.pti import TerritoryFactory

ROWS = {
    "actions:action_list": READ,
    "actions:action_matrix": READ,
    "actions:action_board": READ,
    "actions:action_status": OWN,
    "actions:alerts": READ,
    "actions:remind_list": WRITE.but(officer=302, animator=302),  # without a filter no fiche is chosen
    "actions:remind_indicators": WRITE.but(officer=302, animator=302),  # without a filter no indicator is chosen
    "actions:territory_map": READ,
    "actions:saved_view_list": READ,
    "actions:saved_view_add": READ,
    "actions:saved_view_edit": READ.but(partner=404, reader=404),  # the animator shares it with the staff
    "actions:saved_view_delete": READ.but(partner=404, reader=404, officer=403),
    "actions:batch_add": WRITE,
    "actions:batch_detail": WRITE,
    "actions:action_detail": READ,
    "actions:axis_tree": READ,
    "actions:axis_detail": READ,
    "actions:axis_add": WRITE,
    "actions:axis_edit": WRITE,
    "actions:axis_move": WRITE.by_post(),
    "actions:axis_delete": WRITE.but(officer=302, animator=302),  # it holds a fiche: the page says so
    "actions:indicator_list": READ,
    "actions:indicator_detail": READ,
    "actions:indicator_add": WRITE,
    "actions:indicator_edit": WRITE,
    "actions:indicator_delete": WRITE,
    "actions:measure_add": OWN,
    "actions:measure_delete": OWN,
    "actions:funding_list": READ,
    "actions:funding_totals": READ,
    "actions:funding_grid": WRITE,
    "actions:subsidy_list": READ,
    "actions:subsidy_export": READ,
    "actions:roadmap_list": READ,
    "actions:roadmap_detail": READ,
    "actions:roadmap_of_territory": READ,
    "actions:roadmap_print*": READ,
    "actions:roadmap_settle*": WRITE.by_post(),
    "actions:roadmap_reopen*": ANIMATOR.by_post(),
    "actions:funding_add": WRITE,
    "actions:funding_edit": WRITE,
    "actions:funding_delete": WRITE,
    "actions:update_add": OWN,
    "actions:update_unblock": OWN,
    "actions:my_actions": OWN,
    "actions:action_add": WRITE,
    "actions:action_edit": WRITE,
    "actions:action_delete": WRITE,
    "actions:action_move": WRITE.by_post(),
    "actions:document_add": OWN,
    "actions:document_delete": WRITE.by_post(),
    "actions:lead_succeed": WRITE,
    "actions:workbook_export": READ,
    "actions:workbook_import": WRITE,
    "actions:workbook_check": WRITE.but(officer=404),  # the animator sent it
    "actions:mail_log": WRITE,
    "actions:mail_bounced": WRITE,
    "actions:address_correct": WRITE,
    "actions:campaign_list": WRITE,
    "actions:campaign_detail": WRITE,
    "actions:campaign_add": ANIMATOR,
    "actions:campaign_edit": ANIMATOR,
    "actions:campaign_reminders": ANIMATOR,
    "actions:campaign_open": ANIMATOR.by_post(),
    "actions:campaign_remind": WRITE.by_post(),
    "actions:campaign_validate": WRITE.by_post(),
    "actions:campaign_close": ANIMATOR,
    "actions:campaign_unplan": ANIMATOR.by_post(),
    "actions:campaign_delete": ANIMATOR.by_post(),
    "actions:request_detail": WRITE,
    "actions:request_validate": WRITE.by_post(),
    "actions:request_reply": READ.but(reader=404, officer=404, animator=404).by_post(),  # who is of the body that is asked
    "actions:request_return": WRITE,
    "actions:request_answer": WRITE,
    # The address is the key.
    "answers:answer": PUBLIC,
    "answers:answer_deed": PUBLIC.by_post(),
    "actions:workbook_progress": READ.but(partner=404, reader=404, officer=404, animator=302),  # not asked for yet
}


def extend(world):
    """An action that the partner leads, under an axis, with a blocking point."""
    world.axis = AxisFactory(pact=world.pact)
    world.action = ActionFactory(pact=world.pact, axis=world.axis)
    world.lead = led_by(world.users["partner"], world.action)
    world.action_document = ActionDocument.objects.create(
        action=world.action, file=SimpleUploadedFile("note.pdf", b"%PDF-1.4\n%%EOF")
    )
    world.measure = MeasureFactory(indicator=IndicatorFactory(action=world.action))
    world.funding = FundingFactory(action=world.action)
    world.place = TerritoryFactory()
    world.action.territories.add(world.place)
    sender = world.users["animator"]
    world.workbook = Workbook.objects.create(pact=world.pact, sent_by=sender, name="f.xlsx", content=write(world.pact))
    world.asked = CampaignRequestFactory(campaign__pact=world.pact, action=world.action, organisation=world.lead.organisation)
    to = f"perdue{world.pact.pk}@caf.example"
    log = {"pact": world.pact, "to": to, "subject": "Point", "text": "…", "queued_on": today()}
    world.mail = OutgoingMail.objects.create(key=f"monde:{to}", sent_at=timezone.now(), **log)
    world.refused = RefusedAddress.objects.create(email=to, refused_on=today())
    world.answer_token = mails.make_link(world.asked, world.asked.person_email)
    world.saved_view = SavedView.objects.create(pact=world.pact, owner=sender, name="En retard", is_shared=True)
    world.batch = Batch.objects.create(
        pact=world.pact, kind="status", params={"status": "running"}, said="Statut : en fonctionnement", made_by=sender
    )
    BatchLine.objects.create(batch=world.batch, action=world.action, before="en cours", after="en fonctionnement")
    world.update = UpdateFactory(action=world.action, blocking_point="Un blocage")


def kwargs_for(url_name, world):
    if url_name.startswith("answers:"):
        return {"token": world.answer_token, "deed": "suite"}
    if "roadmap" in url_name:
        return {"year": 2026, "territory_pk": world.place.pk, "form": "docx"}
    if "saved_view" in url_name:
        return {"pk": world.saved_view.pk}
    if "batch" in url_name:
        return {"pk": world.batch.pk}
    if "mail_bounced" in url_name:
        return {"pk": world.mail.pk}
    if "address_correct" in url_name:
        return {"pk": world.refused.pk}
    if "campaign" in url_name:
        return {"pk": world.asked.campaign_id}
    if "request" in url_name:
        return {"pk": world.asked.pk}
    if "axis" in url_name:
        return {"pk": world.axis.pk}
    if "indicator" in url_name or url_name == "actions:measure_add":
        return {"pk": world.measure.indicator_id}
    if "measure" in url_name:
        return {"pk": world.measure.pk}
    if "funding" in url_name:
        return {"pk": world.funding.pk}
    if "lead" in url_name:
        return {"pk": world.lead.pk}
    if url_name == "actions:document_delete":
        return {"pk": world.action_document.pk}
    if "workbook" in url_name:
        return {"pk": world.workbook.pk}
    if "unblock" in url_name:
        return {"pk": world.update.pk}
    return {"pk": world.action.pk}
