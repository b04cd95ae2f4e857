"""Who may: plain predicates on a person and a pact, read from her accesses (`User.roles`).

An access to a departmental pact counts on its local pacts; an access without a pact counts on all.
Buttons and views ask the same predicate; `require` turns a « no » into a 403.
"""

from django.core.exceptions import PermissionDenied

from pti.enums import STAFF, PactState, Role


def require(ok):
    """Refuse the deed (403) unless `ok`."""
    if not ok:
        raise PermissionDenied


def roles_on(user, pact):
    """Roles that `user` holds on `pact`: its own, its parent's, those on what it amends, those on every pact."""
    if not user.is_authenticated:
        return frozenset()
    return frozenset(user.roles[key] for key in {pact.pk, pact.parent_id, pact.amends_id, None} if key in user.roles)


def is_animator_on(user, pact):
    return Role.ANIMATOR in roles_on(user, pact)


def is_staff_on(user, pact):
    """Officer or animator."""
    return not STAFF.isdisjoint(roles_on(user, pact))


def is_partner_on(user, pact):
    return Role.PARTNER in roles_on(user, pact)


def is_reader_on(user, pact):
    return Role.READER in roles_on(user, pact)


def can_read(user, pact):
    """Any role on the pact reads it."""
    return bool(roles_on(user, pact))


def can_open(user, pact):
    """`PactQuerySet.visible_to`, for a row that is read: any role on it, that of staff while it is being scoped."""
    return is_staff_on(user, pact) if pact.state == PactState.SCOPING else can_read(user, pact)


def is_animator(user):
    """Animator of at least one pact: the settings room is open."""
    return user.is_authenticated and Role.ANIMATOR in user.roles.values()


def is_staff(user):
    """Officer or animator of at least one pact."""
    return user.is_authenticated and not STAFF.isdisjoint(user.roles.values())


def can_write_frame(user, pact):
    """The frame, the sections, the tree: officers and animators, while the text may be written."""
    return is_staff_on(user, pact) and not pact.is_frozen


def can_write_row(user, row):
    """A row of the text: whoever may write the frame, and in an amendment what is ticked alone."""
    return can_write_frame(user, row.owning_pact()) and row.is_open()


def can_follow(user, pact):
    """Write what happens: staff, in the pact itself; its amendments are texts that nothing happens to."""
    return is_staff_on(user, pact) and not pact.is_amendment


def can_amend(user, pact):
    """Open an amendment: the animator, once the pact is in force."""
    return is_animator_on(user, pact) and pact.state == PactState.IN_FORCE and not pact.is_amendment


def can_create_pact(user):
    """An animator may make a new pact; she becomes its animator when she is not of all."""
    return is_animator(user)


def can_read_life(user, pact):
    """The to-do list and the buttons of the pact's life: officers read what animators do."""
    return is_staff_on(user, pact)


def can_lead_life(user, pact):
    """Freeze, reopen, record the entry into force, extend, close, abandon."""
    return is_animator_on(user, pact)
