"""Invite somebody from the command line: the first animator of an empty base."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from pti.accounts import invite
from pti.enums import Role
from pti.models import Pact


class Command(BaseCommand):
    help = "Ouvre un compte et lui donne un rôle ; sans --pact, sur tous les pactes."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--role", choices=Role.values, default=Role.ANIMATOR)
        parser.add_argument("--pact", type=int, metavar="ID")

    def handle(self, *args, **options):
        pact = Pact.objects.ordinary().filter(pk=options["pact"]).first() if options["pact"] else None
        if options["pact"] and pact is None:
            raise CommandError("Aucun pacte ne porte ce numéro.")
        try:
            validate_email(options["email"])
            user = invite(email=options["email"], role=options["role"], pact=pact)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages))
        self.stdout.write(f"{user.email} : {Role(options['role']).label}, {pact or 'tous les pactes'}.")
