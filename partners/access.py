"""Who may do what with partners: staff of the pact, and the people of the organisation itself."""

from django.db.models import Q

from partners.models import Partner
from partners.models.consultations import CONSULTING_STATES
from partners.models.partners import SIGNING_STATES
from pti.access import can_follow, can_write_row, is_animator_on, is_partner_on, is_staff, is_staff_on
from pti.enums import PactState


def organisation_ids(user):
    """Organisations that `user` acts for, read once per request."""
    if not user.is_authenticated:
        return frozenset()
    if not hasattr(user, "_organisation_ids"):
        user._organisation_ids = frozenset(user.memberships.values_list("organisation_id", flat=True))
    return user._organisation_ids


def belongs_to(user, pact, organisation_id):
    """Partner of `pact`, and one of the people of this organisation."""
    return is_partner_on(user, pact) and organisation_id in organisation_ids(user)


def acts_for(user, partner):
    """One of the people of this partner."""
    return belongs_to(user, partner.pact, partner.organisation_id)


def own_partners(user, pact):
    """Places that the organisations of `user` have in `pact`."""
    return (
        Partner.objects.filter(pact=pact, organisation__in=organisation_ids(user))
        if is_partner_on(user, pact)
        else (Partner.objects.none())
    )


def own_partners_with_amendments(user, pact):
    """The same in `pact` and in its amendments."""
    rows = Partner.objects.filter(organisation__in=organisation_ids(user))
    return rows.filter(Q(pact=pact) | Q(pact__amends=pact)) if is_partner_on(user, pact) else rows.none()


def can_write_partners(user, pact):
    """Add a partner or change its place: staff, while the text may be written."""
    return is_staff_on(user, pact) and not pact.is_frozen


def can_write_partner(user, partner):
    """A place that was taken after the adoption is not part of the frozen text."""
    if partner.is_life_row:
        return can_follow(user, partner.pact)
    return can_write_row(user, partner)


def can_move_partners(user, pact):
    """Late adhesion and departure: what happens once the text is frozen."""
    return can_follow(user, pact) and pact.is_frozen


def can_leave(user, partner):
    return can_follow(user, partner.pact) and partner.left_on is None


def can_see_coordinates(user, pact, organisation_id):
    """Phone, e-mail and files: staff, and the organisation's own people."""
    return is_staff_on(user, pact) or belongs_to(user, pact, organisation_id)


def can_write_contact(user, contact):
    return can_see_coordinates(user, contact.pact, contact.organisation_id)


def can_add_contact(user, partner):
    """The people who speak for a partner in an amendment are those of the pact."""
    return not partner.pact.is_amendment and can_see_coordinates(user, partner.pact, partner.organisation_id)


def can_write_documents(user, partner):
    """Attach and remove files: those who see them."""
    return can_see_coordinates(user, partner.pact, partner.organisation_id)


def can_add_commitment(user, partner):
    """Before adoption: staff, and the partner for itself."""
    return not partner.pact.is_frozen and can_see_coordinates(user, partner.pact, partner.organisation_id)


def can_write_commitment(user, commitment):
    """A commitment shared with others, or common to all, is for staff."""
    if commitment.pact.is_frozen or not commitment.is_open():
        return False
    if is_staff_on(user, commitment.pact):
        return True
    partners = list(commitment.partners.all())
    return not commitment.is_common and len(partners) == 1 and acts_for(user, partners[0])


def can_tell_commitment(user, commitment):
    """Say whether it is kept, once the text is frozen: staff « au nom de », and the people of a partner who made it."""
    pact = commitment.pact
    if not pact.is_frozen or pact.is_amendment:
        return False
    return is_staff_on(user, pact) or any(acts_for(user, partner) for partner in commitment.partners.all())


def can_analyse(user, pact):
    """The stakeholder analysis is for staff alone."""
    return is_staff_on(user, pact)


def can_record(user, partner):
    """Record its approval or deposit its signature: staff « au nom de », or the partner itself."""
    return partner.pact.state in SIGNING_STATES and can_see_coordinates(user, partner.pact, partner.organisation_id)


def can_name_signatory(user, partner):
    """Say who signs: once there is something to sign; in an amendment, which takes over those of its pact, from its opening."""
    pact = partner.pact
    may_now = pact.state in SIGNING_STATES or (pact.is_amendment and not pact.is_done)
    return may_now and can_see_coordinates(user, pact, partner.organisation_id)


def can_correct_signature(user, partner):
    """Correct or withdraw what is recorded: the animator alone, with a reason; the partner's people no more."""
    return partner.pact.state in SIGNING_STATES and is_animator_on(user, partner.pact)


def can_open_file(user, partner):
    """Its signature file: staff, and its own people."""
    return can_see_coordinates(user, partner.pact, partner.organisation_id)


def can_agree(user, partner, signatory):
    """Agree on line: the named signatory alone, by her own account, among the people of the partner."""
    return (
        partner.pact.state in SIGNING_STATES
        and signatory is not None
        and bool(signatory.email)
        and signatory.email.lower() == user.email.lower()
        and acts_for(user, partner)
    )


def can_remind(user, pact):
    """Remind those who are awaited, set the schedule, read what was sent: staff."""
    return pact.state in SIGNING_STATES and is_staff_on(user, pact)


def can_close_signature(user, pact):
    """Close the signature: the animator."""
    return pact.state in SIGNING_STATES and is_animator_on(user, pact)


def can_deposit_text(user, pact):
    """Keep the signed PDF of a pact that was signed elsewhere, before this application: the animator."""
    return pact.state in (PactState.IN_FORCE, PactState.CLOSED) and is_animator_on(user, pact)


def can_record_act(user, pact):
    """Acts of the steering committee and of the assembly."""
    return pact.state in SIGNING_STATES and is_staff_on(user, pact)


def can_publish(user, pact):
    """Put the signed pact on line: the animator."""
    return is_animator_on(user, pact) and not pact.is_amendment


def can_consult(user, pact):
    """Open a consultation: the animator, while the text is written."""
    return pact.state in CONSULTING_STATES and is_animator_on(user, pact)


def can_lead_consultation(user, pact):
    """Its deadline, whom it asks, its end."""
    return is_animator_on(user, pact)


def can_examine(user, pact):
    """Read every answer, decide the proposals."""
    return is_staff_on(user, pact)


def can_remind_of(user, consultation):
    """Remind those who have not answered, set the schedule: staff, while the text is written and answers are taken."""
    return consultation.is_open and consultation.pact.state in CONSULTING_STATES and is_staff_on(user, consultation.pact)


def answering(user, consultation):
    """Invited partners for whom the person may answer now: her own, or any for the staff (« au nom de »)."""
    rows = Partner.objects.filter(consulted__consultation=consultation).select_related("organisation", "pact")
    if not consultation.is_open:
        return rows.none()
    return rows if is_staff_on(user, consultation.pact) else rows & own_partners(user, consultation.pact)


def can_answer(user, consultation):
    return answering(user, consultation).exists()


def can_rewrite(user, proposal):
    """Write a proposal again: who may answer, until somebody has examined it."""
    return proposal.is_pending and answering(user, proposal.consultation).filter(pk=proposal.partner_id).exists()


def can_list_organisations(user):
    return is_staff(user)


def can_write_organisation(user, organisation):
    """Organisations are shared: staff of a pact where it takes part; any staff while it takes part in none."""
    if not is_staff(user):
        return False
    pacts = [partner.pact for partner in organisation.partners.select_related("pact")]
    return not pacts or any(is_staff_on(user, pact) for pact in pacts)
