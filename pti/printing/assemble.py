"""From the text of a pact to its document: cover, sections in the order of the drafter, and what he has not placed."""

import base64
import json

from pti import sources, typography
from pti.dates import today
from pti.models import Version
from pti.printing import nodes, rich
from pti.printing.nodes import Document, Look, PageBreak, SignaturePage, heading, levelled, paragraph, shifted, text_of_nodes
from pti.printing.text import Text
from pti.sources import Place

KIND = "Pacte territorial pour l’insertion"
# Letters of a chapter that deserves its own page.
LONG = 1800
CONSOLIDATED = (
    "Ce texte consolidé ne se signe pas : ce qui a été approuvé et signé est le texte d’origine, puis chaque avenant. "
    "Les signatures de chacun sont avec lui."
)
BLANKS = ("Nom et qualité", "Délibération ou décision", "Fait à", "Le")


def read(version_or_dump, late=None):
    """(text, version or None) of a frozen version, or of the data of `pti.versions.text_of`; `late` goes with it."""
    version = version_or_dump if isinstance(version_or_dump, Version) else None
    data = json.loads(version.content) if version else version_or_dump
    return Text(joined(data, late) if late else data), version


def joined(data, late):
    """`data` and the rows of `late` that it does not hold."""
    both = dict(data)
    for side in ("parts", "shared"):
        both[side] = {name: dict(groups) for name, groups in data.get(side, {}).items()}
        for name, groups in late[side].items():
            kept = both[side].setdefault(name, {})
            for model, rows in groups.items():
                known = {row["uid"] for row in kept.get(model, ())}
                kept[model] = [*kept.get(model, ()), *(row for row in rows if row["uid"] not in known)]
    return both


def document_of(version_or_dump, *, only=None, on=None, late=None):
    """The document of a version, or of a pact being drafted (« projet », as it stands on `on`, else today).

    `only` = (name of an extract, uid) prints one piece: ("fiche", uid), ("axe", uid), ("engagements", uid).
    `late` holds a row that joined after the text (`pti.versions.late_row`), for its own extract.
    """
    text, version = read(version_or_dump, late)
    on = on or today()
    frame = text.frame
    options = {
        "title": frame.get("title") or KIND,
        "subtitle": frame.get("subtitle") or "",
        "kind": kind_of(text),
        "period": period_of(frame),
        "look": look_of(text),
        "on": (version.frozen_on if version else on).isoformat(),
        "marks": marks_of(version, on),
        "foot": foot_of(version, on),
        "fingerprint": version.sha256 if version else "",
    }
    if only is not None:
        return extract_of(text, only, options)
    return Document(body=body_of(text, version), **options)


def section_document(said, source, on):
    """The generated section `source` alone, of a pact as it stands on `on`; a page that draws it gives it to print."""
    text, _ = read(said)
    text.placed.add(source.name)
    title = text.frame.get("title") or KIND
    found = tuple(source.build(text)) or (paragraph("Rien à montrer dans ce pacte."),)
    return Document(
        title=source.label,
        kind=title,
        body=levelled((heading(source.label), *shifted(found, 1))),
        on=on.isoformat(),
        look=look_of(text),
        marks=(f"État au {plain_day(on)}",),
        foot=f"{title}, état au {plain_day(on)}",
        has_cover=False,
        has_contents=False,
    )


def extract_of(text, only, options):
    """One piece of the pact, without cover nor contents."""
    name, uid = only
    extract = sources.extract_named(name)
    if extract is None or text.row(str(uid)) is None:
        raise LookupError(f"{name} {uid}")
    body = levelled(extract.build(text, str(uid)))
    options |= {"kind": f"{extract.label}, extrait de : {options['title']}", "has_cover": False, "has_contents": False}
    options["title"] = next((one.words for one in body if isinstance(one, nodes.Heading)), options["title"])
    return Document(body=body, **options)


def kind_of(text):
    """« Pacte… », or « Avenant n° 1 au pacte… »."""
    amends = text.data.get("amends")
    return f"Avenant n°{typography.NBSP}{amends['number']} au {KIND[:1].lower()}{KIND[1:]}" if amends else KIND


def period_of(frame):
    start, end = str(frame.get("start_text") or ""), str(frame.get("end_text") or "")
    if len(start) == 4 and len(end) == 4:
        return f"{start}-{end}"
    return typography.plain(" – ".join(nodes.legible(typography.date_text(one)) for one in (start, end) if one))


def plain_day(day):
    """« 6 octobre 2016 », « 1er mars 2017 », without markup."""
    return typography.plain(typography.day(day))


def marks_of(version, on):
    """Lines of the cover that say what this text is worth."""
    if version is not None:
        return (version_words(version), *(("Texte non arrêté",) if version.is_working else ()))
    return ("Projet, texte non arrêté", f"État au {plain_day(on)}")


def version_words(version):
    """« Version 2, arrêtée le 6 octobre 2016 »."""
    return f"Version {version.number}, {version.deed} le {plain_day(version.frozen_on)}"


def foot_of(version, on):
    if version is not None:
        return version_words(version)
    return f"Projet, état au {plain_day(on)}"


def look_of(text):
    """Name, colours and logo that the text carries; else the name of its départements."""
    kept = text.data.get("look") or {}
    places = [text.row(uid) for uid in text.frame.get("departments") or []]
    name = kept.get("name") or ", ".join(row["name"] for row in places if row)
    chosen = {key: kept[key] for key in ("brand", "accent") if kept.get(key)}
    return Look(name=name, logo=base64.b64decode(kept.get("logo") or ""), **chosen)


def body_of(text, version):
    """Everything between the contents and the last page."""
    waiting = [one for one in sources.registered() if one.name not in text.placed]
    built = [(one, tuple(one.build(text))) for one in waiting]
    built = [(one, found) for one, found in built if found]
    tree = text.tree("Section")
    body = [chapter(heading(one.title), found) for one, found in built if one.place == Place.BEFORE]
    body += sections_of(text, tree)
    number = sum(1 for one in tree if one.depth == 0)
    after = [(one, found) for one, found in built if one.place == Place.AFTER]
    body += [chapter(heading(one.title, number=str(at)), found) for at, (one, found) in enumerate(after, start=number + 1)]
    annexes = [(one, found) for one, found in built if one.place == Place.ANNEX]
    for at, (one, found) in enumerate(annexes, start=1):
        word = "Annexe" if len(annexes) == 1 else f"Annexe {at}"
        body.append((PageBreak(), *chapter(heading(one.title, number=word), found)))
    body.append(signature_pages(text, version))
    return levelled(tuple(node for chapter in body for node in chapter))


def chapter(title, built):
    """A chapter; a long one begins on its own page."""
    opening = (PageBreak(),) if len(text_of_nodes(built)) > LONG else ()
    return (*opening, title, *shifted(built, 1))


def sections_of(text, tree):
    """The sections of the drafter; a generated one says what its source says."""
    chapters = []
    for one in tree:
        row, level = one.section, one.depth + 1
        source = sources.named(row.get("source") or "")
        generated = source.build(text) if source else ()
        title = heading(row.get("title") or "", level, number=one.number)
        said = (*rich.nodes_of(row.get("text")), *generated)
        chapters.append((title, *shifted(said, level)) if one.depth else chapter(title, said))
    return chapters


def signature_pages(text, version):
    """One page for each signatory, in the order of the text; a consolidated text is not signed, and says so."""
    if version is not None and version.amendment_number:
        return (heading("Signatures", 1), paragraph(CONSOLIDATED))
    rows = concerned(text.of("Partner", standing="signatory")) if text.frame.get("to_be_signed", True) else []
    pages = [PageBreak(), heading("Signatures", 1)] if rows else []
    title = text.frame.get("title") or KIND
    words = version_words(version) if version else "Projet, texte non arrêté"
    what = words[:1].lower() + words[1:]
    for row in rows:
        said = [paragraph(f"{text.name_of(row['uid'])} approuve et signe « {title} » ({what}).")]
        if version is not None:
            said.append(paragraph(f"Empreinte SHA-256 du texte : {version.sha256}", "note"))
        if row.get("condition") or row.get("is_conditional"):
            said.append(paragraph(f"Sous réserve : {row.get('condition') or 'à préciser'}", "note"))
        pages.append(SignaturePage(nodes.legible(typography.typeset(text.name_of(row["uid"]))), tuple(said), BLANKS, 2))
    return tuple(pages)


def concerned(partners):
    """Without the signatories whom an amendment does not concern."""
    return [row for row in partners if row.get("is_concerned", True)]
