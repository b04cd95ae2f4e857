"""What the guards of the text (pti.contract) ask at each write, composed once."""

from functools import cache

from django.apps import apps

from pti.composed import AnyKey, AnyKeys, Composed


@cache
def held_composed():
    """The query of (state, key of what it amends) of a pact, with a lock: an adoption under way is waited for."""
    pacts = apps.get_model("pti", "Pact")._base_manager.select_for_update(no_key=True)
    return Composed(pacts.filter(pk=AnyKey()).order_by().values_list("state", "amends"))


def held_pact(key):
    """(state, key of what it amends) of a pact, held until the transaction ends; (None, None) when it is not there."""
    return next(iter(held_composed().tuples_of(key)), (None, None))


@cache
def stored_composed(model):
    """The query of the key of the pact that a row of `model` belongs to."""
    return Composed(model._base_manager.filter(pk=AnyKey()).order_by().values_list(model.pact_path))


@cache
def holding_composed(model):
    """The query that locks the pact of a row of `model`."""
    return Composed(model._base_manager.filter(pk=AnyKey()).pacts_held())


@cache
def text_composed(model, names):
    """The query of a row of `model`, or of its columns `names`, when its pact is frozen or is an amendment.

    Pacts that a service is merging, the second keys, are left apart.
    """
    rows = model._base_manager.filter(pk=AnyKey(0)).not_late().filter(model.frozen_q() | model.amendment_q())
    rows = rows.exclude(model.of_pacts_q(AnyKeys(1))).order_by()
    return Composed(rows.values(*names) if names else rows)


@cache
def frozen_composed(model):
    """The query of the key of a row of `model` when its pact is frozen."""
    return Composed(model._base_manager.filter(pk=AnyKey()).in_frozen_pact().order_by().values_list("pk"))


def stored_key(row):
    """Key of the pact that the base says `row` belongs to, or None."""
    return next(iter(stored_composed(type(row)).tuples_of(row.pk)), (None,))[0]
