"""Which mails a person wants: each floor says which kinds it writes, one page shows them all, one click refuses.

    mail_choices.register("campaign_reminder", "Ne plus me relancer pendant une collecte", key="collecte:")

`key` begins the key of these mails in the outbox: as one leaves, it says what the one click of a mail program refuses.
A mail of no kind (a login code, an invitation) is never refused: the person asked for it, or it comes once.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core import signing
from django.db import transaction

from pti.mail import absolute_url
from pti.models import MailRefusal

SALT = "choix de courriels"


@dataclass(frozen=True)
class Kind:
    """One kind of mail that may be refused: its line on the page of choices, the beginning of its keys."""

    name: str
    label: str
    key: str


_kinds = {}


def register(name, label, *, key):
    """A kind of mail that may be refused."""
    _kinds[name] = Kind(name, label, key)


def registered():
    return list(_kinds.values())


def kinds_of(key):
    """Names of the kinds that one click refuses in a mail of this key."""
    return [kind.name for kind in registered() if key.startswith(kind.key)]


def choices_url(email):
    """The page on which a person chooses her mails: signed, for ever."""
    return absolute_url("mail_choices", signing.dumps(email.lower(), salt=SALT))


def email_of(signed):
    """The address that the page of choices is for; None when the signature is wrong."""
    try:
        return signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return None


def headers_of(mail):
    """What lets a mail program refuse in one click the mails of this kind (RFC 8058); nothing for a mail of no kind."""
    families = {kind.key for kind in registered() if mail.key.startswith(kind.key)}
    if not families:
        return {}
    url = f"{choices_url(mail.to)}?{urlencode({'de': families.pop()})}"
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def who_refuses(kind, emails):
    """Which of these addresses, in small letters, want no such mail."""
    return set(MailRefusal.objects.filter(kind=kind, email__in=emails).values_list("email", flat=True))


def refuses(kind, email):
    return MailRefusal.objects.filter(kind=kind, email=email.lower()).exists()


def refused_by(email):
    """Names of the kinds that an address refuses."""
    return set(MailRefusal.objects.filter(email=email.lower()).values_list("kind", flat=True))


@transaction.atomic
def choose(*, email, refused):
    """Keep the kinds that an address refuses, and no other."""
    email = email.lower()
    MailRefusal.objects.filter(email=email).exclude(kind__in=refused).delete()
    MailRefusal.objects.bulk_create([MailRefusal(email=email, kind=kind) for kind in refused], ignore_conflicts=True)


def refuse_all_of(*, email, key=""):
    """One click: the kinds of the mail that it was made from, all of them when the mail does not say."""
    kinds = kinds_of(key) if key else []
    choose(email=email, refused=refused_by(email) | set(kinds or _kinds))
