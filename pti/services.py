"""Writes over several rows of a pact: its creation, its life."""

from django.core.exceptions import ValidationError
from django.db import transaction

from pti import parts, versions
from pti.amending.merging import merge
from pti.copying import Copier
from pti.dates import today
from pti.enums import WRITABLE_STATES, PactState, Role, TerritoryKind
from pti.life import steps_of
from pti.loading import Loader
from pti.models import Access, Extension, Pact, StateChange, Territory


@transaction.atomic
def change_state(*, pact, to, by, on=None, reason="", act="", seen=None):
    """Take `pact` to state `to`, and say so in its life. Entering adoption freezes the text as its next version; an
    amendment that enters into force makes the next version of the pact that it amends.

    Refuses (ValidationError) a step that does not exist, a missing reason or act, and warnings passed over without a
    reason: the lines of the to-do list are kept with the step. Who may is asked by the caller (pti.access), of the step
    that leaves the state `seen`: another one, taken meanwhile, may be for others.
    """
    pact = Pact.objects.select_for_update().get(pk=pact.pk)
    if seen not in (None, pact.state):
        raise ValidationError(f"Entre-temps, le pacte est passé à « {pact.get_state_display()} » : relisez où il en est.")
    step = steps_of(pact).get(PactState(to))
    if step is None:
        raise ValidationError(f"Un pacte « {pact.get_state_display()} » ne peut pas passer à « {PactState(to).label} ».")
    reason, act, on = reason.strip(), act.strip(), on or today()
    if step.needs_reason and not reason:
        raise ValidationError({"reason": "Dites pourquoi : le motif reste dans la vie du pacte."})
    if step.needs_act and not act:
        raise ValidationError({"act": "Dites sur quel fondement : la délibération, la dernière signature…"})
    warnings = [todo.text for todo in parts.missing(pact)] if step.warns else []
    if warnings and not reason:
        raise ValidationError({"reason": f"Il reste {len(warnings)} point(s) à compléter : dites pourquoi passer outre."})
    if to == PactState.ADOPTION:
        versions.freeze(pact=pact, by=by, on=on)
    change = StateChange.objects.create(
        pact=pact, from_state=pact.state, to_state=to, on=on, reason=reason, act=act, overridden=warnings, by=by
    )
    pact.state = to
    if to == PactState.IN_FORCE:
        pact.in_force_on = on
        if pact.is_amendment:
            merge(amendment=pact, on=on, by=by)
    if to == PactState.CLOSED:
        pact.closed_on = on
    pact.save(update_fields=["state", "in_force_on", "closed_on"])
    return change


@transaction.atomic
def resume_at(*, pact, state, reason, by):
    """Put a pact that comes from elsewhere straight in the state it has reached; its text is frozen if that state says so.

    A closed pact is closed on its last day. Nothing is invented: no act, no date of entry into force.
    """
    pact = Pact.objects.select_for_update().get(pk=pact.pk)
    if state == pact.state:
        return pact
    if state not in WRITABLE_STATES:
        versions.freeze(pact=pact, by=by)
    StateChange.objects.create(pact=pact, from_state=pact.state, to_state=state, on=today(), reason=reason, by=by)
    pact.state = state
    if state == PactState.CLOSED:
        pact.closed_on = pact.effective_end
    pact.save(update_fields=["state", "closed_on"])
    return pact


@transaction.atomic
def extend(*, pact, new_end_on, reason, decision, decided_on, by):
    """Put off the end of `pact` (« prorogation »): the text does not move, the extension stands beside it."""
    if pact.effective_end and new_end_on <= pact.effective_end:
        raise ValidationError({"new_end_on": f"La nouvelle fin doit suivre le {pact.effective_end:%d/%m/%Y}."})
    extension = Extension.objects.create(
        pact=pact, new_end_on=new_end_on, reason=reason, decision=decision, decided_on=decided_on
    )
    pact.extended_to = new_end_on
    pact.save(update_fields=["extended_to"])
    return extension


@transaction.atomic
def create_from(old, *, title, by, keep=None, years=0, running_only=False):
    """A new pact in élaboration, made of the text of `old`: the parts named in `keep` (all when None).

    `years` moves its dates by whole years. What happened (updates, measures, signatures) is never copied; a link to a
    part that was left out is forgotten. `running_only` leaves out the fiches that are done or dropped.
    """
    copier = Copier(old, years=years)
    loader = Loader(lenient=True)
    for part in parts.registered(parts.PartKind.CONTRACT):
        if part.optional and keep is not None and part.name not in keep:
            continue
        copier.copy(part, old, None, loader)
    new = loader.refs[copier.uid(str(old.uid))]
    new.title = title
    new.state = PactState.DRAFTING
    new.previous = old
    new.save()
    if running_only:
        leave_out_finished(old, copier, loader)
    return new


def leave_out_finished(old, copier, loader):
    """Remove from the copy the rows that are over in `old`, with their parts."""
    for part in parts.registered(parts.PartKind.CONTRACT):
        for row in part.finished(old) if part.finished else []:
            copy = loader.refs.get(copier.uid(str(row.uid)))
            if copy is not None:
                copy.delete()


@transaction.atomic
def create_pact(*, title, by, department=None, department_name="", department_code="", start_text="", end_text=""):
    """A blank pact in cadrage, on a département of the base or a new one; its maker animates it."""
    pact = Pact.objects.create(title=title, start_text=start_text, end_text=end_text)
    if department is None:
        department = Territory.objects.departments().filter(name=department_name).first() or Territory.objects.create(
            kind=TerritoryKind.DEPARTMENT, name=department_name, code=department_code
        )
    pact.departments.add(department)
    become_animator(pact, by)
    return pact


def become_animator(pact, user):
    """Give the maker of a pact the means to run it, unless she animates all of them.

    The accesses to an amendment are those to its pact.
    """
    if user.roles.get(None) != Role.ANIMATOR and not pact.is_amendment:
        Access.objects.update_or_create(user=user, pact=pact, defaults={"role": Role.ANIMATOR})
