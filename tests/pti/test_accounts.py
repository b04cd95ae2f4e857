import datetime
import io

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command
from django.utils import timezone

from pti.accounts import invite, manageable_accounts, unused_accounts
from pti.enums import Role
from pti.models import Access, Brand, User
from pti.sealed import Sealed
from tests.factories.pti import AccessFactory, PactFactory, UserFactory, person

pytestmark = pytest.mark.usefixtures("stored_sessions")


def run(*args, **options):
    out = io.StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def pact():
    return PactFactory(title="Pacte d’Indre-et-Loire")


@pytest.fixture
def animator(pact):
    return person(Role.ANIMATOR, pact, first_name="Nadia", last_name="Berthelot")


@pytest.mark.parametrize(
    ("backend", "said"), [("pti.mail.TerminalBackend", True), ("django.core.mail.backends.smtp.EmailBackend", False)]
)
def test_starting_says_where_the_codes_are_when_no_mail_leaves(settings, backend, said):
    settings.EMAIL_BACKEND = backend
    assert ("les codes de connexion s’affichent ici" in run("accounts")) is said


def test_a_mail_shown_in_the_terminal_is_its_text_alone(settings, capsys):
    settings.EMAIL_BACKEND = "pti.mail.TerminalBackend"
    message = EmailMultiAlternatives("Votre code", "Code : ABCD", to=["a@x.example"])
    message.attach_alternative("<p>ABCD</p>", "text/html")
    assert message.send() == 1
    assert capsys.readouterr().out == "\nCourriel pour a@x.example : Votre code\n\nCode : ABCD\n\n"


# Invitations


def test_invitation_opens_an_account_an_access_and_writes(pact, animator, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        user = invite(email="Claire.Morvan@CAF.example", role=Role.PARTNER, pact=pact, by=animator, first_name="Claire")

    assert (user.email, user.first_name, user.invited_by) == ("claire.morvan@caf.example", "Claire", animator)
    assert list(user.accesses.values_list("pact", "role")) == [(pact.pk, Role.PARTNER)]
    assert [mail.to for mail in mailoutbox] == [["claire.morvan@caf.example"]]
    assert "Nadia Berthelot vous ouvre « Pacte d’Indre-et-Loire »" in mailoutbox[0].body
    assert "http://127.0.0.1:8000/compte/connexion/" in mailoutbox[0].alternatives[0][0]


def test_invitation_of_a_known_address_adds_an_access(pact, animator):
    user = person(Role.PARTNER, PactFactory(), email="claire@caf.example")

    invite(email="claire@caf.example", role=Role.PARTNER, pact=pact, by=animator)

    assert user.accesses.count() == 2


def test_invitation_twice_changes_nothing(pact, animator):
    for _ in range(2):
        invite(email="claire@caf.example", role=Role.PARTNER, pact=pact, by=animator)

    assert Access.objects.filter(user__email="claire@caf.example").count() == 1


@pytest.mark.parametrize("role", [Role.OFFICER, Role.READER, Role.PARTNER])
def test_only_an_animator_invites(pact, role):
    with pytest.raises(ValidationError, match="n’animez pas"):
        invite(email="a@b.example", role=Role.PARTNER, pact=pact, by=person(role, pact))
    assert not User.objects.filter(email="a@b.example").exists()


def test_animator_of_one_pact_does_not_invite_to_another_or_to_all(animator):
    for pact in (PactFactory(), None):
        with pytest.raises(ValidationError, match="n’animez pas"):
            invite(email="a@b.example", role=Role.PARTNER, pact=pact, by=animator)


def test_animator_invites_to_a_local_pact_of_hers(pact, animator):
    local = PactFactory(local=True, parent=pact)

    invite(email="a@b.example", role=Role.PARTNER, pact=local, by=animator)

    assert Access.objects.get(user__email="a@b.example").pact == local


def test_invitation_does_not_change_a_role(pact, animator):
    person(Role.OFFICER, pact, email="agente@departement.example")

    with pytest.raises(ValidationError, match="déjà un rôle sur ce pacte"):
        invite(email="agente@departement.example", role=Role.PARTNER, pact=pact, by=animator)


def test_invitation_leaves_superusers_and_closed_accounts_alone(pact, animator):
    User.objects.create_superuser("dsi@departement.example")
    UserFactory(email="parti@departement.example", is_active=False)

    for email in ("dsi@departement.example", "parti@departement.example"):
        with pytest.raises(ValidationError):
            invite(email=email, role=Role.PARTNER, pact=pact, by=animator)


def test_invite_command_makes_the_first_animator():
    run("invite", "animatrice@departement.fr")

    assert list(Access.objects.values_list("user__email", "pact", "role")) == [
        ("animatrice@departement.fr", None, Role.ANIMATOR)
    ]


def test_invite_command_refuses_what_is_not_an_address():
    with pytest.raises(CommandError):
        run("invite", "animatrice")


def test_manageable_accounts_are_those_inside_her_pacts(pact, animator):
    inside = person(Role.PARTNER, pact)
    person(Role.PARTNER, PactFactory())
    person(Role.READER, None)
    both = person(Role.PARTNER, pact)
    AccessFactory(user=both, pact=PactFactory())
    User.objects.create_superuser("dsi@departement.example")

    assert set(manageable_accounts(animator)) == {animator, inside}


# Unused accounts


@pytest.fixture
def idle():
    Brand.objects.create(inactive_months=24)
    long_ago = timezone.now() - datetime.timedelta(days=800)
    user = UserFactory(email="oubli@caf.example", date_joined=long_ago, last_login=long_ago)
    UserFactory(email="jamais@caf.example", date_joined=long_ago)
    UserFactory(email="actif@caf.example", date_joined=long_ago, last_login=timezone.now())
    UserFactory(email="invitee@caf.example")
    return user


def test_unused_accounts_are_listed(idle):
    out = run("close_unused_accounts", list=True)

    assert {user.email for user in unused_accounts()} == {"oubli@caf.example", "jamais@caf.example"}
    assert "oubli@caf.example (dernière connexion : " in out
    assert "jamais@caf.example (dernière connexion : jamais)" in out
    assert out.endswith("2 comptes à fermer.\n")
    assert User.objects.filter(is_active=False).count() == 0


def test_unused_accounts_are_closed_and_logged_out(idle, client):
    client.force_login(UserFactory(email="session@caf.example"))
    client.force_login(idle)
    User.objects.filter(pk=idle.pk).update(last_login=idle.date_joined)

    run("close_unused_accounts")

    idle.refresh_from_db()
    assert not idle.is_active
    assert idle.history.first().history_change_reason == "compte inutilisé"
    assert client.get("/").url.startswith("/compte/connexion/")


def test_unused_months_are_a_setting(idle):
    Brand.objects.update(inactive_months=48)

    assert unused_accounts().count() == 0


# Forgetting a person


def everything_stored():
    """Every text of every table."""
    rows = (row for model in apps.get_models(include_auto_created=True) for row in model._base_manager.values_list())
    return " ".join(str(value) for row in rows for value in row)


def test_forgotten_person_leaves_no_trace_of_her_name(client, pact, animator, mailoutbox):
    user = invite(
        email="claire.morvan@caf.example",
        role=Role.PARTNER,
        pact=pact,
        by=animator,
        first_name="Clairette",
        last_name="Morvandelle",
        phone="0247000001",
    )
    user.last_name = "Morvandelle-Dupuis"
    user.save()
    TOTP.activate(user, generate_totp_secret())
    client.post("/compte/connexion/", {"email": user.email})
    client.force_login(user)

    run("forget_person", user="claire.morvan@caf.example")

    stored = everything_stored()
    user.refresh_from_db()
    for word in ("Clairette", "Morvandelle", "morvan", "0247000001"):
        assert word not in stored
    assert not user.is_active
    assert user.history.first().history_change_reason == "personne oubliée à sa demande"
    assert user.history.count() == 3
    assert user.accesses.count() == 1


def test_forgotten_person_keeps_the_name_of_the_others(animator):
    run("forget_person", user=UserFactory(last_name="Autre").email)

    animator.refresh_from_db()
    assert (animator.last_name, animator.history.first().last_name) == ("Berthelot", "Berthelot")


def test_forgetting_nobody_is_said():
    with pytest.raises(CommandError, match="Aucun compte"):
        run("forget_person", user="personne@caf.example")
    with pytest.raises(CommandError, match="UUID"):
        run("forget_person", contact="pas-un-uid")
    with pytest.raises(CommandError, match="Personne ne porte"):
        run("forget_person", contact="00000000-0000-4000-8000-000000000000")


def test_journal_is_sealed_on_every_way(animator):
    line = animator.history.first()
    line.last_name = "Faux"

    for act in (
        line.save,
        line.delete,
        animator.history.all().delete,
        User.history.all().delete,
        User.history.model.objects.all().delete,
        lambda: User.history.update(last_name="Faux"),
        lambda: User.history.bulk_update([line], ["last_name"]),
    ):
        with pytest.raises(Sealed):
            act()
    assert animator.history.get().last_name == "Berthelot"
