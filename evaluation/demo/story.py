"""What happens in the living copy of the demonstration. Everything here is invented: follow-up, people, votes.

Quarters are counted backwards from the day of loading (0: the last weeks), so that the story is always fresh.
"""

from dataclasses import dataclass, field

from actions.enums import ActionStatus, BlockingLevel, Confidence

S, R, A, C, U = (
    Confidence.SECURED,
    Confidence.REACHABLE,
    Confidence.SUPPORT,
    Confidence.COMPROMISED,
    Confidence.UNKNOWN,
)


@dataclass(frozen=True)
class Point:
    """One update: how many quarters ago, the confidence, and what is said."""

    quarter: int
    confidence: Confidence
    sentence: str = ""
    done: str = ""
    difficulties: str = ""
    next_steps: str = ""
    blocking_point: str = ""
    blocking_level: str = ""
    unblocked_quarter: int | None = None
    unblocking: str = ""


@dataclass(frozen=True)
class Story:
    """The life of one fiche: (impact, complexity, priority, financial incidence), milestones left undone, updates."""

    short_title: str
    status: ActionStatus
    stars: tuple
    themes: tuple
    points: tuple
    undone: tuple = ()
    # {name of an indicator: values of the three years, None when not measured}
    measures: dict = field(default_factory=dict)


# Where some fiches are carried out first; the others bear on the whole pact.
CARRIED_OUT = {
    "2": ("Tours Nord Loire", "Tours Sud Loire", "Joué – Saint-Pierre"),
    "5": ("Tours Sud Loire", "Nord Est"),
    "6": ("Tours Sud Loire", "Grand Ouest"),
    "8": ("Nord Est", "Sud Est", "Grand Ouest"),
    "9": ("Sud Est", "Tours Nord Loire"),
    "10": ("Loire Touraine",),
    "11": ("Tour(s)plus",),
}

STORIES = {
    "1": Story(
        "Rencontres avec le monde du travail",
        ActionStatus.ONGOING,
        (3, 2, 3, 2),
        ("Sensibilisation des employeurs",),
        (
            Point(
                7,
                R,
                "Les trois premières entreprises partenaires sont trouvées.",
                "Réunion de lancement avec le MEDEF et la CCI.",
            ),
            Point(6, R, "Quarante personnes ont passé une journée en entreprise."),
            Point(
                5,
                R,
                "Le rythme est tenu, sauf dans le Grand Ouest.",
                difficulties="Peu d’entreprises volontaires au Grand Ouest.",
            ),
            Point(4, S, "Les services du Département accueillent eux aussi des stagiaires."),
            Point(3, R, "Les stages reprennent après l’été."),
            Point(2, R, "Un forum a réuni 22 employeurs à Amboise.", next_steps="Le refaire à Chinon au printemps."),
            Point(1, R, "Une personne suivie sur quatre a rencontré un employeur."),
            Point(0, R, "La base de ressources est ouverte aux référents des six territoires."),
        ),
        measures={
            "Nombre de personnes ayant eu un contact avec l’entreprise, par forme de contact": (412, 655, 731),
            "Part des personnes en accompagnement socioprofessionnel ou emploi ayant eu un contact avec l’entreprise": (
                17,
                26,
                31,
            ),
        },
    ),
    "2": Story(
        "L’IAE, une séquence des parcours",
        ActionStatus.ONGOING,
        (3, 3, 3, 2),
        ("SIAE",),
        (
            Point(7, R, "La conférence des financeurs de l’IAE est installée."),
            Point(6, R, "Le diagnostic partagé couvre 24 structures sur 31."),
            Point(5, A, "Le règlement intérieur du CDIAE attend l’avis des employeurs."),
            Point(4, A, difficulties="Deux réunions du CDIAE reportées faute de quorum."),
            Point(3, A, "Le plan stratégique est arrêté ; le règlement ne l’est pas."),
            Point(1, A, "Une nouvelle rédaction du règlement circule.", next_steps="Vote en CDIAE à la prochaine réunion."),
            Point(0, A, "Le règlement intérieur est inscrit à l’ordre du jour du prochain CDIAE."),
        ),
        undone=("Règlement intérieur du CDIAE",),
        measures={"Nombre de réunions annuelles du CDIAE et des CTA": (4, 3, None)},
    ),
    "3": Story(
        "Montée en compétences des publics",
        ActionStatus.ONGOING,
        (3, 2, 2, 3),
        ("Formation professionnelle", "Illettrisme et savoirs de base"),
        (
            Point(7, R, "Les besoins de formation sont recensés par territoire."),
            Point(6, R, "Deux actions sur mesure ouvrent à Loches."),
            Point(5, R, "Les premières attestations de compétences sont remises en SIAE."),
        ),
        measures={"Nombre de bénéficiaires de formations qualifiantes et professionnalisantes": (286, None, None)},
    ),
    "4": Story(
        "Groupes ressources sur tous les territoires",
        ActionStatus.RUNNING,
        (2, 2, 3, 1),
        ("Insertion sociale",),
        (
            Point(7, R, "Quatre groupes sur six sont en place."),
            Point(6, S, "Les six groupes se réunissent."),
            Point(5, S, "La première conférence départementale a réuni 58 allocataires."),
            Point(4, S),
            Point(3, S, "Onze propositions ont été transmises aux comités locaux."),
            Point(2, S, difficulties="Deux groupes peinent à renouveler leurs membres."),
            Point(1, S, "Les membres rencontrent les élus chaque semestre."),
            Point(0, S, "Le guide des groupes ressources est réécrit avec eux."),
        ),
        measures={
            "Nombre de réunions des groupes ressources par an": (21, 30, 26),
            "Nombre de participants aux groupes ressources": (64, 81, 77),
            "Taux de renouvellement des participants": (0, 22, None),
        },
    ),
    "5": Story(
        "Nouveaux outils, l’utilisateur acteur",
        ActionStatus.ONGOING,
        (2, 3, 2, 1),
        ("Insertion sociale", "NTIC"),
        (
            Point(7, R, "Un premier outil d’entretien est écrit avec les usagers."),
            Point(5, U, "Le groupe de travail n’a plus d’animateur."),
            Point(3, R, "Le travail reprend avec le pôle Tours Nord."),
            Point(
                1,
                R,
                "Le test a été reporté : les référents se forment d’abord.",
                difficulties="Peu de temps dégagé pour le test.",
            ),
            Point(
                0, R, "Onze référents sont formés, le test peut commencer.", next_steps="Premier bilan du test dans trois mois."
            ),
        ),
        undone=("Conception et test des premiers outils",),
        measures={"Nombre et nature des initiatives mises en œuvre": (3, 4, None)},
    ),
    "6": Story(
        "Accueil, information et orientation",
        ActionStatus.ONGOING,
        (3, 2, 3, 1),
        ("Aides individuelles",),
        (
            Point(7, R, "L’orientation automatique est en service.", "Critères validés avec Pôle emploi, la CAF et la MSA."),
            Point(6, A, "L’absentéisme aux réunions d’information reste à 40 %."),
            Point(5, A, "Le nouveau courrier d’invitation est testé à Joué-lès-Tours."),
            Point(4, A),
            Point(3, R, "L’absentéisme baisse de dix points là où le courrier est testé."),
            Point(2, A, "La généralisation attend la mise à jour du logiciel."),
            Point(0, A, "Le prestataire annonce la mise à jour pour le trimestre prochain.", difficulties="Aucune date ferme."),
        ),
        undone=("Nouvelles modalités d’information",),
        measures={"Délai moyen d’orientation": (81, 66, 58), "Nombre de personnes présentes en BDO": (1240, 1515, None)},
    ),
    "7": Story(
        "Réforme des modalités d’accompagnement",
        ActionStatus.DONE,
        (3, 3, 3, 2),
        ("Insertion sociale",),
        (
            Point(7, S, "Les trois modalités d’accompagnement sont décrites."),
            Point(6, S, "Tous les référents appliquent la grille commune."),
            Point(5, S, "Les passages d’une modalité à l’autre sont suivis chaque mois."),
            Point(4, S, "Réforme achevée : bilan remis au comité de pilotage.", "Guide diffusé à 212 professionnels."),
        ),
        measures={"Nombre de bénéficiaires par dominante d’accompagnement": (5410, 5862, None)},
    ),
    "8": Story(
        "Plateforme de mobilité",
        ActionStatus.RUNNING,
        (3, 2, 3, 3),
        ("Mobilité",),
        (
            Point(7, R, "La plateforme couvre l’agglomération et le Nord Est."),
            Point(
                6,
                R,
                "L’ouverture à Chinon attend un local.",
                blocking_point="Aucun local n’est disponible à Chinon pour recevoir le public.",
                blocking_level=BlockingLevel.LOCAL,
                unblocked_quarter=5,
                unblocking="La communauté de communes prête une salle deux jours par semaine.",
            ),
            Point(5, S, "Chinon est ouvert, Loches suivra."),
            Point(4, S, "Tout le département est couvert."),
            Point(3, S),
            Point(2, S, "Le cofinancement de la Région est reconduit."),
            Point(1, S, "Un bilan de mobilité sur deux débouche sur une solution."),
            Point(0, S, "La plateforme a reçu sa millième personne."),
        ),
        measures={
            "Nombre de bénéficiaires de la plateforme": (318, 604, 702),
            "Territoire départemental couvert par la plateforme": (70, 100, 100),
        },
    ),
    "9": Story(
        "Familles avec de jeunes enfants",
        ActionStatus.ONGOING,
        (3, 3, 3, 2),
        ("Parentalité et garde d’enfants",),
        (
            Point(7, R, "Le référentiel des RAM est en cours de relecture."),
            Point(6, R, "Le référentiel est inscrit dans 12 contrats de projet sur 23."),
            Point(5, R, "Référentiel mis à jour et inscrit dans 19 contrats de projet sur 23.", "Référentiel des RAM publié."),
            Point(4, A, "Le financement de Bou’tchou service n’est pas garanti l’an prochain."),
            Point(3, R, "Le réseau petite enfance et insertion est installé."),
            Point(2, A, "Trois gestionnaires sur sept refusent la règle de priorité entre familles."),
            Point(1, A, "Le guide d’admission est écrit.", "Guide départemental relu par sept gestionnaires."),
            Point(
                0,
                A,
                "Le guide est prêt, mais personne ne s’engage sur les horaires décalés.",
                next_steps="Reprendre la règle de priorité avec la communauté de communes.",
                blocking_point="Sans aide au fonctionnement, aucun gestionnaire ne s’engage à Chinon sur les horaires décalés.",
                blocking_level=BlockingLevel.STEERING,
            ),
        ),
        measures={"Nombre de parents en insertion accueillis et accompagnés": (96, 134, None)},
    ),
    "10": Story(
        "Accès aux droits, à la prévention et aux soins",
        ActionStatus.ONGOING,
        (3, 3, 3, 2),
        ("Santé",),
        (
            Point(7, R, "La cartographie de l’offre de soins est diffusée."),
            Point(6, R, "Soixante référents ont suivi l’information sur les droits."),
            Point(5, A, "Les examens de santé manquent de créneaux à Loches."),
            Point(4, A),
            Point(3, A, "Une permanence de la CPAM ouvre au pôle Tours Sud."),
            Point(2, C, "Le poste d’animateur territorial de santé du Sud Est est vacant."),
            Point(1, C, "Le recrutement n’a pas abouti.", difficulties="Deux candidats, aucun n’a accepté le poste."),
            Point(
                0,
                C,
                "Sans animateur, les actions collectives du Sud Est s’arrêtent.",
                blocking_point="Le poste d’animateur territorial de santé du Sud Est n’est plus financé.",
                blocking_level=BlockingLevel.TECHNICAL,
            ),
        ),
        measures={"Nombre d’examens de santé pour les publics fragiles": (410, 388, 290)},
    ),
    "11": Story(
        "Garantie jeunes",
        ActionStatus.RUNNING,
        (3, 2, 3, 3),
        ("Insertion sociale", "Formation professionnelle"),
        (
            Point(6, R, "Les premières cohortes sont constituées."),
            Point(5, S, "Huit cohortes de douze à dix-huit jeunes."),
            Point(4, S),
            Point(3, S, "Six jeunes sur dix sont en emploi ou en formation à la sortie."),
            Point(2, S, "Les entreprises redemandent des immersions."),
            Point(1, S),
            Point(0, S, "Une cohorte de plus ouvre à Loches."),
        ),
        measures={"Taille d’une cohorte": (14, 15, 15)},
    ),
    "12": Story(
        "Acculturation des professionnels",
        ActionStatus.ONGOING,
        (2, 1, 2, 1),
        ("Insertion sociale",),
        (
            Point(7, R, "L’Espace Pro Insertion est ouvert à tous les partenaires."),
            Point(6, R, "Trois sessions d’échanges de pratiques ont eu lieu."),
            Point(5, R, "Quarante professionnels ont passé une journée chez un partenaire."),
        ),
        measures={"Développement et fréquentation de l’Espace Pro Insertion": (2150, 3480, None)},
    ),
    "13": Story(
        "Nouveaux outils et processus",
        ActionStatus.PAUSED,
        (1, 2, 1, 1),
        ("Insertion sociale",),
        (
            Point(7, R, "Le guide de l’accompagnement est en relecture."),
            Point(5, R, "Deux formations « Compétences Fortes » ont eu lieu."),
            Point(3, U, "Action suspendue : elle attend le nouveau logiciel de suivi."),
        ),
    ),
    "14": Story(
        "Pilotage départemental partenarial",
        ActionStatus.RUNNING,
        (2, 2, 2, 1),
        ("Insertion sociale",),
        (
            Point(7, S, "Le comité de pilotage et la conférence des financeurs sont installés."),
            Point(6, S),
            Point(5, S, "Chaque fiche a son groupe de travail, sauf la fiche 13."),
            Point(4, S),
            Point(3, S, "Le tableau des financements est partagé."),
            Point(2, S),
            Point(1, S, "La programmation de l’année est arrêtée."),
            Point(0, S, "Le comité de pilotage prépare la suite du pacte."),
        ),
        measures={"Réunions du comité de pilotage départemental": (2, 2, 1)},
    ),
    "15": Story(
        "Pilotage et animation des territoires",
        ActionStatus.ONGOING,
        (2, 2, 3, 1),
        ("Insertion sociale",),
        (
            Point(7, R, "Quatre comités locaux sur six se sont réunis."),
            Point(6, R, "Les six comités locaux ont leur programme d’actions."),
            Point(5, R),
            Point(4, R, "Le guide local des ressources paraît au Nord Est."),
            Point(3, R),
            Point(2, R, "Deux comités locaux ont changé de présidence."),
            Point(1, R, "Les comités alternent formation technique et formation politique."),
            Point(0, R, "Neuf réunions tenues sur les douze prévues cette année."),
        ),
        measures={"Nombre et types de projets impulsés": (5, 9, 12)},
    ),
    "16": Story(
        "Évaluation continue du PTI",
        ActionStatus.PROJECT,
        (2, 2, 2, 1),
        ("Insertion sociale",),
        (),
    ),
}


@dataclass(frozen=True)
class Signatory:
    """One of the nine funders of the living copy: its people, its act, and how the Département sees it."""

    body: str = ""
    act: str = ""
    votes: tuple = ()
    capacity: str = ""
    people: tuple = ()
    domain: str = ""
    motivation: int = 1
    influence: int = 1
    condition: str = ""
    signed: bool = True
    # Who signed, when none of its people is the signatory.
    signer: str = ""


# By the name in the pact. People are invented, and their addresses end in `.example`.
SIGNATORIES = {
    "Conseil général d’Indre-et-Loire": Signatory(
        "Commission permanente", "CP-11-042", (38, 0, 3), "Présidente du Conseil", (
            ("Hélène", "Garnier", "Vice-présidente chargée de l’insertion", "elected"),
            ("Sophie", "Delaunay", "Chargée de mission insertion", "referent"),
            ("Nadia", "Berthelot", "Animatrice du pacte", "referent"),
        ), "departement", 2, 2, signer="Anne-Laure Vasseur",
    ),
    "Préfecture d’Indre-et-Loire": Signatory(
        "Décision du préfet", "2014-318", (), "Préfet", (("Paul", "Aubert", "Chargé de mission cohésion sociale", "referent"),),
        "prefecture", 1, 2, signer="Étienne Delorme",
    ),
    "DIRECCTE – unité territoriale 37": Signatory(
        "Décision du responsable de l’unité territoriale", "UT37-77", (), "Responsable de l’unité territoriale",
        (("Inès", "Faure", "Responsable du service insertion par l’emploi", "referent"),), "direccte", 1, 2,
        signer="Sylvie Arnaud",
    ),
    "Direction régionale de la jeunesse, des sports et de la cohésion sociale": Signatory(
        "Décision du directeur régional", "DR-2014-51", (), "Directeur régional",
        (("Luc", "Tessier", "Inspecteur", "referent"),), "drjscs", 0, 1, signer="Thierry Maillot",
    ),
    "Pôle emploi": Signatory(
        "Décision du directeur régional", "PE-CVL-209", (), "Directrice territoriale", (
            ("Karim", "Lefort", "Référent PTI", "referent"),
            ("Jeanne", "Colin", "Directrice territoriale", "signatory"),
        ), "pole-emploi", 2, 2,
    ),
    "Agence régionale de santé": Signatory(
        "Décision du délégué départemental", "ARS-DD37-18", (), "Délégué départemental",
        (("Julien", "Perrin", "Référent PTI", "referent"),), "ars", -1, 2, signer="Rémi Guibert",
    ),
    "Caisse d’allocations familiales Touraine": Signatory(
        "Conseil d’administration", "2014-41", (22, 0, 2), "Directeur", (
            ("Claire", "Morvan", "Référente PTI", "referent"),
            ("Denis", "Marchal", "Directeur", "signatory"),
        ), "caf", 2, 1,
    ),
    "Conseil régional du Centre": Signatory(
        people=(("Agathe", "Royer", "Cheffe du service formation", "referent"),), domain="region", motivation=0, influence=2,
        condition="Sous réserve d’un vote de sa commission permanente.", signed=False,
    ),
    "Communauté d’agglomération Tour(s)plus": Signatory(
        people=(("Bruno", "Lemaitre", "Directeur de la cohésion sociale", "referent"),), domain="toursplus", motivation=1,
        influence=1, signed=False,
    ),
}  # fmt: skip
