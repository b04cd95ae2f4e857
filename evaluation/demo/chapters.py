"""The chapters of the living copy: what its drafters wrote, and what the application writes from the rest of the pact."""

from pti.models import Section

# Title, and what generates it (nothing: written by hand).
DOCUMENT = (
    ("Élaboration du pacte", ""),
    ("Les partenaires du pacte", "partenaires"),
    ("Les engagements des partenaires", "engagements"),
    ("Le plan d’actions", "axes"),
    ("Le calendrier des fiches", "frise"),
    ("Circuit de décision", ""),
    ("Les financements prévus", "financements"),
    ("Évaluation", ""),
)


def arrange(pact):
    """Put the chapters in the order of a reader; the committees stand under the way decisions are taken."""
    written = {section.title: section for section in pact.sections.filter(parent=None)}
    for order, (title, source) in enumerate(DOCUMENT):
        section = written.get(title) or Section(pact=pact, title=title, source=source)
        section.order = order
        section.save()
    Section.objects.create(pact=pact, parent=written["Circuit de décision"], title="Les instances", source="instances")
