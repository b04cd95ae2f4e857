"""Recompute the fingerprint of every frozen version."""

from django.core.management.base import BaseCommand, CommandError

from pti.models import Version
from pti.versions import is_intact


class Command(BaseCommand):
    help = "Vérifie l’empreinte de chaque version arrêtée."

    def handle(self, **options):
        altered = 0
        for version in Version.objects.with_text().select_related("pact").iterator(chunk_size=10):
            intact = is_intact(version)
            altered += not intact
            word = "empreinte conforme" if intact else "empreinte différente"
            self.stdout.write(f"Pacte {version.pact_id}, {version} : {word}")
        if altered:
            raise CommandError(f"{altered} version(s) : empreinte différente.")
