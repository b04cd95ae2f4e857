"""What a new version needs before it serves: migrations, cache table, static files. Destroys nothing."""

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Met la base à jour et rassemble les fichiers statiques."

    def handle(self, **options):
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
