"""The line between what a pact says (CONTRACT) and what happens (LIFE).

Once a pact is adopted, every write of a CONTRACT row is refused, whatever the way in: page, admin, import, restore.
A CONTRACT model may have `life_fields` (a milestone done) and life rows (a lead who joins later, dated).

In an amendment that is being written, only what is ticked may be (pti.ticks), on the same paths.
"""

from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.signals import m2m_changed

from pti.enums import WRITABLE_STATES
from pti.guarding import frozen_composed, held_pact, holding_composed, stored_key, text_composed
from pti.rows import Followed
from pti.ticks import Ticks

FROZEN_MESSAGE = (
    "Le texte de ce pacte est arrêté : il ne se modifie plus. "
    "Avant l’entrée en vigueur, l’animatrice peut le rouvrir ; après, il faut un avenant."
)
NOT_TICKED_MESSAGE = (
    "Cet avenant n’ouvre pas cette partie du texte : elle reste telle que signée. "
    "Pour la modifier, cochez-la d’abord dans « Ce que l’avenant modifie »."
)
LATE_MESSAGE = "Un avenant ne porte que sur le texte : ce qui arrive en cours de route s’écrit dans le pacte lui-même."

_lifted: ContextVar[frozenset] = ContextVar("lifted", default=frozenset())


@contextmanager
def lifting(pact):
    """Let the text of `pact` be written although it is frozen, or not ticked.

    For the services of pti.amending alone (a test holds them to it): the copy of the base that is taken again, what
    is unticked, the merging at the entry into force. No page goes through here.
    """
    token = _lifted.set(_lifted.get() | {pact.pk})
    try:
        yield
    finally:
        _lifted.reset(token)


class FrozenText(ValidationError):
    """Refusal to write the text of a pact after its adoption."""

    def __init__(self, message=FROZEN_MESSAGE):
        super().__init__(message, code="frozen")


class NotTicked(FrozenText):
    """Refusal to write, in an amendment, what it does not open."""

    def __init__(self, message=NOT_TICKED_MESSAGE):
        super().__init__(message)


class PresentManager(models.Manager):
    """Rows that no amendment has withdrawn; the base manager of the model, `everything`, gives those too."""

    def get_queryset(self):
        if not issubclass(self.model, Withdrawable):
            return super().get_queryset()
        return present_rows(self._queryset_class, self.model).using(self._db)


@cache
def present_rows(queryset_class, model):
    """The rows of `model` that no amendment has withdrawn: asked for at each turn, so composed once."""
    return queryset_class(model).filter(withdrawn_on=None)


class ContractQuerySet(models.QuerySet):
    """Refuses to write CONTRACT rows of a frozen pact."""

    @classmethod
    def as_manager(cls):
        return PresentManager.from_queryset(cls)()

    as_manager.queryset_only = True

    def with_withdrawn(self):
        """From the manager: every row of the base, those that an amendment withdrew too."""
        return type(self)(self.model, using=self._db)

    def with_whole(self, link):
        """From the manager: rows of the text, and those withdrawn together with what `link` says they are parts of."""
        return self.with_withdrawn().filter(Q(withdrawn_on=None) | Q(withdrawn_on=models.F(f"{link}__withdrawn_on")))

    def of_the_text(self):
        """Rows that the contract is made of, without those that joined later or were withdrawn."""
        rows = self.not_late()
        return rows.filter(withdrawn_on=None) if issubclass(self.model, Withdrawable) else rows

    def not_late(self):
        """Rows that did not join later."""
        life = self.model.life_rows
        return self.exclude(life) if life is not None else self

    def in_frozen_pact(self):
        return self.filter(self.model.frozen_q())

    def guarded(self):
        """Rows of a frozen pact or of an amendment, those of a pact that a service is merging apart."""
        rows = self.filter(self.model.frozen_q() | self.model.amendment_q())
        return rows.exclude(self.model.of_pacts_q(_lifted.get())) if _lifted.get() else rows

    def hold_pacts(self):
        """Lock the pacts of these rows until the transaction ends: an adoption under way is waited for.

        Whoever writes the text locks the pact first and rows after, so that no two people wait for each other.
        """
        return list(self.pacts_held())

    def pacts_held(self):
        """The query of `hold_pacts`."""
        pacts = apps.get_model("pti", "Pact")._base_manager.select_for_update(no_key=True)
        keys = self.order_by().values(self.model.pact_path or "pk")
        return pacts.filter(pk__in=keys).order_by("pk").values_list("pk", flat=True)

    def refuse_frozen(self, *, changes=None, leaving=False):
        """Refuse (FrozenText) to write these rows (`changes`: field values), or to delete them (`leaving`)."""
        self.hold_pacts()
        rows = self.order_by().not_late().guarded()
        if not rows.exists():
            return
        if rows.in_frozen_pact().exists():
            raise FrozenText()
        for row in rows:
            row.refuse_unticked(leaving=leaving)
            for name, value in (changes or {}).items():
                if not hasattr(value, "resolve_expression"):
                    column = self.model._meta.get_field(name)
                    setattr(row, column.name if isinstance(value, models.Model) else column.attname, value)
            row.refuse_unticked()

    @transaction.atomic
    def update(self, **kwargs):
        if not set(kwargs) <= self.model.life_fields:
            self.refuse_frozen(changes=kwargs)
        return super().update(**kwargs)

    @transaction.atomic
    def bulk_update(self, objs, fields, batch_size=None):
        objs = list(objs)
        if not set(fields) <= self.model.life_fields:
            self.model._base_manager.filter(pk__in=[obj.pk for obj in objs]).refuse_frozen()
            for obj in objs:
                obj.refuse_unticked()
        return super().bulk_update(objs, fields, batch_size=batch_size)

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        with transaction.atomic():
            for obj in to_be_judged(objs):
                obj.refuse_if_frozen()
            return super().bulk_create(objs, *args, **kwargs)

    @transaction.atomic
    def delete(self):
        self.refuse_frozen(leaving=True)
        return super().delete()

    delete.queryset_only = True


def to_be_judged(rows):
    """Of new rows, those that must each be asked whether it may be written: none, where the text is open."""
    is_open = {None: False}
    for row in rows:
        key = row.owning_key() if row.pact_path else None
        if key not in is_open:
            state, amends = held_pact(key)
            is_open[key] = key in _lifted.get() or (state in WRITABLE_STATES and amends is None)
        if not (is_open[key] and row._state.adding):
            yield row


class ContractModel(Followed):
    """A row of what the pact says. `life_fields` and `life_rows` may still move once the text is frozen.

    `amendment_fields` of a row, and rows `of_the_amendment`, speak of an amendment itself: no tick is asked for them.
    Partners propose another wording of its long texts (RichTextField), and of its `proposed_fields`, which are plain.
    """

    pact_path = "pact"
    life_fields: frozenset = frozenset()
    life_rows: Q | None = None
    amendment_fields: frozenset = frozenset()
    proposed_fields: tuple = ()
    of_the_amendment = False

    objects = ContractQuerySet.as_manager()
    everything = models.Manager.from_queryset(ContractQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "everything"
        default_manager_name = "objects"

    @classmethod
    def frozen_q(cls):
        """Rows whose pact is frozen."""
        prefix = f"{cls.pact_path}__" if cls.pact_path else ""
        return ~Q(**{f"{prefix}state__in": WRITABLE_STATES})

    @classmethod
    def amendment_q(cls):
        """Rows whose pact is an amendment."""
        prefix = f"{cls.pact_path}__" if cls.pact_path else ""
        return Q(**{f"{prefix}amends__isnull": False})

    @classmethod
    def of_pacts_q(cls, keys):
        """Rows of the pacts whose keys are given."""
        return Q(**{f"{cls.pact_path or 'pk'}__in": keys})

    @property
    def is_life_row(self):
        """True for a row that joined after the text (it carries its date)."""
        return False

    def hold_pact(self):
        """Lock the pact of this row until the transaction ends."""
        holding_composed(type(self)).tuples_of(self.pk)

    def contract_fields(self):
        return tuple(
            field.attname
            for field in self._meta.concrete_fields
            if field.name not in self.life_fields and field.name not in {"id", "revision", "search", "outside"}
        )

    def refuse_if_frozen(self):
        """Refuse (FrozenText) to insert this row in, or to change the text of, a frozen pact; same where not ticked."""
        key = self.owning_key()
        if key in _lifted.get():
            return
        judged = bool(self.pact_path) and key is not None and not self.is_life_row
        state, amends = held_pact(key) if judged else (None, None)
        enters = judged and state not in WRITABLE_STATES
        if judged and not enters and amends is None and (self._state.adding or stored_key(self) == key):
            return
        kept = None if self._state.adding else self.stored_text(*self.contract_fields())
        if not kept:
            if enters:
                raise FrozenText()
            if self.pact_path:
                self.refuse_unticked()
            return
        now = {name: self._meta.get_field(name).to_python(getattr(self, name)) for name in kept}
        changed = {name for name in kept if now[name] != kept[name]}
        if not changed:
            return
        if enters or self.is_stored_frozen():
            raise FrozenText()
        if not changed <= self.amendment_fields:
            self.stored_text().refuse_unticked()
            self.refuse_unticked()

    def is_open(self):
        """False for a row of an amendment that is not ticked; whether the text is frozen is another question."""
        try:
            self.refuse_unticked()
        except NotTicked:
            return False
        return True

    def stored_text(self, *names):
        """This row as the base holds it, or its columns `names`, when its pact is frozen or is an amendment; else None."""
        return text_composed(type(self), names).row_of(self.pk, _lifted.get())

    def is_stored_frozen(self):
        """True when the base holds this row in a frozen pact."""
        return bool(frozen_composed(type(self)).tuples_of(self.pk))

    def refuse_unticked(self, *, leaving=False):
        """Refuse (NotTicked) to write this row of an amendment, or to delete it, when it is not ticked."""
        pact = self.owning_pact()
        if pact is None or pact.amends_id is None or pact.pk in _lifted.get():
            return
        if self.is_life_row:
            if self._state.adding or self.stored_text("pk"):
                raise NotTicked(LATE_MESSAGE)
            return
        ticks = Ticks.of(pact)
        if not (ticks.cover_removal(self) if leaving else ticks.cover(self)):
            raise NotTicked()

    def save(self, *args, **kwargs):
        # In a transaction the lock on the pact holds until its end: no savepoint for each row.
        with nullcontext() if connection.in_atomic_block else transaction.atomic():
            self.refuse_if_frozen()
            super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args, **kwargs):
        type(self)._base_manager.filter(pk=self.pk).refuse_frozen(leaving=True)
        return super().delete(*args, **kwargs)


class Withdrawable(models.Model):
    """A row of the text to which something may have happened: an amendment that removes it withdraws it, with its date.

    It is no longer part of the text nor of any list; its page says what it was.
    """

    withdrawn_on = models.DateField("retirée le", null=True, blank=True, editable=False)
    withdrawn_by = models.PositiveSmallIntegerField("retirée par l’avenant n°", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs):
        cls.life_fields = cls.life_fields | {"withdrawn_on", "withdrawn_by"}
        super().__init_subclass__(**kwargs)

    @property
    def withdrawal(self):
        """« Retirée par l’avenant n° 1 »; an empty text for a row of the text."""
        return f"Retirée par l’avenant n°\u00a0{self.withdrawn_by}" if self.withdrawn_on else ""


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


def connect():
    """Called once, when the applications are ready."""
    m2m_changed.connect(refuse_frozen_links, dispatch_uid="pti-contract-links")
