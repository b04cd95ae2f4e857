"""Many-to-many links in the journal: simple-history follows columns, so their changes are written as a line of their own."""

from django.db import transaction
from django.db.models.signals import m2m_changed

from pti.contract import ContractModel
from pti.rows import Followed, write_lines

WORDS = {"post_add": "ajout de", "post_remove": "retrait de", "pre_clear": "retrait de"}


def field_through(instance, through):
    return next(field for field in instance._meta.many_to_many if field.remote_field.through is through)


def write_links(sender, instance, action, reverse, model, pk_set, **kwargs):
    """One line that says which links were added or taken away."""
    if action not in WORDS or reverse or not isinstance(instance, Followed):
        return
    field = field_through(instance, sender)
    rows = getattr(instance, field.name).all() if action == "pre_clear" else model._base_manager.filter(pk__in=pk_set)
    if rows:
        write_lines([instance], "~", reasons=[reason(field, WORDS[action], rows)])


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
        write_lines(rows, "~", reasons=[reason(field, added, sorted(links[row], key=ranks.get)) for row in rows])


def connect():
    """Called once, when the applications are ready."""
    m2m_changed.connect(write_links, dispatch_uid="pti-journal-links")
