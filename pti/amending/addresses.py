"""Where the row that a point opens is written in the working copy."""

from django.urls import reverse

from pti.amending.services import model_named
from pti.models import Pact
from pti.pieces import PIECES
from pti.ticks import copy_uid


def addresses_of(amendment, point):
    """(form of the row, page from which it is read and removed); empty texts when there is none."""
    model = model_named(point.model)
    if point.target is None or model is None:
        return "", ""
    if model is Pact:
        return reverse("frame_edit", args=[amendment.pk]), ""
    row = model._base_manager.filter(uid=copy_uid(amendment.uid, point.target)).first()
    if row is None:
        return "", ""
    write, piece = reverse("pact_write", args=[amendment.pk]), piece_of(model, row)
    if piece is not None:
        return reverse("piece_edit", args=[amendment.pk, piece.name, row.pk]), write
    page = row.get_absolute_url() if hasattr(row, "get_absolute_url") else write
    return (row.get_edit_url(), page) if hasattr(row, "get_edit_url") else (page, "")


def piece_of(model, row=None):
    """The kind of piece that a row of the ground floor is, or None."""
    found = [piece for piece in PIECES.values() if piece.model is model]
    if row is not None:
        found = [piece for piece in found if all(getattr(row, name) == value for name, value in piece.fixed.items())]
    return found[0] if found else None


def addition_url(amendment, point):
    """Where a row of this kind is added on the ground floor; the other floors have their own button in the template."""
    if point.target is not None:
        return ""
    piece = piece_of(model_named(point.model))
    return reverse("piece_add", args=[amendment.pk, piece.name]) if piece else ""
