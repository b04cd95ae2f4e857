"""Generated sections of the partners' floor: who takes part, and what each commits to."""

from partners.enums import Standing
from pti.printing.nodes import filled_table, heading, paragraph, shifted
from pti.sources import register, register_extract

MARKS = (("steers", "Pilote le pacte"), ("is_funder", "Financeur"), ("in_steering_committee", "Membre du comité de pilotage"))
DETAILS = ("services", "represented_at", "workshop", "note")
MEANS = ("means_fte", "means_euros", "means_in_kind", "period_text", "condition")


def partners(text):
    """The partners, signatories first."""
    found = []
    for standing in Standing:
        rows = text.of("Partner", standing=standing.value)
        if rows:
            lines = [(whom(text, row), place(text, row), reserve(row)) for row in rows]
            caption = f"Partenaires {standing.label}s"
            head = ("Partenaire", "Place dans le pacte", "Réserve")
            found.append(filled_table(head, lines, caption=caption, widths=(5, 3, 3)))
    return tuple(found)


def whom(text, row):
    """Name, and what is said of it."""
    said = [paragraph(text.name_of(row["uid"]))]
    for key in DETAILS:
        value = text.value("Partner", row, key)
        if value:
            said.append(paragraph(value if key in ("services", "note") else f"{text.label('Partner', key)} : {value}", "note"))
    return said


def place(text, row):
    words = [row.get("role_text") or text.value("Partner", row, "standing")]
    words += [mark for key, mark in MARKS if row.get(key)]
    return joined(words)


def joined(words):
    """« Signataire, pilote le pacte »."""
    first, *others = [word for word in words if word] or [""]
    return ", ".join([first[:1].upper() + first[1:], *(word[:1].lower() + word[1:] for word in others)])


def reserve(row):
    if row.get("condition"):
        return row["condition"]
    return "Sous réserve" if row.get("is_conditional") else ""


def commitments(text):
    """What all commit to, then each partner's own."""
    common = text.of("Commitment", is_common=True)
    own = [row for row in text.of("Commitment") if not row.get("is_common")]
    found = []
    if common:
        found += [heading("Engagements communs", 1), *said_of(text, common)]
    for names, rows in grouped(text, own):
        found += [heading(names, 1), *said_of(text, rows)]
    return tuple(found)


def grouped(text, rows):
    """[(names of the partners, their commitments)] in the order of the text."""
    found = {}
    for row in rows:
        names = ", ".join(text.name_of(uid) for uid in in_order(text, row.get("partners") or []))
        found.setdefault(names or "Engagements sans partenaire désigné", []).append(row)
    return found.items()


def in_order(text, uids):
    return sorted(uids, key=lambda uid: ((text.row(uid) or {}).get("order") or 0, text.name_of(uid)))


def said_of(text, rows):
    """Commitments one after the other, each with its means."""
    found = []
    for row in rows:
        content = text.content("Commitment", row, "text")
        found += shifted(content, 1) or [paragraph("Texte à écrire.", "note")]
        found += text.facts("Commitment", row, MEANS)
        found += text.others("Commitment", row, {"text", "partners", "is_common", *MEANS})
    return found


def commitments_of(text, uid):
    """One partner: its place, its commitments, those of all."""
    row = text.row(uid)
    name = text.name_of(uid)
    own = [one for one in text.of("Commitment") if uid in (one.get("partners") or [])]
    common = text.of("Commitment", is_common=True)
    found = [heading(f"Engagements : {name}", 1), paragraph(joined([place(text, row), reserve(row)]), "note")]
    if row.get("joined_on"):
        found.append(paragraph(f"A adhéré au pacte le {text.value('Partner', row, 'joined_on')}, après ce texte.", "note"))
    found += said_of(text, own) or [paragraph("Ce partenaire n’a pas d’engagement propre dans le texte.")]
    if common:
        found += [heading("Engagements communs à tous les signataires", 2), *shifted(said_of(text, common), 1)]
    return tuple(found)


def register_all():
    """Register the generated sections of this floor."""
    register("partenaires", "Liste des partenaires", partners, title="Les partenaires du pacte", order=60)
    register("engagements", "Engagements des partenaires", commitments, order=70)
    register_extract("engagements", "Engagements d’un partenaire", commitments_of)
