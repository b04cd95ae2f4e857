"""The two house mixins of class views, and no deeper: `ScopedMixin` and `TablePage`; what a view of any floor begins with.

class ActionList(TablePage):
    model = Action
    table_class = ActionTable
    filterset_class = ActionFilter
    template_name = "actions/action_list.html"

class ActionEdit(ScopedMixin, UpdateView):
    model = Action
    form_class = ActionForm
    allowed = staticmethod(can_edit_action)
"""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from pti.access import can_open, require
from pti.exports import csv_response, xlsx_response
from pti.fields import without_texts
from pti.forms import saved
from pti.models import Pact

ROWS_A_PAGE = 25


def pact_or_404(user, pact_pk):
    """The pact of the address, if `user` may read it: what `visible_to` gives, asked of the one row."""
    pact = Pact.of_key(pact_pk)
    if pact is None or not can_open(user, pact):
        raise Http404
    return pact


def from_a_mail(view):
    """Open without login; told to no other site and to no search engine.

    No CSRF token: nothing here rests on a cookie, the address itself is the secret, and a page without referrer sends
    « Origin: null », which the check refuses.
    """

    @wraps(view)
    def opened(request, **kwargs):
        response = view(request, **kwargs)
        response["Referrer-Policy"], response["X-Robots-Tag"] = "no-referrer", "noindex, nofollow"
        return response

    return login_not_required(csrf_exempt(never_cache(opened)))


def without_oddities(query):
    """The address without what django-tables2 would stumble on: rows per page, a sort that is no column."""
    kept = query.copy()
    kept.pop("per_page", None)
    if not all(part.lstrip("-").isidentifier() for part in kept.get("sort", "x").split(",")):
        kept.pop("sort")
    return kept


class ScopedMixin:
    """Rows by `visible_to`, inside the pact of the address (`pact_pk`), `allowed` on the one row.

    `allowed(user, row)` is asked of the row of a detail or an edit, `allowed_in(user, pact)` of the pact of the
    address (lists, creations): 404 for what the person may not see, 403 for what she may not do.
    `self.pact` and the `pact` of the context are the pact of the address, or None. What must follow a form that is
    saved goes in `on_saved`, never in `form_valid`: a row that moved meanwhile is not saved.
    """

    allowed = None
    allowed_in = None
    pact = None
    saved_words = ""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if "pact_pk" in kwargs:
            self.pact = pact_or_404(request.user, kwargs["pact_pk"])
            if self.allowed_in is not None:
                require(self.allowed_in(request.user, self.pact))

    def get_queryset(self):
        return self.scoped(super().get_queryset())

    def scoped(self, queryset):
        """The rows that the person may read; the pact of the address, already asked, is not asked again row by row."""
        if self.pact and hasattr(queryset, "read_in") and type(self).in_pact is ScopedMixin.in_pact:
            return queryset.read_in(self.request.user, self.pact)
        return self.in_pact(queryset.visible_to(self.request.user))

    def in_pact(self, queryset):
        """Rows of the pact of the address, by the model's `pact_path`; override for rows that several pacts share."""
        path = getattr(queryset.model, "pact_path", None)
        return queryset.filter(**{path: self.pact}) if self.pact and path else queryset

    def get_object(self, queryset=None):
        row = super().get_object(queryset)
        if self.allowed is not None:
            require(self.allowed(self.request.user, row))
        return row

    def form_valid(self, form):
        if not saved(form):
            return self.form_invalid(form)
        self.object = form.instance
        self.on_saved()
        return redirect(self.get_success_url())

    def on_saved(self):
        """What follows a form that is saved: by default, the sentence that says so."""
        if self.saved_words:
            messages.success(self.request, self.saved_words)

    def get_context_data(self, **kwargs):
        if self.pact is not None:
            kwargs.setdefault("pact", self.pact)
        return super().get_context_data(**kwargs)


class TablePage(ScopedMixin, SingleTableMixin, FilterView):
    """A list: scoped, filtered by the address, sorted, 25 rows a page.

    htmx gets the table alone; `?format=csv` (and `xlsx` where `xlsx = True`) gives every filtered row, sorted alike.
    `for_table()` of the queryset says which related rows the table reads; long texts are not read.
    """

    strict = False
    xlsx = False
    list_template_name = "pti/_list.html"
    table_pagination = {"per_page": ROWS_A_PAGE}

    def way_out(self):
        """(address, words) of what an empty list proposes to this person, or None."""

    def get_queryset(self):
        queryset = super().get_queryset()
        return without_texts(queryset.for_table() if hasattr(queryset, "for_table") else queryset)

    def get(self, request, *args, **kwargs):
        request.GET = without_oddities(request.GET)
        wanted = request.GET.get("format")
        if wanted == "csv" or (wanted == "xlsx" and self.xlsx):
            return self.export(wanted)
        return super().get(request, *args, **kwargs)

    def export(self, wanted):
        """Every filtered row, in a file."""
        self.filterset = self.get_filterset(self.get_filterset_class())
        self.object_list = self.filterset.qs
        self.table_pagination = False
        table = self.get_table(**self.get_table_kwargs())
        name = str(self.model._meta.verbose_name_plural)
        return csv_response(table, name) if wanted == "csv" else xlsx_response(table, name)

    def get_template_names(self):
        htmx = self.request.htmx
        if htmx and not htmx.history_restore_request:
            return [self.list_template_name]
        return super().get_template_names()

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def get_context_data(self, **kwargs):
        context = super().get_context_data(xlsx=self.xlsx, **kwargs)
        context["table"].tell(self.filterset)
        context["table"].way_out = self.way_out()
        return context
