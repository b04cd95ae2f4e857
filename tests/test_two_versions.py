"""Two people on one row: whatever the form and the moment, the second sees both versions and nothing is lost."""

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse

from actions.forms.campaigns import CampaignForm
from governance import services
from governance.forms import DecisionForm, MinutesForm
from partners.consulting_forms import ConsultationForm, ProposalForm
from partners.models import Organisation
from partners.signing.forms import CorrectionForm
from pti.dates import today
from pti.enums import Role
from pti.forms import RevisionForm, saved
from pti.models import Territory
from pti.rows import Revised
from tests.factories.actions import CampaignFactory
from tests.factories.governance import AgendaItemFactory, DecisionFactory, MeetingFactory
from tests.factories.partners import ConsultationFactory, ProposalFactory, SignatureFactory
from tests.factories.pti import PactFactory, person
from tests.factories.whole import whole_pact
from tests.filling import read_form
from tests.world import log_in

# (address, model, field that both people write); the address takes the pact, then what `extra` gives, then the row.
FORMS = {
    "frame": ("frame_edit", "pti.Pact", "subtitle"),
    "section": ("piece_edit", "pti.Section", "title"),
    "enjeu": ("piece_edit", "pti.Statement", "title"),
    "chiffre": ("piece_edit", "pti.ContextFigure", "label"),
    "terme": ("piece_edit", "pti.GlossaryTerm", "definition"),
    "plan": ("piece_edit", "pti.Scheme", "lead"),
    "partner": ("partners:partner_edit", "partners.Partner", "note"),
    "analysis": ("partners:analysis_edit", "partners.StakeholderAnalysis", "partnership_history"),
    "organisation": ("partners:organisation_edit", "partners.Organisation", "note"),
    "contact": ("partners:contact_edit", "partners.Contact", "function"),
    "commitment": ("partners:commitment_edit", "partners.Commitment", "text"),
    "agreement": ("partners:agreement_edit", "partners.Agreement", "scope"),
    "axis": ("actions:axis_edit", "actions.Axis", "objective"),
    "action": ("actions:action_edit", "actions.Action", "diagnosis"),
    "indicator": ("actions:indicator_edit", "actions.Indicator", "name"),
    "funding": ("actions:funding_edit", "actions.Funding", "label"),
    "committee": ("governance:committee_edit", "governance.Committee", "role"),
    "meeting": ("governance:meeting_edit", "governance.Meeting", "place"),
    "minutes": ("governance:minutes_edit", "governance.Meeting", "minutes"),
    "item": ("governance:item_edit", "governance.AgendaItem", "notes"),
    "decision": ("governance:decision_edit", "governance.Decision", "text"),
    "review": ("evaluation:review_edit", "evaluation.Review", "title"),
    "review item": ("evaluation:item_edit", "evaluation.ReviewItem", "summary"),
}
IN_THE_SETTINGS = {"territory": Territory, "organisation": Organisation}


def edited(name, pact):
    """(address, row, field) of one form."""
    url, label, field = FORMS[name]
    model = apps.get_model(label)
    path = {"partners.Organisation": "partners__pact"}.get(label, model.pact_path)
    row = model._base_manager.filter(**{path or "pk": pact.pk}).order_by("pk").first()
    between = {"piece_edit": [name], "governance:item_edit": [], "governance:decision_edit": []}.get(url, [])
    if url in {"governance:item_edit", "governance:decision_edit"}:
        between = [row.meeting_id]
    of_pact = [] if label == "partners.Organisation" else [pact.pk]
    key = {"frame_edit": [], "partners:analysis_edit": [getattr(row, "partner_id", None)]}.get(url, [row.pk])
    return reverse(url, args=[*of_pact, *between, *key]), row, field


FIRST, THEN = "Écrit par l’autre, d’abord", "Écrit par l’autre, ensuite"


def write_theirs(row, field, text):
    """Somebody else saves."""
    now = type(row)._base_manager.get(pk=row.pk)
    setattr(now, field, text)
    now.revision += 1
    now.save()


def said(response):
    return [str(one) for one in get_messages(response.wsgi_request)]


@pytest.mark.parametrize("name", FORMS)
def test_the_second_to_save_sees_both_versions(client, monkeypatch, name):
    """Whether the other person saves before the check of the form, or between the check and the write."""
    address, row, field = edited(name, whole_pact())
    log_in(client, person(Role.ANIMATOR, None))
    checked, waiting = RevisionForm.is_valid, []

    def is_valid(form):
        valid = checked(form)
        if waiting:
            assert valid  # what was refused once is saved, but for what follows
            write_theirs(row, field, waiting.pop())
        return valid

    monkeypatch.setattr(RevisionForm, "is_valid", is_valid)
    text = client.get(address).content.decode()
    for mine, theirs, when in (("Écrit par moi, d’abord", FIRST, "before"), ("Écrit par moi, ensuite", THEN, "between")):
        if when == "before":
            write_theirs(row, field, theirs)
        else:
            waiting.append(theirs)
        response = client.post(address, {**read_form(text), field: [mine]})
        text = response.content.decode()
        assert (response.status_code, said(response), waiting) == (200, [], [])
        assert [(one.mine, one.theirs) for one in response.context["form"].conflict] == [(mine, theirs)]
        assert (mine in text, theirs in text) == (True, True)
        row.refresh_from_db()
        assert theirs in getattr(row, field)

    assert client.post(address, read_form(text)).status_code == 302
    row.refresh_from_db()
    assert mine in getattr(row, field)


@pytest.mark.parametrize("name", IN_THE_SETTINGS)
def test_the_settings_room_shows_both_versions(client, name):
    whole_pact()
    model = IN_THE_SETTINGS[name]
    row = model.objects.order_by("pk").first()
    address = reverse(f"admin:{model._meta.app_label}_{name}_change", args=[row.pk])
    log_in(client, person(Role.ANIMATOR, None))
    typed = {**read_form(client.get(address).content.decode()), "note": ["Écrit par moi"]}
    write_theirs(row, "note", FIRST)
    response = client.post(address, typed)
    text = response.content.decode()
    assert (response.status_code, FIRST in text, "Écrit par moi" in text) == (200, True, True)
    row.refresh_from_db()
    assert row.note == FIRST

    assert client.post(address, read_form(text)).status_code == 302
    row.refresh_from_db()
    assert row.note == "Écrit par moi"


def test_every_row_that_several_people_write_is_tried():
    revised = {
        model for model in apps.get_models() if issubclass(model, Revised) and not model.__name__.startswith("Historical")
    }
    tried = {apps.get_model(label) for _, label, _ in FORMS.values()} | set(IN_THE_SETTINGS.values())
    # The two forms of an amendment extend RevisionForm too; whole_pact holds no amendment to try them on.
    assert {model._meta.label for model in revised - tried} <= {"pti.Amendment", "pti.AmendmentPoint"}


# A deed that passes while a form is sent: between what the form checked and what it writes.


def of_a_campaign(pact, user):
    row = CampaignFactory(pact=pact, open=True)
    return CampaignForm({"name": "Autre", "deadline": f"{row.deadline:%d/%m/%Y}"}, instance=row), {"closed_on": today()}


def of_a_consultation(pact, user):
    row = ConsultationFactory(pact=pact)
    data = {"title": "Autre", "deadline": f"{row.deadline:%d/%m/%Y}"}
    return ConsultationForm(data, instance=row), {"closed_on": today()}


def of_a_proposal(pact, user):
    row = ProposalFactory(consultation=ConsultationFactory(pact=pact))
    form = ProposalForm({"text": "<p>Autre</p>"}, instance=row, by=user, partners=pact.partners.all())
    return form, {"state": "refused", "decided_on": today()}


def of_a_signature(pact, user):
    row = SignatureFactory(partner__pact=pact)
    data = {"version": row.version_id, "signatory": "Autre", "capacity": "Présidente", "method": row.method, "reason": "Erreur"}
    form = CorrectionForm(data | {"signed_on": f"{row.signed_on:%d/%m/%Y}"}, instance=row, by=user)
    return form, {"withdrawn_on": today(), "withdrawal_reason": "Erreur"}


def of_minutes(pact, user):
    row = MeetingFactory(committee__pact=pact, held=True)
    return MinutesForm({"minutes": "<p>Autre</p>", "revision": 0}, instance=row), {"closed_on": today()}


@pytest.mark.parametrize("made", [of_a_campaign, of_a_consultation, of_a_proposal, of_a_signature, of_minutes])
def test_a_form_does_not_undo_what_was_closed_or_decided_while_it_was_sent(made):
    pact = PactFactory()
    form, moved = made(pact, person(Role.ANIMATOR, pact))
    assert form.is_valid(), form.errors
    rows = type(form.instance)._base_manager.filter(pk=form.instance.pk)
    rows.update(**moved)
    before = rows.values().get()
    assert (saved(form), len(form.non_field_errors())) == (False, 1)
    assert rows.values().get() == before


def test_what_a_form_does_not_show_is_written_as_it_stands_when_it_is_saved():
    decision = DecisionFactory()
    meeting = decision.meeting
    pact = meeting.committee.pact
    typed = {"text": "Écrire aux communes", "revision": 0}
    form = DecisionForm(typed, instance=decision, meeting=meeting, pact=pact, user=person(Role.OFFICER, pact))
    assert form.is_valid(), form.errors
    type(decision).objects.get(pk=decision.pk).follow("done", on=today())
    assert saved(form)
    decision.refresh_from_db()
    assert (decision.text, decision.state, decision.done_on) == ("Écrire aux communes", "done", today())


@pytest.mark.parametrize("deed", ["add", "invite", "send", "close", "delete"])
def test_a_meeting_closed_meanwhile_takes_nothing_more(deed):
    item = AgendaItemFactory(meeting=MeetingFactory(held=True, minutes="<p>Dit</p>"))
    meeting = item.meeting
    type(meeting).objects.filter(pk=meeting.pk).update(closed_on=today())
    deeds = {
        "add": lambda: services.add_item(meeting=meeting, by=None, title="Tard"),
        "invite": lambda: services.invite_members(meeting=meeting, by=None),
        "send": lambda: meeting.send_minutes(on=today()),
        "close": lambda: meeting.close(on=today()),
        "delete": lambda: services.delete_item(item=item, by=None),
    }
    with pytest.raises(ValidationError, match="close"):
        deeds[deed]()
    assert list(meeting.items.all()) == [item]
