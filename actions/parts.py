"""The parts of a pact that live on the actions' floor."""

from actions.models import Action, ActionDocument, Axis, Funding, Indicator, Lead, Measure, Milestone, Target, Theme, Update
from pti.parts import register_life, register_shared, register_text


def register_all():
    """Register the parts of this floor."""
    register_shared("themes", "Thèmes", [Theme])
    register_text("axes", "Arbre des axes", [Axis])
    register_text("actions", "Fiches-actions", [Action, Lead, Milestone])
    register_text("indicators", "Indicateurs", [Indicator, Target])
    register_text("fundings", "Financements", [Funding])
    register_life("action_documents", "Documents des fiches", [ActionDocument])
    register_life("measures", "Relevés", [Measure])
    register_life("updates", "Points d’avancement", [Update])
