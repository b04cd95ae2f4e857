"""Thirty partners who sign in the same minute, and the animator who closes: nothing lost, nothing twice, on both bases."""

import pytest
from django.core.cache import cache

from partners.models import AgreementCode, AgreementProof, Closing, Signature
from partners.signing import agreement
from partners.signing.closing import close_signature
from pti.enums import PactState, Role
from pti.models import Pact
from pti.services import change_state
from tests.at_once import on_a_file, there, together
from tests.factories.partners import PartnerFactory, SignatoryFactory, SignatureFactory, member
from tests.factories.pti import PactFactory, person

COUNT = 30


@pytest.fixture
def animator(transactional_db):
    cache.clear()
    return person(Role.ANIMATOR, None)


def in_signature(animator, partners):
    """A pact that so many partners sign."""
    pact = PactFactory(start_text="2027", end_text="2031", legal_basis="<p>Loi</p>")
    PartnerFactory.create_batch(partners, pact=pact, signatory=True, needs_approval=False)
    for state in (PactState.ADOPTION, PactState.SIGNATURE):
        change_state(pact=pact, to=state, by=animator, reason="Essai")
    return Pact.objects.get(pk=pact.pk)


def code_of(partner, user):
    """A code sent to `user`, as if she had ticked « j’ai lu »."""
    version = partner.pact.versions.get()
    return AgreementCode.objects.create(
        user=user, partner=partner, version=version, imprint=agreement.imprint_of("ABCD"), sent_at=agreement.timezone.now()
    )


def giver(partner):
    """The deed of one signatory: type the code, agree."""
    user, signatory = member(partner), SignatoryFactory(partner=partner)
    code_of(partner, user)

    def give():
        code = agreement.check_code(user=user, partner=partner, typed="abcd")
        return agreement.agree(code=code, signatory=signatory, by=user, address="192.0.2.7")

    return give


@pytest.mark.django_db(transaction=True)
def test_thirty_sign_while_the_animator_closes(animator, tmp_path):
    pact = in_signature(animator, COUNT + 1)
    first, *others = pact.partners.order_by("pk")
    early = SignatureFactory(partner=first, version=pact.versions.get())
    deeds = [*(giver(partner) for partner in others), lambda: close_signature(pact=pact, by=animator)]

    def look():
        assert (Signature.objects.count(), AgreementProof.objects.count()) == (COUNT + 1, COUNT)
        assert all(agreement.is_intact(proof) for proof in AgreementProof.objects.all())
        closed = set(Closing.objects.get().signatures.values_list("pk", flat=True))
        assert early.pk in closed
        if Signature.objects.exclude(pk__in=closed).exists():  # they came after: the next closing has them all
            assert close_signature(pact=pact, by=animator).signatures.count() == COUNT + 1

    with on_a_file(tmp_path):
        results = together(deeds)
        assert [one for one in results if isinstance(one, Exception)] == []
        there(look)


@pytest.mark.django_db(transaction=True)
def test_one_code_typed_three_times_at_once_signs_once(animator, tmp_path):
    pact = in_signature(animator, 2)
    give = giver(pact.partners.first())
    with on_a_file(tmp_path):
        results = together([give, give, give])
        assert sorted(type(one).__name__ for one in results) == ["AgreementProof", "ValidationError", "ValidationError"]
        assert there(lambda: (Signature.objects.count(), AgreementProof.objects.count())) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_closings_at_once_make_one(animator, tmp_path):
    pact = in_signature(animator, 2)
    SignatureFactory(partner=pact.partners.first(), version=pact.versions.get())
    with on_a_file(tmp_path):
        together([lambda: close_signature(pact=pact, by=animator)] * 2)
        assert there(Closing.objects.count) == 1
