"""Mails that leave later, once: queued with the work that asks for them, sent by `manage.py work`.

Each is claimed before it leaves and marked after. Killed between the two, the worker leaves a claimed mail that nobody
sends again by itself: a lost reminder is better than one that comes twice.
"""

import hashlib
import smtplib

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction

from pti import mail_choices
from pti.dates import today
from pti.mail import write
from pti.models import Brand, OutgoingMail, RefusedAddress

REFUSED_BEFORE = "Adresse refusée auparavant : rien ne lui est envoyé tant qu’elle n’est pas corrigée."

# What the log says of a mail that did not leave alone.
TOGETHER = "réuni à d’autres en un seul courriel"

_dressers = {}
_joiners = []


class Outdated(ValueError):
    """What a mail says holds no more as it leaves: it does not leave, and the log tells why."""


# The server will not have this mail, or it cannot be written: the others may leave.
REFUSED = (
    smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError, ValueError,
)  # fmt: skip


def queue(*, key, **said):
    """Queue one mail to one address, unless the same `key` was queued before. Returns the row, or None.

    `said`: to, template, pact, about, on (see `written`), and what the template shows.
    """
    row = written(key=key, **said)
    fields = {name: getattr(row, name) for name in ("to", "pact", "queued_on", "subject", "text", "html", "about")}
    row, created = OutgoingMail.objects.get_or_create(key=row.key, defaults=fields)
    return row if created else None


def queue_many(mails):
    """Queue each of `mails` (the arguments of `queue`), in three queries whatever their number. Returns how many are new."""
    mails, brand = {fitted(one["key"]): one for one in mails}, Brand.current()
    for key in OutgoingMail.objects.filter(key__in=list(mails)).values_list("key", flat=True):
        del mails[key]
    # Two people who ask at once: the key is unique, the second finds the mail there.
    OutgoingMail.objects.bulk_create([written(brand=brand, **one) for one in mails.values()], ignore_conflicts=True)
    return len(mails)


def written(*, key, to, template, pact=None, about="", on=None, **context):
    """The mail as it will wait, not saved."""
    subject, text, html = write(template, **context)
    row = OutgoingMail(key=fitted(key), to=to, pact=pact, queued_on=on or today())
    row.about, row.subject, row.text, row.html = about[:300], subject[:300], text, html
    return row


def fitted(key):
    """`key`, its end told by a fingerprint when it is longer than the column (an address has up to 254 letters)."""
    longest = OutgoingMail._meta.get_field("key").max_length
    if len(key) <= longest:
        return key
    end = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: longest - len(end)]}{end}"


def dress(prefix, function):
    """`function(mail)` gives (text, HTML) of a mail whose key begins like this, as it leaves.

    What must not lie in the base (the token of a link) is written then, in the copy that leaves.
    """
    _dressers[prefix] = function


def dressed(mail):
    for prefix, function in _dressers.items():
        if mail.key.startswith(prefix):
            return function(mail)
    return mail.text, mail.html


def join(keys, function):
    """Mails whose key fits the pattern `keys`, and that wait for one address, leave as one: `function(mails)` gives it.

    Each stays in the base under its own key: what was claimed, sent or refused is said of all of them.
    """
    _joiners.append((keys, function))


def joiner_of(key):
    return next((function for keys, function in _joiners if keys.match(key)), None)


def parcels(waiting):
    """[pk of the mails that leave as one], the oldest first, of (pk, key, to)."""
    found = {}
    for pk, key, to in waiting:
        joiner = joiner_of(key)
        found.setdefault((joiner, to.lower()) if joiner else pk, []).append(pk)
    return list(found.values())


def deliver():
    """Send what waits. Returns how many left. A server that does not answer leaves everything waiting."""
    waiting = parcels(OutgoingMail.objects.waiting().order_by("pk").values_list("pk", "key", "to"))
    if not waiting:
        return 0
    with get_connection() as connection:
        return sum(send(pks, connection) for pks in waiting)


def code_of(error):
    """What the server answered: 4xx « later », 5xx « never »; 0 when it is no answer of a server."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=0)
    return getattr(error, "smtp_code", 0)


def refuse(row, to, error):
    """Ask again later, or write down that it will not leave, and that the address is wrong when the server says so."""
    code = code_of(error)
    if 400 <= code < 500:
        row.put_off(str(error))
        return
    row.mark_failed(str(error))
    if code >= 500 and isinstance(error, smtplib.SMTPRecipientsRefused):
        refuse_address(to, str(error))


def refuse_address(email, reason):
    """Nothing more is sent to this address until somebody puts it right."""
    RefusedAddress.objects.get_or_create(email=email.lower(), defaults={"refused_on": today(), "reason": reason[:300]})


def claimed(pks):
    """Those of these mails that nobody else has claimed: all of them at once, or none if the worker dies here."""
    with transaction.atomic():
        mine = [pk for pk in pks if OutgoingMail.objects.filter(pk=pk).claim()]
    return list(OutgoingMail.objects.filter(pk__in=mine).order_by("pk"))


def send(pks, connection):
    """Claim the mails of one parcel, send them as one, mark them. Returns 1 when it left."""
    mails = claimed(pks)
    if not mails:
        return 0
    rows = OutgoingMail.objects.filter(pk__in=[one.pk for one in mails])
    mail = mails[0] if len(mails) == 1 else joiner_of(mails[0].key)(mails)
    if RefusedAddress.objects.filter(email=mail.to.lower()).exists():
        rows.mark_failed(REFUSED_BEFORE)
        return 0
    try:
        text, html = dressed(mail)
    except Outdated as error:
        rows.mark_failed(str(error))
        return 0
    headers = mail_choices.headers_of(mail)
    message = EmailMultiAlternatives(mail.subject, text, to=[mail.to], connection=connection, headers=headers)
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except REFUSED as error:
        for one in mails:
            refuse(OutgoingMail.objects.filter(pk=one.pk), mail.to, error)
        return 0
    rows.mark_sent()
    if len(mails) > 1:
        note_together(mails)
    return 1


def note_together(mails):
    """The log says of each that it left with others."""
    for one in mails:
        one.about = f"{one.about} ({TOGETHER})"[:300]
        one.save(update_fields=["about"])
