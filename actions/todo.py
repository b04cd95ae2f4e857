"""« À compléter »: the headings of a fiche, which are filled, and what each absence costs. It advises, never blocks."""

from dataclasses import dataclass

from actions.enums import LeadRole
from pti.parts import Todo


@dataclass(frozen=True)
class Heading:
    """One heading of the fiche: the field or the rows where to fill it, and what its absence costs.

    `is_fact`: the cost is already there, and no consequence of the absence.
    """

    name: str
    anchor: str
    is_filled: bool
    cost: str = ""
    is_fact: bool = False

    @property
    def why(self):
        return self.cost if self.is_fact else f"sinon, {self.cost}"


def any_of(action, *names):
    return any(getattr(action, name) for name in names)


def headings_of(action):
    """The twelve headings; leads, milestones, indicators and targets must be prefetched for a list."""
    indicators = list(action.indicators.all())
    without_target = [one for one in indicators if not one.targets.all()]
    several = len(without_target) > 1
    targets_cost = (
        f"{len(without_target)} indicateur{'s' if several else ''} sur {len(indicators)} n’en {'ont' if several else 'a'} pas"
        if indicators
        else "aucun indicateur n’en porte"
    )
    has_pilot = any(lead.role == LeadRole.PILOT and lead.ended_on is None for lead in action.leads.all())
    means = ("means", "human_means", "technical_means", "legal_means", "financial_means")
    return [
        Heading("Titre", "div_id_title", bool(action.title), "on ne saura pas de quoi elle parle"),
        Heading("Rattachement", "div_id_axis", action.axis_id is not None, "la fiche n’est nulle part dans l’arbre", True),
        Heading("Pilote", "r-pilotage", has_pilot, "personne ne sera relancé"),
        Heading("Diagnostic", "div_id_diagnosis", bool(action.diagnosis), "on ne saura pas pourquoi agir"),
        Heading("Objectifs", "div_id_objectives", bool(action.objectives), "on ne saura pas ce qu’il fallait atteindre"),
        Heading("Public visé", "div_id_audience", bool(action.audience), "on ne saura pas pour qui"),
        Heading("Contenu et modalités", "div_id_content", bool(action.content), "chaque partenaire comprendra autre chose"),
        Heading("Jalons", "r-jalons", bool(action.milestones.all()), "le retard ne peut pas se calculer"),
        Heading("Moyens", "div_id_means", any_of(action, *means), "qui paie restera à débattre"),
        Heading("Indicateurs", "r-indicateurs", bool(indicators), "on ne saura pas si l’action a porté"),
        Heading("Cibles", "r-indicateurs", bool(indicators) and not without_target, targets_cost, True),
        Heading(
            "Atouts, freins, préalables",
            "div_id_assets",
            any_of(action, "assets", "constraints", "prerequisites"),
            "les obstacles surprendront",
        ),
    ]


def missing_of(action, edit_url):
    """To-do lines of a fiche: what is absent, and where to write it."""
    name = f"Fiche {action.number}" if action.number else f"« {action.label} »"
    return [
        Todo(f"{name} : {one.name.lower()} ({one.why})", f"{edit_url}#{one.anchor}")
        for one in headings_of(action)
        if not one.is_filled
    ]
