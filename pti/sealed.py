"""What is written once: a line of the journal, a version, the proof of an agreement."""

from django.core.exceptions import ValidationError
from django.db import models


class Sealed(ValidationError):
    """Refusal to alter what is written once."""


class SealedQuerySet(models.QuerySet):
    """Rows that are written once: no update, no delete."""

    sealed_message = "Le journal ne se modifie pas."

    def update(self, **kwargs):
        raise Sealed(self.sealed_message)

    def bulk_update(self, objs, fields, batch_size=None):
        raise Sealed(self.sealed_message)

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise Sealed(self.sealed_message)
        return super().bulk_create(objs, *args, **kwargs)

    def delete(self):
        raise Sealed(self.sealed_message)

    delete.queryset_only = True


class WrittenOnce(models.Model):
    """A row that is inserted, never saved over another nor deleted; its manager, made of a SealedQuerySet, says so."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            self.refuse()
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args, **kwargs):
        self.refuse()

    def refuse(self):
        raise Sealed(type(self)._default_manager.all().sealed_message)
