"""The pages that a mail opens: the address is the key, for one person and one fiche. Reading them writes nothing."""

from functools import wraps

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from actions.campaigns import deeds, mails
from actions.enums import ActionStatus, AnswerKind, Confidence
from actions.forms.campaigns import HandOverForm, HelpForm, MailChoiceForm, NotMeForm
from actions.forms.updates import TEXTS, UpdateForm
from actions.models import MailChoice
from actions.views.updates import milestones_to_ask
from pti.dates import today

# What a choice of the mail says, in the words of the mail.
CHOICES = {"mieux": "Cela avance mieux", "moins-bien": "Cela se complique", "realisee": "C’est réalisé"}
LADDER = (Confidence.COMPROMISED, Confidence.SUPPORT, Confidence.REACHABLE, Confidence.SECURED)
STATUS = {"unknown": 404}


def from_a_mail(view):
    """Open without login; told to no other site and to no search engine.

    No CSRF token: nothing here rests on a cookie, the address itself is the secret, and a page without referrer sends
    « Origin: null », which the check refuses.
    """

    @wraps(view)
    def opened(request, *args, **kwargs):
        if request.method == "POST" and not ratelimit.consume(request, action="answer"):
            response = render(request, "429.html", status=429)
        else:
            response = view(request, *args, **kwargs)
        response["Referrer-Policy"], response["X-Robots-Tag"] = "no-referrer", "noindex, nofollow"
        return response

    return login_not_required(csrf_exempt(never_cache(opened)))


def preset(action, choice):
    """{field: value} that one choice of the mail sets on the page: the link → what is ticked."""
    at = LADDER.index(action.confidence) if action.confidence in LADDER else None
    if choice == "mieux":
        return {"confidence": LADDER[min(at + 1, 3)] if at is not None else Confidence.REACHABLE}
    if choice == "moins-bien":
        return {"confidence": LADDER[max(at - 1, 0)] if at is not None else Confidence.SUPPORT}
    return {"status": ActionStatus.DONE} if choice == "realisee" else {}


def chosen(action, choice):
    """What one tap confirms of the choice made in the mail; None when it would change nothing."""
    said = preset(action, choice)
    if all(getattr(action, name) == value for name, value in said.items()):
        return None
    return {"words": CHOICES[choice], "status": action.status, "confidence": action.confidence} | said


def form_for(row, data=None, choice=""):
    """The form of an update about the one fiche; filled with what was said when it is put right."""
    action, on = row.action, row.campaign.pact.reference_day
    given = row.given if row.is_correctable else None
    said = {name: getattr(given, name) for name in ("status", "confidence", *TEXTS)} if given else {}
    initial = {name: value for name, value in said.items() if value} | preset(action, choice)
    indicators = action.indicators.order_by("order", "id") if row.campaign.asks_values else []
    return UpdateForm(
        data, action=action, milestones=milestones_to_ask(action, on), indicators=indicators, year=on.year, initial=initial
    )


def link_or_refusal(request, token):
    """(link, None), or (link or None, the page that says why it opens nothing)."""
    link = deeds.find_link(token)
    why = "unknown" if link is None else link.obstacle(today())
    if not why:
        return link, None
    context = {"why": why, "link": link, "asked": link and link.request, "token": token}
    return link, render(request, "actions/answer_closed.html", context, status=STATUS.get(why, 410))


@from_a_mail
@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request, token):
    """One tap, or an update; what was answered may be put right for a day."""
    link, refusal = link_or_refusal(request, token)
    if refusal:
        return refusal
    row = link.request
    form = form_for(row, request.POST or None, request.GET.get("choix", ""))
    if request.method == "POST":
        if "inchange" in request.POST:
            return record(link, token, form, kind=AnswerKind.SAME)
        if form.is_valid():
            told = {"milestones": form.told_milestones(), "values": form.told_values(), **form.said()}
            return record(link, token, form, kind=AnswerKind.NEWS, **told)
    return show(request, link, token, form)


def record(link, token, form, **told):
    """Write the answer; somebody else's, a second before, is shown instead."""
    try:
        deeds.answer(request=link.request, **told)
    except ValidationError:
        return redirect("answers:answer", token)
    deeds.spend(link)
    return redirect("answers:answer", token)


def show(request, link, token, form, **forms):
    """The page of one fiche, for one person."""
    row, rows = link.request, list(deeds.awaited_of(link))
    waiting = [one for one in rows if one.is_awaited and one.pk != row.pk]
    action = row.action
    context = {
        "token": token,
        "link": link,
        "asked": row,
        "action": action,
        "campaign": row.campaign,
        "person": row.person_name if link.sent_to.lower() == row.person_email.lower() else link.sent_to,
        "form": form,
        "last": action.updates.first(),
        "chosen": chosen(action, request.GET.get("choix", "")),
        "place": next((at for at, one in enumerate(rows, 1) if one.pk == row.pk), 1),
        "count": max(len(rows), 1),
        "following": waiting[0] if waiting else None,
        "left": len(waiting),
        "help_form": HelpForm(),
        "hand_over_form": HandOverForm(),
        "not_me_form": NotMeForm(),
        **forms,
    }
    return render(request, "actions/answer.html", context)


@from_a_mail
@require_POST
def answer_deed(request, token, deed):
    """Ask for help, hand over, say that it is somebody else, ask a new link, go to the next fiche."""
    if deed == "lien":
        return send_new_link(request, token)
    if deed not in DEEDS:
        raise Http404
    link, refusal = link_or_refusal(request, token)
    return refusal or DEEDS[deed](request, link, token)


def ask_help(request, link, token):
    form = HelpForm(request.POST)
    if not form.is_valid():
        return show(request, link, token, form_for(link.request), help_form=form)
    return record(link, token, form, kind=AnswerKind.HELP, said=form.cleaned_data["said"])


def hand_over(request, link, token):
    form = HandOverForm(request.POST)
    if form.is_valid():
        try:
            deeds.hand_over(request=link.request, name=form.cleaned_data["name"], email=form.cleaned_data["email"])
        except ValidationError as error:
            form.add_error("email", error)
        else:
            return render(request, "actions/answer_closed.html", {"why": "handed", "asked": link.request, **form.cleaned_data})
    return show(request, link, token, form_for(link.request), hand_over_form=form)


def not_me(request, link, token):
    form = NotMeForm(request.POST)
    if not form.is_valid():
        return show(request, link, token, form_for(link.request), not_me_form=form)
    deeds.not_me(request=link.request, named=form.cleaned_data["named"])
    return render(request, "actions/answer_closed.html", {"why": "not_me", "asked": link.request})


def go_on(request, link, token):
    """The next fiche of the same person, by a link of its own."""
    row = deeds.awaited_of(link).awaited().exclude(pk=link.request_id).first()
    if row is None:
        return redirect("answers:answer", token)
    return redirect("answers:answer", mails.make_link(row, link.sent_to, expires=link.expires_on))


def send_new_link(request, token):
    link = deeds.find_link(token)
    if link is None:
        raise Http404
    try:
        deeds.new_link(link)
    except ValidationError:
        return link_or_refusal(request, token)[1] or redirect("answers:answer", token)
    return render(request, "actions/answer_closed.html", {"why": "sent", "asked": link.request})


DEEDS = {"aide": ask_help, "transmettre": hand_over, "pas-moi": not_me, "suite": go_on}


@from_a_mail
@require_http_methods(["GET", "HEAD", "POST"])
def mail_choices(request, signed):
    """Which mails one receives; the one-click header of mail programs stops them all."""
    email = mails.email_of(signed)
    if email is None:
        raise Http404
    choice = MailChoice.objects.filter(email=email).first() or MailChoice(email=email)
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    data = dict.fromkeys(MailChoiceForm.Meta.fields, True) if one_click else request.POST
    form = MailChoiceForm(data if request.method == "POST" else None, instance=choice)
    done = request.method == "POST" and form.is_valid()
    if done:
        form.save()
    return render(request, "actions/mail_choices.html", {"form": form, "email": email, "done": done})
