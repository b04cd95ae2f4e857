"""Writes of an amendment: its opening, its points."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction

from pti import parts
from pti.amending.applying import Applier, removal_order
from pti.amending.choices import label_of
from pti.amending.mapping import Text, ToCopy, text_of_base, text_parts
from pti.contract import lifting
from pti.dates import today
from pti.dumping import Dumper
from pti.enums import PactState
from pti.loading import Loader
from pti.models import Amendment, AmendmentPoint, Pact
from pti.parts import PartKind
from pti.ticks import copy_uid, part_links


def locked(pact):
    return Pact.objects.select_for_update().get(pk=pact.pk)


@transaction.atomic
def open_amendment(*, base, purpose, by, on=None):
    """A working copy of the text of `base`, in élaboration, in which nothing is ticked yet.

    Only a pact in force is amended: before, its text is reopened.
    """
    base = locked(base)
    if base.is_amendment:
        raise ValidationError("Un avenant ne se modifie pas par un avenant : c’est le pacte qui s’amende.")
    if base.state != PactState.IN_FORCE:
        raise ValidationError("Un avenant modifie un pacte en vigueur. Avant l’entrée en vigueur, rouvrez le texte.")
    version = base.versions.of_the_text().order_by("-number").first()
    if version is None:
        raise ValidationError("Ce pacte n’a pas de version arrêtée : il n’y a pas de texte à modifier.")
    new = copied(base, uuid.uuid4())
    new.state = PactState.DRAFTING
    new.amends = base
    new.amendment_number = 1 + (
        base.amendments.order_by("-amendment_number").values_list("amendment_number", flat=True).first() or 0
    )
    for name in ("silence_months", "late_days", "alert_confidence"):
        setattr(new, name, getattr(base, name))
    new.save()
    Amendment.objects.create(
        pact=new, purpose=purpose, opened_on=on or today(), base_number=version.number, base_sha256=version.sha256
    )
    for part in parts.registered():
        if part.taken_over:
            part.taken_over(base=base, amendment=new, by=by)
    return new


def copied(base, uid):
    """A new pact that says what `base` says, and knows who joined it late and who left."""
    copier, loader, dumper = ToCopy(base, uid), Loader(), Dumper(order="pk")
    taken = [*text_parts(), *(part for part in parts.registered(PartKind.LIFE) if part.in_amendments)]
    said = [(part, part.dump(base, dumper)) for part in taken]
    loader.know(dumper.needed)
    for part, data in said:
        part.load(None, copier.part(part, data), loader)
    return loader.refs[str(uid)]


# Points ----------------------------------------------------------------------------------------------------------------


def model_named(name):
    """The model of the text that bears this name."""
    return next((model for part in text_parts() for model in part.models if model.__name__ == name), None)


@transaction.atomic
def tick(*, amendment, model, target=None, reason="", by):
    """Open a row of the base (`target`, its uid), or the addition of rows of `model`; the reason may come later."""
    amendment = locked(amendment)
    refuse_frozen(amendment)
    if target is None:
        label = f"Ajouter : {model._meta.verbose_name}"
    else:
        row = model._base_manager.filter(**{f"{model.pact_path or 'pk'}": amendment.amends_id, "uid": target}).first()
        if row is None:
            raise ValidationError("Cette ligne n’est pas dans le texte du pacte.")
        label = label_of(row)
    values = {"label": label[:400], "reason": reason}
    point, _ = AmendmentPoint.objects.get_or_create(pact=amendment, model=model.__name__, target=target, defaults=values)
    return point


def refuse_frozen(amendment):
    if amendment.is_frozen:
        raise ValidationError("Cet avenant est arrêté : ses points ne changent plus.")


@transaction.atomic
def untick(*, point, by):
    """Close a point: the row and its parts say again what was signed; rows that the point added leave."""
    amendment = locked(point.pact)
    refuse_frozen(amendment)
    text = Text(amendment)
    now, (wanted, needed) = text.rows, text_of_base(amendment)
    scope = scope_of_points(amendment, [point], now | wanted)
    with lifting(amendment):
        applier = Applier(needed=needed, text=text)
        leaving = applier.write(restricted(now, scope), restricted(wanted, scope))
        refuse_pointed_to(now, leaving)
        for uid in removal_order(now, leaving):
            applier.row(uid).delete()
        point.delete()


def refuse_pointed_to(rows, leaving):
    """Refuse to remove rows that others, which stay, point to."""
    leaving = set(leaving)
    for uid, (model, row) in rows.items():
        if uid in leaving:
            continue
        links = (
            row[column.name] for column in [*model._meta.concrete_fields, *model._meta.many_to_many] if is_link(column, row)
        )
        if any(leaving & set(link if isinstance(link, list) else [link]) for link in links):
            name = row.get("title") or row.get("name") or row.get("label") or model._meta.verbose_name
            raise ValidationError(f"« {name} » en dépend encore : décochez-la ou détachez-la d’abord.")


def is_link(column, row):
    return column.is_relation and bool(row.get(column.name))


def restricted(rows, scope):
    return {uid: found for uid, found in rows.items() if uid in scope}


def scope_of_points(amendment, points, rows):
    """uids, in the copy, of all that `points` open among `rows` {uid: (model, data)}: rows and their parts, additions."""
    heads, kinds = set(), set()
    for point in points:
        if point.target is None:
            kinds.add(point.model)
        elif point.target == amendment.amends.uid:
            heads.add(str(amendment.uid))
        else:
            heads.add(str(copy_uid(amendment.uid, point.target)))
    scope = set()
    # Parts come after what they are parts of, within a model and between models.
    for uid, (model, row) in rows.items():
        inside = [row[column.name] for column in part_links(model) if row.get(column.name)]
        is_new_head = not inside and uuid.UUID(uid).version == 4 and model.__name__ in kinds
        if uid in heads or is_new_head or scope & set(inside):
            scope.add(uid)
    return scope
