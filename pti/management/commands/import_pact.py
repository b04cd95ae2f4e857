"""`manage.py import_pact FILE`: one pact from facts (docs/import.md) or from our own export (docs/export.schema.json)."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from pti.enums import PactState
from pti.facts import FactsError
from pti.importing import import_file


class Command(BaseCommand):
    help = "Importe un pacte depuis un fichier ; le dernier mot écrit est l’identifiant du nouveau pacte."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="fichier de faits (JSON) ou pacte exporté (JSON ou .zip)")
        parser.add_argument("--state", choices=PactState.values, help="état du pacte importé (élaboration par défaut)")

    def handle(self, *args, file, state, **options):
        try:
            pact, warnings = self.read(file, state)
        except FactsError as refused:
            for line in refused.errors:
                self.stderr.write(line)
            raise CommandError(f"{len(refused.errors)} erreur(s) : rien n’est enregistré.") from refused
        except ValidationError as refused:
            raise CommandError("\n".join([*refused.messages, "Rien n’est enregistré."])) from refused
        for line in warnings:
            self.stderr.write(f"Avertissement. {line}")
        self.stdout.write(f"Pacte importé : {pact.title}, numéro {pact.pk}")

    def read(self, file, state):
        """(pact, warnings) of a file of either shape."""
        try:
            content = file.read_bytes()
        except OSError as error:
            raise FactsError([f"fichier : {error.strerror or 'illisible'} ({file})."]) from error
        return import_file(content, state=state)
