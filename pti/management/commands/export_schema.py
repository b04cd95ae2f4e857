"""Write docs/export.schema.json again, once a model or a part has changed."""

from django.conf import settings
from django.core.management.base import BaseCommand

from pti import describing


class Command(BaseCommand):
    help = "Écrit docs/export.schema.json, qui décrit les fichiers d’export_pact."

    def handle(self, **options):
        path = settings.BASE_DIR / "docs" / "export.schema.json"
        path.write_text(describing.text(), encoding="utf-8")
        self.stdout.write(str(path))
