"""Closed lists of the ground floor."""

from django.db.models import TextChoices


class AlertConfidence(TextChoices):
    """From which declared confidence on a fiche is to be supported."""

    SUPPORT = "support", "appuis nécessaires ou objectif compromis"
    COMPROMISED = "compromised", "objectif compromis seulement"


class Role(TextChoices):
    """What an access lets its holder do on a pact."""

    ANIMATOR = "animator", "animateur ou animatrice"
    OFFICER = "officer", "agent du Département"
    READER = "reader", "élu ou direction (lecture)"
    PARTNER = "partner", "partenaire"


STAFF = frozenset({Role.ANIMATOR, Role.OFFICER})


class PactState(TextChoices):
    """Life of a pact."""

    SCOPING = "scoping", "cadrage"
    DRAFTING = "drafting", "élaboration"
    CONSULTATION = "consultation", "concertation"
    ADOPTION = "adoption", "adoption"
    SIGNATURE = "signature", "signature"
    IN_FORCE = "in_force", "en vigueur"
    CLOSED = "closed", "clos"
    ABANDONED = "abandoned", "abandonné"


# In these states the text may be written; from adoption on it is frozen.
WRITABLE_STATES = (PactState.SCOPING, PactState.DRAFTING, PactState.CONSULTATION)
# In these ones actions are carried out: a pact is often signed after its period began.
FOLLOWED_STATES = (PactState.ADOPTION, PactState.SIGNATURE, PactState.IN_FORCE)


class AudienceScope(TextChoices):
    """Whom the pact is for."""

    RSA = "rsa", "allocataires du RSA seulement"
    WIDER = "wider", "public plus large que les allocataires du RSA"


class StatementKind(TextChoices):
    """What a numbered statement of the frame is."""

    PRINCIPLE = "principle", "principe"
    STAKE = "stake", "enjeu"


class TerritoryKind(TextChoices):
    """Kind of territory; anything else is « autre » and keeps its raw text."""

    DEPARTMENT = "department", "département"
    REGION = "region", "région"
    EPCI = "epci", "intercommunalité"
    COMMUNE = "commune", "commune"
    BASIN = "basin", "bassin de vie ou d’emploi"
    SOCIAL = "social", "territoire d’action sociale"
    OTHER = "other", "autre"


class LegalTextKind(TextChoices):
    """The public texts that the animator edits."""

    ACCESSIBILITY = "accessibilite", "Déclaration d’accessibilité"
    LEGAL = "mentions-legales", "Mentions légales"
    PRIVACY = "donnees-personnelles", "Données personnelles"


class VersionStage(TextChoices):
    """What a version of the text was written down for."""

    WORKING = "working", "version de concertation"
    ADOPTED = "adopted", "version arrêtée"
    MERGED = "merged", "version consolidée"
