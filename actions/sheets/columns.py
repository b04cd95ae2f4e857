"""The sheets of the workbook and their columns, in the words of the form."""

from dataclasses import dataclass

from actions.models import Action

UID, NUMBER, REMOVE = "Identifiant", "Numéro de la fiche", "Retirer"
FICHE_UID = "Identifiant de la fiche"
TARGET = "Cible "


@dataclass(frozen=True)
class Column:
    """One column: its heading, the field of the form that it fills, how its words are read (see `words`)."""

    head: str
    field: str
    reader: str = "text"
    width: int = 20


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, the prefix of the rows that it fills in the form (none for the fiches themselves)."""

    title: str
    prefix: str
    columns: tuple

    def column_of(self, field):
        """The heading of the column that fills `field` of the form."""
        if field.startswith("target_"):
            return f"{TARGET}{field.removeprefix('target_')}"
        return next((column.head for column in self.columns if column.field == field), "")


def worded(field, reader="text", width=20):
    """The column of a field of the fiche, under the label that the screen gives it."""
    label = str(Action._meta.get_field(field).verbose_name)
    return Column(label[:1].upper() + label[1:], field, reader, width)


LONG = (
    "diagnosis", "objectives", "audience", "content", "schedule", "means", "human_means", "technical_means",
    "legal_means", "financial_means", "assets", "constraints", "prerequisites", "evaluation_method",
)  # fmt: skip

FICHES = Sheet(
    "Fiches",
    "",
    (
        Column("Numéro", "number", width=10),
        Column("Titre", "title", width=50),
        Column("Titre court", "short_title", width=25),
        Column("Axe", "axis", "axis", 35),
        Column("Autres axes", "other_axes", "axes", 25),
        worded("starts_text", width=12),
        worded("ends_text", width=12),
        *(worded(name, "rich", 45) for name in LONG),
        Column("Thèmes", "themes", "names", 25),
        Column("Territoires", "territories", "names", 25),
        Column("Autres plans servis", "schemes", "names", 25),
        Column("Expérimentation", "is_experiment", "unsure", 12),
        Column("Impact sur l’insertion (1 à 3)", "impact", "stars", 12),
        Column("Complexité (1 à 3)", "complexity", "stars", 12),
        Column("Priorité (1 à 3)", "priority", "stars", 12),
        Column("Incidence financière (1 à 3)", "financial_incidence", "stars", 12),
        Column("Liste des associés ouverte", "associated_open_ended", "yes_no", 12),
        Column("Autres rédactions du titre", "title_variants", "lines", 30),
    ),
)
LEADS = Sheet(
    "Pilotes et associés",
    "pilotes",
    (
        Column("Rôle", "role", "choice", 16),
        Column("Organisme ou plan", "who", "who", 50),
        Column("Tel qu’écrit", "text", width=40),
        Column("Pressenti", "is_tentative", "yes_no", 12),
    ),
)
MILESTONES = Sheet(
    "Jalons",
    "jalons",
    (Column("Jalon", "label", width=60), Column("Date prévue", "planned_text", width=16)),
)
INDICATORS = Sheet(
    "Indicateurs",
    "indicateurs",
    (
        Column("Indicateur", "name", width=60),
        Column("Nature", "kind", "choice", 16),
        Column("Unité", "unit", width=16),
        Column("Départ", "baseline_raw", width=16),
    ),
)
INSIDE = (LEADS, MILESTONES, INDICATORS)
SHEETS = (FICHES, *INSIDE)
