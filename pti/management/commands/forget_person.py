"""The only way in to the journal: blank a person's name and coordinates, in her rows and in their history."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from pti.accounts import find_person, forget_account, forget_contact
from pti.models import User


class Command(BaseCommand):
    help = "Efface le nom et les coordonnées d’une personne, journal compris, et ferme son compte."

    def add_arguments(self, parser):
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--user", metavar="EMAIL", help="adresse du compte ; les contacts rattachés sont effacés aussi")
        who.add_argument("--contact", metavar="UID", help="identifiant d’un contact, avec ou sans compte")

    def handle(self, *args, **options):
        if options["user"]:
            user = User.objects.filter(email=options["user"].lower()).first()
            if user is None:
                raise CommandError("Aucun compte ne porte cette adresse.")
            rows = forget_account(user)
        else:
            try:
                person = find_person(options["contact"])
            except ValidationError:
                raise CommandError("Cet identifiant n’est pas un UUID.")
            if person is None:
                raise CommandError("Personne ne porte cet identifiant.")
            rows = forget_contact(person)
        for row in rows:
            self.stdout.write(f"{row._meta.verbose_name} {row.uid} : nom et coordonnées effacés.")
