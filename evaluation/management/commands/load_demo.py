"""`manage.py load_demo`: the demonstration, in an empty base and in demonstration mode only."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from evaluation.demo.load import load_demo


class Command(BaseCommand):
    help = "Charge la démonstration dans une base vide."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("La démonstration ne se charge qu’en mode démonstration (DEMO=on), sur cette machine.")
        try:
            living = load_demo()
        except ValidationError as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"Démonstration chargée : quatre pactes réels, et « {living} » qui vit.")
