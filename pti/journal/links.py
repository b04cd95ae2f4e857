"""Many-to-many links in the journal: simple-history follows columns, so their changes are written as a line of their own.

The line says them in words; JournalLinks keeps the keys beside it, so that a past state gets its links back.
"""

from django.db import transaction
from django.db.models.signals import m2m_changed

from pti.composed import insert
from pti.contract import ContractModel
from pti.models import JournalLinks
from pti.rows import Followed, write_lines

WORDS = {"post_add": "ajout de", "post_remove": "retrait de", "pre_clear": "retrait de"}
NAMES = ("kind", "line", "row", "field", "before", "after")


def field_through(instance, through):
    return next(field for field in instance._meta.many_to_many if field.remote_field.through is through)


def write_links(sender, instance, action, reverse, model, pk_set, **kwargs):
    """One line that says which links were added or taken away."""
    if action not in WORDS or reverse or not isinstance(instance, Followed):
        return
    field = field_through(instance, sender)
    rows = getattr(instance, field.name).all() if action == "pre_clear" else model._base_manager.filter(pk__in=pk_set)
    if rows:
        keys = write_lines([instance], "~", reasons=[reason(field, WORDS[action], rows)])
        keep(field, keys, [(instance, *moved(instance, field, action, {row.pk for row in rows}))])


def moved(instance, field, action, keys):
    """(keys before, keys after) of the links of a row, of which `keys` were added or taken away."""
    if action == "pre_clear":
        return keys, set()
    now = keys_now(instance, field)
    return (now - keys, now) if action == "post_add" else (now | keys, now)


def keys_now(row, field):
    mine, other = field.m2m_column_name(), field.m2m_reverse_name()
    return set(field.remote_field.through._base_manager.filter(**{mine: row.pk}).values_list(other, flat=True))


def keep(field, lines, links):
    """Keep the keys of links beside the lines that tell them; `links` is [(row, keys before, keys after)]."""
    kind = field.model._meta.label_lower
    rows = zip(lines, links, strict=True)
    insert(JournalLinks, NAMES, [(kind, key, row.pk, field.name, sorted(old), sorted(new)) for key, (row, old, new) in rows])


def reason(field, word, rows):
    """« thèmes : ajout de Mobilité, Santé »."""
    return f"{field.verbose_name} : {word} {', '.join(str(row) for row in rows)}"


@transaction.atomic
def link_together(field, links):
    """The first links of rows of one model, {row: those it is linked to}: what `add()` does for each, in a few statements."""
    rows = list(links)
    if isinstance(rows[0], ContractModel):
        type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows]).refuse_frozen()
    through, mine, other = field.remote_field.through, field.m2m_field_name(), field.m2m_reverse_field_name()
    through._base_manager.bulk_create([through(**{mine: row, other: one}) for row in rows for one in links[row]])
    if isinstance(rows[0], Followed):
        keys = {one.pk for linked in links.values() for one in linked}
        ranks = {one: rank for rank, one in enumerate(field.related_model._base_manager.filter(pk__in=keys))}
        added = WORDS["post_add"]
        lines = write_lines(rows, "~", reasons=[reason(field, added, sorted(links[row], key=ranks.get)) for row in rows])
        keep(field, lines, [(row, (), {one.pk for one in links[row]}) for row in rows])


def links_at(row, entry):
    """{field: keys} of the links that `row` had in a past state and no longer has as they were; unknown ones are left out."""
    kept = JournalLinks.objects.filter(kind=row._meta.label_lower, row=row.pk)
    found = {}
    for field in row._meta.many_to_many:
        told = kept.filter(field=field.name)
        last, first = told.filter(line__lte=entry.history_id).order_by("-line").first(), told.order_by("line").first()
        if first is not None and (keys := set(last.after if last else first.before)) != keys_now(row, field):
            found[field] = keys
    return found


def put_back(row, links):
    """Link `row` as `links` ({field: keys}) says, to what is still there."""
    for field, keys in links.items():
        getattr(row, field.name).set(field.related_model._base_manager.filter(pk__in=keys))


def connect():
    """Called once, when the applications are ready."""
    m2m_changed.connect(write_links, dispatch_uid="pti-journal-links")
