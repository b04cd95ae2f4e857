"""List, then close, the accounts that nobody has used for the number of months that the brand says."""

from django.core.management.base import BaseCommand

from pti.accounts import close_unused_accounts, unused_accounts


class Command(BaseCommand):
    help = "Ferme les comptes inutilisés depuis le nombre de mois des réglages ; --list les montre sans les fermer."

    def add_arguments(self, parser):
        parser.add_argument("--list", action="store_true", help="montrer les comptes, ne rien fermer")

    def handle(self, *args, **options):
        accounts = list(unused_accounts()) if options["list"] else close_unused_accounts()
        for user in accounts:
            seen = f"{user.last_login:%d/%m/%Y}" if user.last_login else "jamais"
            self.stdout.write(f"{user.email} (dernière connexion : {seen})")
        count = len(accounts)
        verb = "à fermer" if options["list"] else "fermés" if count > 1 else "fermé"
        self.stdout.write(f"{count or 'Aucun'} compte{'s' if count > 1 else ''} {verb}.")
