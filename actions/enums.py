"""Closed lists of the actions' floor."""

from django.db.models import IntegerChoices, TextChoices


class ActionStatus(TextChoices):
    """Execution status. Lateness is computed and never a status; « en fonctionnement » is not « réalisée »."""

    PROJECT = "project", "à l’état de projet"
    ONGOING = "ongoing", "en cours"
    RUNNING = "running", "en fonctionnement"
    DONE = "done", "réalisée"
    PAUSED = "paused", "suspendue"
    DROPPED = "dropped", "abandonnée"


# An action in one of these can be late; in the second, silent.
CAN_BE_LATE = (ActionStatus.PROJECT, ActionStatus.ONGOING)
CAN_BE_SILENT = (ActionStatus.ONGOING, ActionStatus.RUNNING)


class Confidence(TextChoices):
    """What the lead declares, beside what is measured. Unknown is never shown as good."""

    SECURED = "secured", "objectif sécurisé"
    REACHABLE = "reachable", "objectif atteignable"
    SUPPORT = "support", "appuis nécessaires"
    COMPROMISED = "compromised", "objectif compromis"
    UNKNOWN = "unknown", "non renseignée"


LOW_CONFIDENCE = (Confidence.SUPPORT, Confidence.COMPROMISED)


class LeadRole(TextChoices):
    """What a body does in an action."""

    PILOT = "pilot", "pilote"
    CO_PILOT = "co_pilot", "copilote"
    ASSOCIATED = "associated", "associé"
    FUNDER = "funder", "financeur"
    OPERATOR = "operator", "réalise l’action"


LEADING_ROLES = (LeadRole.PILOT, LeadRole.CO_PILOT)


class Stars(IntegerChoices):
    """One to three."""

    ONE = 1, "1 sur 3"
    TWO = 2, "2 sur 3"
    THREE = 3, "3 sur 3"


class ThemeFamily(TextChoices):
    """The guide's two families of themes."""

    SOCIAL = "social", "insertion sociale"
    PROFESSIONAL = "professional", "insertion professionnelle"


class IndicatorKind(TextChoices):
    """Kind of indicator (the guide defines moyens, résultat, contexte)."""

    MEANS = "means", "moyens"
    OUTPUT = "output", "réalisation"
    RESULT = "result", "résultat"
    IMPACT = "impact", "impact"
    CONTEXT = "context", "contexte"
    GOVERNANCE = "governance", "gouvernance"
    OTHER = "other", "autre"


class FundingState(TextChoices):
    """How far a funding is. What is planned belongs to the text; the rest happens."""

    PLANNED = "planned", "prévu"
    ASKED = "asked", "demandé"
    ACQUIRED = "acquired", "acquis"
    PAID = "paid", "versé"


class FundingUnit(TextChoices):
    """What is given."""

    EUROS = "euros", "euros"
    FTE = "fte", "ETP"
    IN_KIND = "in_kind", "en nature"


class BlockingLevel(TextChoices):
    """The level that a blocking point should go up to."""

    WORKING_GROUP = "working_group", "groupe de travail"
    LOCAL = "local", "comité local"
    TECHNICAL = "technical", "comité technique"
    STEERING = "steering", "comité de pilotage"


class WorkbookState(TextChoices):
    """Where a workbook of fiches stands."""

    UNDECIDED = "undecided", "à vérifier"
    WAITING = "waiting", "en attente"
    ONGOING = "ongoing", "en cours d’enregistrement"
    DONE = "done", "enregistré"
    REFUSED = "refused", "refusé, rien n’est écrit"
    STOPPED = "stopped", "interrompu, rien n’est écrit"


class RequestQuestion(TextChoices):
    """What a collection asks (`actions.campaigns.questions`)."""

    UPDATE = "update", "point d’avancement"
    COMMITMENT = "commitment", "suivi d’un engagement"
    FUNDING = "funding", "financements"


class RequestState(TextChoices):
    """Where the answer of one lead to a collection stands."""

    TO_DO = "to_do", "à faire"
    ANSWERED = "answered", "répondu"
    RETURNED = "returned", "rendue"
    VALIDATED = "validated", "validée"


class AnswerKind(TextChoices):
    """What a lead answers."""

    NEWS = "news", "point donné"
    SAME = "same", "rien de nouveau"
    HELP = "help", "besoin d’aide"
    NOT_ME = "not_me", "n’est plus la bonne personne"


class BatchKind(TextChoices):
    """What is changed over several fiches at once."""

    STATUS = "status", "statut"
    LEAD = "lead", "pilote"
    FORECAST = "forecast", "date des jalons"
    THEME = "theme", "thème"


class BatchState(TextChoices):
    """Where a « modification en lot » stands."""

    DRAFT = "draft", "à confirmer"
    WAITING = "waiting", "en attente"
    APPLIED = "applied", "appliquée"
    UNDOING = "undoing", "annulation en attente"
    UNDONE = "undone", "annulée"
    FAILED = "failed", "interrompue"


class Pace(TextChoices):
    """How soon a person is told what enters a view that she follows."""

    AT_ONCE = "at_once", "dès que possible (deux envois par jour)"
    WEEKLY = "weekly", "une fois par semaine"
