"""Two texts of one pact side by side: any two versions, or a version and the text of today."""

import json

from django.core.paginator import Paginator
from django.shortcuts import render

from pti.comparison import Comparison, Deed
from pti.versions import canonical, text_of
from pti.views import ROWS_A_PAGE, pact_or_404

TODAY = "texte"
EMPTY = {"parts": {}, "shared": {}}


def version_compare(request, pact_pk):
    """What one text adds to another, removes from it and changes in it; the summary first."""
    pact = pact_or_404(request.user, pact_pk)
    versions = list(pact.versions.order_by("-number"))
    choices = [(TODAY, "Le texte d’aujourd’hui"), *((str(one.number), title_of(one)) for one in versions)]
    known = [key for key, _ in choices]
    new = asked(request, "apres", known, known[0] if not pact.is_frozen or len(known) < 2 else known[1])
    older = known[known.index(new) + 1 :] or [new]
    old = asked(request, "avant", known, older[0])
    comparison = Comparison(data_of(pact, old), data_of(pact, new))
    items = comparison.items()
    page = Paginator(items, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "pact": pact,
        "choices": choices,
        "old": old,
        "new": new,
        "titles": dict(choices),
        "same": old == new,
        "summary": summary(comparison, items),
        "page": page,
        "chapters": chapters(comparison, page),
        "unchanged": [(comparison.label_of(part), names) for part, names in comparison.unchanged(items).items()],
        "query": f"avant={old}&amp;apres={new}",
    }
    return render(request, "pti/version_compare.html", context)


def title_of(version):
    """« Version 2, arrêtée le 12/03/2027 », for a list of choices."""
    said = "soumise à la concertation" if version.is_working else "arrêtée"
    return f"Version {version.number}, {said} le {version.frozen_on:%d/%m/%Y}"


def asked(request, name, known, default):
    value = request.GET.get(name)
    return value if value in known else default


def data_of(pact, key):
    """Plain data of a version, or of the text of today; an unreadable one says nothing."""
    if key == TODAY:
        return json.loads(canonical(text_of(pact)))
    try:
        data = json.loads(pact.versions.with_text().get(number=key).content)
    except ValueError:
        return EMPTY
    return data if isinstance(data, dict) else EMPTY


def summary(comparison, items):
    """Per chapter: how many rows came, left, changed, moved, and the page that shows the first of them."""
    lines = {}
    for index, item in enumerate(items):
        line = lines.setdefault(
            item.own.part,
            {
                "label": comparison.label_of(item.own.part),
                "part": item.own.part,
                "page": index // ROWS_A_PAGE + 1,
                "counts": dict.fromkeys((*Deed, "moved"), 0),
            },
        )
        line["counts"][item.deed] += 1
        line["counts"]["moved"] += item.own.moved
    return list(lines.values())


def chapters(comparison, items):
    """[(label, part, items)] of one page."""
    found = {}
    for item in items:
        found.setdefault(item.own.part, []).append(item)
    return [(comparison.label_of(part), part, some) for part, some in found.items()]
