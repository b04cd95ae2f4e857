"""The parts of a pact that live on the ground floor: frame, sections, figures, glossary, plans; life and versions."""

from django.urls import reverse

from pti import traces
from pti.amending.difference import changes_of
from pti.models import (
    Amendment,
    AmendmentPoint,
    ContextFigure,
    Extension,
    GlossaryTerm,
    Pact,
    PactTerritory,
    Scheme,
    Section,
    StateChange,
    Statement,
    Territory,
    Version,
    VersionDocument,
)
from pti.parts import Todo, register_life, register_shared, register_text


def missing_from_frame(pact):
    """What the frame of a pact still lacks."""
    frame = reverse("frame_edit", args=[pact.pk])
    wanted = (
        (pact.start_text and pact.end_text, "La période du pacte n’est pas dite.", "start_text"),
        (pact.legal_basis, "Le fondement juridique n’est pas écrit.", "legal_basis"),
        (pact.audiences, "Les publics ne sont pas décrits.", "audiences"),
    )
    return [Todo(text, f"{frame}#div_id_{name}") for present, text, name in wanted if not present]


def missing_in_amendment(pact):
    """What an amendment still lacks: points, what they change, why.

    The page that has just computed what changes leaves it on the amendment (`changes_read`).
    """
    if not pact.is_amendment:
        return []
    page = reverse("amendment_detail", args=[pact.amends_id, pact.amendment_number])
    points = list(pact.points.all())
    if not points:
        return [
            Todo(
                "Rien n’est coché : l’avenant ne modifie rien.",
                reverse("amendment_points", args=[pact.amends_id, pact.amendment_number]),
            )
        ]
    changes = pact.changes_read if hasattr(pact, "changes_read") else changes_of(pact)
    todos = [
        Todo(f"{one.point.label} : coché, et rien n’est changé.", f"{page}#point-{one.point.pk}")
        for one in changes
        if one.is_empty
    ]
    return todos + [
        Todo(f"{one.label} : le motif n’est pas dit.", f"{page}#point-{one.pk}") for one in points if not one.reason
    ]


def register_all():
    """Register the parts of the ground floor, in the order in which a pact is written."""
    traces.register(traces.departments_and_years)
    register_shared("territories", "Territoires", [Territory])
    register_text("frame", "Cadre", [Pact, PactTerritory, Statement], optional=False, missing=missing_from_frame)
    register_text(
        "amendment", "Avenant", [Amendment, AmendmentPoint], optional=False, shifts=False, missing=missing_in_amendment
    )
    register_text("sections", "Sections", [Section])
    register_text("context_figures", "Chiffres de contexte", [ContextFigure], shifts=False)
    register_text("glossary", "Glossaire", [GlossaryTerm])
    register_text("schemes", "Plans liés", [Scheme], shifts=False)
    register_life("versions", "Versions du texte", [Version, VersionDocument])
    register_life("pact_life", "Vie du pacte", [StateChange, Extension])
