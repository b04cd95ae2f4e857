"""The lines of a review: axes and their assessment, working groups, flagship actions…"""

from django.contrib import messages
from django.db.models import Max
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.access import can_write_review
from evaluation.enums import ReviewItemKind
from evaluation.forms import ReviewItemForm
from evaluation.models import Review, ReviewItem
from pti.access import require
from pti.forms import saved
from pti.views import pact_or_404


@require_http_methods(["GET", "POST"])
def item_add(request, pact_pk, pk, kind):
    """A new line of the nature that the address says, after the others."""
    pact = pact_or_404(request.user, pact_pk)
    review = get_object_or_404(Review.objects.read_in(request.user, pact), pk=pk)
    require(can_write_review(request.user, review))
    last = review.items.aggregate(last=Max("order"))["last"]
    return write(request, pact, ReviewItem(review=review, kind=kind, order=0 if last is None else last + 1))


def item_or_404(request, pact_pk, pk):
    """The pact and a line that the person may write."""
    pact = pact_or_404(request.user, pact_pk)
    rows = ReviewItem.objects.visible_to(request.user).filter(review__pact=pact).select_related("review__pact")
    item = get_object_or_404(rows, pk=pk)
    require(can_write_review(request.user, item.review))
    return pact, item


@require_http_methods(["GET", "POST"])
def item_edit(request, pact_pk, pk):
    pact, item = item_or_404(request, pact_pk, pk)
    return write(request, pact, item)


@require_POST
def item_delete(request, pact_pk, pk):
    """Remove a line, and those that stand under it."""
    _, item = item_or_404(request, pact_pk, pk)
    item.delete()
    messages.success(request, "Ligne supprimée.")
    return redirect(item.review)


def write(request, pact, item):
    form = ReviewItemForm(request.POST or None, instance=item)
    if request.method == "POST" and saved(form):
        messages.success(request, "Ligne enregistrée.")
        return redirect(item.review)
    noun = ReviewItemKind(item.kind).label
    context = {"pact": pact, "review": item.review, "item": item if item.pk else None, "form": form, "noun": noun}
    return render(request, "evaluation/item_form.html", context)
