"""The pages that a mail opens: the address is the key, for one person and one fiche. Reading them writes nothing."""

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions.campaigns import deeds, mails
from actions.campaigns.questions import question_of
from actions.enums import AnswerKind
from actions.forms.campaigns import HandOverForm, HelpForm, NotMeForm
from pti.dates import today
from pti.views import from_a_mail

# The page of a link that opens nothing is « gone », but for the one that never was.
STATUS = {"unknown": 404}
# An answer that the base could not take at once is given again.
TRIES = 3


def form_for(row, data=None, choice=""):
    """The form of the question; filled with what was answered when it is put right."""
    question = question_of(row)
    return question.form(row, data, choice, question.given(row) if row.is_correctable else None)


def link_or_refusal(request, token):
    """(link, None), or (link or None, the page that says why it opens nothing)."""
    link = deeds.find_link(token)
    why = "unknown" if link is None else "left" if deeds.has_left(link) else link.obstacle(today())
    if not why and request.method == "POST" and deeds.is_hammered(link):
        return link, render(request, "429.html", status=429)
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
    if request.method == "POST" and "inchange" in request.POST:
        return record(link, token, kind=AnswerKind.SAME)
    form = form_for(row, request.POST or None, request.GET.get("choix", ""))
    if request.method == "POST" and form.is_valid():
        refusal = refused(link, kind=AnswerKind.NEWS, **question_of(row).told(form))
        if refusal is None or not still_awaited(link):
            return redirect("answers:answer", token)
        form.add_error(None, refusal.messages)
    return show(request, link, token, form)


def refused(link, **told):
    """Write the answer; the refusal when there is one."""
    for left in reversed(range(TRIES)):
        try:
            deeds.answer(request=link.request, link=link, **told)
        except OperationalError:  # on SQLite others were writing for as long as one waits
            if not left:
                raise
        except ValidationError as error:
            return error
        else:
            break
    return None


def still_awaited(link):
    """False once somebody else has answered, a second before: what she said is shown instead."""
    link.request.refresh_from_db(fields=["state"])
    return link.request.is_awaited and link.request.campaign.is_open


def record(link, token, **told):
    """Write the answer, or show what somebody else said meanwhile."""
    refused(link, **told)
    return redirect("answers:answer", token)


def show(request, link, token, form, **forms):
    """The page of one question, for one person."""
    row, rows = link.request, list(deeds.awaited_of(link))
    waiting = [one for one in rows if one.is_awaited and one.pk != row.pk]
    waiting += deeds.awaited_elsewhere(link) if row.is_correctable else []
    question = question_of(row)
    context = {
        "token": token,
        "link": link,
        "asked": row,
        "question": question,
        "campaign": row.campaign,
        "person": row.person_name if link.sent_to.lower() == row.person_email.lower() else link.sent_to,
        "form": form,
        "place": next((at for at, one in enumerate(rows, 1) if one.pk == row.pk), 1),
        "count": max(len(rows), 1),
        "following": waiting[0] if waiting else None,
        "left": len(waiting),
        "help_form": HelpForm(),
        "hand_over_form": HandOverForm(),
        "not_me_form": NotMeForm(),
        **question.context(row, request.GET.get("choix", "")),
        **forms,
    }
    return render(request, "actions/answer.html", context)


@from_a_mail
@require_http_methods(["GET", "HEAD", "POST"])
def answer_deed(request, token, deed):
    """Ask for help, hand over, say that it is somebody else, ask a new link, go to the next fiche.

    Read, which a phone does when it opens its pages again, it is the question itself.
    """
    if deed != "lien" and deed not in DEEDS:
        raise Http404
    if request.method != "POST":
        return redirect("answers:answer", token)
    if deed == "lien":
        return send_new_link(request, token)
    link, refusal = link_or_refusal(request, token)
    return refusal or DEEDS[deed](request, link, token)


def ask_help(request, link, token):
    form = HelpForm(request.POST)
    if not form.is_valid():
        return show(request, link, token, form_for(link.request), help_form=form)
    return record(link, token, kind=AnswerKind.HELP, said=form.cleaned_data["said"])


def hand_over(request, link, token):
    form = HandOverForm(request.POST)
    if form.is_valid():
        try:
            deeds.hand_over(request=link.request, name=form.cleaned_data["name"], email=form.cleaned_data["email"])
        except ValidationError as error:
            form.add_error("email", error)
        else:
            following, next_token = next_of(link)
            told = {"why": "handed", "asked": link.request, "following": following, "next_token": next_token}
            return render(request, "actions/answer_closed.html", {**told, **form.cleaned_data})
    return show(request, link, token, form_for(link.request), hand_over_form=form)


def not_me(request, link, token):
    form = NotMeForm(request.POST)
    if not form.is_valid():
        return show(request, link, token, form_for(link.request), not_me_form=form)
    deeds.not_me(request=link.request, named=form.cleaned_data["named"], everything=form.cleaned_data["everything"])
    return render(request, "actions/answer_closed.html", {"why": "not_me", "asked": link.request})


def go_on(request, link, token):
    """The next fiche of the same person, by a link of its own."""
    return redirect("answers:answer", next_of(link)[1] or token)


def next_of(link):
    """(what the same person is still asked, the token of its link), or (None, \"\")."""
    row = deeds.awaited_of(link).awaited().exclude(pk=link.request_id).first()
    if row:
        return row, mails.make_link(row, link.sent_to, expires=link.expires_on)
    row = deeds.awaited_elsewhere(link).first()
    return row, mails.make_link(row, link.sent_to) if row else ""


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
