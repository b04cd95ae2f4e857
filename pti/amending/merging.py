"""The entry into force of an amendment: its text becomes the one of the base, as version n + 1."""

import json

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from pti import parts, versions
from pti.amending.applying import Applier, removal_order
from pti.amending.mapping import OWN_PARTS, Text, text_for_base, text_of_base
from pti.amending.services import locked, refuse_frozen, refuse_pointed_to, restricted, scope_of_points
from pti.contract import Withdrawable, lifting
from pti.dumping import Dumper
from pti.enums import PactState, VersionStage
from pti.ticks import copy_uid, part_links


class BaseMoved(ValidationError):
    """Refusal to merge an amendment whose base says something else since it was opened."""


def last_text(base):
    """The version that says what `base` says now."""
    return base.versions.of_the_text().order_by("-number").first()


def has_moved(amendment):
    """True when the base has a newer text than the one that the amendment was opened on."""
    opened, last = amendment.amendment, last_text(amendment.amends)
    if last is None:
        return False
    return (last.number, last.sha256) != (opened.base_number, opened.base_sha256)


def refuse_moved(amendment):
    if has_moved(amendment):
        last = last_text(amendment.amends)
        raise BaseMoved(
            f"Le pacte a changé depuis : cet avenant part de la version {amendment.amendment.base_number}, "
            f"le pacte en est à la version {last.number}. Reprenez l’avenant sur la version {last.number}, "
            "dans « Ce que l’avenant modifie »."
        )


def strays(amendment, now, signed):
    """uids, in the copy, of rows that differ from the signed text without being ticked; the guard lets none exist."""
    scope = scope_of_points(amendment, amendment.points.all(), now | signed)
    return [uid for uid in now | signed if uid not in scope and not same(now.get(uid), signed.get(uid))]


def same(one, other):
    """Two rows that say the same, whatever they say of the amendment itself."""
    if one is None or other is None:
        return one is other
    own = one[0].amendment_fields
    return {key: value for key, value in one[1].items() if key not in own} == {
        key: value for key, value in other[1].items() if key not in own
    }


@transaction.atomic
def merge(*, amendment, on, by):
    """Make of the text of `amendment` the one of its base, frozen as its next version on the day `on`.

    What happened in the base stays; a row that leaves the text after something happened to it is withdrawn, not
    deleted. Refuses (BaseMoved) when another amendment came into force since this one was opened.
    """
    base = locked(amendment.amends)
    amendment.amends = base
    if base.state != PactState.IN_FORCE:
        raise ValidationError(f"Le pacte est « {base.get_state_display()} » : un avenant ne le modifie plus.")
    refuse_moved(amendment)
    text, ours = Text(base), Text(amendment)
    if strays(amendment, ours.rows, text.as_copied(amendment)):
        raise ValidationError("Cet avenant change des lignes qui ne sont pas cochées : il ne peut pas entrer en vigueur.")
    wanted, needed = text_for_base(amendment, text, ours)
    with lifting(base):
        applier = Applier(needed=needed, text=text)
        leaving = applier.write(text.rows, wanted)
        remove(applier, text.rows, leaving, on=on, number=amendment.amendment_number)
        base = locked(base)
        if base.extended_to and base.ends_on and base.extended_to <= base.ends_on:
            base.extended_to = None
            base.save(update_fields=["extended_to"])
    return versions.freeze(pact=base, by=by, on=on, stage=VersionStage.MERGED, amendment=amendment)


def remove(applier, rows, leaving, *, on, number):
    """Delete the rows that leave; withdraw those to which something happened, with their parts."""
    kept = set()
    for uid in removal_order(rows, leaving):
        if has_life(applier.row(uid)):
            kept |= with_parts(rows, leaving, uid)
    for uid in removal_order(rows, leaving):
        row = applier.row(uid)
        if (uid in kept or holds_withdrawn(row)) and isinstance(row, Withdrawable):
            row.withdrawn_on, row.withdrawn_by = on, number
            row.save(update_fields=["withdrawn_on", "withdrawn_by"])
            continue
        try:
            row.delete()
        except models.ProtectedError:
            raise ValidationError(f"« {row} » ne peut pas être retirée : ce qui s’est passé dans le pacte en dépend.")


def with_parts(rows, leaving, uid):
    """`uid`, and the rows that leave with what they are parts of: its parts, and what it is a part of."""
    found, size = {uid}, 0
    while size != len(found):
        size = len(found)
        for one in leaving:
            model, row = rows[one]
            wholes = {row[column.name] for column in part_links(model) if row.get(column.name)}
            if wholes & found:
                found.add(one)
            if one in found:
                found |= wholes & set(leaving)
    return found


def has_life(row):
    """True when something happened to `row`: a row of LIFE points to it, or it has itself moved (a milestone done)."""
    for relation in row._meta.related_objects:
        pointing = relation.related_model._base_manager.filter(**{relation.field.name: row})
        if hasattr(relation.related_model, "life_fields"):
            pointing = pointing.filter(relation.related_model.life_rows or Q(pk__in=[]))
        if pointing.exists():
            return True
    return is_subject(row) or has_moved_itself(row)


def is_subject(row):
    """True when a row of LIFE names `row` as its subject, whatever its kind (an item of an agenda)."""
    for part in parts.registered(parts.PartKind.LIFE):
        for model in part.models:
            for generic in (one for one in model._meta.private_fields if isinstance(one, GenericForeignKey)):
                key = {generic.ct_field: ContentType.objects.get_for_model(row), generic.fk_field: row.pk}
                if model._base_manager.filter(**key).exists():
                    return True
    return False


def has_moved_itself(row):
    blank, dumper = type(row)(), Dumper()
    return any(
        dumper.value(row, row._meta.get_field(name)) != dumper.value(blank, row._meta.get_field(name))
        for name in parts.life_columns(type(row))
        if name != "uid"
    )


def holds_withdrawn(row):
    """True when a withdrawn row still hangs on `row`: the axis of a fiche that stays readable."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: row}, withdrawn_on__isnull=False).exists()
        for relation in row._meta.related_objects
        if issubclass(relation.related_model, Withdrawable)
    )


# Taking again on a newer text ----------------------------------------------------------------------------------------


def rows_of(version):
    """{uid: plain data} of what a version says."""
    said = json.loads(version.content).get("parts", {})
    groups = (rows for name, part in said.items() if name not in OWN_PARTS for rows in part.values())
    return {row["uid"]: row for rows in groups for row in rows}


def touched(amendment, now, signed):
    """uids, in the base, of rows that the amendment opens and that the base has changed since."""
    base = amendment.amends
    old = rows_of(base.versions.with_text().get(number=amendment.amendment.base_number))
    new = rows_of(last_text(base))
    scope = scope_of_points(amendment, amendment.points.all(), now | signed)
    scope = {uid for uid in scope if uid in signed} | {
        str(copy_uid(amendment.uid, point.target)) for point in amendment.points.all() if point.target
    }
    ours = {uid: str(amendment.uid if uid == str(base.uid) else copy_uid(amendment.uid, uid)) for uid in old | new}
    return [uid for uid in old | new if ours[uid] in scope and old.get(uid) != new.get(uid)]


@transaction.atomic
def take_again(*, amendment, by):
    """Put the amendment on the newest text of its base: what it does not open says what the base says now.

    Refuses when the base has changed a row that the amendment opens: that row is unticked, then ticked again.
    """
    amendment = locked(amendment)
    refuse_frozen(amendment)
    if not has_moved(amendment):
        raise ValidationError("Cet avenant part déjà du texte actuel du pacte.")
    text = Text(amendment)
    now, (signed, needed) = text.rows, text_of_base(amendment)
    both = opened_by_both(amendment, now, signed)
    if both:
        names = ", ".join(f"« {point.label} »" for point in both)
        raise ValidationError(
            f"Le pacte a changé là aussi : {names}. Décochez ces points (ils reprendront le texte actuel), "
            "puis cochez-les de nouveau et écrivez ce que l’avenant y change."
        )
    scope = scope_of_points(amendment, amendment.points.all(), now | signed)
    others = {uid for uid in now | signed if uid not in scope}
    with lifting(amendment):
        applier = Applier(needed=needed, text=text)
        leaving = applier.write(restricted(now, others), restricted(signed, others))
        refuse_pointed_to(now, leaving)
        for uid in removal_order(now, leaving):
            applier.row(uid).delete()
    opened, last = amendment.amendment, last_text(amendment.amends)
    opened.base_number, opened.base_sha256 = last.number, last.sha256
    opened.save()
    return amendment


def points_touched(amendment):
    """Points that open a row which the base has changed since, or a row that contains it."""
    if not has_moved(amendment):
        return []
    return opened_by_both(amendment, Text(amendment).rows, text_of_base(amendment)[0])


def opened_by_both(amendment, now, signed):
    base_uids = touched(amendment, now, signed)
    ours = {str(amendment.uid if uid == str(amendment.amends.uid) else copy_uid(amendment.uid, uid)) for uid in base_uids}
    return [
        point
        for point in amendment.points.exclude(target=None)
        if ours & scope_of_points(amendment, [point], signed) or str(point.target) in base_uids
    ]
