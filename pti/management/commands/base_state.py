"""Says, for `./run`, what the base is: `vierge`, `demonstration` or `autre`."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from pti.models import Pact, User


def base_state():
    """`vierge`: the embedded base, empty, which nobody asked to keep so; `demonstration`; or `autre`."""
    if not settings.EMBEDDED_BASE or settings.BASE_MODE == "vide":
        return "autre"
    tables = connection.introspection.table_names() if settings.EMBEDDED_BASE.exists() else []
    if not any(model._meta.db_table in tables and model.objects.exists() for model in (Pact, User)):
        return "vierge"
    return "demonstration" if settings.BASE_MODE == "demonstration" else "autre"


class Command(BaseCommand):
    help = "Dit ce qu’est la base : vierge, demonstration ou autre (utilisé par ./run)."
    requires_system_checks = ()

    def handle(self, **options):
        self.stdout.write(base_state())
