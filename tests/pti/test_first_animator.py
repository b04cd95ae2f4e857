import io

import pytest
from django.core.management import CommandError, call_command

from pti.enums import Role
from pti.models import Access, User
from tests.factories.pti import person


def accesses():
    return list(Access.objects.values_list("user__email", "pact", "role"))


def test_first_animator_is_opened_on_every_pact():
    call_command("first_animator", "Nadia@Departement.FR", stdout=io.StringIO())

    assert accesses() == [("nadia@departement.fr", None, Role.ANIMATOR)]
    assert not User.objects.get().has_usable_password()


def test_first_animator_is_read_on_the_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("nadia@departement.fr\n"))

    call_command("first_animator", stdout=io.StringIO())

    assert accesses() == [("nadia@departement.fr", None, Role.ANIMATOR)]


@pytest.mark.parametrize("email", ["nadia", "", "nadia@", "a b@c.fr"])
def test_first_animator_refuses_a_bad_address(email, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(email + "\n"))

    with pytest.raises(CommandError, match="n’est pas une adresse électronique"):
        call_command("first_animator", email or None, stdout=io.StringIO())

    assert accesses() == []


def test_first_animator_refuses_a_second_one():
    person(Role.ANIMATOR, email="nadia@departement.fr")

    with pytest.raises(CommandError, match="a déjà un compte"):
        call_command("first_animator", "autre@departement.fr")

    assert accesses() == [("nadia@departement.fr", None, Role.ANIMATOR)]


def test_first_animator_is_not_asked_when_there_is_one():
    person(Role.ANIMATOR, email="nadia@departement.fr")
    out = io.StringIO()

    call_command("first_animator", unless_any=True, stdout=out)

    assert out.getvalue() == ""
    assert accesses() == [("nadia@departement.fr", None, Role.ANIMATOR)]
