"""The deliberations that approve a pact, as open data (SCDL « Délibérations », version 2.1)."""

from dataclasses import dataclass

from partners.enums import ApprovalBody, OrganisationKind
from partners.models import Partner
from pti.scdl import Schema

# Classification of acts sent to the State (nomenclature ACTES): 8 domaines de compétences par thèmes, 8.2 aide sociale.
MATTER_CODE, MATTER_NAME = "8.2", "domaines de compétences par thèmes/aide sociale"
WORDS = {
    "COLL_NOM": "le nom de la collectivité",
    "COLL_SIRET": "le SIRET de l’organisme",
    "DELIB_ID": "le numéro de l’acte",
    "DELIB_DATE": "la date",
    "DELIB_OBJET": "l’objet",
}


@dataclass
class Deliberation:
    """One act as a row of the file, and what keeps it out."""

    approval: object
    row: dict
    faults: list

    @property
    def is_ready(self):
        return not self.faults

    @property
    def lacks(self):
        """What is missing or wrong, in words."""
        return ", ".join(f"{WORDS.get(column, column)} {reason}" for column, reason in self.faults)


def deliberations_of(pact):
    """The acts of local authorities that approve `pact`, in the order of their dates: three queries."""
    schema = Schema("deliberations-2.1")
    assembly = assembly_of(pact)
    rows = pact.approvals.exclude(kind=ApprovalBody.STEERING).select_related("partner__organisation")
    found = []
    for approval in rows:
        body = approval.partner.organisation if approval.partner else assembly
        if body is None or body.kind != OrganisationKind.AUTHORITY:
            continue
        row = row_of(approval, body, pact)
        found.append(Deliberation(approval, row, schema.faults(row)))
    return found


def assembly_of(pact):
    """The Département among the partners: the local authority that steers, else the only one of its kind."""
    rows = Partner.objects.filter(pact=pact, organisation__kind=OrganisationKind.AUTHORITY).select_related("organisation")
    return next((one.organisation for one in rows.order_by("-steers", "order", "id")), None)


def row_of(approval, body, pact):
    counted = (approval.present, approval.proxies, approval.excused, approval.absent)
    return {
        "COLL_NOM": body.name,
        "COLL_SIRET": body.siret,
        "DELIB_ID": approval.act_number,
        "DELIB_DATE": approval.held_on,
        "DELIB_MATIERE_CODE": MATTER_CODE,
        "DELIB_MATIERE_NOM": MATTER_NAME,
        "DELIB_OBJET": " ".join((approval.object or f"Approbation : {pact.title}").split()),
        "PREF_DATE": approval.transmitted_on,
        "VOTE_EFFECTIF": None if None in (approval.present, approval.absent) else sum(filter(None, counted)),
        "VOTE_REEL": approval.voters,
        "VOTE_POUR": approval.votes_for,
        "VOTE_CONTRE": approval.votes_against,
        "VOTE_ABSTENTION": approval.abstentions,
    }
