"""The six meetings of the living copy: five held, one convened. Everything is invented."""

import datetime
from dataclasses import dataclass

COPIL = "Comité de pilotage départemental du PTI"
FUNDERS = "Conférence des financeurs"
LOCAL = "Comité local insertion"
RESOURCE_GROUPS = "Groupes ressources"
# (day, month) on which nobody convenes a committee: public holidays that do not move, and their eves in winter.
DAYS_OFF = {(1, 1), (1, 5), (8, 5), (14, 7), (15, 8), (1, 11), (11, 11), (24, 12), (25, 12), (31, 12)}


def working_day(day):
    """`day`, else the last one before it on which a committee may sit."""
    while day.weekday() > 4 or (day.day, day.month) in DAYS_OFF:
        day -= datetime.timedelta(days=1)
    return day


@dataclass(frozen=True)
class Line:
    """One decision: who does it, how many months after the meeting it is due, whether it was done."""

    text: str
    owner: str
    due_months: int
    done: bool = True


@dataclass(frozen=True)
class Sitting:
    """One meeting: months before the day of loading (negative: days to come), agenda as (title, presenter, minutes, fiche)."""

    committee: str
    months_ago: int
    object: str
    agenda: tuple
    minutes: str = ""
    decisions: tuple = ()
    days_ahead: int = 0
    excused: tuple = ()
    represented: tuple = ()


SITTINGS = (
    Sitting(
        COPIL, 20, "Installation du pacte et programmation de la première année",
        (
            ("Les engagements des signataires", "Vice-présidente chargée de l’insertion", 30, None),
            ("Calendrier des fiches-actions", "Nadia Berthelot", 45, "14"),
            ("Plateforme de mobilité", "Nadia Berthelot", 20, "8"),
        ),
        "<p>Le comité installe le pacte et fixe le calendrier des fiches. Chaque pilote nomme un référent avant l’été.</p>",
        (
            Line("Nommer un référent PTI dans chaque organisme signataire.", "Conseil général", 3),
            Line("Réunir les groupes de travail des fiches 1 à 8.", "Conseil général", 4),
        ),
        excused=("Conseil régional du Centre",),
    ),
    Sitting(
        FUNDERS, 16, "Tableau des financements par type d’action",
        (
            ("Financements de chacun", "Inès Faure", 60, "2"),
            ("Cofinancement de la plateforme de mobilité", "Nadia Berthelot", 30, "8"),
        ),
        "<p>Le tableau des financements est partagé entre les neuf signataires. Il sera mis à jour chaque année.</p>",
        (Line("Tenir à jour le tableau des financements.", "DIRECCTE", 6),),
        represented=("Direction régionale de la jeunesse, des sports et de la cohésion sociale",),
    ),
    Sitting(
        LOCAL, 11, "Programme d’actions du territoire Grand Ouest",
        (
            ("Garde d’enfants en horaires décalés", "Claire Morvan", 40, "9"),
            ("Guide local des ressources", "Pôle Insertion", 20, "15"),
        ),
        "<p>Le comité local demande une réponse sur les horaires décalés à Chinon.</p>",
        (
            Line("Écrire aux gestionnaires de structures d’accueil de Chinon.", "CAF", 2),
            Line("Publier le guide local des ressources.", "Conseil général", 8, done=False),
        ),
    ),
    Sitting(
        COPIL, 8, "Bilan à mi-parcours et programmation",
        (
            ("Bilan à mi-parcours des fiches", "Nadia Berthelot", 60, "16"),
            ("Fiche 7 : réforme achevée", "Nadia Berthelot", 15, "7"),
            ("Règlement intérieur du CDIAE", "Inès Faure", 20, "2"),
        ),
        "<p>Le comité prend acte de l’achèvement de la fiche 7 et demande un calendrier ferme pour le règlement du CDIAE.</p>",
        (
            Line("Diffuser le bilan à mi-parcours aux partenaires.", "Conseil général", 2),
            Line("Publier la carte des lieux d’accueil du jeune enfant.", "Tour(s)plus", 4, done=False),
        ),
        excused=("Conseil régional du Centre", "Communauté d’agglomération Tour(s)plus"),
    ),
    Sitting(
        RESOURCE_GROUPS, 4, "Propositions des groupes ressources",
        (
            ("Transports vers les formations", "Groupe du Nord Est", 30, "8"),
            ("Courriers plus lisibles", "Groupe du Grand Ouest", 30, "6"),
        ),
        "<p>Les groupes demandent que les courriers d’orientation soient relus avec eux.</p>",
        (Line("Faire relire le courrier d’orientation par deux groupes.", "Pôle emploi", 9, done=False),),
    ),
    Sitting(
        COPIL, 0, "Points de blocage et préparation de la suite du pacte",
        (
            ("Compte rendu de la dernière séance", "Nadia Berthelot", 10, None),
            ("Fiche 9 : accueil en horaires décalés à Chinon", "Claire Morvan", 30, "9"),
            ("Fiche 10 : animateur territorial de santé du Sud Est", "Julien Perrin", 20, "10"),
            ("Fiche 6 : nouvelles modalités d’information", "Karim Lefort", 25, "6"),
        ),
        days_ahead=33,
    ),
)  # fmt: skip
