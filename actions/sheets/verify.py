"""What a workbook would change in a pact: fiche by fiche, before anything is written; then all of it, or nothing."""

import gc
import hashlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms import model_to_dict
from django.http import QueryDict
from django.utils.functional import cached_property

from actions.forms.fiches import FIELDS, ActionForm, FicheChoices
from actions.models import Action
from actions.sheets.book import Problem
from actions.sheets.cells import Line, fiche_cells, fiches_of
from actions.sheets.columns import FICHE_UID, FICHES, INDICATORS, INSIDE, LEADS, NUMBER, TARGET, Column
from actions.sheets.vocabulary import AS_TEXT, Vocabulary
from actions.sheets.words import Unmatched, value_of
from pti.search import normalise


class Verdict(models.TextChoices):
    """What becomes of a fiche of the file."""

    REFUSED = "corriger", "à corriger"
    CREATED = "creer", "à créer"
    CHANGED = "modifier", "à modifier"
    LEFT = "laisser", "inchangée"


@dataclass(frozen=True)
class Change:
    """One cell that differs from the base."""

    label: str
    old: str
    new: str


@dataclass
class Proposal:
    """One fiche of the file: what would be changed, what is wrong."""

    name: str
    line: int
    verdict: Verdict
    action: Action | None = None
    changes: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    form: ActionForm | None = None


@dataclass
class Match:
    """A name that a person has to match with an organisation: what resembles it, how often it is used."""

    key: str
    words: str
    choices: list
    times: int = 0
    chosen: str = ""


@dataclass
class Plan:
    """All that a file would do."""

    proposals: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    matches: dict = field(default_factory=dict)
    ignored: list = field(default_factory=list)
    absent: int = 0

    def of(self, verdict):
        return [one for one in self.proposals if one.verdict == verdict]

    @property
    def writes(self):
        return self.of(Verdict.CREATED) + self.of(Verdict.CHANGED)

    @property
    def is_ready(self):
        """Something to write, and nothing in the way."""
        waiting = [one for one in self.matches.values() if not one.chosen]
        return bool(self.writes) and not self.problems and not self.of(Verdict.REFUSED) and not waiting

    @property
    def fingerprint(self):
        """Changes when the base or the file would make another change than the one that was read."""
        said = [(one.name, one.verdict, [(c.label, c.old, c.new) for c in one.changes]) for one in self.proposals]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@contextmanager
def uncollected():
    """Hundreds of forms that are all kept: Python would walk them again and again in search of waste, for half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def nobody(done, total, what):
    """Nobody waits to be told."""


def verify(pact, book, matches=None, *, tell=nobody):
    """The Plan of `book` for `pact`; `matches` is {normalised name: key of an organisation, or AS_TEXT}."""
    with uncollected():
        return Verifier(pact, book, matches or {}).plan(tell)


@uncollected()
@transaction.atomic
def apply(plan, *, reason, tell=nobody):
    """Write every fiche of a ready plan, or none (the ValidationError says which one refuses, and why)."""
    for done, one in enumerate(plan.writes):
        tell(done, len(plan.writes), "fiches écrites")
        one.form.instance._change_reason = reason[:100]
        try:
            one.form.save_whole()
        except ValidationError as error:
            raise ValidationError(f"{one.name} : {' '.join(error.messages)}") from error


class Verifier:
    """Reads one file against one pact."""

    def __init__(self, pact, book, matches):
        self.pact, self.book, self.matches = pact, book, matches
        self.vocabulary = Vocabulary(pact)
        self.choices = FicheChoices(pact)
        self.stored = {str(action.uid): action for action in fiches_of(pact)}
        self.cells = {uid: fiche_cells(action, self.vocabulary) for uid, action in self.stored.items()}
        self.result = Plan(problems=list(book.problems), ignored=list(book.ignored))

    @cached_property
    def blank(self):
        """The form of a new fiche."""
        return ActionForm(instance=Action(pact=self.pact), pact=self.pact, choices=self.choices)

    def plan(self, tell):
        lines = self.book.lines.get(FICHES.title, [])
        if self.result.problems:
            return self.result
        uids = Counter(uid for uid in map(self.uid_of, lines) if uid)
        inside = self.inside_by_fiche(lines)
        for done, line in enumerate(lines):
            tell(done, len(lines), "fiches vérifiées")
            self.result.proposals.append(self.proposal(line, uids, inside.get(line.number, {})))
        seen = {str(one.action.uid) for one in self.result.proposals if one.action}
        self.result.absent = len(set(self.stored) - seen)
        return self.result

    def uid_of(self, line):
        """The fiche of the base that a line means: by its identifier, else by its number and title together."""
        if line.uid:
            return line.uid
        wanted = self.name_key(line.cells)
        same = [uid for uid, fiche in self.cells.items() if self.name_key(fiche.line.cells) == wanted]
        return same[0] if len(same) == 1 else ""

    def name_key(self, cells):
        return normalise(cells.get("Numéro", "")), normalise(cells.get("Titre", ""))

    def inside_by_fiche(self, fiches):
        """{line of the fiche: {prefix: [lines]}}; a line that names no fiche of the file is a problem."""
        by_uid = {self.uid_of(line): line.number for line in fiches}
        numbers = Counter(normalise(line.cells.get("Numéro", "")) for line in fiches)
        by_number = {normalise(line.cells.get("Numéro", "")): line.number for line in fiches}
        found = {}
        for sheet in INSIDE:
            for line in self.book.lines.get(sheet.title, []):
                uid, number = line.cells.get(FICHE_UID, ""), normalise(line.cells.get(NUMBER, ""))
                at = by_uid.get(uid) if uid else by_number.get(number) if numbers[number] == 1 else None
                if at is None:
                    reason = "Aucune fiche de la feuille « Fiches » ne porte cet identifiant ou ce numéro, elle seule."
                    self.result.problems.append(Problem(sheet.title, line.number, NUMBER, reason))
                else:
                    found.setdefault(at, {}).setdefault(sheet.prefix, []).append(line)
        return found

    def proposal(self, line, uids, inside):
        uid = self.uid_of(line)
        action = self.stored.get(uid)
        name = " ".join(filter(None, (line.cells.get("Numéro"), line.cells.get("Titre")))) or "Sans titre"
        result = Proposal(name, line.number, Verdict.LEFT, action)
        if uid and action is None:
            reason = "Cet identifiant n’est celui d’aucune fiche du pacte : videz la cellule pour créer la fiche."
            result.problems.append(Problem(FICHES.title, line.number, "Identifiant", reason))
        if uids[uid] > 1:
            reason = "Cette fiche est deux fois dans le fichier."
            result.problems.append(Problem(FICHES.title, line.number, "Identifiant", reason))
        if not result.problems:
            FicheReader(self, result, line, inside).read()
        if result.problems:
            result.verdict = Verdict.REFUSED
        elif result.changes:
            result.verdict = Verdict.CHANGED if action else Verdict.CREATED
        return result

    def ask(self, words):
        """Remember a name to match."""
        key = normalise(words)
        if key not in self.result.matches:
            near = [(one, self.vocabulary.said(one)) for one in self.vocabulary.who(words) or self.vocabulary.near(words)]
            choices = [*near, (AS_TEXT, f"Garder « {words} », tel qu’écrit")]
            self.result.matches[key] = Match(key, words, choices, chosen=self.matches.get(key, ""))
        self.result.matches[key].times += 1


class FicheReader:
    """Reads one fiche of the file: the cells that differ, then the form of the fiche with them."""

    def __init__(self, verifier, proposal, line, inside):
        self.verifier, self.proposal, self.line, self.inside = verifier, proposal, line, inside
        known = verifier.cells.get(str(proposal.action.uid)) if proposal.action else None
        self.known_line = known.line if known else Line()
        self.known_inside = known.inside if known else {}
        self.values, self.rows = {}, {}

    def read(self):
        self.values = self.read_line(FICHES, self.line, self.known_line, "")
        for sheet in INSIDE:
            self.rows[sheet.prefix] = [self.read_row(sheet, line) for line in self.inside.get(sheet.prefix, [])]
        if self.proposal.problems or not (self.proposal.changes or self.proposal.action is None):
            return
        if self.proposal.action is None and not self.proposal.changes:
            return
        self.fill()

    def read_line(self, sheet, line, known, prefix):
        """{field: value} of the cells of `line` that differ from `known`."""
        values = {}
        for column in self.columns(sheet):
            if column.head not in line.cells:
                continue
            words, old = line.cells[column.head], known.cells.get(column.head, "")
            if same(words, old):
                continue
            try:
                values[column.field] = value_of(column, words, self.verifier.vocabulary, self.verifier.matches)
            except Unmatched as error:
                self.verifier.ask(words)
                self.problem(sheet, line, column.head, f"{error.messages[0]} Choisissez plus haut.")
            except ValidationError as error:
                self.problem(sheet, line, column.head, error.messages[0])
            self.proposal.changes.append(Change(f"{prefix}{column.head}", old, words))
        if sheet is LEADS and line.cells.get("Organisme ou plan") and values.get("who") == "" and not values.get("text"):
            values["text"] = line.cells["Organisme ou plan"]
        return values

    def columns(self, sheet):
        if sheet is not INDICATORS:
            return sheet.columns
        heads = self.verifier.book.heads.get(sheet.title, ())
        years = sorted(head for head in heads if head.startswith(TARGET))
        return [*sheet.columns, *(Column(head, f"target_{head.removeprefix(TARGET)}") for head in years)]

    def read_row(self, sheet, line):
        """(line, uid of the row of the base or an empty text, values)."""
        known = self.known_row(sheet, line)
        main = sheet.columns[0].head if sheet is not LEADS else "Organisme ou plan"
        name = (known.cells.get(main) if known else "") or line.cells.get(main, "") or line.cells.get("Tel qu’écrit", "")
        if line.uid and known is None:
            self.problem(sheet, line, "Identifiant", "Cet identifiant n’est celui d’aucune ligne de cette fiche.")
        if line.removed:
            self.proposal.changes.append(Change(f"{sheet.title} : ligne retirée", name, ""))
            return line, known, {}
        return line, known, self.read_line(sheet, line, known or Line(), f"{sheet.title}, {name} : ")

    def known_row(self, sheet, line):
        """The row of the base that a line means: by its identifier, else the same words."""
        rows = self.known_inside.get(sheet.prefix, [])
        if line.uid:
            return next((row for row in rows if row.uid == line.uid), None)
        named = {other.uid for other in self.inside.get(sheet.prefix, [])}
        heads = [column.head for column in sheet.columns if column.head in line.cells]
        for row in rows:
            if row.uid not in named and all(same(line.cells[head], row.cells.get(head, "")) for head in heads):
                return row
        return None

    def problem(self, sheet, line, column, reason):
        self.proposal.problems.append(Problem(sheet.title, line.number, column, reason))

    # The form ------------------------------------------------------------------------------------------------------

    def fill(self):
        """The form of the fiche with what the file changes, and its errors at their cell.

        Groups of rows that the file leaves alone keep what is stored: neither read again nor written again.
        """
        pact = self.verifier.pact
        instance = self.proposal.action or Action(pact=pact)
        blank, known = self.verifier.blank, model_to_dict(instance, FIELDS) | {"revision": instance.revision}
        data = QueryDict(mutable=True)
        for name, one in blank.fields.items():
            put(data, name, self.values[name] if name in self.values else one.prepare_value(known.get(name, one.initial)))
        places = {}
        for sheet, group in zip(INSIDE, blank.groups, strict=True):
            if instance.pk and not self.touches(sheet):
                data[blank.choice_name(sheet.prefix)] = "theirs"
            else:
                places[sheet.prefix] = self.put_group(data, group.again(instance) if instance.pk else group)
        form = self.proposal.form = ActionForm(data, instance=instance, pact=pact, choices=self.verifier.choices)
        form.has_just_read = True
        if not form.is_valid():
            self.tell_errors(form, places)

    def touches(self, sheet):
        """Whether a row of this kind comes, leaves or changes."""
        return any(line.removed or known is None or values for line, known, values in self.rows[sheet.prefix])

    def put_group(self, data, group):
        """Rows of the base first, then the new ones; returns the line of the file of each place."""
        uids = {str(row.uid): row.pk for row in group.rows.values()}
        lines = {uids[known.uid]: (line, values) for line, known, values in self.rows[group.prefix] if known}
        new = [(line, values) for line, known, values in self.rows[group.prefix] if not known and not line.removed]
        stored = list(group.rows.values())
        places = []
        for place in range(len(stored) + len(new)):
            row = stored[place] if place < len(stored) else None
            line, values = lines.get(row.pk, (None, {})) if row else new[place - len(stored)]
            known = group.initial_of(row) if row else {}
            for name, one in group.blank.fields.items():
                value = values[name] if name in values else one.prepare_value(known.get(name, one.initial))
                put(data, f"{group.prefix}-{place}-{name}", value)
            if line is not None and line.removed:
                data[f"{group.prefix}-{place}-DELETE"] = "on"
            places.append(line)
        data[f"{group.prefix}-TOTAL_FORMS"], data[f"{group.prefix}-INITIAL_FORMS"] = str(len(places)), str(len(stored))
        data[f"{group.prefix}-etat"] = group.state
        return places

    def tell_errors(self, form, places):
        for name, errors in form.errors.items():
            for error in errors:
                self.problem(FICHES, self.line, FICHES.column_of(name), error)
        for sheet, group in zip(INSIDE, form.groups, strict=True):
            if sheet.prefix not in places:
                continue
            for error in group.formset.non_form_errors():
                self.problem(sheet, self.line, "", error)
            for line, errors in zip(places[group.prefix], group.formset.errors, strict=True):
                for name, messages in errors.items():
                    for error in messages:
                        self.problem(sheet, line or self.line, sheet.column_of(name), error)


def same(words, old):
    """Two cells that say the same: white space does not count, nor an empty answer given as « non »."""
    return words.split() == old.split()


def put(data, name, value):
    """A value as a browser would send it."""
    if isinstance(value, list | tuple | models.QuerySet):
        data.setlist(name, [str(getattr(one, "pk", one)) for one in value])
    elif isinstance(value, bool):
        data[name] = "true" if value else "false"
    else:
        data[name] = "" if value is None else str(getattr(value, "pk", value))
