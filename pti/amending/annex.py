"""The difference of an amendment as the annex that is voted with it: signed text, new text, reason, who signs."""

import json

from pti.amending.difference import changes_of
from pti.amending.history import names_in
from pti.comparison import Deed
from pti.fields import readable
from pti.printing import Document
from pti.printing.nodes import heading, paragraph, paragraphs, table
from pti.printing.rich import nodes_of
from pti.printing.text import Text
from pti.versions import draft_of

WORDS = {Deed.ADDED: "Ajout", Deed.REMOVED: "Suppression", Deed.CHANGED: "Modification"}
HEAD = ("Rubrique", "Texte signé", "Texte de l’avenant")


def annex_of(amendment):
    """The document."""
    base, version = amendment.amends, amendment.versions.of_the_text().order_by("-number").first()
    on = version.frozen_on if version else amendment.amendment.opened_on
    state = f"Version {version.number}, arrêtée le {on:%d/%m/%Y}" if version else "Projet"
    return Document(
        title=f"{amendment.amendment_name} : ce qui change",
        subtitle=base.title,
        on=on.isoformat(),
        marks=(state, f"Comparé à la version {amendment.amendment.base_number} du pacte"),
        foot=f"{amendment.amendment_name}, tableau des modifications",
        body=(
            *purpose_of(amendment),
            *(node for change in changes_of(amendment) for node in nodes_of_point(change)),
            *signatories_of(amendment, version),
        ),
        has_contents=False,
    )


def purpose_of(amendment):
    said = amendment.amendment.purpose
    return (heading("Objet"), *nodes_of(said)) if said else ()


def signatories_of(amendment, version):
    """Those who approve and sign the amendment, and the fingerprint of what they sign."""
    names = names_in(Text(json.loads(version.content) if version else draft_of(amendment)))
    if not names:
        return
    yield heading("Signataires de l’avenant")
    yield from (paragraph(name) for name in names)
    if version:
        yield paragraph(f"Empreinte SHA-256 du texte arrêté : {version.sha256}", "note")


def nodes_of_point(change):
    """A point: its reason, then a table for each row that it changes."""
    yield heading(change.point.label)
    yield paragraph(f"Motif : {change.point.reason}" if change.point.reason else "Motif non renseigné.", "note")
    if change.is_empty:
        yield paragraph("Rien n’est changé.")
    for item in change.items:
        for row in [item.own, *item.inside]:
            yield from nodes_of_row(row)


def nodes_of_row(row):
    if row.deed == Deed.CHANGED and not row.fields:
        return
    yield paragraph(f"{WORDS[row.deed]} : {row.kind} « {row.name} »", "lead")
    if row.fields:
        yield table(HEAD, [(one.label, cell_of(one, one.old_words), cell_of(one, one.new_words)) for one in row.fields])


def cell_of(change, words):
    text = readable(words) if change.is_rich else words
    return paragraphs(text) or "—"
