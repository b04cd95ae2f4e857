"""Closed lists of the evaluation floor."""

from django.db.models import TextChoices


class ReviewKind(TextChoices):
    """What a review (« bilan ») bears on."""

    PREVIOUS = "previous", "bilan du pacte précédent"
    YEARLY = "yearly", "bilan annuel"
    MID_TERM = "mid_term", "bilan à mi-parcours"
    FINAL = "final", "bilan final"


class ReviewItemKind(TextChoices):
    """A line of a review."""

    ORIENTATION = "orientation", "orientation"
    AXIS = "axis", "axe"
    WORKING_GROUP = "working_group", "groupe de travail"
    FLAGSHIP = "flagship", "action phare"
    STATUS = "status", "actions par état"
    PARTNERSHIP = "partnership", "partenariat à renforcer"
