"""Closed lists of the partners' floor."""

from django.db.models import IntegerChoices, TextChoices


class OrganisationKind(TextChoices):
    """Kind of organisation; anything else is « autre » and keeps its raw text."""

    STATE = "state", "État"
    AUTHORITY = "authority", "collectivité"
    SOCIAL_SECURITY = "social_security", "sécurité sociale"
    EMPLOYMENT = "employment", "service public de l’emploi"
    CHAMBER = "chamber", "consulaire"
    ASSOCIATION = "association", "association"
    INCLUSION = "inclusion", "SIAE"
    EMPLOYERS = "employers", "employeurs"
    HEALTH = "health", "santé"
    DISABILITY = "disability", "handicap"
    SOCIAL_ACTION = "social_action", "action sociale"
    TRAINING = "training", "formation"
    HOUSING = "housing", "logement"
    MOBILITY = "mobility", "mobilité"
    EARLY_CHILDHOOD = "early_childhood", "petite enfance"
    USERS = "users", "usagers"
    OPERATOR = "operator", "opérateur"
    RESEARCH = "research", "recherche"
    INHABITANTS = "inhabitants", "habitants"
    OTHER = "other", "autre"


class SuccessionKind(TextChoices):
    """What became of an organisation that another follows."""

    RENAMED = "renamed", "renommé"
    MERGED = "merged", "fusionné"
    SPLIT = "split", "scindé"


class Standing(TextChoices):
    """An organisation's place in a pact."""

    SIGNATORY = "signatory", "signataire"
    ASSOCIATED = "associated", "associé"
    INVITED = "invited", "invité"


class Cooperation(TextChoices):
    """How far a partner is associated with a stage (guide de l’Ansa, fiche 2)."""

    INFORMATION = "information", "information"
    CONSULTATION = "consultation", "consultation"
    CO_CONSTRUCTION = "co_construction", "co-construction"


class Motivation(IntegerChoices):
    """From −− to ++."""

    VERY_LOW = -2, "− −"
    LOW = -1, "−"
    NEUTRAL = 0, "0"
    HIGH = 1, "+"
    VERY_HIGH = 2, "+ +"


class Influence(IntegerChoices):
    """From 0 to ++."""

    NONE = 0, "0"
    SOME = 1, "+"
    STRONG = 2, "+ +"


class AgreementState(TextChoices):
    """State of an agreement beside the pact."""

    SIGNED = "signed", "signée"
    ONGOING = "ongoing", "en cours"
    PROSPECT = "prospect", "en perspective"
    ENDED = "ended", "échue"
    OTHER = "other", "autre"


class CommitmentState(TextChoices):
    """Whether a commitment is kept, as its partner says."""

    KEPT = "kept", "tenu"
    ONGOING = "ongoing", "en cours"
    NOT_KEPT = "not_kept", "non tenu"


class ApprovalBody(TextChoices):
    """Whose body approves the text."""

    STEERING = "steering", "comité de pilotage"
    ASSEMBLY = "assembly", "assemblée départementale"
    PARTNER = "partner", "instance du partenaire"


class SignatureMethod(TextChoices):
    """How a signature reached us. On line it is a simple electronic signature (eIDAS), named for what it is."""

    SCAN = "scan", "exemplaire signé à la main, numérisé"
    PARAPHEUR = "parapheur", "fichier du parapheur"
    ONLINE = "online", "accord enregistré"


class SigningState(TextChoices):
    """Where a signatory stands with the last version; the order of a page that says first whom we wait for."""

    SIGNATURE = "signature", "Signature attendue"
    APPROVAL = "approval", "Délibération attendue"
    REFUSED = "refused", "Refus"
    SIGNED = "signed", "Signé"


class ProposalState(TextChoices):
    """What became of a proposal on the text."""

    SUBMITTED = "submitted", "à examiner"
    ACCEPTED = "accepted", "acceptée"
    AMENDED = "amended", "acceptée avec une autre rédaction"
    REFUSED = "refused", "non retenue"
    CARRIED = "carried", "reportée"


class OpinionKind(TextChoices):
    """What a partner thinks of the whole text."""

    FAVOURABLE = "favourable", "favorable"
    RESERVED = "reserved", "favorable avec réserves"
    UNFAVOURABLE = "unfavourable", "défavorable"
    NO_COMMENT = "no_comment", "sans observation"


class Arrival(TextChoices):
    """How an answer recorded « au nom de » reached us."""

    EMAIL = "email", "courriel"
    PHONE = "phone", "téléphone"
    LETTER = "letter", "courrier"
    MEETING = "meeting", "réunion"
