"""A collection: prepared, seen before anything leaves, followed, closed."""

import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from actions.access import can_follow_campaigns, can_lead_campaigns
from actions.campaigns import deeds, mails
from actions.campaigns.preparing import (
    REMINDER,
    Reminded,
    dead_among,
    letters_of,
    people_of,
    prepare,
    prepare_elsewhere,
    rows_of,
    who_left,
)
from actions.campaigns.questions import question_of
from actions.campaigns.reading import (
    asking_too,
    campaign_composed,
    narrowed,
    rates_of,
    request_composed,
    territory_rates,
    waking_of,
)
from actions.enums import AnswerKind, RequestState
from actions.forms.campaigns import CampaignForm, CampaignReminderForm, ChannelForm, ReturnForm, StaffPersonForm
from actions.looks import state_word
from actions.models import Campaign, CampaignPlan
from actions.selection import Selection
from actions.tables_campaigns import CampaignFilter, CampaignTable
from pti.access import require
from pti.dates import today
from pti.forms import saved
from pti.found import found_or_404
from pti.mail_choices import who_refuses
from pti.models import OutgoingMail, Pact
from pti.search import normalise
from pti.typography import plain, plural, quarter
from pti.views import ROWS_A_PAGE, TablePage, pact_or_404

# How long the leads have to answer, unless the animator says otherwise: a reminder prepared from a list, a whole collection.
REMINDER_LASTS = datetime.timedelta(days=10)
COLLECTION_LASTS = datetime.timedelta(days=21)


class CampaignList(TablePage):
    """Every collection of the pact, the latest first."""

    model = Campaign
    table_class = CampaignTable
    filterset_class = CampaignFilter
    template_name = "actions/campaign_list.html"
    allowed_in = staticmethod(can_follow_campaigns)

    def way_out(self):
        if can_lead_campaigns(self.request.user, self.pact):
            return reverse("actions:campaign_add", args=[self.pact.pk]), "Préparer une collecte"
        return None

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_lead=can_lead_campaigns(self.request.user, self.pact), **kwargs)


def campaign_or_404(request, pact_pk, pk, allowed=can_follow_campaigns):
    """The pact of the address and one of its collections, for whoever may."""
    pact = pact_or_404(request.user, pact_pk)
    campaign = found_or_404(campaign_composed(), pact.pk, pk)
    campaign.pact = pact
    require(allowed(request.user, pact))
    return pact, campaign


def request_or_404(request, pact_pk, pk):
    """One question of a collection of the pact of the address."""
    pact = pact_or_404(request.user, pact_pk)
    row = found_or_404(request_composed(), pact.pk, pk)
    row.campaign.pact = pact
    for subject in filter(None, (row.action, row.commitment)):
        subject.pact = pact
    require(can_follow_campaigns(request.user, pact))
    return pact, row


@require_http_methods(["GET", "POST"])
def campaign_add(request, pact_pk):
    """What is asked, of whom, until when; nothing leaves yet."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_lead_campaigns(request.user, pact))
    selection = Selection(request, pact)
    if not selection.words:
        return edit(request, pact, Campaign(pact=pact), "Préparer une collecte", "Voir qui recevra quoi")
    return edit(request, pact, Campaign(pact=pact), "Préparer une relance", "Voir qui recevra quoi", selection=selection)


@require_http_methods(["GET", "POST"])
def campaign_edit(request, pact_pk, pk):
    """The same, before it is opened; its words and its deadline afterwards."""
    pact, campaign = campaign_or_404(request, pact_pk, pk, can_lead_campaigns)
    require(campaign.closed_on is None)
    return edit(request, pact, campaign, "Modifier la collecte", "Enregistrer la collecte")


def edit(request, pact, campaign, title, verb, selection=None):
    reminded = Reminded(selection) if selection else None
    if reminded and not reminded.fiches:
        return redirect(f"{reverse('actions:remind_list', args=[pact.pk])}?{selection.query}")
    initial = None if campaign.pk else proposed(selection)
    chosen = reminded.fiches if reminded else campaign.actions.all() if campaign.pk and campaign.is_draft else ()
    local_pacts = () if campaign.pk or selection else led_below(request.user, pact)
    form = CampaignForm(request.POST or None, instance=campaign, chosen=chosen, local_pacts=local_pacts, initial=initial)
    if request.method == "POST":
        with transaction.atomic():
            done = saved(form)
            if done and campaign.is_draft:
                prepare(campaign=campaign)
                prepare_elsewhere(campaign=campaign, pacts=form.cleaned_data.get("local_pacts") or ())
        if done:
            messages.success(request, saved_words(form.cleaned_data.get("local_pacts") or ()))
            return redirect(campaign)
    context = {"pact": pact, "form": form, "title": title, "verb": verb, "campaign": campaign if campaign.pk else None}
    context |= {"selection": selection, "reminded": reminded}
    return render(request, "actions/campaign_form.html", context)


def proposed(selection=None):
    """What the form of a new collection says before anything is typed: about the running quarter, or about a list."""
    if selection:
        return {"name": f"Relance : {selection.name.lower()}", "deadline": today() + REMINDER_LASTS}
    period = plain(quarter(today()))
    return {"name": f"Point du {period}", "period": period, "deadline": today() + COLLECTION_LASTS}


def led_below(user, pact):
    """The local pacts of `pact` where this person may lead a collection."""
    rows = Pact.objects.visible_to(user).ordinary().filter(parent=pact).order_by("title", "id")
    return [one for one in rows if can_lead_campaigns(user, one)]


def saved_words(pacts):
    elsewhere = f", et une autre à ouvrir dans : {', '.join(map(str, pacts))}" if pacts else ""
    return f"Collecte enregistrée{elsewhere}."


def campaign_detail(request, pact_pk, pk):
    """Before: who will receive what. After: who has answered."""
    pact, campaign = campaign_or_404(request, pact_pk, pk)
    plan = CampaignPlan.objects.filter(campaign=campaign).first()
    context = {
        "pact": pact,
        "campaign": campaign,
        "days": mails.days_shown(campaign, plan),
        "may_lead": can_lead_campaigns(request.user, pact),
    }
    return (preview if campaign.is_draft else follow)(request, context, campaign)


def preview(request, context, campaign):
    rows = list(rows_of(campaign))
    letters = letters_of(rows, campaign.pact)
    context |= {
        "letters": [one for one in letters if one.leaves],
        "dead": [one for one in letters if one.is_dead],
        "left": [one for one in letters if one.has_left],
        "missed": campaign.is_planned and campaign.opens_on < today(),
        "refusing": [one for one in letters if one.refuses],
        "nobody": [row for row in rows if not row.person_email],
        "asking_too": asking_too(campaign),
        "mail": mails.preview(campaign, letters[0]) if letters else None,
    }
    return render(request, "actions/campaign_preview.html", context)


def follow(request, context, campaign):
    state = request.GET.get("etat", "")
    rows, narrowing = narrowed(rows_of(campaign), campaign, request.GET)
    whole, rates = rates_of(campaign)
    counts = dict.fromkeys(RequestState.values, 0)
    for value in campaign.requests.values_list("state", flat=True):
        counts[value] += 1
    sent = mails.last_days(campaign)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    awaited = {row.person_email.lower() for row in rows_of(campaign).awaited()}
    dead, left = dead_among(awaited), who_left(campaign.pact, awaited)
    refusing = who_refuses(REMINDER, {row.person_email.lower() for row in page})
    for row in page:
        row.has_left = row.is_awaited and row.person_email.lower() in left
        row.last_mail_on, row.is_dead = sent.get(row.person_email), row.person_email.lower() in dead
        row.refuses = row.is_awaited and row.person_email.lower() in refusing
    context |= {
        "whole": whole,
        "rates": rates,
        "places": territory_rates(campaign),
        "waking": waking_of([campaign])[campaign.pk],
        "narrowing": narrowing,
        "dead": len(dead),
        "page": page,
        "state": state if state in RequestState.values else "",
        "states": [(value, state_word(value, campaign), counts[value]) for value in RequestState],
        "calling": rows_of(campaign).calling() if campaign.is_open else [],
        "to_validate": counts[RequestState.ANSWERED],
        "awaited": counts[RequestState.TO_DO] + counts[RequestState.RETURNED],
    }
    return render(request, "actions/campaign_detail.html", context)


@require_http_methods(["GET", "POST"])
def campaign_reminders(request, pact_pk, pk):
    """The rhythm of the reminders and their days; what was sent to whom."""
    pact, campaign = campaign_or_404(request, pact_pk, pk, can_lead_campaigns)
    plan = CampaignPlan.objects.filter(campaign=campaign).first() or CampaignPlan(campaign=campaign)
    form = CampaignReminderForm(request.POST or None, instance=plan)
    if request.method == "POST" and saved(form):
        messages.success(request, "Relances automatiques en marche." if plan.is_active else "Relances automatiques arrêtées.")
        return redirect("actions:campaign_reminders", pact.pk, campaign.pk)
    kept = CampaignPlan.objects.filter(campaign=campaign).first()
    sent = OutgoingMail.objects.filter(pact=pact, key__startswith=mails.prefix_of(campaign)).defer("text", "html")
    context = {
        "pact": pact,
        "campaign": campaign,
        "form": form,
        "days": mails.days_shown(campaign, kept),
        "page": Paginator(sent, ROWS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "actions/campaign_reminders.html", context)


def say(request, deed, done):
    """Do it and say it, or say why not."""
    try:
        result = deed()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done(result))


@require_POST
def campaign_open(request, pact_pk, pk):
    """The mails leave."""
    _, campaign = campaign_or_404(request, pact_pk, pk, can_lead_campaigns)
    say(
        request,
        lambda: deeds.open_campaign(campaign=campaign, by=request.user),
        lambda count: f"Collecte ouverte : {plural(count, 'courriel')} en partance.",
    )
    return redirect(campaign)


@require_POST
def campaign_remind(request, pact_pk, pk):
    """Whoever has not answered, but those written to today."""
    _, campaign = campaign_or_404(request, pact_pk, pk)
    count = mails.remind_now(campaign)
    if count:
        messages.success(request, f"{plural(count, 'courriel')} en partance.")
    else:
        messages.info(request, "Rien n’est parti : ceux qu’on attend ont reçu un courriel aujourd’hui, ou n’ont pas d’adresse.")
    return redirect(campaign)


@require_POST
def campaign_validate(request, pact_pk, pk):
    """Every answer received, but the calls for help."""
    _, campaign = campaign_or_404(request, pact_pk, pk)
    say(
        request,
        lambda: deeds.validate_all(campaign=campaign, by=request.user),
        lambda count: f"{plural(count, 'réponse validée', 'réponses validées')}.",
    )
    return redirect(campaign)


@require_http_methods(["GET", "POST"])
def campaign_close(request, pact_pk, pk):
    """No more answers: said first, because it does not open again."""
    pact, campaign = campaign_or_404(request, pact_pk, pk, can_lead_campaigns)
    if request.method != "POST":
        if not campaign.is_open:
            return redirect(campaign)
        told = {"to_validate": deeds.to_validate_of(campaign).count(), "awaited": campaign.requests.awaited().count()}
        return render(request, "actions/campaign_close.html", {"pact": pact, "campaign": campaign, **told})
    say(request, lambda: deeds.close_campaign(campaign=campaign, by=request.user), closed_words)
    return redirect(campaign)


def closed_words(count):
    return f"Collecte close : {plural(count, 'réponse validée', 'réponses validées')}." if count else "Collecte close."


@require_POST
def campaign_unplan(request, pact_pk, pk):
    """It does not open by itself any more."""
    _, campaign = campaign_or_404(request, pact_pk, pk, can_lead_campaigns)
    if campaign.is_planned:
        campaign.opens_on = None
        campaign.save(update_fields=["opens_on"])
        messages.success(request, "La collecte ne s’ouvrira pas seule.")
    return redirect(campaign)


@require_POST
def campaign_delete(request, pact_pk, pk):
    """A draft of which nothing has left."""
    pact, campaign = campaign_or_404(request, pact_pk, pk, can_lead_campaigns)
    try:
        deeds.delete_draft(campaign=campaign, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(campaign)
    messages.success(request, "Collecte supprimée.")
    return redirect("actions:campaign_list", pact.pk)


@require_http_methods(["GET", "POST"])
def request_detail(request, pact_pk, pk):
    """One answer, and whom one writes to about this fiche."""
    pact, row = request_or_404(request, pact_pk, pk)
    others = deeds.others_of(row).count() if row.person_name and row.is_awaited else 0
    people = known_people(row)
    form = StaffPersonForm(request.POST or None, others=others, initial=first_guess(row, people))
    if form.is_valid():
        person = form.cleaned_data
        say(request, lambda: deeds.hand_over(request=row, by=request.user, **person), lambda _: "La personne est changée.")
        return redirect(row.campaign if row.campaign.is_draft else request.path)
    context = {"pact": pact, "asked": row, "campaign": row.campaign, "form": form, "people": people, "others": others}
    return render(request, "actions/request_detail.html", context)


def known_people(row):
    """Whom the pact knows in the body that is asked, but the person who is written to."""
    if row.organisation_id is None or not row.is_awaited:
        return []
    people = people_of(row.campaign.pact, {row.organisation_id})[row.organisation_id]
    gone = {row.person_email.lower(), normalise(row.person_name)}
    return [one for one in people if one.email not in gone and normalise(one.name) not in gone]


def first_guess(row, people):
    """Whom to write to: who is, who was named, with her address when the pact knows her."""
    if row.person_email:
        return {"name": row.person_name, "email": row.person_email}
    named = next((one for one in people if row.named and normalise(one.name) == normalise(row.named)), None)
    return {"name": named.name, "email": named.email} if named else {"name": row.named}


@require_POST
def request_validate(request, pact_pk, pk):
    """The answer is good."""
    _, row = request_or_404(request, pact_pk, pk)
    say(request, lambda: deeds.validate(request=row, by=request.user), lambda _: "Réponse validée.")
    return redirect("actions:request_detail", pact_pk, pk)


@require_http_methods(["GET", "POST"])
def request_return(request, pact_pk, pk):
    """Something is missing: the person is told what."""
    pact, row = request_or_404(request, pact_pk, pk)
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        say(request, lambda: deeds.give_back(request=row, reason=reason, by=request.user), lambda _: "Réponse rendue.")
        return redirect("actions:request_detail", pact_pk, pk)
    return render(request, "actions/request_return.html", {"pact": pact, "asked": row, "campaign": row.campaign, "form": form})


@require_http_methods(["GET", "POST"])
def request_answer(request, pact_pk, pk):
    """« Au nom de »: what was said by telephone, in a letter, in a meeting; an answer that came meanwhile is shown first."""
    pact, row = request_or_404(request, pact_pk, pk)
    question = question_of(row)
    is_same = "inchange" in request.POST
    form, how = question.form(row, None if is_same else request.POST or None), ChannelForm(request.POST or None)
    if how.is_valid() and (is_same or form.is_valid()):
        told = {"kind": AnswerKind.SAME} if is_same else {"kind": AnswerKind.NEWS, **question.told(form)}
        try:
            deeds.answer(request=row, by=request.user, on_behalf=row.organisation_id is not None, **how.cleaned_data, **told)
        except ValidationError as error:
            how.add_error(None, error)
            _, row = request_or_404(request, pact_pk, pk)
        else:
            messages.success(request, "Réponse enregistrée.")
            return redirect("actions:request_detail", pact_pk, pk)
    context = {"pact": pact, "asked": row, "campaign": row.campaign, "form": form, "how": how, "question": question}
    context["seen"] = deeds.answers_of(row)
    return render(request, "actions/request_answer.html", context | question.context(row, ""))
