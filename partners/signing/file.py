"""The file of one partner (« dossier de signature »): what is done, what remains and for whom, what has happened since."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.urls import reverse

from partners import access
from partners.enums import SigningState
from partners.models import Closing, Partner, Refusal, Signatory, Signature
from partners.reading import parts_of as partner_parts
from partners.signing.board import last_version, waiting_since
from pti.access import is_staff_on
from pti.composed import AnyKey, Composed, ComposedParts
from pti.dates import today
from pti.reading import parts_of
from pti.turns import Turn


@dataclass
class Happening:
    """One dated line of the file."""

    on: date | None
    icon: str
    what: str
    more: str = ""
    raw_date: str = ""


@dataclass
class File:
    """What one partner has done and has to do with the last version."""

    partner: object
    version: object
    signatory: object
    approvals: list
    signatures: list
    refusals: list
    signatories: list
    extensions: list = field(default_factory=list)

    @property
    def state(self):
        return self.partner.signing_state

    @property
    def standing(self):
        """The signature of the last version that nobody took back, or None."""
        return next((one for one in self.signatures if one.version_id == self.version_pk and not one.withdrawn_on), None)

    @property
    def refusal(self):
        """The refusal of the last version that still stands, or None."""
        return next((one for one in self.refusals if one.version_id == self.version_pk and not one.lifted_on), None)

    @property
    def version_pk(self):
        return self.version.pk if self.version else None

    @property
    def bearing(self):
        """Approvals of the last version."""
        return [one for one in self.approvals if one.version_id == self.version_pk]

    @property
    def waited_since(self):
        return waiting_since(self.partner, self.version, self.approvals)

    @property
    def is_open(self):
        """True while a signature is awaited, its own body's approval or not."""
        return self.state in (SigningState.APPROVAL, SigningState.SIGNATURE)

    @property
    def days(self):
        """Days that we have been waiting, or None."""
        return (today() - self.waited_since).days if self.is_open and self.waited_since else None

    @property
    def is_early(self):
        """Signed before its own body approved."""
        held = [one.held_on for one in self.bearing if one.held_on]
        return bool(self.standing and held and self.standing.signed_on < max(held))


def file_of(partner):
    """The file of `partner` (a row of `for_table`)."""
    pact = partner.pact
    signatures, signatories = (parts.give([partner]) for parts in parts_composed())
    closed = closed_in(pact)
    for one in signatures:
        one.is_late = one.pk not in closed.get(one.version_id, {one.pk})
    return File(
        partner=partner,
        version=last_version(pact),
        signatory=next((one for one in signatories if one.ends_on is None), None),
        approvals=partner_parts([partner], "approvals"),
        signatures=signatures,
        refusals=partner_parts([partner], "refusals"),
        signatories=signatories,
        extensions=parts_of(pact, "extensions"),
    )


@cache
def parts_composed():
    """The signatures of a partner, those that were taken back too, and who signs for it."""
    signatures = Signature.objects.select_related("proof", "agreement", "version").defer("version__content")
    signatories = Signatory.objects.select_related("contact__user", "delegation_proof")
    return ComposedParts(Partner, "signatures", signatures), ComposedParts(Partner, "signatories", signatories)


def closed_in(pact):
    """{version: signatures that its last closing counted}."""
    found = {}
    for closing, version, signature in closed_composed().rows_of(pact.pk):
        found.setdefault(version, {}).setdefault(closing, set()).add(signature)
    return {version: list(closings.values())[-1] for version, closings in found.items()}


@cache
def closed_composed():
    """The query of (closing, its version, a signature that it counted) in a pact, the last closing last."""
    rows = Closing.objects.filter(pact=AnyKey()).order_by("closed_on", "id")
    return Composed(rows.values_list("pk", "version_id", "signatures"))


def turn_of_file(user, file):
    """Whose turn it is, as `user` reads it."""
    partner, version = file.partner, file.version
    if partner.left_on:
        return Turn("Plus rien n’est attendu", f"{partner} a quitté le pacte.", True)
    if version is None or file.state is None:
        return Turn("On attend le Département", "Il n’y a pas encore de texte arrêté à approuver et à signer.", True)
    if not partner.pact.is_frozen:
        words = f"Le texte a été rouvert : la version {version.number} est remplacée, la suivante sera à approuver et à signer."
        return Turn("On attend le Département", words, True)
    if file.state == SigningState.SIGNED:
        return Turn("Plus rien n’est attendu", f"La version {version.number} est signée. Merci.", True)
    if file.state == SigningState.REFUSED:
        return Turn("Plus rien n’est attendu", f"{partner} a refusé de signer la version {version.number}.", True)
    own, deed = access.acts_for(user, partner), DEEDS[file.state]
    if access.can_agree(user, partner, file.signatory) and file.state == SigningState.SIGNATURE:
        return Turn("À vous", f"Lisez la version {version.number}, puis donnez votre accord ou faites-la signer.")
    if own and not is_staff_on(user, partner.pact):
        whose = f" {file.signatory}, {file.signatory.capacity}, signe." if file.state == "signature" and file.signatory else ""
        return Turn("À vous", f"{deed.for_them} (version {version.number}).{whose}")
    return Turn(f"On attend {partner}", f"{deed.for_us} (version {version.number}).", True)


@dataclass(frozen=True)
class Deed:
    """What is awaited, said to those who do it and to those who wait."""

    for_them: str
    for_us: str


DEEDS = {
    SigningState.APPROVAL: Deed("Votre instance délibère, puis vous déposez sa délibération", "Sa délibération"),
    SigningState.SIGNATURE: Deed("Faites signer le pacte", "Sa signature"),
}


def remaining(user, file):
    """What remains to do, first thing first: (what, address or empty)."""
    partner, pact = file.partner, file.partner.pact
    if file.state not in DEEDS:
        return []
    may = access.can_record(user, partner)

    def link(name):
        return reverse(f"partners:{name}", args=[pact.pk, partner.pk]) if may else ""

    lines = []
    if file.state == SigningState.APPROVAL:
        lines.append(("Enregistrer la délibération de son instance", link("approval_add")))
    elif any(one.is_conditional for one in file.bearing):
        lines.append(("Vérifier que la condition posée par l’instance est levée", ""))
    if file.signatory is None:
        lines.append(("Dire qui signe, et par quelle délégation", link("signatory_add")))
    lines.append(("Signer", f"{partner.signing_file_url()}#signer" if may else ""))
    return lines


def happenings(file):
    """Every dated fact of the file, oldest first; what is not dated comes last."""
    found = [*from_approvals(file), *from_signatories(file), *from_signatures(file), *from_refusals(file), *from_place(file)]
    return sorted(found, key=lambda one: (one.on is None, one.on or date.min))


def of_version(row):
    return f"version {row.version.number}" if row.version else "version non renseignée"


def from_approvals(file):
    for one in file.approvals:
        yield Happening(one.held_on, "j-done", f"Délibération : {one.body}, {of_version(one)}", one.reservations, one.held_text)


def from_signatories(file):
    for one in file.signatories:
        by = ", ".join(filter(None, (one.delegated_by, one.delegation_reference)))
        by = f"par délégation : {by}" if by else ""
        yield Happening(one.starts_on, "person", f"Signataire désigné : {one}, {one.capacity}", by)
        if one.ends_on:
            yield Happening(one.ends_on, "person", f"{one} ne signe plus", one.end_reason)


def from_signatures(file):
    for one in file.signatures:
        who = f"{one.signatory}, {one.capacity}".strip(", ")
        yield Happening(one.signed_on, "s-done", f"{one.get_method_display().capitalize()}, {of_version(one)}", who)
        if one.withdrawn_on:
            yield Happening(one.withdrawn_on, "s-dropped", f"Signature de la {of_version(one)} retirée", one.withdrawal_reason)


def from_refusals(file):
    for one in file.refusals:
        yield Happening(one.refused_on, "s-dropped", f"Refus de la {of_version(one)} : {one.said_by}", one.reason)
        if one.lifted_on:
            yield Happening(one.lifted_on, "j-done", f"Refus de la {of_version(one)} levé", one.lifting_reason)


def changes_of(pact, board):
    """What has changed in the signature of a pact since it began: who joined, left, withdrew; its extensions."""
    found = list(from_extensions(parts_of(pact, "extensions")))
    for line in [*board.lines, *board.left]:
        partner = line.partner
        if partner.joined_on:
            found.append(Happening(partner.joined_on, "j-done", f"Adhésion : {partner}", "Après l’adoption du texte."))
        if partner.left_on:
            found.append(Happening(partner.left_on, "s-dropped", f"Départ : {partner}", partner.leave_reason))
    withdrawn, lifted = (composed.rows_of(pact.pk) for composed in undone_composed())
    for one in withdrawn:
        what = f"Signature retirée : {one.partner}, {of_version(one)}"
        found.append(Happening(one.withdrawn_on, "s-dropped", what, one.withdrawal_reason))
    for one in lifted:
        what = f"Refus levé : {one.partner}, {of_version(one)}"
        found.append(Happening(one.lifted_on, "j-done", what, f"Refusé le {one.refused_on:%d/%m/%Y} : {one.reason}"))
    return sorted(found, key=lambda one: (one.on is None, one.on or date.min))


@cache
def undone_composed():
    """The queries of the signatures of a pact that were withdrawn, and of the refusals that were lifted."""
    withdrawn = Signature.objects.filter(partner__pact=AnyKey()).exclude(withdrawn_on=None)
    lifted = Refusal.objects.filter(partner__pact=AnyKey()).exclude(lifted_on=None)
    both = (rows.select_related("partner__organisation", "version").defer("version__content") for rows in (withdrawn, lifted))
    return tuple(map(Composed, both))


def from_extensions(extensions):
    for one in extensions:
        decision = f"Décision : {one.decision}. " if one.decision else ""
        what = f"Pacte prorogé jusqu’au {one.new_end_on:%d/%m/%Y}"
        yield Happening(one.decided_on, "calendar-event", what, f"{decision}{one.reason}")


def from_place(file):
    partner = file.partner
    if file.version:
        yield Happening(file.version.frozen_on, "lock", f"Version {file.version.number} arrêtée")
    if partner.joined_on:
        yield Happening(partner.joined_on, "j-done", "Adhésion au pacte, après son adoption")
    if partner.left_on:
        yield Happening(partner.left_on, "s-dropped", "Départ du pacte", partner.leave_reason)
    yield from from_extensions(file.extensions)
