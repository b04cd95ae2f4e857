"""Generated sections of the governance floor: the committees as the pact describes them, the timeline of the fiches."""

from governance.timeline.printed import followed, timeline
from pti import typography
from pti.printing.nodes import Facts, List, heading, paragraph
from pti.sources import register

TEXTS = ("role", "members_text", "elaboration_members", "obligations_text")
FACTS = ("theme", "territories", "pilot", "co_pilot", "frequency_text", "quorum", "takes_over_from", "name_variants", "note")
DONE = {
    "name", "level", "level_text", "kind", "kind_text", "chair_mode", "chair_text", "meetings_due", "meetings_due_per",
    "due_at_launch", "due_at_mid_term", "due_at_end", *TEXTS, *FACTS,
}  # fmt: skip
DUE = (("due_at_launch", "au lancement"), ("due_at_mid_term", "à mi-parcours"), ("due_at_end", "en fin de pacte"))


def committees(text):
    """The committees, those that another mandates under it."""
    return tuple(node for one in text.tree("Committee") for node in committee(text, one.section, one.depth + 1))


def committee(text, row, level):
    found = [heading(row.get("name") or "", level)]
    pairs = [(label, (paragraph(value),)) for label, value in facts(text, row) if value]
    for node in text.facts("Committee", row, FACTS):
        pairs += node.pairs
    found += [Facts(tuple(pairs))] if pairs else []
    found += text.fields("Committee", row, TEXTS, level=level + 1)
    found += formations(text, row)
    found += text.others("Committee", row, DONE)
    return found


def facts(text, row):
    """Kind, level, chair, obligation to meet, other pacts served."""
    kind = row.get("kind_text") or text.value("Committee", row, "kind")
    level = row.get("level_text") or text.value("Committee", row, "level")
    chair = " : ".join(filter(None, (text.value("Committee", row, "chair_mode"), row.get("chair_text"))))
    served = text.grouped("CommitteeService", "committee").get(row["uid"], [])
    return (
        ("Nature", capital(", ".join(filter(None, (kind, f"niveau {level}" if level else ""))))),
        ("Présidence", capital(chair)),
        ("Séances dues", due(text, row)),
        ("Sert aussi", ", ".join(one.get("label") or "" for one in served)),
    )


def due(text, row):
    """« Au moins 2 par an ; au lancement »."""
    found = []
    if row.get("meetings_due") is not None:
        found.append(f"au moins {typography.number(row['meetings_due'])} {text.value('Committee', row, 'meetings_due_per')}")
    found += [words for key, words in DUE if row.get(key)]
    return capital(", ".join(found))


def capital(words):
    return words[:1].upper() + words[1:]


def formations(text, row):
    rows = text.grouped("Formation", "committee").get(row["uid"], [])
    if not rows:
        return ()
    items = tuple((paragraph(" : ".join(filter(None, (one.get("name"), one.get("role"))))),) for one in rows)
    return (paragraph("Formations", "label"), List(items))


def register_all():
    """Register the generated sections of this floor."""
    register("instances", "Instances", committees, title="Le pilotage du pacte", order=30)
    register(
        "frise", "Frise : fiches, jalons et séances", timeline, title="Le calendrier des fiches", order=47, follow=followed
    )
