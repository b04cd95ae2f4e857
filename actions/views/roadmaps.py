"""Roadmaps: the year of the pact or of a territory, what changed since the year before, and their files."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from actions import roadmaps
from actions.enums import ActionStatus, FundingState
from actions.filters import territories_of
from actions.models import Action, Roadmap
from actions.models.roadmaps import roadmap_url
from actions.money.grid import years_of
from actions.money.sums import in_unit
from actions.roadmap_document import document_of, sum_words
from pti import typography
from pti.access import can_follow, is_animator_on, require
from pti.files import DOCX, ODT
from pti.numbers import read_whole
from pti.printing import to_docx, to_odt, to_pdf
from pti.views import ROWS_A_PAGE, pact_or_404

FORMS = {"pdf": (to_pdf, "application/pdf"), "docx": (to_docx, DOCX), "odt": (to_odt, ODT)}


def place_or_404(request, pact_pk, year, territory_pk):
    """The pact, the year and the territory of an address."""
    pact = pact_or_404(request.user, pact_pk)
    if not roadmaps.FIRST_YEAR <= year <= roadmaps.LAST_YEAR:
        raise Http404
    territory = get_object_or_404(territories_of(pact), pk=territory_pk) if territory_pk else None
    return pact, territory


def years_told(pact):
    """The years that a roadmap of `pact` is about, fifteen at most."""
    return [year for year in years_of(pact) if roadmaps.FIRST_YEAR <= year <= roadmaps.LAST_YEAR][-15:]


@require_safe
def roadmap_list(request, pact_pk):
    """The roadmaps of one year: that of the pact, and one for each territory."""
    pact = pact_or_404(request.user, pact_pk)
    years = years_told(pact)
    asked = read_whole(request.GET.get("annee"))
    year = asked if asked in years else min(years, key=lambda one: abs(one - pact.reference_day.year), default=None)
    page = Paginator([None, *territories_of(pact).order_by("search", "id")], ROWS_A_PAGE).get_page(request.GET.get("page"))
    kept = {row.territory_id: row for row in Roadmap.objects.filter(pact=pact, year=year).defer("content")}
    context = {
        "pact": pact,
        "year": year,
        "years": [(one, f"?annee={one}", one == year) for one in years],
        "page": page,
        "rows": [
            (place, roadmap_url(pact.pk, year, place and place.pk), kept.get(place and place.pk)) for place in page if year
        ],
    }
    return render(request, "actions/roadmap_list.html", context)


@require_safe
def roadmap_detail(request, pact_pk, year, territory_pk=None):
    """One roadmap, as it was settled or as the pact says it today, and what changed since the last one."""
    pact, territory = place_or_404(request, pact_pk, year, territory_pk)
    kept = roadmaps.settled(pact, year, territory)
    now = roadmaps.draft(pact, year, territory)
    content = kept.content if kept else now
    before = roadmaps.settled(pact, year - 1, territory)
    page = Paginator(content["lines"], ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = Action.objects.with_withdrawn().filter(pact=pact, uid__in=[line["uid"] for line in page])
    links = {str(uid): pk for uid, pk in rows.values_list("uid", "pk")}
    context = {
        "pact": pact,
        "year": year,
        "territory": territory,
        "kept": kept,
        "is_first": not before and not kept,
        "content": content,
        "page": page,
        "lines": [shown(line, pact, links) for line in page],
        "loose": [(money["funder"], FundingState(money["state"]).label, money["text"]) for money in content["loose"]],
        "totals": [(label, total_words(*rest)) for label, *rest in roadmaps.totals_of(content)],
        "before": before,
        "since_before": told(roadmaps.changes(before.content, content, pact)) if before else None,
        "since_kept": told(roadmaps.changes(kept.content, now, pact)) if kept else None,
        "beside": [(one, roadmap_url(pact.pk, one, territory_pk)) for one in years_told(pact) if abs(one - year) == 1],
        "before_title": f"Depuis la feuille de route {year - 1}",
        "count_words": typography.plural(len(content["lines"]), "fiche"),
        "going_on_title": typography.plural(
            len(content["going_on"]),
            "fiche se poursuit, sans échéance cette année",
            "fiches se poursuivent, sans échéance cette année",
        ),
        "here": roadmap_url(pact.pk, year, territory_pk),
        "may_settle": can_follow(request.user, pact) and not kept and (now["lines"] or now["loose"]),
        "may_reopen": kept and is_animator_on(request.user, pact),
    }
    return render(request, "actions/roadmap_detail.html", context)


def shown(line, pact, links):
    """A fiche in the words of the screen; one that was deleted since has no page."""
    known = links.get(line["uid"])
    return line | {
        "url": reverse("actions:action_detail", args=[pact.pk, known]) if known else "",
        "word": ActionStatus(line["status"]).label,
        "days": [
            step | {"on": roadmaps.day_of(step["due"]), "done_on": roadmaps.day_of(step["done"])} for step in line["steps"]
        ],
        "sums": [(money["funder"], FundingState(money["state"]).label, money["text"]) for money in line["money"]],
    }


def told(changes):
    """The same, its sums in words."""
    for one in changes.amounts:
        one["from_words"], one["to_words"] = sum_words(one["from"]), sum_words(one["to"])
    return changes


def total_words(unit, amount, missing):
    """« 12 500 € connus, et 2 montants inconnus »."""
    if not missing:
        return in_unit(amount, unit)
    unknown = typography.plural(missing, "montant inconnu", "montants inconnus")
    return f"{in_unit(amount, unit)} connus, et {unknown}" if amount else unknown.capitalize()


@require_POST
def roadmap_settle(request, pact_pk, year, territory_pk=None):
    """« Arrêter »: staff."""
    pact, territory = place_or_404(request, pact_pk, year, territory_pk)
    require(can_follow(request.user, pact))
    try:
        roadmaps.settle(pact=pact, year=year, territory=territory, by=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Feuille de route arrêtée : celle de l’an prochain se comparera à elle.")
    return redirect(roadmap_url(pact.pk, year, territory_pk))


@require_POST
def roadmap_reopen(request, pact_pk, year, territory_pk=None):
    """« Rouvrir »: the animator, before another rests on it."""
    pact, territory = place_or_404(request, pact_pk, year, territory_pk)
    require(is_animator_on(request.user, pact))
    kept = roadmaps.settled(pact, year, territory)
    if kept is not None:
        try:
            roadmaps.reopen(roadmap=kept, by=request.user)
        except ValidationError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "Feuille de route rouverte. Le journal garde ce qu’elle disait.")
    return redirect(roadmap_url(pact.pk, year, territory_pk))


@require_safe
def roadmap_print(request, pact_pk, year, form, territory_pk=None):
    """The file, of what is settled or, marked « projet », of what is proposed."""
    pact, territory = place_or_404(request, pact_pk, year, territory_pk)
    if form not in FORMS:
        raise Http404
    kept = roadmaps.settled(pact, year, territory)
    content = kept.content if kept else roadmaps.draft(pact, year, territory)
    before = roadmaps.settled(pact, year - 1, territory)
    since = roadmaps.changes(before.content, content, pact) if before else None
    write, mime = FORMS[form]
    document = document_of(pact, year, territory, content, kept=kept, before=before, since=since)
    response = HttpResponse(write(document), content_type=mime)
    name = slugify(f"feuille de route {year} {territory or ''} {'' if kept else 'projet'}")
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
