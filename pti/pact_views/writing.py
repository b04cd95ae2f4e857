"""Writing the pact: its frame, and the pieces of its text, while the text may be written."""

from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pti.access import can_write_frame, can_write_row, is_staff_on, require
from pti.forms import saved
from pti.models import Section
from pti.numbers import read_whole
from pti.outline import numbered
from pti.pact_forms import FrameForm
from pti.pieces import PIECES
from pti.ticks import opened_in
from pti.traces import traces_of
from pti.views import pact_or_404

IS_NAMED = "Une fiche nomme cette ligne comme pilote : elle se garde. Changez d’abord ce pilote."


def writer(view):
    """The pact of the address, for a person who may write its text now; 404 and 403 otherwise."""

    @wraps(view)
    def guarded(request, pact_pk, **kwargs):
        pact = pact_or_404(request.user, pact_pk)
        require(can_write_frame(request.user, pact))
        return view(request, pact, **kwargs)

    return guarded


def pact_write(request, pact_pk):
    """The workshop: every piece of the text with its gestures; a lock once the text is frozen."""
    pact = pact_or_404(request.user, pact_pk)
    require(is_staff_on(request.user, pact))
    opened = opened_in(pact)
    context = {
        "pact": pact,
        "may_write": can_write_frame(request.user, pact),
        "opened": opened,
        "is_frame_opened": opened.cover(pact),
        "may_add_section": opened.cover(PIECES["section"].model(pact=pact)),
        "sections": numbered(opened.marked(list(pact.sections.all()))),
        "groups": [group(pact, name, opened) for name in ("principe", "enjeu")],
        "others": [group(pact, name, opened) for name in ("territoire", "plan", "terme")],
        "departments": list(pact.departments.all()),
        "figures_count": pact.context_figures.count(),
    }
    return render(request, "pti/pact_write.html", context)


def pact_traces(request, pact_pk):
    """What the text still says of the pact that it was made from."""
    pact = pact_or_404(request.user, pact_pk)
    require(is_staff_on(request.user, pact))
    return render(request, "pti/pact_traces.html", {"pact": pact, "previous": pact.previous, "traces": traces_of(pact)})


def group(pact, name, opened):
    """A kind of piece and its rows; `may_add` and `is_opened` say what an amendment opens."""
    piece = PIECES[name]
    rows = piece.rows(pact)
    if name == "territoire":
        rows = rows.select_related("territory")
    may_add = opened.cover(piece.model(pact=pact))
    return {"piece": piece, "title": TITLES[name], "rows": opened.marked(list(rows)), "help": HELP[name], "may_add": may_add}


TITLES = {
    "principe": "Principes",
    "enjeu": "Enjeux",
    "territoire": "Territoires",
    "plan": "Plans liés",
    "terme": "Glossaire",
}
HELP = {
    "principe": "Ce à quoi tous les partenaires se tiennent, quelle que soit l’action.",
    "enjeu": "Pourquoi ce pacte, et ce qu’il doit changer.",
    "territoire": "Les territoires que le pacte emploie. Il peut avoir deux découpages à la fois.",
    "plan": "Les autres plans et schémas avec lesquels le pacte s’articule.",
    "terme": "Les mots que les partenaires définissent ensemble.",
}


@writer
def frame_edit(request, pact):
    """The frame: title, période, fondement, publics, noms des niveaux."""
    require(can_write_row(request.user, pact))
    form = FrameForm(request.POST or None, instance=pact, user=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, "Cadre enregistré.")
        return redirect("pact_write", pact.pk)
    return render(request, "pti/frame_form.html", {"pact": pact, "form": form})


def piece_or_404(name):
    if name not in PIECES:
        raise Http404
    return PIECES[name]


def back_to(pact, piece):
    if piece.name == "chiffre":
        return reverse("figure_list", args=[pact.pk])
    return f"{reverse('pact_write', args=[pact.pk])}#{piece.anchor}"


@writer
def piece_add(request, pact, piece):
    """A new piece, last of its kind."""
    piece = piece_or_404(piece)
    row = piece.model(pact=pact, **piece.fixed)
    if piece.is_ordered:
        row.order = piece.rows(pact).count()
    form = piece.form(request.POST or None, instance=row, pact=pact, initial=parent_asked(request, pact, piece))
    if request.method == "POST" and saved(form):
        messages.success(request, piece.added)
        return redirect(back_to(pact, piece))
    return render(request, "pti/piece_form.html", {"pact": pact, "form": form, "piece": piece, "back": back_to(pact, piece)})


def parent_asked(request, pact, piece):
    """« Ajouter une sous-section » names the parent in the address."""
    asked = read_whole(request.GET.get("dans"))
    if piece.model is Section and asked and Section.objects.filter(pact=pact, pk=asked).exists():
        return {"parent": asked}
    return {}


@writer
def piece_edit(request, pact, piece, pk):
    piece = piece_or_404(piece)
    row = get_object_or_404(piece.rows(pact), pk=pk)
    require(can_write_row(request.user, row))
    form = piece.form(request.POST or None, instance=row, pact=pact)
    if request.method == "POST" and saved(form):
        messages.success(request, piece.saved)
        return redirect(back_to(pact, piece))
    context = {"pact": pact, "form": form, "piece": piece, "row": row, "back": back_to(pact, piece)}
    return render(request, "pti/piece_form.html", context)


@writer
def piece_delete(request, pact, piece, pk):
    """Asked by GET, done by POST; a section leaves with those that it contains."""
    piece = piece_or_404(piece)
    row = get_object_or_404(piece.rows(pact), pk=pk)
    require(can_write_row(request.user, row))
    inside = list(row.children.all()) if piece.model is Section else []
    if request.method == "POST":
        try:
            row.delete()
        except ProtectedError:
            messages.error(request, IS_NAMED)
        else:
            messages.success(request, piece.deleted)
        return redirect(back_to(pact, piece))
    context = {"pact": pact, "piece": piece, "row": row, "inside": inside, "back": back_to(pact, piece)}
    return render(request, "pti/piece_delete.html", context)


@require_POST
@writer
@transaction.atomic
def piece_move(request, pact, piece, pk, way):
    """One step up or down among its siblings, which get clean ranks at the same time."""
    piece = piece_or_404(piece)
    if not piece.is_ordered or way not in ("monter", "descendre"):
        raise Http404
    row = get_object_or_404(piece.rows(pact), pk=pk)
    rows = list(piece.siblings(row).order_by("order", "id"))
    here = rows.index(row)
    there = here + (-1 if way == "monter" else 1)
    if 0 <= there < len(rows):
        rows.insert(there, rows.pop(here))
        for order, one in enumerate(rows):
            if one.order != order:
                one.order = order
                one.save(update_fields=["order"])
    return redirect(back_to(pact, piece))
