"""The list of fiches, and what its other views (board, timeline…) share with it: filters, tiles, tabs."""

from functools import cache

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.http import urlencode

from actions import tabs
from actions.access import can_change_many, can_follow_campaigns
from actions.alerts import tiles_of
from actions.filters import ActionFilter
from actions.models import Action, SavedView
from actions.tables import ActionTable
from pti.access import can_follow, can_write_frame, is_staff_on
from pti.composed import AnyKey, Composed
from pti.views import TablePage

VIEWS_SHOWN = 8


def filtered_actions(request, pact):
    """The filters of the list, bound to the address: `.qs` are the fiches that the person may read and that they keep."""
    rows = Action.objects.read_in(request.user, pact)
    return ActionFilter(request.GET, queryset=rows, request=request, pact=pact)


def view_context(pact, filterset, view):
    """What `actions/view_page.html` draws around a view of the fiches; `view` is its word in `actions/_views.html`.

    The tiles of the alerts stay on the list: the picture is what one came for, and the same alerts are among the filters.
    """
    request = filterset.request
    user, tab = request.user, tabs.named(view)
    shown = tab.query_of(filterset, request.GET)
    deed = f"?{urlencode({tabs.PARAM: tab.key})}{'&' if shown else ''}{shown}"
    return {
        "pact": pact,
        "filter": filterset,
        "view": view,
        "section": tab.section,
        "total": filterset.qs.count(),
        "filtered": filterset.carried().removeprefix("?"),
        "may_remind": can_follow_campaigns(user, pact),
        "may_table": can_follow(user, pact),
        "saved_views": saved_views_of(user, pact),
        "here": tab.address(pact.pk, shown),
        "save_url": reverse("actions:saved_view_add", args=[pact.pk]) + deed,
        "batch_url": reverse("actions:batch_add", args=[pact.pk]) + deed if can_change_many(user, pact) else "",
    }


def saved_views_of(user, pact):
    """Her views and those of the staff, as many as one row holds; their own page has the others."""
    return views_composed(is_staff_on(user, pact)).rows_of(pact.pk, user.pk)


@cache
def views_composed(is_staff):
    """The query of the views of a pact that a person is shown."""
    return Composed(SavedView.objects.filter(pact=AnyKey(0)).listed_for(AnyKey(1), is_staff=is_staff)[:VIEWS_SHOWN])


@cache
def withdrawn_composed():
    """The query of the fiches that amendments took out of the text of a pact."""
    rows = Action.objects.with_withdrawn().filter(pact=AnyKey()).exclude(withdrawn_on=None)
    return Composed(rows.only("number", "title", "withdrawn_on", "withdrawn_by").order_by("number_key", "id"))


class CountedPaginator(Paginator):
    """Pages of rows that were counted elsewhere."""

    def __init__(self, *args, count, **kwargs):
        super().__init__(*args, **kwargs)
        self.count = count


class ActionList(TablePage):
    """Every fiche of the pact, with the six alerts above."""

    model = Action
    table_class = ActionTable
    filterset_class = ActionFilter
    template_name = "actions/action_list.html"
    list_template_name = "actions/_list.html"
    xlsx = True

    def get_queryset(self):
        # What the cells of a page read is asked by its keys (see ActionTable); a file has no page.
        return super().get_queryset() if self.request.GET.get("format") else self.scoped(Action.objects.all())

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {"pact": self.pact}

    def get_table_kwargs(self):
        return super().get_table_kwargs() | {"on": self.pact.reference_day, "may_pick": self.may_change_many()}

    def get_table_pagination(self, table):
        """As many fiches as the tiles count, where no filter leaves any out."""
        pagination = super().get_table_pagination(table)
        if not pagination or self.filterset.carried():
            return pagination
        return pagination | {"paginator_class": CountedPaginator, "count": self.total}

    def may_change_many(self):
        return can_change_many(self.request.user, self.pact)

    def withdrawn(self):
        """Fiches that an amendment took out of the text: apart from the list, so that they stay within reach."""
        if not self.pact.is_frozen or self.pact.is_amendment:
            return []
        return withdrawn_composed().rows_of(self.pact.pk)

    def way_out(self):
        if can_write_frame(self.request.user, self.pact):
            return reverse("actions:action_add", args=[self.pact.pk]), "Ajouter une fiche"
        return None

    def get_context_data(self, **kwargs):
        url = reverse("actions:action_list", args=[self.pact.pk])
        tiles, self.total = tiles_of(self.pact, url, self.request.GET.get("alerte", ""))
        return super().get_context_data(
            view=tabs.LIST,
            saved_views=saved_views_of(self.request.user, self.pact),
            here=f"{self.request.path}{self.filterset.carried()}",
            save_url=f"{reverse('actions:saved_view_add', args=[self.pact.pk])}{self.filterset.carried()}",
            tiles=tiles,
            total=self.total,
            withdrawn=self.withdrawn(),
            may_change_many=self.may_change_many(),
            may_write=can_write_frame(self.request.user, self.pact),
            may_table=can_follow(self.request.user, self.pact),
            may_remind=can_follow_campaigns(self.request.user, self.pact),
            query=self.request.GET.urlencode(),
            may_collect=can_follow_campaigns(self.request.user, self.pact),
            **kwargs,
        )
