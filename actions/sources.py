"""Generated sections of the actions' floor: tree of axes, fiches, indicators, fundings."""

from decimal import Decimal

from actions.enums import FundingUnit, LeadRole
from actions.models.fiches import number_key
from actions.pictures.printed import board, fiche_key, fiche_words, fiches_followed, priorities, territory_map
from actions.reading import ROLE_WORDS, TEXTS
from pti import typography
from pti.models.pacts import default_level_words
from pti.printing.nodes import Facts, List, PageBreak, filled_table, heading, paragraph, shifted, table
from pti.sources import Place, register, register_extract

AXIS_TEXTS = ("objective", "summary", "findings", "recommendations", "perspectives", "themes_text")
AXIS_DONE = {"number", "title", "is_group", "is_transversal", "lead", *AXIS_TEXTS}
FICHE_FACTS = (
    "territories", "themes", "schemes", "is_experiment", "impact", "complexity", "priority", "financial_incidence",
    "title_variants",
)  # fmt: skip
FICHE_TEXTS = tuple(name for name, _ in TEXTS)
FICHE_DONE = {
    "number", "title", "starts_text", "ends_text", "associated_open_ended", "other_axes", *FICHE_FACTS, *FICHE_TEXTS,
}  # fmt: skip


# The tree --------------------------------------------------------------------------------------------------------------


def level_word(text, depth):
    words = text.frame.get("level_words") or default_level_words()
    return words[min(depth, len(words) - 1)]


def axis_number(text, row, depth):
    """« Axe 1 », in the pact's own words; nothing for a mere group."""
    if not row.get("number"):
        return ""
    return f"{level_word(text, depth).capitalize()} {row['number']}" if depth == 0 else row["number"]


def axis_nodes(text, row, depth, level):
    """One node of the tree: its texts, and the fiches that hang on it."""
    found = [heading(row.get("title") or "", level, number=axis_number(text, row, depth))]
    facts = [("Pilote", text.value("Axis", row, "lead")), ("Nature", "Axe transversal" if row.get("is_transversal") else "")]
    pairs = tuple((label, (paragraph(value),)) for label, value in facts if value)
    found += [Facts(pairs)] if pairs else []
    found += text.fields("Axis", row, AXIS_TEXTS, level=level + 1)
    found += text.others("Axis", row, AXIS_DONE)
    fiches = fiches_under(text, row["uid"])
    if fiches:
        found.append(paragraph("Fiches-actions", "label"))
        found.append(List(tuple((paragraph(fiche_words(one)),) for one in fiches)))
    return found


def fiches_under(text, uid):
    rows = text.grouped("Action", "axis").get(uid, [])
    rows = rows + [row for row in text.of("Action") if uid in (row.get("other_axes") or [])]
    return sorted(rows, key=fiche_key)


def axes(text):
    """The tree of the pact."""
    return tuple(node for one in text.tree("Axis") for node in axis_nodes(text, one.section, one.depth, one.depth + 1))


def axis_alone(text, uid):
    """One axis, what hangs on it, and its fiches in whole."""
    tree = text.tree("Axis")
    start = next(at for at, one in enumerate(tree) if one.section["uid"] == uid)
    top = tree[start].depth
    own = [tree[start]]
    for one in tree[start + 1 :]:
        if one.depth <= top:
            break
        own.append(one)
    found = [node for one in own for node in axis_nodes(text, one.section, one.depth, one.depth - top + 1)]
    rows = {row["uid"]: row for one in own for row in fiches_under(text, one.section["uid"])}
    for row in sorted(rows.values(), key=fiche_key):
        found += [PageBreak(), *shifted(fiche_nodes(text, row), 1)]
    return tuple(found)


# Fiches ----------------------------------------------------------------------------------------------------------------


def fiches(text):
    """Every fiche, each on its own page; a page that shows the first ones alone asks for no more."""
    for at, row in enumerate(sorted(text.of("Action"), key=fiche_key)):
        yield from (PageBreak(),) if at else ()
        yield from fiche_nodes(text, row)


def fiche_alone(text, uid):
    return fiche_nodes(text, text.row(uid))


def fiche_nodes(text, row):
    """One fiche: its head, who is in it, its texts, its milestones, its indicators, its money."""
    places = [path_of(text, uid) for uid in [row.get("axis"), *(row.get("other_axes") or [])] if uid]
    number = row.get("number") or ""
    found = [heading(row.get("title") or "", 1, number=number, look="fiche", above=" ; ".join(places))]
    found += fiche_facts(text, row)
    found += text.fields("Action", row, FICHE_TEXTS)
    found += milestones(text, row)
    found += titled("Indicateurs", indicator_table(text, text.grouped("Indicator", "action").get(row["uid"], []), number))
    found += titled("Financements prévus", funding_table(text, text.grouped("Funding", "action").get(row["uid"], []), number))
    found += text.others("Action", row, FICHE_DONE)
    return tuple(found)


def titled(title, nodes):
    return (heading(title, 2, look="field"), *nodes) if nodes else ()


def path_of(text, uid):
    """« Axe 1, Objectif 1.2. Titre »: where a fiche hangs."""
    chain = []
    while uid and text.row(uid):
        chain.append(text.row(uid))
        uid = chain[-1].get("parent")
    names = []
    for depth, row in enumerate(reversed(chain)):
        number = axis_number(text, row, depth)
        names.append(f"{number}. {row.get('title', '')}" if number else row.get("title", ""))
    return typography.typeset(" › ".join(names))


def fiche_facts(text, row):
    """Who leads, where, when, how much it matters."""
    pairs = []
    leads = text.grouped("Lead", "action").get(row["uid"], [])
    for role, (one, several) in ROLE_WORDS.items():
        own = sorted(
            (lead for lead in leads if lead.get("role") == role), key=lambda lead: (lead.get("order") or 0, lead["uid"])
        )
        names = [lead_words(text, lead) for lead in own]
        if role == LeadRole.ASSOCIATED and row.get("associated_open_ended"):
            names.append("…")
        if names:
            pairs.append((one if len(own) == 1 else several, (paragraph(", ".join(names)),)))
    ends = [text.value("Action", row, key) for key in ("starts_text", "ends_text")]
    if any(ends):
        pairs.append(("Période", (paragraph(" – ".join(one for one in ends if one)),)))
    for node in text.facts("Action", row, FICHE_FACTS):
        pairs += node.pairs
    return [Facts(tuple(pairs))] if pairs else []


def lead_words(text, lead):
    """The name as written; « (pressenti) » when it is not settled."""
    name = lead.get("text") or text.name_of(lead.get("organisation") or lead.get("scheme"))
    return f"{name} (pressenti)" if lead.get("is_tentative") else name


def milestones(text, row):
    rows = text.grouped("Milestone", "action").get(row["uid"], [])
    rows = sorted(rows, key=lambda one: (one.get("planned_last") or "9999", one.get("order") or 0, one["uid"]))
    lines = [(one.get("label") or "", text.value("Milestone", one, "planned_text") or "Sans date") for one in rows]
    return titled("Jalons", [table(("Jalon", "Date prévue"), lines, widths=(4, 1.4))] if lines else [])


# Indicators ------------------------------------------------------------------------------------------------------------

FOLLOWED = (
    "source",
    "frequency",
    "collector",
    "audience",
    "disaggregation",
    "threshold_low",
    "threshold_high",
    "threshold_action",
)


def indicator_table(text, rows, number=""):
    """Indicators, where they start from, what is aimed at, how they are followed; empty columns left out."""
    if not rows:
        return []
    lines = [(named(text, row), start_of(text, row), aims(text, row), followed(text, row)) for row in rows]
    caption = f"Indicateurs de la fiche {number}" if number else "Indicateurs"
    return [filled_table(("Indicateur", "Départ", "Cible", "Suivi"), lines, caption=caption, widths=(5, 2, 3, 3))]


def named(text, row):
    kind = row.get("kind_text") or (text.value("Indicator", row, "kind") if row.get("kind") != "other" else "")
    unit = f"Unité : {row['unit']}" if row.get("unit") else ""
    notes = [f"Indicateur de {kind}" if kind else "", row.get("definition") or "", unit]
    return [paragraph(row.get("name") or ""), *(paragraph(one, "note") for one in notes if one)]


def start_of(text, row):
    value = row.get("baseline_raw") or text.value("Indicator", row, "baseline")
    when = text.value("Indicator", row, "baseline_text")
    return ([paragraph(value)] if value else []) + ([paragraph(when, "note")] if when else [])


def aims(text, row):
    """« 2026 : au moins 20 % », one line a target."""
    found = []
    rows = text.grouped("Target", "indicator").get(row["uid"], [])
    for one in sorted(rows, key=lambda one: (one.get("year") or 9999, one["uid"])):
        value = one.get("raw_value") or text.value("Target", one, "value")
        high = text.value("Target", one, "value_high") if not one.get("raw_value") else ""
        value = " ".join(filter(None, (one.get("qualifier"), f"{value} à {high}" if high else value)))
        when = text.value("Target", one, "date_text") or str(one.get("year") or "")
        found.append(paragraph(f"{when} : {value}" if when else value))
        if one.get("note"):
            found.append(paragraph(one["note"], "note"))
    return found


def followed(text, row):
    words = [(text.label("Indicator", key), text.value("Indicator", row, key)) for key in FOLLOWED]
    return [paragraph(f"{label} : {value}") for label, value in words if value]


def indicators(text):
    """All of them where the drafter asked for them; else those that no fiche shows."""
    rows = text.of("Indicator")
    if "indicateurs" not in text.placed:
        rows = [row for row in rows if not row.get("action")]
    groups = {}
    for row in rows:
        groups.setdefault(group_of(text, row), []).append(row)
    found = []
    for name in sorted(groups, key=lambda one: (one[0], number_key(one[1]))):
        found += [*([heading(name[1], 1)] if name[1] else []), *indicator_table(text, groups[name])]
    return tuple(found)


def group_of(text, row):
    """(rank, heading) under which an indicator stands: its set, its fiche, its axis."""
    if row.get("group"):
        return 1, row["group"]
    if row.get("action") and text.row(row["action"]):
        return 2, fiche_words(text.row(row["action"]))
    if row.get("axis") and text.row(row["axis"]):
        return 3, path_of(text, row["axis"])
    return 0, ""


# Money -----------------------------------------------------------------------------------------------------------------


def funding_table(text, rows, number=""):
    """Who pays what, when; a total only when every amount in euros is known."""
    if not rows:
        return []
    rows = sorted(rows, key=lambda row: (row.get("order") or 0, row.get("year") or 0, row["uid"]))
    lines = [(row_object(text, row), funder(text, row), when_of(text, row), amount(text, row)) for row in rows]
    total = total_of(rows)
    if total and len(rows) > 1:
        lines.append(("Total en euros", "", "", total))
    caption = f"Financements prévus de la fiche {number}" if number else "Financements prévus"
    return [
        filled_table(("Objet", "Financeur", "Année", "Montant"), lines, caption=caption, widths=(4, 3, 1.3, 2.4), numbers=(3,))
    ]


def row_object(text, row):
    said = [paragraph(row["label"])] if row.get("label") else []
    return said + [paragraph(row[key], "note") for key in ("complement", "note") if row.get(key)]


def funder(text, row):
    return row.get("funder_text") or (text.name_of(row["funder"]) if row.get("funder") else "")


def when_of(text, row):
    return text.value("Funding", row, "date_text") or str(row.get("year") or "")


def amount(text, row):
    """The sum as it is known: never zero for what is not told."""
    unit = row.get("unit")
    if row.get("is_undisclosed"):
        said = "Non communiqué"
    elif row.get("amount") is None:
        said = row.get("in_kind") or row.get("raw_amount") or "Non renseigné"
    elif unit == FundingUnit.EUROS:
        said = typography.euros(row["amount"])
    else:
        word = row.get("unit_text") or ("ETP" if unit == FundingUnit.FTE else "")
        said = f"{typography.number(row['amount'])}{typography.NBSP}{word}".strip()
    found = [paragraph(said)]
    if row.get("in_kind") and row["in_kind"] != said:
        found.append(paragraph(row["in_kind"], "note"))
    return found + ([paragraph("sous réserve", "note")] if row.get("is_conditional") else [])


def total_of(rows):
    amounts = [row.get("amount") for row in rows if row.get("unit") == FundingUnit.EUROS]
    if not amounts:
        return ""
    return "Non calculable" if None in amounts else typography.euros(sum(map(Decimal, amounts)))


def fundings(text):
    """All of them where the drafter asked for them; else those that no fiche shows."""
    rows = text.of("Funding")
    if "financements" not in text.placed:
        rows = [row for row in rows if not row.get("action")]
    return tuple(funding_table(text, rows))


def register_all():
    """Register the generated sections of this floor."""
    register("axes", "Arbre des axes", axes, title="Le plan d’actions", order=20)
    register("indicateurs", "Tableau des indicateurs", indicators, title="Les indicateurs", order=40)
    register("financements", "Tableau des financements prévus", fundings, title="Les financements prévus", order=50)
    register("priorites", "Matrices des priorités", priorities, title="Les priorités", order=45)
    register("tableau", "Tableau des fiches par état", board, title="L’état des fiches", order=46, follow=fiches_followed)
    register(
        "carte", "Carte des territoires", territory_map, title="Les fiches par territoire", order=48, follow=fiches_followed
    )
    register("fiches", "Fiches-actions", fiches, place=Place.ANNEX, order=10)
    register_extract("axe", "Un axe", axis_alone)
    register_extract("fiche", "Fiche-action", fiche_alone)
