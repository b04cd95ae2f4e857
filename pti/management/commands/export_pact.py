"""Write a whole pact to a file that `import_pact` reads."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from pti.exchange import export_bytes
from pti.models import Pact


class Command(BaseCommand):
    help = "Écrit un pacte entier dans un fichier (JSON, ou .zip s’il porte des documents)."

    def add_arguments(self, parser):
        parser.add_argument("pact", type=int, help="numéro du pacte")
        parser.add_argument("--output", required=True, type=Path)
        parser.add_argument("--with-people", action="store_true", help="avec les personnes et leurs coordonnées")

    def handle(self, *, pact, output, with_people, **options):
        found = Pact.objects.filter(pk=pact).first()
        if found is None:
            raise CommandError(f"Aucun pacte ne porte le numéro {pact}.")
        content = export_bytes(found, with_people=with_people)
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output} ne s’écrit pas : {error.strerror}.") from error
        self.stdout.write(f"{found} : {output}")
