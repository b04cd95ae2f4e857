"""Opens the account of the first animator; she invites the others."""

import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from pti.enums import Role
from pti.models import Access, User

QUESTION = "Adresse électronique de la première animatrice : "


@transaction.atomic
def open_first_account(email):
    """The account that holds `email`, animator of every pact."""
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"« {email} » n’est pas une adresse électronique : écrivez-la comme prenom.nom@departement.fr.")
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email)
    Access.objects.create(user=user, pact=None, role=Role.ANIMATOR)
    return user


class Command(BaseCommand):
    help = "Ouvre le compte de la première animatrice (adresse en argument, sinon lue sur l’entrée)."

    def add_arguments(self, parser):
        parser.add_argument("email", nargs="?", metavar="ADRESSE")
        parser.add_argument("--unless-any", action="store_true", help="Ne fait rien s’il y a déjà une animatrice.")

    def handle(self, *, email, unless_any, **options):
        if Access.objects.filter(role=Role.ANIMATOR, pact=None).exists():
            if unless_any:
                return
            raise CommandError("Une animatrice a déjà un compte : c’est elle qui invite les autres personnes.")
        user = open_first_account((email or self.ask()).strip())
        self.stdout.write(f"Compte ouvert pour {user.email} : elle se connecte par un code reçu à cette adresse.")

    def ask(self):
        self.stdout.write(QUESTION, ending="")
        self.stdout.flush()
        return sys.stdin.readline()
