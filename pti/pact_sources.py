"""Generated sections of the ground floor: frame, principles, territories, figures, plans, glossary, amendments."""

from datetime import date

from pti import typography
from pti.enums import StatementKind
from pti.printing import rich
from pti.printing.nodes import Facts, Paragraph, Run, filled_table, heading, paragraph, shifted, table
from pti.sources import Place, register

FRAME_TEXTS = ("legal_basis", "audiences", "audience_definition")
FRAME_DONE = {
    "title", "subtitle", "departments", "territories", "start_text", "end_text", "level_words", "to_be_signed",
    "audience_scope", *FRAME_TEXTS,
}  # fmt: skip


def frame(text):
    """What frames the pact."""
    row = text.frame
    start, end = (text.value("Pact", row, key) for key in ("start_text", "end_text"))
    period = " – ".join(one for one in (start, end) if one)
    facts = [
        ("Département" if len(row.get("departments") or []) < 2 else "Départements", text.value("Pact", row, "departments")),
        ("Période", period),
        ("Publics", text.value("Pact", row, "audience_scope")),
    ]
    pairs = tuple((label, (paragraph(value[:1].upper() + value[1:]),)) for label, value in facts if value)
    found = text.fields("Pact", row, FRAME_TEXTS, level=1)
    return (*((Facts(pairs),) if pairs else ()), *found, *text.others("Pact", row, FRAME_DONE))


def statements(kind):
    """Principles, or stakes."""

    def build(text):
        found = []
        for row in text.of("Statement", kind=kind):
            number, title = row.get("number") or "", row.get("title") or ""
            if title or number:
                found.append(
                    heading(title or f"{StatementKind(kind).label.capitalize()} {number}", 1, number=number if title else "")
                )
            found += shifted(text.content("Statement", row, "text"), 1)
            found += text.others("Statement", row, {"kind", "number", "title", "text"})
        return tuple(found)

    return build


def territories(text):
    """The territories that the pact employs."""
    rows = []
    for link in text.of("PactTerritory"):
        row = text.row(link.get("territory")) or {}
        kind = row.get("kind_text") or text.value("Territory", row, "kind")
        rows.append(
            [row.get("name", ""), kind, row.get("code") or "", text.value("Territory", row, "parent"), row.get("note") or ""]
        )
    if not rows:
        return ()
    head = ("Territoire", "Nature", "Code", "Dans", "Note")
    return (filled_table(head, rows, caption="Territoires du pacte", widths=(4, 3, 1.5, 3, 4)),)


def context_figures(text):
    """Figures of the diagnosis, by territory."""
    by_place = {}
    for row in text.of("ContextFigure"):
        place = row.get("territory_text") or text.value("ContextFigure", row, "territory") or "Tout le pacte"
        by_place.setdefault(place, []).append(row)
    found = []
    for place, rows in by_place.items():
        if len(by_place) > 1:
            found.append(heading(place, 1))
        found.append(table(FIGURE_HEAD, [figure_row(text, row) for row in rows], caption=f"Chiffres de contexte : {place}"))
    return tuple(found)


FIGURE_HEAD = ("Chiffre", "Valeur", "Date", "Source")


def figure_row(text, row):
    """Label and scope, value as written, date, source."""
    known = row.get("value") is not None
    high = f" à {text.value('ContextFigure', row, 'value_high')}" if row.get("value_high") is not None else ""
    parsed = " ".join(
        filter(None, (row.get("qualifier"), f"{text.value('ContextFigure', row, 'value')}{high}", row.get("unit")))
    )
    raw = row.get("raw_value") or ""
    value = [paragraph(raw or (parsed if known else "Non renseigné"))]
    unit = " ".join(filter(None, (row.get("qualifier"), row.get("unit"))))
    if raw and unit and not all(word in raw for word in unit.split()):
        value.append(paragraph(unit, "note"))
    label = [paragraph(row.get("label") or "")]
    label += [paragraph(row[key], "note") for key in ("scope", "note") if row.get(key)]
    return [label, value, text.value("ContextFigure", row, "date_text"), row.get("source") or ""]


def schemes(text):
    """The plans with which the pact is coordinated."""
    found = []
    for row in text.of("Scheme"):
        found.append(heading(row.get("name") or "", 1))
        found += text.facts("Scheme", row, ("lead", "period_text", "date_text", "status", "note"))
        found += shifted(text.content("Scheme", row, "orientations"), 1)
        found += text.others("Scheme", row, {"name", "lead", "period_text", "date_text", "status", "note", "orientations"})
    return tuple(found)


def glossary(text):
    """The words that the partners define together."""
    rows = text.of("GlossaryTerm")
    return (
        (Facts(tuple((row.get("term") or "", text.content("GlossaryTerm", row, "definition")) for row in rows)),)
        if rows
        else ()
    )


def amendments(text):
    """The amendments that this text consolidates: date, purpose, what each changed, who signs it."""
    found = []
    for one in text.data.get("amendments") or []:
        since = typography.day(date.fromisoformat(one["in_force_on"])) if one["in_force_on"] else ""
        facts = [
            ("En vigueur depuis le", (paragraph(typography.plain(since)),) if since else ()),
            ("Objet", tuple(rich.unheaded(rich.nodes_of(one["purpose"])))),
            ("Ce qu’il modifie", tuple(paragraph(label) for label in one["points"])),
            ("Signataires", tuple(paragraph(name) for name in one["signatories"])),
            ("Tableau des modifications", (Paragraph((Run(one["annex"], link=one["annex"]),)),)),
        ]
        found.append(heading(f"Avenant n°{typography.NBSP}{one['number']}", 1))
        found.append(Facts(tuple((label, said) for label, said in facts if said)))
    return tuple(found)


def register_all():
    """Register the generated sections of the ground floor."""
    register("cadre", "Cadre : fondement, publics", frame, title="Cadre du pacte", place=Place.BEFORE, order=10)
    register("principes", "Principes", statements(StatementKind.PRINCIPLE), place=Place.BEFORE, order=20)
    register("enjeux", "Enjeux", statements(StatementKind.STAKE), place=Place.BEFORE, order=30)
    register("territoires", "Territoires", territories, order=10)
    register("avenants", "Avenants", amendments, title="Avenants au pacte", order=90)
    register("plans", "Plans et schémas liés", schemes, order=80)
    register(
        "chiffres",
        "Chiffres de contexte, par territoire",
        context_figures,
        title="Chiffres de contexte",
        place=Place.ANNEX,
        order=80,
    )
    register("glossaire", "Glossaire", glossary, place=Place.ANNEX, order=90)
