"""Says with which accounts one may enter: the personas of the demonstration, or how to open the first account."""

from django.conf import settings
from django.core.management.base import BaseCommand

from pti.demo import personas
from pti.enums import Role
from pti.models import Access

TERMINAL = "pti.mail.TerminalBackend"


class Command(BaseCommand):
    help = "Affiche les comptes de démonstration, ou comment ouvrir le premier compte."
    requires_system_checks = ()

    def handle(self, **options):
        if personas():
            self.stdout.write("Démonstration. Sur la page de connexion, un clic suffit pour entrer comme :")
            for persona in personas():
                self.stdout.write(f"  {persona.first_name} {persona.last_name}, {persona.function} ({persona.email})")
        elif not Access.objects.filter(role=Role.ANIMATOR).exists():
            self.stdout.write("Aucune animatrice n’a de compte. Tapez : .venv/bin/python manage.py first_animator ADRESSE")
        if settings.EMAIL_BACKEND == TERMINAL:
            self.stdout.write("Aucun serveur de courriels n’est réglé (EMAIL_URL) : les codes de connexion s’affichent ici.")
