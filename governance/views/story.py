"""The story of a fiche, month by month."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render

from actions.models import Action
from governance.story import by_month, story_of
from pti.views import ROWS_A_PAGE, pact_or_404


def action_story(request, pact_pk, pk):
    """What happened to a fiche, the latest first, 25 facts a page."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Action.objects.with_withdrawn().read_in(request.user, pact)
    action = get_object_or_404(rows, pk=pk)
    action.pact = pact
    page = Paginator(story_of(action, request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"pact": pact, "action": action, "page": page, "months": by_month(page)}
    return render(request, "governance/action_story.html", context)
