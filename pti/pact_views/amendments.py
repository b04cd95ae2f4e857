"""« Avenants »: those of a pact, and for each what it opens, what it changes, whose turn it is."""

from functools import cache

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from pti import parts
from pti.access import can_amend, can_lead_life, can_open, can_write_frame, is_staff_on, require
from pti.amending import merging, services
from pti.amending.addresses import addition_url, addresses_of
from pti.amending.annex import annex_of
from pti.amending.difference import changes_of
from pti.amending.forms import OpenForm, PurposeForm, ReasonForm, TickForm
from pti.composed import AnyKey, Composed
from pti.forms import saved
from pti.found import found_or_404
from pti.models import AmendmentPoint, Pact
from pti.pact_views.printing import FORMS
from pti.turns import turn_of
from pti.versions import versions_of
from pti.views import ROWS_A_PAGE, pact_or_404


def amendment_or_404(user, pact_pk, number):
    """(pact, amendment) of the address."""
    pact = pact_or_404(user, pact_pk)
    amendment = found_or_404(amendment_composed(), pact.pk, number)
    if not can_open(user, amendment):
        raise Http404
    return pact, amendment


@cache
def amendment_composed():
    """The query of the amendment of a pact that bears a number."""
    rows = Pact.objects.filter(amends=AnyKey(0), amendment_number=AnyKey(1)).order_by()
    return Composed(rows.select_related("amends", "amendment"))


def amendment_list(request, pact_pk):
    """The amendments of a pact, newest first: state, whose turn."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Pact.objects.visible_to(request.user).filter(amends=pact).select_related("amendment").order_by("-amendment_number")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    lines = [(one, turn_of(request.user, one)) for one in page]
    context = {"pact": pact, "page": page, "lines": lines, "may_open": can_amend(request.user, pact)}
    return render(request, "pti/amendment_list.html", context)


def amendment_open(request, pact_pk):
    """A new amendment; then what it opens is ticked."""
    pact = pact_or_404(request.user, pact_pk)
    require(can_amend(request.user, pact))
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        amendment = services.open_amendment(base=pact, purpose=form.cleaned_data["purpose"], by=request.user)
        messages.success(
            request, f"{amendment.amendment_name} ouvert. Cochez ce qu’il modifie : le reste demeure tel que signé."
        )
        return redirect("amendment_points", pact.pk, amendment.amendment_number)
    return render(request, "pti/amendment_open.html", {"pact": pact, "form": form})


def amendment_detail(request, pact_pk, number):
    """What the amendment opens and changes, and what remains to do."""
    pact, amendment = amendment_or_404(request.user, pact_pk, number)
    may_write = can_write_frame(request.user, amendment)
    changes = amendment.changes_read = changes_of(amendment)
    for change in changes:
        change.edit_url, change.page_url = addresses_of(amendment, change.point) if may_write else ("", "")
        change.add_url = addition_url(amendment, change.point) if may_write else ""
    context = {
        "pact": pact,
        "amendment": amendment,
        "opened": amendment.amendment,
        "changes": changes,
        "has_moved": not amendment.is_done and merging.has_moved(amendment),
        "missing": parts.missing(amendment) if may_write else [],
        "turn_now": turn_of(request.user, amendment),
        "may_write": may_write,
        "may_see_life": is_staff_on(request.user, amendment),
        "may_lead": can_lead_life(request.user, amendment),
        **versions_of(amendment),
    }
    return render(request, "pti/amendment_detail.html", context)


def amendment_annex(request, pact_pk, number, form):
    """The table of what changes, to be voted with the amendment: PDF, Word or ODT."""
    _, amendment = amendment_or_404(request.user, pact_pk, number)
    if form not in FORMS or form == "livret":
        raise Http404
    write, mime, ending = FORMS[form]
    response = HttpResponse(write(annex_of(amendment)), content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="avenant-{number}-modifications{ending}"'
    return response


def written(request, pact_pk, number):
    """(pact, amendment) for a person who may write it now."""
    pact, amendment = amendment_or_404(request.user, pact_pk, number)
    require(can_write_frame(request.user, amendment))
    return pact, amendment


def amendment_purpose(request, pact_pk, number):
    pact, amendment = written(request, pact_pk, number)
    form = PurposeForm(request.POST or None, instance=amendment.amendment)
    if request.method == "POST" and saved(form):
        messages.success(request, "Objet enregistré.")
        return redirect("amendment_detail", pact.pk, number)
    context = {"pact": pact, "amendment": amendment, "form": form, "title": f"Objet de l’{amendment.amendment_name.lower()}"}
    return render(request, "pti/amendment_form.html", context)


def amendment_points(request, pact_pk, number):
    """« Ce que l’avenant modifie »: tick rows of the signed text, and kinds of rows to add."""
    pact, amendment = written(request, pact_pk, number)
    form = TickForm(request.POST or None, amendment=amendment)
    if request.method == "POST" and form.is_valid() and ticked(amendment, form, request.user):
        messages.success(request, "C’est coché. Écrivez maintenant le nouveau texte, et le motif de chaque point.")
        return redirect("amendment_detail", pact.pk, number)
    context = {"pact": pact, "amendment": amendment, "form": form, "chosen": chosen(form)}
    return render(request, "pti/amendment_points.html", context)


def chosen(form):
    """What was ticked before a refusal, so that nothing is ticked twice."""
    return {*form.data.getlist("rows"), *form.data.getlist("models")} if form.is_bound else set()


def ticked(amendment, form, user):
    wanted = [value.split(":") for value in form.cleaned_data["rows"]] + [[name, None] for name in form.cleaned_data["models"]]
    try:
        for name, target in wanted:
            services.tick(amendment=amendment, model=services.model_named(name), target=target, by=user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def point_reason(request, pact_pk, number, pk):
    """Why this point changes."""
    pact, amendment = written(request, pact_pk, number)
    point = get_object_or_404(AmendmentPoint, pact=amendment, pk=pk)
    form = ReasonForm(request.POST or None, instance=point)
    if request.method == "POST" and saved(form):
        messages.success(request, "Motif enregistré.")
        return redirect("amendment_detail", pact.pk, number)
    context = {"pact": pact, "amendment": amendment, "form": form, "title": f"Motif : {point.label}"}
    return render(request, "pti/amendment_form.html", context)


def point_untick(request, pact_pk, number, pk):
    """Asked by GET with what is lost, done by POST: the signed text comes back."""
    pact, amendment = written(request, pact_pk, number)
    point = get_object_or_404(AmendmentPoint, pact=amendment, pk=pk)
    error = None
    if request.method == "POST":
        try:
            services.untick(point=point, by=request.user)
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
        else:
            messages.success(request, f"« {point.label} » est décoché : le texte signé est rétabli.")
            return redirect("amendment_detail", pact.pk, number)
    change = next((one for one in changes_of(amendment) if one.point.pk == point.pk), None)
    context = {"pact": pact, "amendment": amendment, "point": point, "change": change, "error": error}
    return render(request, "pti/point_untick.html", context)


def amendment_again(request, pact_pk, number):
    """The base has moved: what to do, and the button that does it."""
    pact, amendment = written(request, pact_pk, number)
    error = None
    if request.method == "POST":
        try:
            merging.take_again(amendment=amendment, by=request.user)
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
        else:
            messages.success(request, "L’avenant part maintenant du texte actuel du pacte. Relisez ce qu’il change.")
            return redirect("amendment_detail", pact.pk, number)
    context = {
        "pact": pact,
        "amendment": amendment,
        "has_moved": merging.has_moved(amendment),
        "both": merging.points_touched(amendment),
        "last": merging.last_text(pact),
        "error": error,
    }
    return render(request, "pti/amendment_again.html", context)
