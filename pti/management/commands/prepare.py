"""What a new version needs before it serves: migrations, cache table, static files. Destroys nothing."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection


class Command(BaseCommand):
    help = "Met la base à jour et rassemble les fichiers statiques."

    def handle(self, **options):
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"La base ne répond pas : vérifiez DATABASE_URL. {error}") from error
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
