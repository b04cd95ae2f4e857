"""The line between what a pact says (CONTRACT) and what happens (LIFE).

Once a pact is adopted, every write of a CONTRACT row is refused, whatever the way in: page, admin, import, restore.
A CONTRACT model may have `life_fields` (a milestone done) and life rows (a lead who joins later, dated).
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import m2m_changed
from simple_history.signals import pre_create_historical_record

from pti.enums import WRITABLE_STATES
from pti.rows import Followed

FROZEN_MESSAGE = (
    "Le texte de ce pacte est arrêté : il ne se modifie plus. "
    "Avant l’entrée en vigueur, l’animatrice peut le rouvrir ; après, il faut un avenant."
)


class FrozenText(ValidationError):
    """Refusal to write the text of a pact after its adoption."""

    def __init__(self, message=FROZEN_MESSAGE):
        super().__init__(message, code="frozen")


class ContractQuerySet(models.QuerySet):
    """Refuses to write CONTRACT rows of a frozen pact."""

    def of_the_text(self):
        """Rows that the contract is made of, without those that joined later."""
        life = self.model.life_rows
        return self.exclude(life) if life is not None else self

    def in_frozen_pact(self):
        return self.filter(self.model.frozen_q())

    def refuse_frozen(self):
        if self.order_by().of_the_text().in_frozen_pact().exists():
            raise FrozenText()

    def update(self, **kwargs):
        if not set(kwargs) <= self.model.life_fields:
            self.refuse_frozen()
        return super().update(**kwargs)

    def bulk_update(self, objs, fields, batch_size=None):
        objs = list(objs)
        if not set(fields) <= self.model.life_fields:
            self.model._base_manager.filter(pk__in=[obj.pk for obj in objs]).refuse_frozen()
        return super().bulk_update(objs, fields, batch_size=batch_size)

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        with transaction.atomic():
            for obj in objs:
                obj.refuse_if_frozen()
            return super().bulk_create(objs, *args, **kwargs)

    def delete(self):
        self.refuse_frozen()
        return super().delete()

    delete.queryset_only = True


class ContractModel(Followed):
    """A row of what the pact says. `life_fields` and `life_rows` may still move once the text is frozen."""

    pact_path = "pact"
    life_fields: frozenset = frozenset()
    life_rows: Q | None = None

    objects = ContractQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def frozen_q(cls):
        """Rows whose pact is frozen."""
        prefix = f"{cls.pact_path}__" if cls.pact_path else ""
        return ~Q(**{f"{prefix}state__in": WRITABLE_STATES})

    @property
    def is_life_row(self):
        """True for a row that joined after the text (it carries its date)."""
        return False

    def contract_fields(self):
        return [
            field.attname
            for field in self._meta.concrete_fields
            if field.name not in self.life_fields and field.name not in {"id", "revision", "search", "outside"}
        ]

    def refuse_if_frozen(self):
        """Refuse (FrozenText) to insert this row in, or to change the text of, a frozen pact."""
        pact = self.owning_pact()
        enters = pact is not None and pact is not self and not self.is_life_row and pact.is_frozen_now()
        if self._state.adding:
            if enters:
                raise FrozenText()
            return
        stored = type(self)._base_manager.filter(pk=self.pk).of_the_text().in_frozen_pact()
        kept = stored.values(*self.contract_fields()).first()
        if kept is None:
            if enters:
                raise FrozenText()
            return
        now = {name: self._meta.get_field(name).to_python(getattr(self, name)) for name in kept}
        if now != kept:
            raise FrozenText()

    @transaction.atomic
    def save(self, *args, **kwargs):
        self.refuse_if_frozen()
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args, **kwargs):
        type(self)._base_manager.filter(pk=self.pk).refuse_frozen()
        return super().delete(*args, **kwargs)


def refuse_frozen_links(sender, instance, action, reverse, pk_set, **kwargs):
    """Many-to-many links of a CONTRACT row are part of the text; Django offers no other place to refuse them."""
    if action not in {"pre_add", "pre_remove", "pre_clear"}:
        return
    if isinstance(instance, ContractModel) and not reverse:
        type(instance)._base_manager.filter(pk=instance.pk).refuse_frozen()
    model = kwargs["model"]
    if reverse and issubclass(model, ContractModel):
        rows = (
            model._base_manager.filter(pk__in=pk_set)
            if pk_set
            else model._base_manager.filter(**{sender_field(sender, model): instance})
        )
        rows.refuse_frozen()


def sender_field(through, model):
    """Name of the many-to-many field of `model` that goes through `through`."""
    return next(field.name for field in model._meta.many_to_many if field.remote_field.through is through)


def stamp_pact(sender, instance, history_instance, **kwargs):
    """Each line of the journal names the pact it belongs to, so that one page can show them all."""
    history_instance.journal_pact = instance.owning_pact()


def connect():
    """Called once, when the applications are ready."""
    m2m_changed.connect(refuse_frozen_links, dispatch_uid="pti-contract-links")
    pre_create_historical_record.connect(stamp_pact, dispatch_uid="pti-journal-pact")
