"""The governance part of a file of facts: committees, their chairs, seats and obligations, their past meetings."""

import re

from governance.enums import ChairMode, CommitteeKind, CommitteeLevel, MeetingStatus, ObligationPeriod
from governance.models import Chair, Committee, CommitteeLead, Formation, Meeting, Seat
from partners.facts import find_organisation
from pti import facts as reading
from pti.dates import last_day, today
from pti.facts import bullets, plain_lines
from pti.search import normalise

LEVELS = {
    "departemental": CommitteeLevel.DEPARTMENTAL,
    "territorial": CommitteeLevel.TERRITORIAL,
    "thematique": CommitteeLevel.THEMATIC,
}
KINDS = {
    "fonction": CommitteeKind.POST,
    "instance usagers": CommitteeKind.USERS_GROUP,
    **{normalise(label): value for value, label in CommitteeKind.choices if value != CommitteeKind.OTHER},
}
# What a name says of the kind, the most telling first.
NAMES = (
    (r"usagers|allocataires|groupes? ressources?|comites? participatifs?", CommitteeKind.USERS_GROUP),
    (r"conference des financeurs|comite des financeurs", CommitteeKind.FUNDERS),
    (r"comites? techniques?", CommitteeKind.TECHNICAL),
    (r"groupes? de travail", CommitteeKind.WORKING_GROUP),
    (r"groupes? projets?", CommitteeKind.PROJECT_GROUP),
    (r"equipe projet", CommitteeKind.PROJECT_TEAM),
    (r"comites? (local|locaux|territorial|territoriaux|territorialises)|instances territoriales", CommitteeKind.LOCAL),
    (r"copil|comite de pilotage", CommitteeKind.STEERING),
    (r"^(referents?|charge|chargee|animateur|animatrice)\b", CommitteeKind.POST),
)
NUMBERS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "six": 6}
COUNT = rf"(\d+|{'|'.join(NUMBERS)})"
PER_YEAR = re.compile(rf"{COUNT}(?: (?:a|ou) \d+)? (?:fois|reunions?|seances?) par an")
PER_PACT = re.compile(rf"{COUNT} (?:fois|reunions?|seances?) sur la duree du pacte")
STEPS = {
    "due_at_launch": r"\blancement\b",
    "due_at_mid_term": r"mi-parcours|intermediaire",
    "due_at_end": r"\bfinal\b|en fin de",
}
FORMATIONS = re.compile(r"(formation \w+) et (formation \w+)")
SAYS_NOTHING = re.compile(r"^non precisee?$")
EMPTY_WORDS = {"de", "du", "des", "la", "le", "les", "l", "d", "et", "n°", "pour", "a", "au", "aux"}
WORD = re.compile(r"[a-z0-9°]+")


def register_all():
    reading.register(read_committees, "committees")
    reading.register(read_meetings, "meetings")


def read_committees(facts, root, pact):
    """Committees, then the leads of fiches that are committees."""
    committees = facts.refs["committees"] = []
    for order, node in enumerate(root.items("committees")):
        row = _committee(facts, node, pact, order)
        committees.append(facts.save(row, node))
        _chairs(facts, node, row)
        for rank, text in enumerate(node.texts("members")):
            if text:
                facts.add(Seat(committee=row, text=text, organisation=find_organisation(facts, text), order=rank), node)
        for rank, name in enumerate(_formations(row)):
            facts.add(Formation(committee=row, name=name, order=rank), node)
    for lead in facts.refs.get("leads", ()):
        committee = None if lead.organisation_id or lead.scheme_id else _led_by(committees, lead.text)
        if committee:
            facts.add(CommitteeLead(lead=lead, committee=committee), root)


def _committee(facts, node, pact, order):
    level, level_text = facts.choice(node, "level", LEVELS, CommitteeLevel.OTHER)
    name, chair = node.text("name", required=True), node.text("chair")
    kind, kind_text = _kind(facts, node, name)
    obligations = node.texts("obligations")
    row = Committee(
        pact=pact,
        order=order,
        name=name,
        name_variants=plain_lines(node.texts("name_variants")),
        level=level,
        level_text=level_text if level == CommitteeLevel.OTHER else "",
        kind=kind,
        kind_text=kind_text,
        role=bullets(node.texts("role")),
        chair_text=chair,
        chair_mode=_chair_mode(chair),
        members_text=bullets(node.texts("members")),
        elaboration_members=bullets(node.texts("elaboration_members")),
        frequency_text=node.text("frequency"),
        obligations_text=bullets(obligations),
        note=node.text("note"),
    )
    _read_obligation(row, node.count("minimum_meetings"), obligations)
    return row


def _kind(facts, node, name):
    """The kind that the file or the name says; the file's own words are kept when they are not in the closed list."""
    raw = node.text("kind")
    told = KINDS.get(normalise(raw))
    if told:
        return told, raw
    if raw:
        facts.warn(node.at("kind"), f"« {raw} » est inconnu : conservé tel qu’écrit.")
    plain = normalise(name)
    return next((kind for pattern, kind in NAMES if re.search(pattern, plain)), CommitteeKind.OTHER), raw


def _chair_mode(text):
    plain = normalise(text)
    if not plain or SAYS_NOTHING.match(plain):
        return ""
    if "tournant" in plain:
        return ChairMode.ROTATING
    together = re.search(r"co-?presid|binome|pilote et un copilote", plain)
    return ChairMode.CO_CHAIRS if together else ChairMode.SINGLE


def _chairs(facts, node, committee):
    """Who chairs: organisations when they are named, else the function as written; nobody when the chair rotates."""
    text = committee.chair_text
    if committee.chair_mode in {"", ChairMode.ROTATING}:
        return
    halves = [half.strip() for half in text.split(" et ")]
    named = [find_organisation(facts, half) for half in halves]
    if len(halves) > 1 and all(named):
        committee.chair_mode = ChairMode.CO_CHAIRS
        facts.save(committee, node)
    else:
        halves, named = [text], [find_organisation(facts, text)]
    for order, (half, organisation) in enumerate(zip(halves, named, strict=True)):
        facts.add(Chair(committee=committee, text=half, organisation=organisation, order=order), node)


def _read_obligation(row, minimum, obligations):
    """How often it must meet, when the words say it clearly."""
    frequency = normalise(row.frequency_text)
    yearly, whole = PER_YEAR.search(frequency), PER_PACT.search(frequency)
    if minimum:
        row.meetings_due, row.meetings_due_per = minimum, ObligationPeriod.PACT if not yearly else ObligationPeriod.YEAR
    elif yearly or whole:
        word = (yearly or whole)[1]
        row.meetings_due = NUMBERS.get(word) or int(word)
        row.meetings_due_per = ObligationPeriod.YEAR if yearly else ObligationPeriod.PACT
    elif frequency.startswith("chaque semestre"):
        row.meetings_due, row.meetings_due_per = 2, ObligationPeriod.YEAR
    elif frequency.startswith("chaque trimestre"):
        row.meetings_due, row.meetings_due_per = 4, ObligationPeriod.YEAR
    meets = [normalise(text) for text in [row.frequency_text, *obligations]]
    for field, pattern in STEPS.items():
        setattr(row, field, any(re.search(rf"(copil|comite|reunion|seance).*({pattern})", text) for text in meets))


def _formations(committee):
    match = FORMATIONS.search(committee.frequency_text)
    return [name.capitalize() for name in match.groups()] if match else []


def _words(name):
    """The words of a committee's name that tell it from another, in the singular."""
    singular = (re.sub(r"aux$", "al", word) if len(word) > 5 else word for word in WORD.findall(normalise(name)))
    return {word.rstrip("s") for word in singular if word not in EMPTY_WORDS and not word.isdigit()}


def _names(committee):
    """The names of a committee: its own, its variants, without their brackets, and the acronym that these hold."""
    for name in [committee.name, *committee.name_variants.splitlines()]:
        yield name
        yield re.sub(r"\s*\(.*?\)", "", name)
        yield from re.findall(r"\(([^)]*)\)", name)


def match_committee(committees, name, threshold):
    """The committee that `name` means, if its words are close enough to one of its names."""
    words = _words(name)
    scores = []
    for committee in committees:
        shares = [len(words & other) / len(words | other) for other in map(_words, _names(committee)) if words | other]
        scores.append((max(shares, default=0), -committee.order, committee))
    best = max(scores, key=lambda score: score[:2], default=(0, 0, None))
    return best[2] if best[0] >= threshold else None


def _led_by(committees, text):
    """« Membres du comité technique de la plateforme mobilité » → this committee."""
    name = re.sub(r"^(?:Ensemble (?:des membres )?|Membres )(?:du|de la|des) ", "", text).split(",")[0]
    return match_committee(committees, name, 0.75)


def read_meetings(facts, root, pact):
    """Past meetings; one whose committee is not in the file gets a committee of its own, with a warning."""
    committees = facts.refs["committees"]
    for node in root.items("meetings"):
        written = node.text("committee")
        committee, place = _meeting_committee(facts, node, pact, written)
        date, status = node.label("date"), node.text("status")
        row = Meeting(
            committee=committee,
            committee_text=written,
            date_text=date,
            place=node.text("place"),
            territory_text=node.text("territory") or place,
            object=node.text("object"),
            status=_status(date, normalise(f"{status} {node.text('object')}")),
            status_text=status,
        )
        facts.add(row, node)
    facts.refs["committees"] = committees


def _meeting_committee(facts, node, pact, written):
    """(committee, place said by its name): « Atelier : Niortais » is a sitting, in Niortais, of « Atelier »."""
    committees = facts.refs["committees"]
    name, _, place = (part.strip() for part in written.partition(" : " if " : " in written else "\u00a0: "))
    committee = match_committee(committees, written, 0.5) or match_committee(committees, name, 0.5)
    if committee is None:
        facts.warn(node.at("committee"), f"« {name} » n’est pas parmi les instances : elle y est ajoutée.")
        kind = next((kind for pattern, kind in NAMES if re.search(pattern, normalise(name))), CommitteeKind.OTHER)
        committee = Committee(pact=pact, name=name or "Instance non nommée", level=CommitteeLevel.OTHER, kind=kind)
        committee.order = len(committees)
        committees.append(facts.save(committee, node))
    return committee, place


def _status(date, plain):
    """What the words say; else held when its last possible day is past."""
    for start, status in (("differe", MeetingStatus.POSTPONED), ("annule", MeetingStatus.CANCELLED)):
        if plain.startswith(start):
            return status
    last = last_day(date)
    past = last is not None and last < today()
    return MeetingStatus.HELD if past and "prevue" not in plain else MeetingStatus.PLANNED
