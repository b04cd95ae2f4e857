"""The signature file on paper: who signed, how, on which proof; the deliberations with the numbers of their acts."""

import datetime

from django.utils import timezone

from partners.signing import agreement
from pti.dates import today
from pti.printing import Document
from pti.printing.nodes import heading, paragraph, table
from pti.typography import day, hour, plain

NOT_SAID = "Non renseigné"


def plain_day(on):
    return plain(day(on)) if on else NOT_SAID


def at(text):
    """« 17 novembre 2026 à 11 h 12 », local time, from an ISO instant."""
    moment = timezone.localtime(datetime.datetime.fromisoformat(text))
    return f"{plain_day(moment.date())} à {hour(moment)}"


def signature_file(*, pact, version, board, signatures, acts):
    """The document that a closing keeps; no network address and no mailbox enters it."""
    frozen = plain_day(version.frozen_on)
    body = (
        heading("Le texte signé"),
        paragraph(f"{pact.title}, version {version.number}, arrêtée le {frozen}."),
        paragraph(f"Empreinte SHA-256 du texte : {version.sha256}"),
        heading("Signatures"),
        table(
            ("Partenaire", "Signataire et qualité", "Date", "Moyen"),
            [line_of(one) for one in signatures],
            caption="Signatures de cette version, dans leur ordre",
            widths=(3, 3, 2, 3),
        ),
        *others(board),
        heading("Preuves"),
        paragraph(agreement.NATURE, "note"),
        *(node for one in signatures for node in proof_of(one)),
        heading("Délibérations"),
        *deliberations(acts),
    )
    return Document(
        title="Dossier de signature",
        subtitle=pact.title,
        on=today().isoformat(),
        body=body,
        marks=(f"Version {version.number}, arrêtée le {frozen}", f"Signature close le {plain_day(today())}"),
        foot=f"Dossier de signature, version {version.number}",
        has_contents=False,
    )


def line_of(signature):
    who = ", ".join(filter(None, (signature.signatory, signature.capacity)))
    return str(signature.partner), who, plain_day(signature.signed_on), signature.get_method_display()


def others(board):
    """Signatories who have not signed on the day of the closing, and where they stand."""
    rows = [
        (str(line.partner), line.state.label if line.state else "Rien d’attendu") for line in board.lines if not line.is_signed
    ]
    if not rows:
        return ()
    return (heading("N’ont pas signé à ce jour"), table(("Partenaire", "État"), rows, caption="Signataires sans signature"))


def proof_of(signature):
    """How this signature may be verified."""
    yield heading(str(signature.partner), level=2)
    if signature.is_online:
        proof = signature.sealed_proof
        if proof is None:
            yield paragraph(f"Accord enregistré. {agreement.LEFT_OUT}")
            return
        said = agreement.said_by(proof)
        yield paragraph(f"Accord enregistré le {at(proof.given_at.isoformat())}. {said['means']}")
        if said["delegated_by"]:
            yield paragraph(f"Par délégation : {said['delegated_by']}, {said['delegation_reference']}".rstrip(", "))
        yield paragraph(f"Empreinte SHA-256 de la preuve : {proof.sha256}")
        return
    yield paragraph(f"{signature.get_method_display().capitalize()} : {signature.proof.name}")
    yield paragraph(f"Empreinte SHA-256 du fichier : {signature.proof.sha256}")
    for sentence in told(signature.pdf_check):
        yield paragraph(sentence)


def told(check):
    """What the check of a signed PDF found, in French; nothing for what was not checked."""
    if not check:
        return []
    lines = [COVERS[check["covers"]]]
    for one in check["signers"]:
        when = f"le {at(one['signed_at'])}" if one["signed_at"] else "à une date que le fichier ne dit pas"
        lines.append(f"Signé par {one['name']} {when} ; certificat de {one['issuer']}, {validity(one)}.")
    return [*lines, UNCHECKED]


# The server asks nothing of the outside, and believes the clock of whoever signed.
UNCHECKED = "Révocation du certificat : non vérifiée. Horodatage : non vérifié, la date est celle que dit le fichier."
COVERS = {
    "same": "Le fichier signé est la version arrêtée, à laquelle seules des signatures ont été ajoutées.",
    "changed": "Le fichier signé commence par la version arrêtée, mais autre chose que des signatures y a été ajouté.",
    "other": "Le fichier signé n’est pas celui de la version arrêtée : c’est un autre document.",
}


def validity(signer):
    """« valable ce jour-là, autorité reconnue »."""
    then = "valable ce jour-là" if signer["valid_then"] else "qui n’était pas valable ce jour-là"
    return f"{then}, {'autorité reconnue' if signer['trusted'] else 'autorité inconnue de cette installation'}"


def is_doubtful(check):
    """True when a person should look: another document, a certificate out of date, an unknown authority."""
    return bool(check) and (
        check["covers"] != "same" or not all(one["trusted"] and one["valid_then"] for one in check["signers"])
    )


def deliberations(acts):
    if not acts:
        return (paragraph("Aucune délibération n’est enregistrée pour cette version."),)
    rows = [
        (
            str(one.partner or one.get_kind_display().capitalize()),
            one.body,
            plain_day(one.held_on) if one.held_on else one.held_text or NOT_SAID,
            " ; ".join(filter(None, (one.act_number, one.act_id, one.transmission_number, one.publication_id))) or NOT_SAID,
            reserve(one),
        )
        for one in acts
    ]
    head = ("De qui", "Instance", "Date", "Acte", "Condition ou réserves")
    return (table(head, rows, caption="Délibérations qui portent sur cette version", widths=(3, 3, 2, 3, 3)),)


def reserve(act):
    if not act.is_conditional and not act.reservations:
        return "Aucune"
    return f"{'Sous condition' if act.is_conditional else 'Réserves'} : {act.reservations}"
