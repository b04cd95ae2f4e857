"""Closed lists of the governance floor."""

from django.db.models import TextChoices


class CommitteeLevel(TextChoices):
    """Level of a committee; anything else keeps its raw text."""

    DEPARTMENTAL = "departmental", "départemental"
    TERRITORIAL = "territorial", "territorial"
    THEMATIC = "thematic", "thématique"
    OTHER = "other", "autre"


class CommitteeKind(TextChoices):
    """Kind of committee (« instance »)."""

    STEERING = "steering", "comité de pilotage"
    TECHNICAL = "technical", "comité technique"
    LOCAL = "local", "comité local"
    FUNDERS = "funders", "conférence des financeurs"
    WORKING_GROUP = "working_group", "groupe de travail"
    PROJECT_GROUP = "project_group", "groupe projet"
    PROJECT_TEAM = "project_team", "équipe projet"
    USERS_GROUP = "users_group", "groupe d’usagers"
    POST = "post", "fonction"
    OTHER = "other", "autre"


class ChairMode(TextChoices):
    """How a committee is chaired."""

    SINGLE = "single", "une présidence"
    CO_CHAIRS = "co_chairs", "coprésidence"
    ROTATING = "rotating", "présidence tournante"


class ObligationPeriod(TextChoices):
    """Over what the obligation to meet is counted."""

    YEAR = "year", "par an"
    PACT = "pact", "sur la durée du pacte"


class MeetingStatus(TextChoices):
    """Where a meeting stands; anything else keeps its raw text."""

    PLANNED = "planned", "prévue"
    CONVENED = "convened", "convoquée"
    HELD = "held", "tenue"
    POSTPONED = "postponed", "différée"
    CANCELLED = "cancelled", "annulée"


class Presence(TextChoices):
    """Whether an organisation was there."""

    UNKNOWN = "unknown", "non pointée"
    PRESENT = "present", "présente"
    REPRESENTED = "represented", "représentée"
    EXCUSED = "excused", "excusée"
    ABSENT = "absent", "absente"


class ReferralOutcome(TextChoices):
    """What came of a referral: the answer lifts the point or keeps it, or a higher committee was asked."""

    LIFTED = "lifted", "le point de blocage est levé"
    KEPT = "kept", "le point de blocage est maintenu"
    UP = "up", "porté à une instance d’un niveau plus élevé"


class DecisionState(TextChoices):
    """What became of a decision."""

    OPEN = "open", "à exécuter"
    DONE = "done", "exécutée"
    DROPPED = "dropped", "abandonnée"
