"""The life of an account: invited, closed when unused, forgotten on demand."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import EmailField, Q
from django.utils import timezone

from pti.access import is_animator_on
from pti.dates import add_months
from pti.enums import Role
from pti.mail import absolute_url, send_mail
from pti.models import Access, Brand, DemoMail, MailRefusal, OutgoingMail, RefusedAddress, User
from pti.rows import Followed


def can_grant(by, pact):
    """An animator gives accesses to her own pacts; on all pacts, only who is animator of all."""
    if by.is_superuser:
        return True
    if pact is None:
        return by.roles.get(None) == Role.ANIMATOR
    return is_animator_on(by, pact)


def manageable_accounts(by):
    """Accounts that `by` may edit: never a superuser's, never one that holds more than she may give.

    The account of somebody who has an access elsewhere is hers to read, not to edit: whoever changes an address enters.
    """
    if by.is_superuser:
        return User.objects.all()
    accounts = User.objects.filter(is_superuser=False)
    if by.roles.get(None) == Role.ANIMATOR:
        return accounts
    held = [pact for pact, role in by.roles.items() if role == Role.ANIMATOR]
    mine = Access.objects.filter(Q(pact__in=held) | Q(pact__parent__in=held))
    outside = Access.objects.exclude(pk__in=mine.values("pk"))
    known = Q(pk__in=mine.values("user")) | Q(invited_by=by)
    return accounts.filter(known).exclude(pk__in=outside.values("user"))


@transaction.atomic
def invite(*, email, role, pact, by=None, **person):
    """Open an account if nobody bears `email`, give it `role` on `pact` (None: on all), and write to the person.

    `by` is None from the command line only. `person` gives first_name, last_name, function, phone of a new account.
    """
    if by is not None and not can_grant(by, pact):
        raise ValidationError("Vous ne pouvez pas donner cet accès : vous n’animez pas ce pacte.")
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email, invited_by=by, **person)
    elif user.is_superuser and by is not None and not by.is_superuser:
        raise ValidationError("Ce compte est celui d’un administrateur technique : il ne s’invite pas.")
    elif not user.is_active:
        raise ValidationError("Ce compte est fermé : rouvrez-le d’abord.")
    access, created = Access.objects.get_or_create(user=user, pact=pact, defaults={"role": role})
    if not created and access.role != role:
        raise ValidationError(f"Cette personne a déjà un rôle sur ce pacte : {access.get_role_display()}.")
    send_invitation(user, access, by)
    return user


def send_invitation(user, access, by=None):
    """Write the invitation; it leaves with the transaction."""
    context = {"user": user, "pact": access.pact, "role": access.get_role_display(), "by": by}
    url = absolute_url("account_login")
    transaction.on_commit(lambda: send_mail("mail/invitation", user.email, url=url, **context))


def close_account(user, *, reason, by=None):
    """Close an account: nobody enters with it any more. Its sessions end now."""
    user.is_active = False
    user._change_reason = reason
    user._history_user = by
    user.save(update_fields=["is_active"])
    end_sessions(user)


def end_sessions(user):
    """Log `user` out everywhere; a session of a login under way holds her address too."""
    for session in Session.objects.iterator():
        data = session.get_decoded()
        if data.get("_auth_user_id") == str(user.pk) or user.email in str(data.get("account_login", "")):
            session.delete()


def reset_second_factor(user):
    """Take every factor away: the person enrols a new one at her next login."""
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)


def unused_accounts(on=None):
    """Open accounts that nobody has used for the number of months that the brand says."""
    months = Brand.current().inactive_months
    limit = add_months(on or timezone.localdate(), -months)
    idle = Q(last_login__date__lt=limit) | Q(last_login=None, date_joined__date__lt=limit)
    return User.objects.filter(idle, is_active=True)


@transaction.atomic
def close_unused_accounts():
    """Close them, one line of the journal each. Returns who they were."""
    accounts = list(unused_accounts())
    for user in accounts:
        close_account(user, reason="compte inutilisé")
    return accounts


_also = []


def also_forget(function):
    """`function(email)` takes an address out of what is not followed by the journal: each floor says what it keeps."""
    _also.append(function)


def people_models():
    """Followed models that name a person, whatever their floor."""
    return [model for model in apps.get_models() if issubclass(model, Followed) and model.people_fields]


def find_person(uid):
    """The row that names a person under this uid, or None."""
    found = (model._base_manager.filter(uid=uid).first() for model in people_models())
    return next((row for row in found if row is not None), None)


# Who the row is about, not who wrote it.
PERSON_LINKS = {"user", "contact"}


def blank_value(row, name):
    """What replaces a piece of identity; the address of an account must stay unique."""
    if isinstance(row, User) and name == "email":
        return f"oublie-{row.uid}@oublie.invalid"
    return None if row._meta.get_field(name).null else ""


@transaction.atomic
def forget(row):
    """Blank the name and coordinates of a person in her row and in all its past states; the journal says that it was done."""
    if getattr(row, "email", ""):
        OutgoingMail.objects.filter(to__iexact=row.email).delete()
        RefusedAddress.objects.filter(email__iexact=row.email).delete()
        MailRefusal.objects.filter(email__iexact=row.email).delete()
        for function in _also:
            function(row.email)
    blank = {name: blank_value(row, name) for name in row.people_fields}
    for name, value in blank.items():
        setattr(row, name, value)
    row._change_reason = "personne oubliée à sa demande"
    row.save()
    row.history.model.objects.filter(**{row._meta.pk.name: row.pk}).blank_person(**blank)
    return row


@transaction.atomic
def forget_account(user):
    """Forget the person behind an account and behind the contacts attached to it, and close the account."""
    end_sessions(user)
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    DemoMail.objects.filter(to__icontains=user.email).delete()
    attached = tied_to(user)
    user.is_active = False
    return [forget(user), *(forget(row) for row in attached)]


def forget_contact(row):
    """Forget a person who has no account, wherever she is named."""
    return [forget(one) for one in (row, *tied_to(row))]


def addresses_of(model):
    """The columns of a model that hold the address of a person."""
    return [name for name in model.people_fields if isinstance(model._meta.get_field(name), EmailField)]


def tied_to(row):
    """Other rows that name the person of `row`: they point to it or bear her address, straight or through one another.

    What she signed is an act: it keeps its name (« données personnelles », pti/legal_defaults.py).
    """
    found, waiting = [], [row]
    while waiting:
        known = waiting.pop()
        for model in people_models():
            links = Q()
            for column in model._meta.fields:
                if isinstance(known, column.related_model or ()) and column.name in PERSON_LINKS:
                    links |= Q(**{column.name: known})
            if getattr(known, "email", ""):
                for name in addresses_of(model):
                    links |= Q(**{f"{name}__iexact": known.email})
            new = model._base_manager.filter(links).exclude(pk=known.pk if model is type(known) else None) if links else ()
            waiting += [one for one in new if one not in (row, *found)]
            found += [one for one in new if one not in (row, *found)]
    return found
