"""Many-to-many links in the journal: simple-history follows columns, so their changes are written as a line of their own."""

from django.db.models.signals import m2m_changed

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
    names = ", ".join(str(row) for row in rows)
    if names:
        write_lines([instance], "~", reason=f"{field.verbose_name} : {WORDS[action]} {names}")


def connect():
    """Called once, when the applications are ready."""
    m2m_changed.connect(write_links, dispatch_uid="pti-journal-links")
