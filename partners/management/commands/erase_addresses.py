"""Erase the network addresses of agreements given on line, once their time is over (NETWORK_ADDRESS_YEARS)."""

from django.core.management.base import BaseCommand

from partners.signing.agreement import erase_addresses


class Command(BaseCommand):
    help = "Efface les adresses réseau des accords donnés en ligne au-delà du nombre d’années des réglages."

    def handle(self, *args, **options):
        self.stdout.write(f"{erase_addresses()} adresse(s) réseau effacée(s).")
