"""Settings room, actions floor: the themes, a vocabulary that all pacts share."""

from django.contrib import admin

from actions.models import Theme
from pti.admin_site import RoomAdmin


@admin.register(Theme)
class ThemeAdmin(RoomAdmin):
    """Themes proposed in the fiches; one that served is withdrawn from the list, not deleted."""

    fields = ["name", "family", "aim", "is_active"]
    list_display = ["name", "family", "is_active"]
    list_filter = ["family", "is_active"]
    search_fields = ["name", "aim"]
