"""The concertation: a version submitted to partners, what they propose, what is answered, what enters the text."""

import datetime
import smtplib

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils.html import strip_tags

from partners.consulting import Shifted, answers_of, close_consultation, decide, open_consultation
from partners.enums import ProposalState
from partners.models import Consultation, Opinion, Proposal
from partners.passages import Passages
from pti import outbox
from pti.dates import today
from pti.enums import PactState, Role, VersionStage
from pti.fields import passages_of
from pti.parts import missing
from pti.services import change_state
from pti.turns import turn_of
from tests.factories.actions import AxisFactory, IndicatorFactory
from tests.factories.partners import (
    PDF,
    CommitmentFactory,
    ConsultationFactory,
    ContactFactory,
    OpinionFactory,
    PartnerFactory,
    ProposalFactory,
    member,
)
from tests.factories.pti import PactFactory, SectionFactory, freeze, person
from tests.filling import fill
from tests.world import log_in

pytestmark = pytest.mark.django_db
TWO = "<p>Les partenaires s’engagent.</p><p>Le pacte dure trois ans.</p>"


@pytest.fixture
def pact():
    return PactFactory()


@pytest.fixture
def section(pact):
    return SectionFactory(pact=pact, title="Objet", text=TWO)


@pytest.fixture
def animator(pact):
    return person(Role.ANIMATOR, pact)


@pytest.fixture
def caf(pact):
    return PartnerFactory(pact=pact, organisation__name="CAF")


@pytest.fixture
def consultation(pact, section, caf):
    return ConsultationFactory(pact=pact, partners=[caf])


def accept(proposal, by, **more):
    return decide(proposal=proposal, state=ProposalState.ACCEPTED, answer="Merci.", by=by, **more)


def text_of(section):
    section.refresh_from_db()
    return section.text


# Opening ---------------------------------------------------------------------------------------------------------------


def test_opening_snapshots_the_text_and_freezes_nothing(pact, section, caf, animator):
    ContactFactory(pact=pact, organisation=caf.organisation, email="referente@caf.example", is_referent=True)
    ContactFactory(pact=pact, organisation=caf.organisation, email="autre@caf.example")
    row = open_consultation(pact=pact, title="Lecture", deadline=today(), partners=[caf], by=animator, message="À vous")
    outbox.deliver()
    pact.refresh_from_db()
    assert (pact.state, row.version.stage, pact.is_frozen) == (PactState.CONSULTATION, VersionStage.WORKING, False)
    assert TWO in row.version.content.replace('\\"', '"')
    assert [(one.to, "À vous" in one.body) for one in mail.outbox] == [(["referente@caf.example"], True)]
    assert reverse("partners:consultation_detail", args=[pact.pk, row.pk]) in mail.outbox[0].body


def test_an_address_that_is_refused_keeps_the_mail_from_no_other_partner(pact, section, animator, monkeypatch):
    partners = PartnerFactory.create_batch(3, pact=pact)
    for number, partner in enumerate(partners):
        ContactFactory(pact=pact, organisation=partner.organisation, email=f"p{number}@caf.example", is_referent=True)
    send = EmailBackend.send_messages

    def refusing(self, messages):
        if messages[0].to == ["p1@caf.example"]:
            raise smtplib.SMTPRecipientsRefused({"p1@caf.example": (550, b"unknown")})
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refusing)
    open_consultation(pact=pact, title="Lecture", deadline=today(), partners=partners, by=animator)
    assert outbox.deliver() == 2
    assert [one.to for one in mail.outbox] == [["p0@caf.example"], ["p2@caf.example"]]
    assert pact.outgoing_mails.exclude(failed_at=None).get().to == "p1@caf.example"


@pytest.mark.parametrize("state", [PactState.SCOPING, PactState.ADOPTION, PactState.IN_FORCE])
def test_a_text_that_is_not_being_written_is_not_submitted(pact, caf, animator, state):
    freeze(pact, state)
    with pytest.raises(ValidationError, match="pendant que le texte s’écrit"):
        open_consultation(pact=pact, title="Lecture", deadline=today(), partners=[caf], by=animator)


def test_the_animator_opens_by_the_page_and_chooses_whom_it_asks(client, pact, section, caf, animator):
    msa = PartnerFactory(pact=pact, organisation__name="MSA")
    log_in(client, animator)
    url = reverse("partners:consultation_add", args=[pact.pk])
    fill(client, url, title="Première lecture", deadline="31/12/2099", partners=[caf.pk])
    row = Consultation.objects.get()
    assert [one.partner for one in row.invited.all()] == [caf]
    assert (row.opened_by, row.deadline) == (animator, datetime.date(2099, 12, 31))
    fill(client, reverse("partners:consultation_edit", args=[pact.pk, row.pk]), partners=[msa.pk])
    assert {one.partner for one in row.invited.all()} == {caf, msa}


def test_a_past_deadline_is_refused_beside_its_field(client, pact, caf, animator):
    log_in(client, animator)
    data = {"title": "x", "deadline": "01/01/2001", "partners": [caf.pk]}
    response = client.post(reverse("partners:consultation_add", args=[pact.pk]), data)
    assert "Cette date est passée" in response.context["form"].errors["deadline"][0]
    assert Consultation.objects.count() == 0


# A partner, without JavaScript ----------------------------------------------------------------------------------------


def test_a_partner_reads_proposes_on_a_passage_and_reads_the_answer_later(client, pact, section, caf, consultation, animator):
    person_of_caf = member(caf, first_name="Claire", last_name="Morvan")
    log_in(client, person_of_caf)
    home = client.get(consultation.get_absolute_url()).content.decode()
    place = reverse("partners:place_detail", args=[pact.pk, consultation.pk, section.uid])
    assert place in home
    page = client.get(place).content.decode()
    url = reverse("partners:proposal_add", args=[pact.pk, consultation.pk, section.uid, "text"])
    assert f"{url}?passage=1" in page
    form = client.get(f"{url}?passage=1").content.decode()
    assert ">\nLe pacte dure trois ans.</textarea>" in form
    fill(client, f"{url}?passage=1", text="Le pacte dure cinq ans.", reason="Le temps d’agir.")
    proposal = Proposal.objects.get()
    assert (proposal.partner, proposal.author_name, proposal.is_passage) == (caf, "Claire Morvan", True)
    assert (proposal.base, proposal.text) == ("<p>Le pacte dure trois ans.</p>", "<p>Le pacte dure cinq ans.</p>")
    accept(proposal, animator)
    assert text_of(section) == "<p>Les partenaires s’engagent.</p><p>Le pacte dure cinq ans.</p>"
    assert "Merci." in client.get(consultation.get_absolute_url()).content.decode()


def test_an_unchanged_text_is_no_proposal(client, pact, section, caf, consultation):
    log_in(client, member(caf))
    url = reverse("partners:proposal_add", args=[pact.pk, consultation.pk, section.uid, "text"])
    response = client.post(url, {"text": "Les partenaires s’engagent.\n\nLe pacte dure trois ans."})
    assert "celui que vous avez lu" in response.context["form"].errors["text"][0]


def test_a_partner_writes_its_proposal_again_until_it_is_examined(client, section, caf, consultation, animator):
    proposal = ProposalFactory(consultation=consultation, partner=caf, target=section)
    log_in(client, member(caf))
    url = reverse("partners:proposal_edit", args=[consultation.pact_id, proposal.pk])
    fill(client, url, text="Encore autre chose.")
    proposal.refresh_from_db()
    assert proposal.text == "<p>Encore autre chose.</p>"
    accept(proposal, animator)
    assert client.get(url).status_code == 403


def test_a_partner_sees_its_own_answers_and_no_other(client, section, caf, consultation):
    theirs = ProposalFactory(consultation=consultation, target=section, text="<p>Secret des autres.</p>")
    OpinionFactory(consultation=consultation, partner=theirs.partner, text="<p>Avis des autres.</p>")
    log_in(client, member(caf))
    pages = [
        consultation.get_absolute_url(),
        reverse("partners:place_detail", args=[consultation.pact_id, consultation.pk, section.uid]),
    ]
    for url in pages:
        assert "des autres" not in client.get(url).content.decode()
    assert client.get(theirs.get_absolute_url()).status_code == 404


def test_a_partner_who_was_not_asked_reads_and_does_not_answer(client, pact, section, consultation):
    log_in(client, member(PartnerFactory(pact=pact)))
    assert client.get(consultation.get_absolute_url()).status_code == 200
    assert client.get(reverse("partners:opinion_edit", args=[pact.pk, consultation.pk])).status_code == 403


def test_a_closed_consultation_takes_no_answer(client, pact, caf, consultation):
    close_consultation(consultation=consultation)
    log_in(client, member(caf))
    assert client.get(reverse("partners:opinion_edit", args=[pact.pk, consultation.pk])).status_code == 403
    with pytest.raises(ValidationError, match="déjà close"):
        close_consultation(consultation=consultation)


def test_an_opinion_is_given_then_changed_by_its_partner(client, pact, caf, consultation):
    log_in(client, member(caf))
    url = reverse("partners:opinion_edit", args=[pact.pk, consultation.pk])
    response = client.post(url, {"kind": "unfavourable"})
    assert response.context["form"].errors["text"] == ["Dites pourquoi, ici ou dans un document joint."]
    fill(client, url, kind="reserved", text="Sous réserve du budget.")
    fill(client, url, kind="favourable")
    assert [(one.kind, one.partner) for one in Opinion.objects.all()] == [("favourable", caf)]


# In the name of --------------------------------------------------------------------------------------------------------


def test_what_arrived_by_mail_is_recorded_in_the_name_of_the_partner_with_its_file(client, pact, section, caf, consultation):
    officer = person(Role.OFFICER, pact)
    log_in(client, officer)
    url = reverse("partners:opinion_edit", args=[pact.pk, consultation.pk])
    file = SimpleUploadedFile("avis.pdf", PDF)
    fill(client, f"{url}?partenaire={caf.pk}", kind="favourable", received_by="letter", author_name="La directrice", file=file)
    opinion = Opinion.objects.get()
    assert (opinion.on_behalf, opinion.recorded_by, opinion.received_by) == (True, officer, "letter")
    assert (opinion.author_name, opinion.proof.name, opinion.proof.partner) == ("La directrice", "avis.pdf", caf)


# Examining -------------------------------------------------------------------------------------------------------------


def test_each_decision_needs_a_reason_that_the_partner_reads(section, caf, consultation, animator):
    proposal = ProposalFactory(consultation=consultation, partner=caf, target=section)
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        decide(proposal=proposal, state=ProposalState.REFUSED, answer=" ", by=animator)
    decide(proposal=proposal, state=ProposalState.REFUSED, answer="Déjà dit.", by=animator)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer, proposal.decided_by) == (ProposalState.REFUSED, "Déjà dit.", animator)
    assert text_of(section) == TWO
    with pytest.raises(ValidationError, match="déjà examinée"):
        accept(proposal, animator)


def test_the_queue_accepts_and_refuses_in_one_gesture(client, pact, section, caf, consultation, animator):
    first = ProposalFactory(consultation=consultation, partner=caf, target=section, text="<p>Un.</p>")
    second = ProposalFactory(consultation=consultation, partner=caf, target=section, text="<p>Deux.</p>")
    log_in(client, animator)
    queue = reverse("partners:proposal_list", args=[pact.pk])
    assert "<ins>" in client.get(queue).content.decode()
    decide_url = [reverse("partners:proposal_decide", args=[pact.pk, one.pk]) for one in (first, second)]
    assert client.post(decide_url[0], {"answer": "Merci.", "decision": "accepter"}).status_code == 302
    assert client.post(decide_url[1], {"answer": "Non.", "decision": "refuser"}).status_code == 302
    assert text_of(section) == "<p>Un.</p>"
    assert [one.state for one in Proposal.objects.order_by("pk")] == ["accepted", "refused"]
    assert section.history.first().history_change_reason == f"Proposition de {caf}"


def test_an_amended_proposal_enters_with_the_words_of_the_staff(client, pact, section, caf, consultation, animator):
    proposal = ProposalFactory(
        consultation=consultation,
        partner=caf,
        target=section,
        is_passage=True,
        base=passages_of(TWO)[1],
        text="<p>Dix ans.</p>",
    )
    log_in(client, animator)
    data = {"answer": "Sept suffisent.", "decision": "amender", "text": "<p>Sept ans.</p>"}
    assert client.post(reverse("partners:proposal_decide", args=[pact.pk, proposal.pk]), data).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.entered_text) == (ProposalState.AMENDED, "<p>Sept ans.</p>")
    assert text_of(section) == "<p>Les partenaires s’engagent.</p><p>Sept ans.</p>"


def test_two_proposals_on_two_passages_both_enter(section, consultation, animator):
    for base, text in zip(passages_of(TWO), ("<p>Un.</p>", "<p>Deux.</p>"), strict=True):
        accept(ProposalFactory(consultation=consultation, target=section, is_passage=True, base=base, text=text), animator)
    assert text_of(section) == "<p>Un.</p><p>Deux.</p>"


def test_a_passage_written_again_since_is_shown_and_chosen_never_lost(client, pact, section, caf, consultation, animator):
    proposal = ProposalFactory(consultation=consultation, partner=caf, target=section, text="<p>Proposé.</p>")
    section.text = "<p>Réécrit entre-temps.</p>"
    section.save()
    with pytest.raises(Shifted):
        accept(proposal, animator)
    log_in(client, animator)
    url = reverse("partners:proposal_decide", args=[pact.pk, proposal.pk])
    page = client.post(url, {"answer": "Merci.", "decision": "accepter"})
    assert "réécrit depuis la proposition" in page.content.decode()
    assert page.context["form"]["answer"].value() == "Merci."
    seen = page.context["form"]["seen"].value()
    assert seen == "<p>Réécrit entre-temps.</p>"
    section.text = "<p>Réécrit encore.</p>"
    section.save()
    data = {"answer": "Merci.", "decision": "amender", "text": "<p>Les deux.</p>", "whole": "on", "seen": seen}
    page = client.post(url, data)
    assert "a encore changé" in page.content.decode()
    assert text_of(section) == "<p>Réécrit encore.</p>"
    assert client.post(url, {**data, "seen": page.context["form"]["seen"].value()}).status_code == 302
    assert text_of(section) == "<p>Les deux.</p>"


def test_a_passage_that_left_the_text_is_said_and_may_be_refused(client, pact, section, caf, consultation, animator):
    proposal = ProposalFactory(consultation=consultation, partner=caf, target=section)
    section.delete()
    log_in(client, animator)
    assert "n’est plus dans le texte" in client.get(proposal.get_absolute_url()).content.decode()
    with pytest.raises(Shifted):
        accept(proposal, animator)
    decide(proposal=proposal, state=ProposalState.REFUSED, answer="La section est partie.", by=animator)


def test_a_frozen_text_refuses_an_accepted_proposal(section, caf, consultation, animator):
    proposal = ProposalFactory(consultation=consultation, partner=caf, target=section)
    freeze(section.pact)
    with pytest.raises(ValidationError, match="arrêté"):
        accept(proposal, animator)
    proposal.refresh_from_db()
    assert proposal.is_pending


def test_what_enters_is_credited_to_its_author_on_the_page_of_the_text(client, pact, section, caf, consultation, animator):
    proposal = ProposalFactory(consultation=consultation, partner=caf, target=section)
    ProposalFactory(consultation=consultation, partner=caf, target=section, refused=True)
    accept(proposal, animator)
    log_in(client, person(Role.READER, pact))
    page = client.get(pact.get_absolute_url()).content.decode()
    assert "1\u00a0contribution de partenaires" in page


# From one consultation to the next ------------------------------------------------------------------------------------


def test_pending_proposals_are_carried_to_the_next_consultation(pact, section, caf, consultation, animator):
    proposal = ProposalFactory(consultation=consultation, partner=caf, target=section, reason="Pour tous")
    close_consultation(consultation=consultation)
    second = open_consultation(pact=pact, title="Seconde", deadline=today(), partners=[caf], by=animator)
    proposal.refresh_from_db()
    (carried,) = second.proposals.all()
    assert (proposal.state, carried.state, carried.carried_from) == ("carried", "submitted", proposal)
    assert (carried.reason, carried.base, carried.text) == ("Pour tous", proposal.base, proposal.text)
    assert [line.has_answered for line in answers_of(second)] == [False]


def test_what_waits_for_an_answer_is_a_warning_at_adoption(pact, section, caf, consultation, animator):
    ProposalFactory(consultation=consultation, partner=caf, target=section)
    said = [todo.text for todo in missing(pact)]
    assert f"La concertation « {consultation} » n’est pas close." in said
    assert "1\u00a0proposition de partenaire attend une réponse." in said
    change_state(pact=pact, to=PactState.ADOPTION, by=animator, reason="Le calendrier")
    assert Proposal.objects.get().is_pending


# Who answered, whose turn ---------------------------------------------------------------------------------------------


def test_the_page_says_who_is_awaited_and_since_when(client, pact, caf, consultation, animator):
    msa = PartnerFactory(pact=pact)
    consultation.invited.create(partner=msa, invited_on=today() - datetime.timedelta(days=12))
    OpinionFactory(consultation=consultation, partner=caf)
    log_in(client, animator)
    page = client.get(consultation.get_absolute_url())
    assert [(line.partner, line.days) for line in page.context["awaited"]] == [(msa, 12)]
    assert [line.partner for line in page.context["answered"]] == [caf]


def test_the_turn_follows_the_concertation(pact, section, caf, consultation, animator):
    freeze(pact, PactState.CONSULTATION)
    person_of_caf = member(caf)
    assert turn_of(person_of_caf, pact).url == consultation.get_absolute_url()
    assert turn_of(animator, pact).wait
    proposal = ProposalFactory(consultation=consultation, partner=caf, target=section)
    assert turn_of(animator, pact).url == reverse("partners:proposal_list", args=[pact.pk])
    assert turn_of(person_of_caf, pact).url == ""
    accept(proposal, animator)


def test_the_dashboard_says_what_waits_for_the_staff_and_for_whom_they_wait(client, pact, section, caf, consultation, animator):
    freeze(pact, PactState.CONSULTATION)
    msa = PartnerFactory(pact=pact, organisation__name="MSA")
    consultation.invited.create(partner=msa)
    ProposalFactory(consultation=consultation, partner=caf, target=section)
    log_in(client, animator)
    page = client.get(reverse("evaluation:dashboard", args=[pact.pk])).content.decode()
    assert "1\u00a0proposition de partenaire attend une réponse." in strip_tags(page)
    assert "avis sur le texte" in page


# Shape -----------------------------------------------------------------------------------------------------------------


def test_the_version_is_read_passage_by_passage(section, consultation):
    passages = Passages(consultation.version)
    place = passages.find(str(section.uid))
    (text,) = passages.texts(place)
    assert (place.title, text.name, text.passages) == ("Objet", "text", passages_of(TWO))
    assert passages.find(str(consultation.uid)) is None


def test_partners_propose_on_the_definition_of_an_indicator(client, pact, caf, animator):
    indicator = IndicatorFactory(pact=pact, name="Délai", definition="Moyenne < 30 jours")
    consultation = ConsultationFactory(pact=pact, partners=[caf])
    passages = Passages(consultation.version)
    text = passages.texts(passages.find(str(indicator.uid)))[0]
    assert text.html == "<p>Moyenne &lt; 30 jours</p>"
    log_in(client, member(caf))
    address = reverse("partners:proposal_add", args=[pact.pk, consultation.pk, indicator.uid, "definition"])
    client.post(address, {"text": "<p>Médiane &lt; 20 jours</p>", "reason": "Plus juste"})
    row = accept(Proposal.objects.get(), animator)
    indicator.refresh_from_db()
    assert indicator.definition == "Médiane < 20 jours"
    assert f"{caf}\u00a0: proposée" in client.get(indicator.get_absolute_url()).content.decode()
    with pytest.raises(ValidationError, match="déjà examinée"):
        accept(row, animator)


def test_what_entered_an_axis_or_a_commitment_is_credited_there(client, pact, caf, consultation, animator):
    axis, commitment = AxisFactory(pact=pact, objective="<p>Un</p>"), CommitmentFactory(pact=pact, partners=[caf])
    for row, name in ((axis, "objective"), (commitment, "text")):
        said = {"target_model": type(row).__name__, "target_uid": row.uid, "field": name}
        ProposalFactory(consultation=consultation, partner=caf, accepted=True, **said)
    log_in(client, animator)
    for address in (axis.get_absolute_url(), caf.get_absolute_url()):
        assert "1\u00a0contribution de partenaires" in client.get(address).content.decode()
    assert client.get(pact.get_absolute_url()).content.decode().count("1\u00a0contribution de partenaires") == 1


@pytest.mark.parametrize(
    "html",
    [
        "",
        TWO,
        "<h4>T</h4><ul><li><p>a</p></li><li>b</li></ul><table><tbody><tr><td><p>x</p></td></tr></tbody></table>",
        "a<br>b",
    ],
)
def test_passages_joined_are_the_text(html):
    assert "".join(passages_of(html)) == html


@pytest.mark.parametrize("count", [1, 3])
def test_consultation_list_query_count(client, pact, animator, count, django_assert_num_queries):
    log_in(client, animator)
    for _ in range(count):
        ConsultationFactory(pact=pact, partners=[PartnerFactory(pact=pact)])
    with django_assert_num_queries(6):
        response = client.get(reverse("partners:consultation_list", args=[pact.pk]))
    assert len(response.context["table"].rows) == count


@pytest.mark.parametrize("count", [1, 3])
def test_proposal_list_query_count(client, pact, section, consultation, animator, count, django_assert_num_queries):
    log_in(client, animator)
    ProposalFactory.create_batch(count, consultation=consultation, target=section)
    with django_assert_num_queries(7):
        response = client.get(reverse("partners:proposal_list", args=[pact.pk]))
    assert len(response.context["lines"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_consultation_detail_query_count(client, pact, section, consultation, animator, count, django_assert_num_queries):
    log_in(client, animator)
    for _ in range(count):
        partner = PartnerFactory(pact=pact)
        consultation.invited.create(partner=partner)
        ProposalFactory(consultation=consultation, partner=partner, target=section)
    with django_assert_num_queries(10):
        client.get(consultation.get_absolute_url())


def test_a_partner_that_is_consulted_is_not_taken_out(client, pact, caf, consultation, animator):
    log_in(client, animator)
    response = client.post(reverse("partners:partner_delete", args=[pact.pk, caf.pk]))
    assert "il est consulté sur le texte" in response.content.decode()
    assert list(pact.partners.all()) == [caf]
