"""`manage.py import_pact FILE`: one pact from a file of facts (docs/import.md)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pti.enums import PactState
from pti.facts import FactsError, load_json
from pti.pact_facts import import_facts


class Command(BaseCommand):
    help = "Importe un pacte depuis un fichier ; le dernier mot écrit est l’identifiant du nouveau pacte."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="fichier JSON (docs/import.md)")
        parser.add_argument("--state", choices=PactState.values, help="état du pacte importé (élaboration par défaut)")

    def handle(self, *args, file, state, **options):
        try:
            pact, warnings = self.read(file, state)
        except FactsError as refused:
            for line in refused.errors:
                self.stderr.write(line)
            raise CommandError(f"{len(refused.errors)} erreur(s) : rien n’est enregistré.") from refused
        for line in warnings:
            self.stderr.write(f"Avertissement. {line}")
        self.stdout.write(f"Pacte importé : {pact.title}, numéro {pact.pk}")

    @transaction.atomic
    def read(self, file, state):
        data = load_json(self.text_of(file))
        pact, facts = import_facts(data)
        if state:
            pact.state = state
            pact.save(update_fields=["state"])
        return pact, facts.warnings

    def text_of(self, file):
        try:
            return file.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise FactsError([f"fichier : {error.strerror or 'illisible'} ({file})."]) from error
        except UnicodeDecodeError as error:
            raise FactsError([f"fichier : l’octet {error.start} n’est pas de l’UTF-8."]) from error
