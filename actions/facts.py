"""The actions' part of a file of facts: the tree, the fiches, their leads, milestones, indicators, and the funding."""

import re
from decimal import Decimal

from actions.enums import FundingUnit, IndicatorKind, LeadRole
from actions.models import Action, Axis, Funding, Indicator, Lead, Milestone, Target
from partners.facts import find_or_make_service, find_organisation
from pti import facts as reading
from pti import typography
from pti.dates import first_day, last_day, parse_period
from pti.facts import bullets, heading, html, numbered, paragraph, plain_lines
from pti.search import normalise

INDICATOR_KINDS = {
    "moyens": IndicatorKind.MEANS,
    "realisation": IndicatorKind.OUTPUT,
    "resultat": IndicatorKind.RESULT,
    "impact": IndicatorKind.IMPACT,
    "contexte": IndicatorKind.CONTEXT,
    "gouvernance": IndicatorKind.GOVERNANCE,
}
TENTATIVE = re.compile(r"\s*\(?\bpressenti(?:e|s|es)?\b\)?\s*", re.I)
ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)\s*$")
YEARLY_RISE = re.compile(r"(\S+) supplémentaires? par an$")
LEVELS = ("orientations", "sub_orientations")
LEVEL_WORDS = ["axe", "orientation", "sous-orientation"]


def register_all():
    reading.register(read_axes, "axes")
    reading.register(read_fundings, "fundings")


def read_axes(facts, root, pact):
    """The tree and its fiches, in the order of the file."""
    facts.refs["leads"], facts.refs["actions"] = [], {}
    nodes = root.items("axes")
    depth = max((_read_axis(facts, node, pact, None, order) for order, node in enumerate(nodes)), default=0)
    if depth:
        words = [*LEVEL_WORDS, *["niveau"] * depth]
        pact.level_words = words[: max(depth, 2)]
        facts.save(pact, root)
    _check_roles(facts)


def _read_axis(facts, node, pact, parent, order):
    """One node of the tree, its fiches and what is below; returns the depth of the branch."""
    number, title = node.label("number"), node.text("title", required=True)
    row = Axis(
        pact=pact,
        parent=parent,
        order=order,
        number=number,
        title=title,
        title_variants=plain_lines(node.texts("title_variants")),
        is_group=parent is not None and not number,
        is_transversal=number == "T" or "transvers" in normalise(title),
        objective=paragraph(node.text("objective")),
        summary=html(paragraph(node.text("summary")), paragraph(node.text("text")), bullets(node.texts("items"))),
        findings=_findings(node),
        recommendations=_recommendations(node),
        perspectives=bullets(node.texts("perspectives")),
        themes_text=_themes(node),
    )
    facts.save(row, node)
    for action in node.items("actions"):
        _read_action(facts, action, pact, row)
    children = [child for key in LEVELS for child in node.items(key)]
    return 1 + max((_read_axis(facts, child, pact, row, index) for index, child in enumerate(children)), default=0)


def _findings(node):
    lines = []
    for item in node.items("findings"):
        domain, text = item.text("domain"), item.text("text")
        lines.append((item.label("number"), f"{domain} : {text}" if domain else text))
    return numbered(lines)


def _recommendations(node):
    """Numbered lines, under the name of their group when they have one."""
    groups = {}
    for item in node.items("recommendations"):
        groups.setdefault(item.text("group"), []).append((item.label("number"), item.text("text")))
    return html(*(piece for group, lines in groups.items() for piece in (heading(group), numbered(lines))))


def _themes(node):
    pieces = []
    for item in node.items("themes"):
        pieces += [heading(item.text("domain")), bullets(item.texts("items"))]
    return html(*pieces)


def _read_action(facts, node, pact, axis):
    """One fiche, with its leads, milestones, targets and indicators."""
    row = Action(
        pact=pact,
        axis=axis,
        order=len(facts.refs["leads"]),
        number=node.label("number"),
        title=node.text("title", required=True),
        title_variants=plain_lines(node.texts("title_variants")),
        diagnosis=paragraph(node.text("diagnosis")),
        objectives=bullets(node.texts("objectives")),
        audience=paragraph(node.text("audience")),
        content=bullets(node.texts("content")),
        means=bullets(node.texts("resources")),
    )
    row.order = Action.objects.filter(pact=pact).count()
    partners = _open_list(row, node.texts("partners"))
    facts.save(row, node)
    facts.refs["actions"].setdefault(row.number, []).append(row)
    named = [(LeadRole.PILOT, node.text("lead"))]
    named += [(LeadRole.CO_PILOT, name) for name in node.texts("co_leads")]
    named += [(LeadRole.ASSOCIATED, name) for name in partners]
    for order, (role, name) in enumerate((role, name) for role, name in named if name):
        _lead(facts, node, row, role, name, order)
    for order, item in enumerate(node.items("schedule")):
        _milestone(facts, item, row, order)
    _targets(facts, node.items("targets"), pact, row)
    for order, item in enumerate(node.items("indicators"), len(node.items("targets"))):
        read_indicator(facts, item, pact, action=row, order=order)


def _open_list(action, names):
    """The names without the « … » that leaves the list open; the action remembers that it does."""
    closed = [ELLIPSIS.sub("", name) for name in names]
    action.associated_open_ended = closed != names
    return [name for name in closed if name]


def _lead(facts, node, action, role, text, order):
    """A body in the fiche: an organisation, a service, a plan, else plain text."""
    name = TENTATIVE.sub(" ", text).strip()
    organisation = find_or_make_service(facts, name) or find_organisation(facts, name)
    row = Lead(
        action=action,
        role=role,
        text=text,
        order=order,
        is_tentative=name != text,
        organisation=organisation,
        scheme=None if organisation else _scheme(facts, name),
    )
    facts.refs["leads"].append(facts.add(row, node))


def _scheme(facts, name):
    """The plan that bears `name`, in full or by the acronym in its brackets."""
    plain = normalise(name)
    for written, scheme in facts.refs.get("schemes", {}).items():
        if plain and (plain == written or written.endswith(f"({plain})") or written.startswith(f"{plain} (")):
            return scheme
    return None


def _milestone(facts, node, action, order):
    """A milestone: the wording of the source, and its bounds (`start`, `end`), else those that the wording gives."""
    row = Milestone(action=action, label=node.text("label"), planned_text=node.label("period_or_date"), order=order)
    start, end = node.label("start"), node.label("end")
    for key, text in (("start", start), ("end", end)):
        if text and parse_period(text) is None:
            facts.keep(node.at(key), text, "cette date ne se lit pas :")
    if start or end:
        row.planned_first, row.planned_last = first_day(start), last_day(end)
    else:
        row.read_planned_text()
    if row.planned_first and row.planned_last and row.planned_last < row.planned_first:
        facts.warn(node.path, "la fin précède le début : seules les dates écrites sont conservées.")
        row.planned_first = row.planned_last = None
    facts.add(row, node)


def read_indicator(facts, node, pact, *, action=None, group="", order=0):
    """An indicator of a fiche, or of a level of evaluation (`group`)."""
    kind, raw = facts.choice(node, "kind", INDICATOR_KINDS, IndicatorKind.OTHER)
    return facts.add(
        Indicator(
            pact=pact,
            action=action,
            group=group,
            order=order,
            name=node.text("name", required=True),
            kind=kind,
            kind_text=raw if kind == IndicatorKind.OTHER else "",
            unit=node.text("unit"),
        ),
        node,
    )


def _targets(facts, nodes, pact, action):
    """Each `targets[]` is an indicator with its values; « par an » gives one value a year of the pact."""
    previous = None
    for order, node in enumerate(nodes):
        indicator = Indicator(pact=pact, action=action, name=node.text("label"), unit=node.text("unit"), order=order)
        facts.add(indicator, node)
        raw, value, high = node.figure("value")
        date, unit = node.label("date"), node.text("unit")
        qualifier, note = node.text("qualifier"), node.text("note")
        rise = YEARLY_RISE.search(unit)
        years = _years(pact, date, every=unit.endswith("par an"))
        if rise and previous is not None and previous[1] == rise[1]:
            years = _raise_yearly(facts, node, previous, value, pact)
        for year in years or [None]:
            facts.add(
                Target(
                    indicator=indicator,
                    year=year,
                    date_text=date,
                    raw_value=raw,
                    value=value,
                    value_high=high,
                    qualifier=qualifier,
                    note=note,
                ),
                node,
            )
        previous = (indicator, unit, years[0] if years else None, value)


def _years(pact, date, *, every):
    """The year that `date` names; else, for a value due each year, the years of the pact."""
    period = parse_period(date)
    if period:
        return [period[0].year] if period[0].year == period[1].year else []
    if every and pact.starts_on and pact.ends_on and pact.ends_on.year - pact.starts_on.year < 15:
        return list(range(pact.starts_on.year, pact.ends_on.year + 1))
    return []


def _raise_yearly(facts, node, previous, step, pact):
    """« + 10 % par an » after « 20 % en 2015 »: the first indicator is due 30 in 2016, 40 in 2017. Returns these years."""
    indicator, _, year, value = previous
    if None in (year, value, step) or pact.ends_on is None or not 0 <= pact.ends_on.year - year < 15:
        return []
    years = list(range(year + 1, pact.ends_on.year + 1))
    for due in years:
        value += Decimal(step)
        note = f"{node.text('label')} : {typography.number(step)} {node.text('unit')}"[:400]
        facts.add(Target(indicator=indicator, year=due, raw_value=typography.number(value), value=value, note=note), node)
    return years


def _check_roles(facts):
    """Say where `action_roles` and the fiches disagree; it adds nothing to them."""
    for node in facts.refs.get("action_roles", ()):
        for key, role in (("leads", LeadRole.PILOT), ("co_leads", LeadRole.CO_PILOT), ("joins", LeadRole.ASSOCIATED)):
            written = {
                lead.action.number for lead in facts.refs["leads"] if lead.text == node.text("name") and lead.role == role
            }
            for number in node.labels(key):
                if number not in written:
                    facts.keep(node.at(key), f"{node.text('name')}, fiche {number}", "la fiche ne le dit pas :")


def read_fundings(facts, root, pact):
    """Funds, tied to no fiche; a text instead of an amount is kept as it is."""
    for order, node in enumerate(root.items("fundings")):
        raw, amount, _ = node.figure("amount")
        funder, unit, note, date = node.text("funder"), node.text("unit"), node.text("note"), node.label("date")
        period = parse_period(date)
        facts.add(
            Funding(
                pact=pact,
                order=order,
                label=node.text("label"),
                funder=find_organisation(facts, funder),
                funder_text=funder,
                raw_amount=raw,
                amount=amount,
                unit=_funding_unit(unit),
                unit_text=unit,
                date_text=date,
                year=period[0].year if period and period[0].year == period[1].year else None,
                is_conditional="sous reserve" in normalise(f"{raw} {note}"),
                is_undisclosed=amount is None and "non indique" in normalise(note),
                complement=node.text("complement"),
                note=note,
            ),
            node,
        )


def _funding_unit(unit):
    plain = normalise(unit)
    if plain in {"", "€", "eur", "euro", "euros"}:
        return FundingUnit.EUROS
    return FundingUnit.FTE if "etp" in plain else FundingUnit.IN_KIND
