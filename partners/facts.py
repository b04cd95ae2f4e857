"""The partners' part of a file of facts: organisations, partners, commitments, agreements, deliberations, aliases."""

import re
from collections import Counter

from stdnum.fr import siret

from partners.enums import AgreementState, ApprovalBody, OrganisationKind, Standing
from partners.models import Agreement, Approval, Commitment, Organisation, OrganisationName, Partner
from pti import facts as reading
from pti.dates import first_day, parse_period
from pti.facts import paragraph, plain_lines
from pti.journal.links import link_together
from pti.search import normalise

KINDS = {normalise(label): value for value, label in OrganisationKind.choices if value != OrganisationKind.OTHER}
STANDINGS = {
    "pilote": Standing.SIGNATORY,
    "signataire": Standing.SIGNATORY,
    "associe": Standing.ASSOCIATED,
    "invite": Standing.INVITED,
}
AGREEMENT_STATES = (
    ("en cours de signature", AgreementState.PROSPECT),
    ("signe", AgreementState.SIGNED),
    ("en cours", AgreementState.ONGOING),
    ("en vigueur", AgreementState.ONGOING),
    ("en perspective", AgreementState.PROSPECT),
    ("prevu", AgreementState.PROSPECT),
    ("echu", AgreementState.ENDED),
)
# A name that begins with one of these speaks of several bodies: « missions locales du département ».
CATEGORY_WORDS = {
    "acteurs", "animateurs", "associations", "autorites", "centres", "chambres", "comites", "communes", "entreprises",
    "etablissements", "gestionnaires", "groupes", "intercommunalites", "maisons", "missions", "operateurs", "organismes",
    "plans", "referents", "relais", "representants", "structures",
}  # fmt: skip
STEERING_BODY = re.compile(r"\bcopil\b|comite de pilotage")
ASSEMBLY_BODY = re.compile(r"(assemblee|conseil|commission permanente).*\b(departement|departementale?|general)\b")
YEARS = re.compile(r"\b((?:19|20)\d{2})\s*[-–/]\s*((?:19|20)\d{2})\b")


def register_all():
    reading.register(read_partners, "partners")
    reading.register(read_common_commitments, "commitments_common")
    reading.register(read_aliases, "action_roles")
    reading.register(read_agreements, "agreements")
    reading.register(read_deliberations, "deliberations")


def find_organisation(facts, name):
    """The organisation that the pact calls `name` (name, alias, acronym), or the only one of the base that bears it."""
    known = facts.refs.get("organisations", {}).get(normalise(name))
    if known is not None or not name:
        return known
    asked = facts.refs.setdefault("asked_of_the_base", {})
    if name not in asked:
        bearers = Organisation.objects.named(name)
        others = list(bearers.around(facts.refs["departments"])[:2]) if bearers.exists() else []
        asked[name] = others[0] if len(others) == 1 else None
    return asked[name]


def find_or_make_service(facts, name):
    """« Pôles Insertion du Conseil général »: the service of a partner that declares it, made at need."""
    for service, owner in facts.refs.get("services", {}).items():
        match = re.fullmatch(rf"{re.escape(service)} (?:du |de la |de l'|des |de )(.+)", normalise(name))
        if match and facts.refs["organisations"].get(match[1]) == owner[0]:
            parent, written = owner
            row = Organisation.objects.filter(name=written, parent=parent).first()
            facts.refs.pop("asked_of_the_base", None)
            return row or Organisation.objects.create(name=written, parent=parent, kind=parent.kind, kind_text=parent.kind_text)
    return None


def read_partners(facts, root, pact):
    """Organisations (shared by name and nature), their place in the pact, and what each commits to."""
    nodes = root.items("partners")
    facts.refs["departments"] = list(pact.departments.all())
    facts.refs["organisations"], facts.refs["services"], facts.refs["commitments"] = {}, {}, {}
    partners, facts.refs["links"] = {}, {}
    for order, node in enumerate(nodes):
        organisation = _organisation(facts, node)
        partner = partners.get(organisation.pk)
        if partner is None:
            partner = partners[organisation.pk] = _partner(facts, node, pact, organisation, order)
        else:
            facts.keep(node.path, node.data, "ce partenaire est déjà cité :")
        _read_commitments(facts, node, pact, partner)
    facts.write_waiting()
    if links := facts.refs.pop("links"):
        link_together(Commitment._meta.get_field("partners"), dict(links.values()))
    facts.refs["partners"] = partners
    _remember_names(facts, nodes, list(partners.values()))


def _organisation(facts, node):
    """The shared organisation that `node` names, with its acronym and aliases."""
    name = node.text("name", required=True)
    kind, raw = facts.choice(node, "category", KINDS, OrganisationKind.OTHER)
    departments = facts.refs["departments"]
    row = Organisation.known_as({"name": name, "siret": node.text("siret")}, None, departments)
    if row is not None and raw and row.kind != kind:
        facts.keep(node.at("category"), raw, f"la base classe cet organisme parmi « {row.get_kind_display()} » :")
    if row is None:
        row = Organisation.named_apart(name, departments)
        row.kind, row.kind_text = kind, raw if kind == OrganisationKind.OTHER else ""
        row.is_category = normalise(name).split(" ")[0] in CATEGORY_WORDS
    acronym, aliases = node.text("acronym"), node.texts("aliases")
    if acronym and row.acronym and acronym != row.acronym:
        aliases = [*aliases, acronym]
    row.acronym = row.acronym or acronym
    row.siret = row.siret or _siret(facts, node)
    known = row.aliases_text.splitlines()
    new = [alias for alias in dict.fromkeys(aliases) if alias and alias not in known]
    row.aliases_text = "\n".join([*known, *new])
    facts.save(row, node)
    for alias in new:
        facts.add(OrganisationName(organisation=row, name=alias, is_alias=True), node)
    return row


def _siret(facts, node):
    """The SIRET of the file, when it is one."""
    number = node.text("siret").replace(" ", "")
    if number and not siret.is_valid(number):
        facts.keep(node.at("siret"), number, "ce n’est pas un SIRET :")
        return ""
    return number


def _partner(facts, node, pact, organisation, order):
    standing, role = facts.choice(node, "role", STANDINGS, Standing.ASSOCIATED)
    return facts.save(
        Partner(
            pact=pact,
            organisation=organisation,
            order=order,
            name_in_text=node.text("name"),
            standing=standing,
            role_text=role,
            steers=normalise(role) == "pilote",
            is_funder=node.flag("funder"),
            in_steering_committee=node.flag("steering_committee"),
            represented_at=node.text("represented_at"),
            workshop=node.text("workshop"),
            services=plain_lines(node.texts("services")),
            category_is_guess=node.flag("category_guess"),
            note=node.text("note"),
        ),
        node,
    )


def _read_commitments(facts, node, pact, partner):
    """One commitment for each text; the same text under two partners is one, shared; an empty one is a cell to fill."""
    shared = facts.refs["commitments"]
    for text in node.texts("commitments"):
        row = shared.get(text) if text else None
        if row is None:
            row = facts.add(Commitment(pact=pact, text=paragraph(text), order=len(shared)), node)
            shared[text or row.uid] = row
        _, linked = facts.refs["links"].setdefault(row.uid, (row, []))
        linked += [partner] if partner not in linked else []


def _remember_names(facts, nodes, partners):
    """Names, aliases and acronyms by which the rest of the file calls the partners; a name that two bear is nobody's."""
    known, services = facts.refs["organisations"], facts.refs["services"]
    acronyms = Counter(normalise(partner.organisation.acronym) for partner in partners)
    for partner in partners:
        row = partner.organisation
        names = [*row.aliases_text.splitlines(), partner.name_in_text, row.name]
        if acronyms[normalise(row.acronym)] == 1:
            names.append(row.acronym)
        known.update({normalise(name): row for name in names if name})
        for service in partner.services.splitlines():
            services[normalise(service)] = (row, service)


def read_common_commitments(facts, root, pact):
    for order, text in enumerate(root.texts("commitments_common")):
        facts.add(Commitment(pact=pact, is_common=True, text=paragraph(text), order=order), root)


def read_aliases(facts, root, pact):
    """`action_roles`: the names under which the fiches write the partners; it only adds aliases."""
    roles = facts.refs["action_roles"] = root.items("action_roles")
    for node in roles:
        name = node.text("name", required=True)
        node.mark_read("leads", "co_leads", "joins")
        organisation = find_organisation(facts, name)
        if organisation is None:
            if not node.flag("generic"):
                facts.warn(node.at("name"), f"« {name} » n’est aucun des partenaires : conservé en texte dans les fiches.")
        elif not node.flag("generic"):
            _add_alias(facts, node, organisation, name)


def _add_alias(facts, node, organisation, name):
    if name in {organisation.name, organisation.acronym, *organisation.aliases_text.splitlines()}:
        return
    organisation.aliases_text = plain_lines([organisation.aliases_text, name])
    facts.save(organisation, node)
    facts.refs.pop("asked_of_the_base", None)
    facts.add(OrganisationName(organisation=organisation, name=name, is_alias=True), node)


def read_agreements(facts, root, pact):
    for order, node in enumerate(root.items("agreements")):
        status = node.text("status")
        facts.add(
            Agreement(
                pact=pact,
                order=order,
                name=node.text("name", required=True),
                parties=plain_lines(node.texts("parties")),
                state=_agreement_state(status),
                state_text=status,
                date_text=node.label("date"),
                period_text=node.label("period"),
                scope=node.text("scope"),
                territory_text=node.text("territory"),
                note=node.text("note"),
            ),
            node,
        )


def _agreement_state(status):
    plain = normalise(status)
    return next((state for start, state in AGREEMENT_STATES if plain.startswith(start)), AgreementState.OTHER)


def read_deliberations(facts, root, pact):
    for node in root.items("deliberations"):
        _read_deliberation(facts, node, pact)


def _read_deliberation(facts, node, pact):
    """The act of a body; the partner's when the body bears its name and the act bears on this pact."""
    body, text = node.text("body"), node.text("object")
    kind = _body_kind(body)
    partner = _partner_named_in(facts, body) if kind == ApprovalBody.PARTNER else None
    if partner and _bears_on_another(pact, text):
        facts.warn(node.at("object"), "cet acte porte sur un autre pacte : aucun partenaire n’approuve celui-ci par lui.")
        partner = None
    row = Approval(
        pact=pact,
        partner=partner,
        kind=kind,
        body=body,
        object=text,
        held_text=node.label("date"),
        held_on=_day(node.label("date")),
        convened_on=_read_day(facts, node, "convocation_date"),
        published_on=_read_day(facts, node, "publication_date"),
        held_at=_read_hour(facts, node),
        place=node.text("place"),
        act_number=node.label("number"),
        act_id=node.label("act_id"),
        transmission_number=node.label("transmission_number"),
        result=node.text("result"),
        chair=node.text("chair"),
        secretary=node.text("secretary"),
        **{column: node.count(key) for key, column in COUNTS.items()},
    )
    facts.save(row, node)


COUNTS = {
    "quorum": "quorum",
    "present": "present",
    "proxies": "proxies",
    "excused": "excused",
    "absent": "absent",
    "voters": "voters",
    "for": "votes_for",
    "against": "votes_against",
    "abstention": "abstentions",
    "not_taking_part": "not_taking_part",
}


def _body_kind(body):
    plain = normalise(body)
    if STEERING_BODY.search(plain):
        return ApprovalBody.STEERING
    return ApprovalBody.ASSEMBLY if ASSEMBLY_BODY.search(plain) else ApprovalBody.PARTNER


def _partner_named_in(facts, body):
    """The partner whose full name is in the name of the body; the longest name wins."""
    plain = normalise(body)
    named = [partner for partner in facts.refs.get("partners", {}).values() if normalise(partner.name_in_text) in plain]
    return max(named, key=lambda partner: len(partner.name_in_text), default=None)


def _bears_on_another(pact, text):
    """True when `text` names years that are not those of the pact."""
    years = YEARS.search(text)
    return bool(years and pact.starts_on and int(years[1]) != pact.starts_on.year)


def _day(text):
    """The day written in `text`, None when it says less than a day."""
    period = parse_period(text)
    return period[0] if period and period[0] == period[1] else None


def _read_day(facts, node, key):
    text = node.label(key)
    if text and _day(text) is None:
        facts.keep(node.at(key), text, "ce n’est pas un jour :")
    return _day(text)


def _read_hour(facts, node):
    text = node.text("time")
    match = re.fullmatch(r"(\d{1,2})\s*[h:]\s*(\d{2})?", text)
    if match and int(match[1]) < 24 and int(match[2] or 0) < 60:
        return f"{int(match[1]):02}:{match[2] or '00'}"
    if text:
        facts.keep(node.at("time"), text, "cette heure ne se lit pas :")
    return None


def first_year(text):
    """Year of the first possible day of `text`, or None."""
    day = first_day(text)
    return day and day.year
