"""The subsidies of a pact as open data (SCDL « Subventions », version 2.0). What is not known is told, never invented."""

from dataclasses import dataclass

from actions.enums import FundingState, FundingUnit
from actions.figures import funder_name
from actions.models import Funding
from actions.money.cells import counted_in
from partners.enums import OrganisationKind
from pti.dates import parse_period
from pti.scdl import Schema

WORDS = {
    "nomAttribuant": "le nom du financeur",
    "idAttribuant": "le SIRET du financeur",
    "dateConvention": "la date de la convention",
    "nomBeneficiaire": "le bénéficiaire",
    "idBeneficiaire": "le SIRET du bénéficiaire",
    "objet": "l’objet",
    "montant": "le montant",
    "conditionsVersement": "les conditions de versement",
    "datesPeriodeVersement": "la date ou la période de versement",
    "notificationUE": "l’indication d’une notification à la Commission européenne",
}
OBJECT_LENGTH = 256


@dataclass
class Subsidy:
    """One subsidy as a row of the file, and what keeps it out."""

    funding: object
    row: dict
    faults: list

    @property
    def is_ready(self):
        return not self.faults

    @property
    def who(self):
        return funder_name(self.funding)

    @property
    def lacks(self):
        """What is missing or wrong, in words."""
        return ", ".join(f"{WORDS.get(column, column)} {reason}" for column, reason in self.faults)


def subsidies_of(pact):
    """What local authorities granted to others: acquired, or paid where no acquired row says the same. One query."""
    schema = Schema("subventions-2.0")
    rows = Funding.objects.filter(pact=pact, state__in=[FundingState.ACQUIRED, FundingState.PAID])
    rows = rows.filter(funder__kind=OrganisationKind.AUTHORITY).exclude(unit=FundingUnit.FTE)
    rows = list(rows.select_related("funder", "beneficiary", "action").order_by("year", "order", "id"))
    granted = {key_of(row) for row in rows if row.state == FundingState.ACQUIRED}
    found = []
    for row in rows:
        twice = row.state == FundingState.PAID and key_of(row) in granted
        if not twice and row.beneficiary_id != row.funder_id:
            said = row_of(row)
            found.append(Subsidy(row, said, faults_of(schema, row, said)))
    return found


def key_of(row):
    """What makes an acquired row and a paid one the same subsidy."""
    return (row.action_id, row.axis_id, row.funder_id, row.beneficiary_id, row.year, row.unit, row.label)


def faults_of(schema, row, said):
    """What the schema demands, and two things that it does not see: an amount that is not sure, a beneficiary unnamed."""
    found = schema.faults(said)
    if row.is_conditional:
        found.append(("montant", "est encore sous réserve"))
    if row.beneficiary_id and not said["idBeneficiaire"]:
        found.append(("idBeneficiaire", "manque"))
    return found


def row_of(row):
    """What a funding says, in the columns of the schema. Each row has one beneficiary: its part is the whole."""
    in_kind = counted_in(row) == FundingUnit.IN_KIND or row.unit == FundingUnit.IN_KIND
    label = " ".join((row.label or (str(row.action) if row.action else "")).split())
    return {
        "nomAttribuant": row.funder.name,
        "idAttribuant": row.funder.siret,
        "dateConvention": row.agreed_on,
        "referenceDecision": row.decision_reference,
        "nomBeneficiaire": row.beneficiary.name if row.beneficiary else "",
        "idBeneficiaire": row.beneficiary.siret if row.beneficiary else "",
        "objet": label if len(label) <= OBJECT_LENGTH else f"{label[: OBJECT_LENGTH - 1]}…",
        "montant": row.amount,
        "nature": "aide en nature" if in_kind else "aide en numéraire",
        "conditionsVersement": " ".join(row.payment_terms.split()),
        "datesPeriodeVersement": period_of(row.payment_text),
        "notificationUE": row.is_notified_aid,
        "pourcentageSubvention": Funding._meta.get_field("amount").to_python("1.00"),
    }


def period_of(text):
    """« 2026-03-14 », or « 2026-01-01/2026-12-31 »."""
    period = parse_period(text)
    if not period:
        return ""
    first, last = period
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
