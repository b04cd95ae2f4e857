"""« Préviens-moi »: what enters a saved view is told by mail, in the next slot of the day or once a week, never twice.

What a person knows of a view is kept with her subscription, and moves with the mail that tells it: in one transaction. The
mail that waits names fiches by their uid; their titles are written as it leaves, for whoever may still read them.
"""

import re
from html import escape

from django.db import transaction
from django.utils import timezone

from actions.enums import Pace
from actions.filters import ActionFilter
from actions.models import Action, SavedView, Subscription
from pti import mail_choices, outbox
from pti.access import is_staff_on
from pti.jobs import slot_of
from pti.mail import absolute_url, site_url
from pti.models import OutgoingMail, Pact, User

TEMPLATE = "mail/views"
KEY = "vues:"
KIND = "saved_views"
MARK = re.compile(r"\[fiche-([0-9a-f-]{36})\]")
GONE_ALL = "Son compte est fermé, ou aucune de ces fiches ne lui est plus ouverte."
GONE = "une fiche qui ne vous est plus ouverte"
# So many fiches are named for each view; the link shows them all.
NAMED = 25


def week_of(now):
    return f"{now:%G-S%V}"


def look_of(pace, now):
    """What names the moment at which a view is looked at, so that it is looked at once; None when it is not the moment."""
    return week_of(now) if pace == Pace.WEEKLY else slot_of(now)


def fiches_in(view, user):
    """Fiches of a view that `user` may read; None when one of its filters means nothing any more."""
    rows = Action.objects.visible_to(user).filter(pact=view.pact)
    filterset = ActionFilter(view.filters, queryset=rows, pact=view.pact)
    return filterset.qs.order_by("number_key", "order", "id") if filterset.form.is_valid() else None


@transaction.atomic
def follow(*, view, user, pace, now=None):
    """Choose when to be told; what is in the view now is known. An empty pace: no more."""
    if not pace:
        Subscription.objects.filter(view=view, user=user).delete()
        return
    fiches, now = fiches_in(view, user), now or timezone.localtime()
    known = [] if fiches is None else list(fiches.values_list("pk", flat=True))
    said = {"pace": pace, "known": known, "looked_in": look_of(pace, now) or ""}
    row, created = Subscription.objects.get_or_create(view=view, user=user, defaults=said)
    if not created and row.pace != pace:
        row.pace = pace
        row.save(update_fields=["pace"])


def queue_in_slot(now=None):
    """The job of the worker. Returns how many mails are queued."""
    now = now or timezone.localtime()
    slot, count = slot_of(now), 0
    if slot is None:
        return 0
    due = set()
    for pace in Pace:
        rows = Subscription.objects.filter(pace=pace, user__is_active=True).exclude(looked_in=look_of(pace, now))
        due |= set(rows.values_list("user", "view__pact"))
    for user, pact in sorted(due):
        count += queue_for(user, pact, now)
    return count


@transaction.atomic
def queue_for(user_pk, pact_pk, now):
    """One mail to one person about one pact: what entered the views whose time has come. Returns 1 when there is any."""
    user, pact = User.objects.get(pk=user_pk), Pact.objects.get(pk=pact_pk)
    rows = Subscription.objects.select_for_update(of=("self",)).filter(user=user, view__pact=pact)
    entered = []
    for row in rows.select_related("view").order_by("view__name", "pk"):
        look = look_of(row.pace, now)
        if row.looked_in != look:
            row.view.pact = pact
            entered += news_of(row, user, look)
    if not entered or mail_choices.refuses(KIND, user.email):
        return 0
    said = {"pact_name": str(pact), "person": user, "entered": entered, "count": sum(one["count"] for one in entered)}
    said["choices_url"] = mail_choices.choices_url(user.email)
    key = f"{KEY}{pact.uid}:{slot_of(now)}:{user.pk}"
    about = ", ".join(dict.fromkeys(name_in_log(one["view"]) for one in entered))
    mail = outbox.queue(key=key, to=user.email, template=TEMPLATE, pact=pact, about=about, **said)
    return int(mail is not None)


def name_in_log(view):
    """What the log of the pact, which its staff reads, says of a view: how a person names her own is hers."""
    return view.name if view.is_shared else "Vue personnelle"


def news_of(row, user, look):
    """[what entered the view since the last look], and the look is kept; nothing when the view is no longer hers to read."""
    row.looked_in = look
    shown = SavedView.objects.visible_to(user).listed_for(user, is_staff=is_staff_on(user, row.view.pact))
    fiches = fiches_in(row.view, user) if shown.filter(pk=row.view_id).exists() else None
    if fiches is None:
        row.save(update_fields=["looked_in"])
        return []
    fiches = list(fiches.only("pact", "uid"))
    known = set(row.known)
    new = [action for action in fiches if action.pk not in known]
    row.known = [action.pk for action in fiches]
    row.save(update_fields=["known", "looked_in"])
    if not new:
        return []
    named = [(f"[fiche-{one.uid}]", absolute_url("actions:action_detail", one.pact_id, one.pk)) for one in new[:NAMED]]
    url = site_url(row.view.get_absolute_url())
    return [{"view": row.view, "count": len(new), "named": named, "more": len(new) - len(named), "url": url}]


def dress(mail: OutgoingMail):
    """(text, HTML) of a mail as it leaves: titles that the person may read today; nothing leaves when she reads none."""
    user = User.objects.filter(email__iexact=mail.to, is_active=True).first()
    rows = list(Action.objects.visible_to(user).filter(uid__in=MARK.findall(mail.text))) if user else []
    if not rows:
        raise outbox.Outdated(GONE_ALL)
    titles = {str(one.uid): f"{one.number}. {one.label}" if one.number else one.label for one in rows}
    text = MARK.sub(lambda match: titles.get(match[1], GONE), mail.text)
    html = MARK.sub(lambda match: escape(titles.get(match[1], GONE)), mail.html)
    return text, html


def forget(email):
    """Take out what a person who asks to be forgotten wanted to be told, and her own views."""
    Subscription.objects.filter(user__email__iexact=email).delete()
    SavedView.objects.filter(owner__email__iexact=email, is_shared=False).delete()
