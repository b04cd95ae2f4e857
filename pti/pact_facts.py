"""The ground floor's part of a file of facts: the pact, its frame, territories, sections, figures, glossary, schemes."""

import re

from django.db import transaction

from pti import facts as reading
from pti.enums import PactState, StatementKind, TerritoryKind
from pti.facts import Facts, FactsError, Node, bullets, heading, html, paragraph, plain_lines
from pti.models import (
    ContextFigure,
    GlossaryTerm,
    Pact,
    PactTerritory,
    Scheme,
    Section,
    Statement,
    Territory,
)
from pti.search import normalise

TERRITORY_KINDS = {
    "departement": TerritoryKind.DEPARTMENT,
    "region": TerritoryKind.REGION,
    "epci": TerritoryKind.EPCI,
    "intercommunalite": TerritoryKind.EPCI,
    "agglomeration": TerritoryKind.EPCI,
    "communaute d'agglomeration": TerritoryKind.EPCI,
    "communaute de communes": TerritoryKind.EPCI,
    "commune": TerritoryKind.COMMUNE,
    "bassin": TerritoryKind.BASIN,
    "bassin de vie": TerritoryKind.BASIN,
    "bassin d'emploi": TerritoryKind.BASIN,
    "bassin de vie (pti local)": TerritoryKind.BASIN,
    "territoire du conseil general": TerritoryKind.SOCIAL,
    "territoire d'action sociale": TerritoryKind.SOCIAL,
}
FIGURE_WORDS = {
    "beneficiaires_rsa": "Bénéficiaires du RSA",
    "dependance_prestations_familiales": "Dépendance aux prestations familiales",
    "consultations_generaliste_max": "Consultations d’un généraliste par habitant et par an, au plus",
    "maisons_individuelles": "Maisons individuelles",
    "logement_social": "Logement social",
    "groupes_travail": "Groupes de travail",
}
FIGURE_UNITS = {
    "beneficiaires_rsa": "personnes",
    "consultations_generaliste_max": "consultations",
    "groupes_travail": "groupes",
}
DATED_FIGURE = re.compile(r"(.+?)_(\d{4})(?:_(\d{2}|\d{4}))?$")


def register_all():
    reading.register(read_frame, "meta", "department", "title", "subtitle", "period", "legal_framework", "audiences")
    reading.register(read_statements, "audience_definition", "principles", "stakes")
    reading.register(read_territories, "territories")
    reading.register(read_sections, "strategic_orientations", "elaboration", "decision_circuit", "programming", "communication")
    reading.register(read_context_figures, "context_figures")
    reading.register(read_schemes, "coordinated_schemes")
    reading.register(read_glossary, "glossary")


@transaction.atomic
def import_facts(data):
    """Make one pact of the facts in `data`; returns (pact, Facts), or raises FactsError and saves nothing."""
    facts = Facts()
    root = Node(facts, data, "")
    for key in sorted(root.data.keys() - reading.known_keys()):
        root.mark_read(key)
        facts.error(key, "cette clé n’est pas connue.")
    pact = Pact(state=PactState.DRAFTING)
    for read in reading.readers():
        read(facts, root, pact)
        facts.write_waiting()
    root.keep_unread()
    if facts.errors:
        raise FactsError(facts.errors)
    if facts.kept:
        pact.source_note = plain_lines([pact.source_note, "Conservé à l’import :", *facts.kept])
        facts.save(pact, root)
    return pact, facts


def read_frame(facts, root, pact):
    """Title, period, legal basis, audiences, sources, and the département."""
    pact.title = root.text("title", required=True)
    pact.subtitle = root.text("subtitle")
    if period := root.node("period"):
        pact.start_text, pact.end_text = period.label("start"), period.label("end")
        _check_period(facts, period, pact)
    pact.legal_basis = bullets(root.texts("legal_framework"))
    pact.audiences = bullets(root.texts("audiences"))
    pact.audience_definition = paragraph(root.text("audience_definition"))
    if meta := root.node("meta"):
        pact.source_note = _source_note(meta)
    facts.save(pact, root)
    _read_department(facts, root, pact)


def _check_period(facts, period, pact):
    first, last = reading.bounds(pact.start_text, pact.end_text)
    if first and last and last < first:
        facts.error(period.path, "la fin du pacte précède son début.")
        pact.end_text = ""


def _source_note(meta):
    """Sources, ambiguities and counts, as lines of text."""
    lines = [meta.text("source_file"), meta.text("source_nature"), meta.text("date_origin")]
    lines += [f"– {text}" for text in meta.texts("ambiguities")]
    if counts := meta.node("counts"):
        lines += [f"{key} : {counts.count(key)}" for key in counts.data]
    return plain_lines(lines)


def _read_department(facts, root, pact):
    """The département, shared: the one that bears its INSEE code, else its name."""
    department = root.node("department")
    if department is None:
        facts.error("department.name", "ce texte est obligatoire.")
        return
    name, code = department.text("name", required=True), department.label("insee_code")
    known = Territory.objects.departments()
    row = (known.filter(code=code) if code else known.filter(name=name)).first() or known.filter(name=name, code="").first()
    if row is None:
        row = facts.save(Territory(kind=TerritoryKind.DEPARTMENT, name=name, code=code), department)
    pact.departments.add(row)
    facts.refs["department"] = row
    facts.refs["territories"] = {normalise(name): row}


def read_statements(facts, root, pact):
    """Principles and stakes."""
    for order, node in enumerate(root.items("principles")):
        text = paragraph(node.text("text"))
        row = Statement(pact=pact, kind=StatementKind.PRINCIPLE, order=order, title=node.text("name"), text=text)
        facts.add(row, node)
    for order, node in enumerate(root.items("stakes")):
        facts.add(
            Statement(
                pact=pact,
                kind=StatementKind.STAKE,
                order=order,
                number=node.label("number"),
                title=node.text("title", required=True),
                title_variants=plain_lines(node.texts("title_variants")),
                text=html(paragraph(node.text("text")), bullets(node.texts("items"))),
            ),
            node,
        )


def read_territories(facts, root, pact):
    """Territories, shared by name, nature and parent; those that others stand in come first."""
    nodes = root.items("territories")
    parents = {normalise(node.text("parent")) for node in nodes}
    known = facts.refs.setdefault("territories", {})
    rows = {}
    for node in sorted(nodes, key=lambda node: normalise(node.text("name")) not in parents):
        rows[node.path] = _territory(facts, node)
        known[normalise(node.text("name"))] = rows[node.path]
    linked = set()
    for order, node in enumerate(nodes):
        row = rows[node.path]
        if row.pk not in linked:
            facts.add(PactTerritory(pact=pact, territory=row, order=order), node)
        linked.add(row.pk)
        _read_territory_figures(facts, node, pact, row, order)


def _territory(facts, node):
    """The shared territory that `node` names, made when the base has none."""
    name = node.text("name", required=True)
    kind, raw = facts.choice(node, "kind", TERRITORY_KINDS, TerritoryKind.OTHER)
    parent = facts.refs.get("department")
    if node.text("parent"):
        parent = facts.refs["territories"].get(normalise(node.text("parent")))
        if parent is None:
            facts.keep(node.at("parent"), node.text("parent"), "ce territoire n’est pas dans le fichier :")
    row = Territory.known_as({"name": name, "kind": kind, "kind_text": raw}, parent)
    row = row or Territory(name=name, kind=kind, kind_text=raw, parent=parent)
    note = node.text("note")
    if row._state.adding or note not in row.note:
        row.note = plain_lines([row.note, note])
        facts.save(row, node)
    return row


def _read_territory_figures(facts, node, pact, territory, order):
    """`figures` of a territory: context figures of the pact, under a readable label."""
    figures = node.node("figures")
    for rank, key in enumerate(figures.data if figures else ()):
        label, unit, date = figure_words(key)
        raw, value, high = figures.figure(key)
        facts.add(
            ContextFigure(
                pact=pact,
                label=label,
                unit=unit,
                date_text=date,
                raw_value=raw,
                value=value,
                value_high=high,
                territory=territory,
                territory_text=territory.name,
                order=10 * order + rank,
            ),
            figures,
        )


def figure_words(key):
    """(label, unit, date) of a figure's key: « beneficiaires_rsa_2014_02 » → Bénéficiaires du RSA, personnes, 2014-02."""
    dated = DATED_FIGURE.match(key)
    stem, date = (dated[1], "-".join(filter(None, dated.groups()[1:]))) if dated else (key, "")
    unit = FIGURE_UNITS.get(stem, "")
    if stem.endswith("_pct"):
        stem, unit = stem.removesuffix("_pct"), "%"
    return FIGURE_WORDS.get(stem) or stem.replace("_", " ").capitalize(), unit, date


def add_section(facts, node, pact, title, text="", parent=None):
    """One section of the document, after those that are there."""
    order = Section.objects.filter(pact=pact, parent=parent).count()
    return facts.save(Section(pact=pact, parent=parent, order=order, title=title, text=text), node)


def read_sections(facts, root, pact):
    """What becomes text of the document."""
    _read_strategic_orientations(facts, root, pact)
    _read_elaboration(facts, root, pact)
    for key, title in (("decision_circuit", "Circuit de décision"), ("programming", "Programmation")):
        if texts := root.texts(key):
            add_section(facts, root, pact, title, bullets(texts))
    _read_communication(facts, root, pact)


def _read_strategic_orientations(facts, root, pact):
    nodes = root.items("strategic_orientations")
    if not nodes:
        return
    parent = add_section(facts, root, pact, "Orientations stratégiques")
    for rank, node in enumerate(nodes, start=1):
        number, title = node.label("number"), node.text("title", required=True)
        # The outline numbers the sections: a number that says their rank would be read twice.
        title = f"{number}. {title}" if number and number != str(rank) else title
        add_section(facts, node, pact, title, paragraph(node.text("summary")), parent)


def _read_elaboration(facts, root, pact):
    node = root.node("elaboration")
    if node is None:
        return
    period, support = node.node("period"), node.text("support")
    span = [period.label("start"), period.label("end")] if period else []
    text = html(
        heading("Période") + paragraph(" – ".join(filter(None, span))) if any(span) else "",
        _titled_list("Étapes", node.texts("steps")),
        _titled_list("Buts", node.texts("aims")),
        html(heading("Appui"), paragraph(support)) if support else "",
    )
    add_section(facts, node, pact, "Élaboration du pacte", text)


def _titled_list(title, texts):
    return html(heading(title), bullets(texts)) if texts else ""


def _read_communication(facts, root, pact):
    nodes = root.items("communication")
    if not nodes:
        return
    parent = add_section(facts, root, pact, "Communication")
    for node in nodes:
        text = html(paragraph(node.text("frequency")), bullets(node.texts("aims")))
        add_section(facts, node, pact, node.text("name", required=True), text, parent)


def read_context_figures(facts, root, pact):
    first = 10 * len(root.items("territories"))
    for order, node in enumerate(root.items("context_figures"), first):
        raw, value, high = node.figure("value")
        place = node.text("territory")
        facts.add(
            ContextFigure(
                pact=pact,
                label=node.text("label"),
                raw_value=raw,
                value=value,
                value_high=high,
                unit=node.text("unit"),
                qualifier=node.text("qualifier"),
                scope=node.text("scope"),
                territory=facts.refs.get("territories", {}).get(normalise(place)),
                territory_text=place,
                date_text=node.label("date"),
                source=node.text("source"),
                note=node.text("note"),
                order=order,
            ),
            node,
        )


def read_schemes(facts, root, pact):
    schemes = facts.refs["schemes"] = {}
    for order, node in enumerate(root.items("coordinated_schemes")):
        row = Scheme(
            pact=pact,
            order=order,
            name=node.text("name", required=True),
            lead=node.text("lead"),
            period_text=node.label("period"),
            date_text=node.label("date"),
            status=node.text("status"),
            orientations=bullets(node.texts("orientations")),
            note=node.text("note"),
        )
        schemes[normalise(row.name)] = facts.add(row, node)


def read_glossary(facts, root, pact):
    for node in root.items("glossary"):
        definition = paragraph(node.text("definition"))
        facts.add(GlossaryTerm(pact=pact, term=node.text("term", required=True), definition=definition), node)
