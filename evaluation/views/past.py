"""The pact on a past day: a form to choose it, then the page of that day."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from evaluation.forms import PastForm
from evaluation.past import Past, why_not
from pti.views import pact_or_404


def past(request, pact_pk):
    """Choose the day."""
    pact = pact_or_404(request.user, pact_pk)
    form = PastForm(request.GET if "jour" in request.GET else None)
    if form.is_valid():
        day = form.cleaned_data["jour"]
        refusal = why_not(request.user, pact, day)
        if not refusal:
            return redirect("evaluation:past_day", pact.pk, day)
        form.add_error("jour", ValidationError(refusal))
    return render(request, "evaluation/past_form.html", {"pact": pact, "form": form})


def past_day(request, pact_pk, day):
    """The pact as it was known on `day`; 404, and the form that says why, for a day of which nothing is known."""
    pact = pact_or_404(request.user, pact_pk)
    refusal = why_not(request.user, pact, day)
    if refusal:
        form = PastForm({"jour": f"{day:%d/%m/%Y}"})
        form.add_error("jour", ValidationError(refusal))
        return render(request, "evaluation/past_form.html", {"pact": pact, "form": form}, status=404)
    past = Past(pact, day, request.GET.get("page"))
    signed, signatories = past.signatures()
    lines, total = past.progress()
    context = {
        "pact": pact,
        "day": day,
        "past": past,
        "page": past.page,
        "fiches": [(one, *past.looks(one)) for one in past.fiches()],
        "state": past.state(),
        "version": past.version(),
        "signed": signed,
        "signatories": signatories,
        "pact_word": pact.level_word(0),
        "heads": past.heads(),
        "lines": lines,
        "total": total,
        "arrived": past.arrived(),
        "deleted": past.deleted(),
        "form": PastForm({"jour": f"{day:%d/%m/%Y}"}),
    }
    return render(request, "evaluation/past.html", context)
