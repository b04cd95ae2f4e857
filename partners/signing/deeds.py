"""What changes in the signature of a pact, one function a deed: dated rows, nothing overwritten."""

from functools import cache

from django.core.exceptions import ValidationError
from django.db import transaction

from partners.models import Signatory
from pti.access import is_staff_on
from pti.composed import AnyKey, Composed
from pti.dates import today
from pti.models import Pact


def hold(pact_id):
    """Hold the pact until the end of the transaction: signing and closing come one after the other."""
    return Pact.objects.select_for_update(no_key=True).get(pk=pact_id)


def stamp(row, by):
    """Say who recorded `row`, and whether in the partner's name."""
    row.on_behalf = is_staff_on(by, row.partner.pact)
    row.recorded_by = by
    return row


def current_signatory(partner):
    """Who signs for `partner` now, or None."""
    return partner.signatories.filter(ends_on=None).select_related("contact__user", "delegation_proof").first()


@transaction.atomic
def name_signatory(*, row, by, reason=""):
    """Name who signs for a partner; the one before, if any, ends that day with `reason`."""
    hold(row.partner.pact_id)
    before = row.partner.signatories.filter(ends_on=None).first()
    if before is not None:
        if not reason:
            raise ValidationError({"reason": f"Dites pourquoi {before} ne signe plus."})
        if row.starts_on < before.starts_on:
            raise ValidationError(
                {"starts_on": f"{before} signe depuis le {before.starts_on:%d/%m/%Y} : la suite vient après."}
            )
        before.ends_on, before.end_reason = row.starts_on, reason
        before.save()
    stamp(row, by).save()
    return row


@transaction.atomic
def refuse(*, row, by):
    """Record that a partner will not sign a version; its signature of it must be taken back first."""
    hold(row.partner.pact_id)
    if row.partner.signatures.standing().filter(version=row.version).exists():
        raise ValidationError("Ce partenaire a signé cette version : sa signature se retire d’abord, avec son motif.")
    stamp(row, by).save()
    return row


@transaction.atomic
def lift_refusal(*, refusal, reason, by):
    """The partner changes its mind: the refusal stays, with the day and the reason of its end."""
    refusal.lifted_on, refusal.lifting_reason = today(), reason
    refusal.save()
    return refusal


@transaction.atomic
def withdraw_signature(*, signature, reason, by):
    """Take a recorded signature back; the row, its file and its proof stay."""
    hold(signature.partner.pact_id)
    signature.refresh_from_db()
    if signature.withdrawn_on:
        raise ValidationError("Cette signature est déjà retirée.")
    signature.withdrawn_on, signature.withdrawal_reason = today(), reason
    signature._change_reason = reason
    signature.save(update_fields=["withdrawn_on", "withdrawal_reason"])
    return signature


def open_signatories(pact):
    """{partner: who signs for it now} of a pact, in one query."""
    return {row.partner_id: row for row in open_composed().rows_of(pact.pk)}


@cache
def open_composed():
    """The query of who signs now for the partners of a pact."""
    return Composed(Signatory.objects.filter(partner__pact=AnyKey(), ends_on=None).select_related("contact"))
