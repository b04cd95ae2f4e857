"""Settings room, partners floor: organisations and their dated names."""

from django.contrib import admin
from django.db.models import Exists, OuterRef

from partners.models import Organisation, OrganisationName, Partner
from partners.services import write_names
from pti.admin import animated_by
from pti.admin_site import RoomAdmin


class NameInline(admin.StackedInline):
    """Names borne between two dates, and aliases found in the texts."""

    model = OrganisationName
    fields = ["name", "acronym", "starts_on", "ends_on", "is_alias"]
    extra = 1
    verbose_name_plural = "noms datés et autres graphies"

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(Organisation)
class OrganisationAdmin(RoomAdmin):
    """Organisations of her pacts, and those that are in no pact yet."""

    fields = ["name", "acronym", "kind", "kind_text", "parent", "is_category", "siren", "siret", "note"]
    list_display = ["name", "acronym", "kind", "former_names"]
    list_filter = ["kind", "is_category"]
    search_fields = ["name", "acronym", "search"]
    inlines = [NameInline]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        write_names(form.instance)

    def rows_of(self, queryset, user):
        of_this = Partner.objects.filter(organisation=OuterRef("pk"))
        return queryset.filter(Exists(of_this.filter(pact__in=animated_by(user))) | ~Exists(of_this))
