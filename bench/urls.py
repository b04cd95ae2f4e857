"""The application's addresses, an empty page of it, and the stock admin's list of the same fiches."""

from django.contrib import admin
from django.shortcuts import render
from django.urls import path

from actions.models import Action
from pti.urls import urlpatterns as pages
from pti.views import pact_or_404


def empty_page(request, pact_pk):
    """`base.html` with nothing in it: login, menu of the person on the pact, foot."""
    return render(request, "base.html", {"pact": pact_or_404(request.user, pact_pk)})


class StockSite(admin.AdminSite):
    """Django's own admin, open to the person of the bench."""

    def has_permission(self, request):
        return True


class StockActionAdmin(admin.ModelAdmin):
    """The same rows, columns, filters and page size as our own list, drawn by Django's own changelist."""

    list_display = ("number", "title", "axis", "who_leads", "status", "confidence", "open_due", "last_update_on")
    list_filter = ("status", "confidence", "axis", "leads__organisation", "territories", "themes", "is_experiment")
    list_per_page = 25
    search_fields = ("search",)
    ordering = ("number_key", "id")

    def get_queryset(self, request):
        return super().get_queryset(request).for_table()

    def has_view_permission(self, request, obj=None):
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_module_permission = has_view_permission

    @admin.display(description="pilote")
    def who_leads(self, action):
        return ", ".join(str(lead) for lead in action.leading)

    @admin.display(description="échéances", ordering="open_due")
    def open_due(self, action):
        return action.open_due

    @admin.display(description="dernier point", ordering="last_update_on")
    def last_update_on(self, action):
        return action.last_update_on


stock = StockSite(name="stock")
stock.register(Action, StockActionAdmin)

urlpatterns = [
    path("bench/<int:pact_pk>/vide/", empty_page, name="bench_empty"),
    path("bench/admin/", stock.urls),
    *pages,
]
