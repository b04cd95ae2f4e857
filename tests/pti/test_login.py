import re
import time
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import caches
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import reverse

from pti import settings as real_settings
from pti.demo import PERSONAS
from pti.enums import Role
from pti.login import NOT_SENT, TOO_MANY, WRONG_CODE
from pti.models import DemoMail, User
from tests.factories.pti import PactFactory, UserFactory, person

pytestmark = pytest.mark.usefixtures("stored_sessions")

LOGIN = "/compte/connexion/"
CODE = "/compte/connexion/code/"
FACTOR = "/compte/connexion/second-facteur/"
ENROL = "/compte/second-facteur/"
ENROL_APP = "/compte/second-facteur/application/"


def ask_code(client, mailoutbox, email):
    """Ask a code; what the mail says, or an empty text."""
    client.post(LOGIN, {"email": email})
    found = re.search(r"connexion : (\S+)", mailoutbox[-1].body) if mailoutbox else None
    return found[1] if found else ""


def log_in_by_code(client, mailoutbox, email):
    return client.post(CODE, {"code": ask_code(client, mailoutbox, email)})


def is_logged_in(client):
    return "_auth_user_id" in client.session


def app_code(secret, steps=0):
    counter = int(time.time()) // 30 + steps
    return format_hotp_value(hotp_value(secret, counter))


@pytest.fixture
def partner():
    return person(Role.PARTNER, PactFactory(), email="claire@caf.example")


@pytest.fixture
def officer():
    return person(Role.OFFICER, PactFactory(), email="agente@departement.example")


@pytest.fixture
def _two_factors(settings):
    settings.STAFF_SECOND_FACTOR = True


def test_partner_enters_with_a_code_and_no_password(client, partner, mailoutbox):
    response = log_in_by_code(client, mailoutbox, partner.email)

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(partner.pk)


def test_reader_enters_with_a_code(client, mailoutbox):
    reader = person(Role.READER, PactFactory())

    log_in_by_code(client, mailoutbox, reader.email.upper())

    assert client.session["_auth_user_id"] == str(reader.pk)


def test_code_mail_is_in_french_in_text_and_html(client, partner, mailoutbox):
    code = ask_code(client, mailoutbox, partner.email)

    mail = mailoutbox[0]
    assert mail.subject == "Votre code de connexion"
    assert mail.to == [partner.email]
    assert [kind for _, kind in mail.alternatives] == ["text/html"]
    assert code in mail.alternatives[0][0]
    assert "Il vaut 15 minutes et ne sert" in mail.body


class NoServer(BaseEmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError


@pytest.mark.parametrize("known", [True, False])
def test_without_a_mail_server_the_page_says_so_and_keeps_the_address(client, partner, settings, known):
    settings.EMAIL_BACKEND = f"{__name__}.NoServer"
    email = partner.email if known else "inconnue@caf.example"
    response = client.post(LOGIN, {"email": email})
    assert response.context["form"].non_field_errors() == [NOT_SENT]
    assert f'value="{email}"' in response.content.decode()
    assert not is_logged_in(client)


def test_unknown_address_gets_the_same_page(client, partner, mailoutbox):
    known = client.post(LOGIN, {"email": partner.email}, follow=True)
    stranger = Client().post(LOGIN, {"email": "inconnue@caf.example"}, follow=True)

    def page(response, email):
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
        return re.sub(r'nonce="[^"]+"', "", text.replace(email, "ADRESSE"))

    assert known.redirect_chain == stranger.redirect_chain
    assert page(known, partner.email) == page(stranger, "inconnue@caf.example")
    assert [mail.to[0] for mail in mailoutbox] == [partner.email, "inconnue@caf.example"]
    assert mailoutbox[1].subject == "Aucun compte à cette adresse"


def test_closed_account_gets_the_same_page_and_no_code(client, mailoutbox):
    UserFactory(email="parti@caf.example", is_active=False)

    response = client.post(LOGIN, {"email": "parti@caf.example"})

    assert response.url == CODE
    assert mailoutbox[0].subject == "Aucun compte à cette adresse"


@pytest.mark.parametrize("address", ["", "pas une adresse"])
def test_bad_address_is_told_beside_the_field(client, address):
    response = client.post(LOGIN, {"email": address})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["email"]
    assert response.context["form"]["email"].value() == address


def test_wrong_code_is_told_beside_the_field(client, partner, mailoutbox):
    ask_code(client, mailoutbox, partner.email)

    response = client.post(CODE, {"code": "FAUX-FAUX"})

    assert response.context["form"].errors == {"code": [WRONG_CODE]}


def test_fourth_code_after_three_wrong_ones_is_refused_even_right(client, partner, mailoutbox):
    code = ask_code(client, mailoutbox, partner.email)
    for _ in range(3):
        client.post(CODE, {"code": "FAUX-FAUX"})

    response = client.post(CODE, {"code": code})

    assert response.url == LOGIN
    assert not is_logged_in(client)


def test_code_serves_once(client, partner, mailoutbox):
    code = ask_code(client, mailoutbox, partner.email)
    client.post(CODE, {"code": code})
    client.post("/compte/deconnexion/")

    again = client.post(CODE, {"code": code})
    elsewhere = Client()
    ask_code(elsewhere, mailoutbox, partner.email)
    elsewhere.post(CODE, {"code": code})

    assert again.url == LOGIN
    assert not is_logged_in(client)
    assert not is_logged_in(elsewhere)


def test_new_code_replaces_the_first(client, partner, mailoutbox):
    first = ask_code(client, mailoutbox, partner.email)
    client.post(CODE, {"action": "resend"})
    second = re.search(r"connexion : (\S+)", mailoutbox[1].body)[1]

    refused = client.post(CODE, {"code": first})
    client.post(CODE, {"code": second})

    assert refused.status_code == 200
    assert is_logged_in(client)


def test_code_of_another_address_is_refused(client, partner, officer, mailoutbox):
    code_of_officer = ask_code(Client(), mailoutbox, officer.email)
    ask_code(client, mailoutbox, partner.email)

    client.post(CODE, {"code": code_of_officer})

    assert not is_logged_in(client)


def test_code_expires(client, partner, mailoutbox, settings):
    code = ask_code(client, mailoutbox, partner.email)
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1

    response = client.post(CODE, {"code": code})

    assert response.url == LOGIN
    assert not is_logged_in(client)


def test_sixteenth_request_in_a_minute_is_refused():
    answers = [Client().post(LOGIN, {"email": f"p{n}@caf.example"}) for n in range(16)]

    assert [response.status_code for response in answers] == [302] * 15 + [429]
    assert "Trop de demandes" in answers[15].content.decode()


def test_one_mailbox_gets_three_codes_a_minute(partner, mailoutbox):
    answers = [Client().post(LOGIN, {"email": partner.email}) for _ in range(4)]

    assert len(mailoutbox) == 3
    assert answers[3].context["form"].errors == {"email": [TOO_MANY]}


def test_limits_are_shared_by_two_workers(client):
    for n in range(15):
        if n == 8:  # another worker: its own connection to the cache
            del caches["default"]
        Client().post(LOGIN, {"email": f"p{n}@caf.example"})
    del caches["default"]

    assert client.post(LOGIN, {"email": "seizieme@caf.example"}).status_code == 429


def test_limits_live_in_the_base(settings):
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_nobody_signs_up(client):
    for path in ("signup/", "inscription/", "password/reset/", "email/"):
        assert client.get(f"/compte/{path}").status_code == 404
    assert User.objects.count() == 0


def test_login_sends_back_to_the_page_that_was_asked(client, partner, mailoutbox):
    client.post(f"{LOGIN}?next=/fichiers/a/", {"email": partner.email, "next": "/fichiers/a/"})
    code = re.search(r"connexion : (\S+)", mailoutbox[0].body)[1]

    response = client.post(f"{CODE}?next=/fichiers/a/", {"code": code, "next": "/fichiers/a/"})

    assert response.url == "/fichiers/a/"


def test_login_never_sends_to_another_site(client, partner, mailoutbox):
    client.post(LOGIN, {"email": partner.email, "next": "https://mechant.example/"})
    code = re.search(r"connexion : (\S+)", mailoutbox[0].body)[1]

    response = client.post(CODE, {"code": code, "next": "https://mechant.example/"})

    assert response.url == reverse("home")


# Second factor


@pytest.mark.usefixtures("_two_factors")
@pytest.mark.parametrize("role", [Role.OFFICER, Role.ANIMATOR])
@pytest.mark.parametrize("path", ["/", "/admin/", "/compte/second-facteur/codes/", "/fichiers/fiche/{uid}/"])
def test_staff_without_a_factor_land_on_its_enrolment_and_nowhere_else(client, role, path, mailoutbox):
    user = person(role, PactFactory())
    log_in_by_code(client, mailoutbox, user.email)

    response = client.get(path.format(uid=user.uid))

    assert (response.status_code, response.url) == (302, ENROL)


@pytest.mark.usefixtures("_two_factors")
@pytest.mark.parametrize("path", [ENROL, ENROL_APP, "/compte/second-facteur/cles/ajouter/"])
def test_staff_without_a_factor_may_enrol(client, officer, mailoutbox, path):
    """The page shows no pact and no menu: each link would come back here."""
    log_in_by_code(client, mailoutbox, officer.email)

    response = client.get(path)

    assert (response.status_code, response.context["nav"].pacts, response.context["nav"].entries) == (200, [], [])


@pytest.mark.usefixtures("_two_factors")
@pytest.mark.parametrize("path", ["/accessibilite/", "/verifier/", "/sante/"])
def test_staff_without_a_factor_may_read_what_is_public(client, officer, mailoutbox, path):
    log_in_by_code(client, mailoutbox, officer.email)

    assert client.get(path).status_code == 200


@pytest.mark.usefixtures("_two_factors")
def test_staff_without_a_factor_may_leave(client, officer, mailoutbox):
    log_in_by_code(client, mailoutbox, officer.email)

    client.post("/compte/deconnexion/")

    assert not is_logged_in(client)


@pytest.mark.usefixtures("_two_factors")
def test_superuser_needs_a_factor_too(client, mailoutbox):
    root = User.objects.create_superuser("dsi@departement.example")
    log_in_by_code(client, mailoutbox, root.email)

    assert client.get("/admin/").url == ENROL


@pytest.mark.usefixtures("_two_factors")
def test_partner_needs_no_factor(client, partner, mailoutbox):
    log_in_by_code(client, mailoutbox, partner.email)

    assert client.get("/compte/second-facteur/codes/").status_code == 404


@pytest.mark.usefixtures("_two_factors")
@pytest.mark.django_db(transaction=True)
def test_enrolment_of_an_application_opens_the_doors(client, officer, mailoutbox):
    log_in_by_code(client, mailoutbox, officer.email)
    secret = client.get(ENROL_APP).context["form"].secret

    response = client.post(ENROL_APP, {"code": app_code(secret)})

    assert response.url == "/compte/second-facteur/codes/"
    assert client.get(response.url).status_code == 200
    assert mailoutbox[-1].subject == "Application d’authentification enregistrée"


@pytest.mark.usefixtures("_two_factors")
def test_wrong_code_of_the_application_is_refused(client, officer, mailoutbox):
    log_in_by_code(client, mailoutbox, officer.email)
    client.get(ENROL_APP)

    response = client.post(ENROL_APP, {"code": "000000"})

    assert response.status_code == 200
    assert Authenticator.objects.count() == 0


@pytest.mark.usefixtures("_two_factors")
def test_enrolled_staff_prove_both(client, officer, mailoutbox):
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)

    first = log_in_by_code(client, mailoutbox, officer.email)
    before = is_logged_in(client)
    client.get(FACTOR)
    client.post(FACTOR, {"code": app_code(secret)})

    assert first.url == FACTOR
    assert not before
    assert client.session["_auth_user_id"] == str(officer.pk)
    assert client.get("/").url != ENROL


@pytest.mark.usefixtures("_two_factors")
def test_enrolled_staff_do_not_enter_with_the_mail_alone(client, officer, mailoutbox):
    TOTP.activate(officer, generate_totp_secret())
    log_in_by_code(client, mailoutbox, officer.email)

    response = client.post(FACTOR, {"code": "000000"})

    assert response.status_code == 200
    assert not is_logged_in(client)


@pytest.mark.usefixtures("_two_factors")
@pytest.mark.parametrize(("limits", "wait"), [({}, "5 minutes"), ({"login_failed": "2/90s/key"}, "2 minutes")])
def test_too_many_codes_of_the_application_say_how_long_to_wait(client, officer, mailoutbox, settings, limits, wait):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | limits
    TOTP.activate(officer, generate_totp_secret())
    log_in_by_code(client, mailoutbox, officer.email)

    answers = [client.post(FACTOR, {"code": "000000"}) for _ in range(6)]

    [words] = answers[-1].context["form"].errors["code"]
    assert words.replace("\u00a0", " ") == (
        f"Trop d’essais. Attendez {wait}, puis saisissez le code que votre application affichera."
    )


@pytest.mark.usefixtures("_two_factors")
def test_no_security_key_is_asked_of_whoever_has_none(client, officer, mailoutbox):
    """Whoever has one uses it in tests/browser/test_security_key.py."""
    TOTP.activate(officer, generate_totp_secret())
    log_in_by_code(client, mailoutbox, officer.email)

    html = client.get(FACTOR).content.decode()

    assert "clé de sécurité" not in html
    assert "mfa_webauthn_authenticate" not in html


@pytest.mark.usefixtures("_two_factors")
def test_recovery_code_replaces_the_application(client, officer, mailoutbox):
    TOTP.activate(officer, generate_totp_secret())
    code = RecoveryCodes.activate(officer).get_unused_codes()[0]
    log_in_by_code(client, mailoutbox, officer.email)

    client.post(FACTOR, {"code": code})

    assert is_logged_in(client)


@pytest.mark.usefixtures("_two_factors")
def test_session_opened_before_the_factor_must_prove_it(client, officer):
    client.force_login(officer)
    TOTP.activate(officer, generate_totp_secret())

    assert client.get("/").url == "/compte/second-facteur/confirmer/"


@pytest.mark.usefixtures("_two_factors")
def test_partner_promoted_officer_must_enrol(client, partner):
    client.force_login(partner)
    partner.accesses.update(role=Role.OFFICER)

    assert client.get("/").url == ENROL


@pytest.mark.usefixtures("_two_factors")
def test_staff_keep_at_least_one_factor(client, officer, mailoutbox):
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    log_in_by_code(client, mailoutbox, officer.email)
    client.post(FACTOR, {"code": app_code(secret)})
    confirm = "/compte/second-facteur/confirmer/"
    client.post(f"{confirm}?next={ENROL_APP}retirer/", {"code": app_code(secret, -1), "next": f"{ENROL_APP}retirer/"})

    client.post(f"{ENROL_APP}retirer/")

    assert Authenticator.objects.filter(user=officer, type="totp").exists()


def test_second_factor_is_on_unless_in_demonstration():
    assert real_settings.STAFF_SECOND_FACTOR is True
    assert real_settings.DEMO is False


# Demonstration


@pytest.fixture
def _demo(settings):
    settings.DEMO = True
    settings.EMAIL_BACKEND = "pti.mail.DemoMailboxBackend"
    for persona in PERSONAS:
        UserFactory(email=persona.email)


@pytest.mark.usefixtures("_demo")
@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.key)
def test_one_click_makes_a_persona(client, persona):
    response = client.post(f"/demonstration/entrer/{persona.key}/")

    assert response.url == reverse("home")
    assert client.session["_auth_user_id"] == str(User.objects.get(email=persona.email).pk)


@pytest.mark.usefixtures("_demo")
@pytest.mark.parametrize(
    ("asked", "goes"), [("/pactes/5/", "/pactes/5/"), ("//ailleurs.example/", "/"), ("https://x.example/", "/")]
)
def test_one_click_goes_on_to_the_page_that_asked_for_it_and_to_none_elsewhere(client, asked, goes):
    address = f"/demonstration/entrer/{PERSONAS[0].key}/?{urlencode({'next': asked})}"
    assert f'action="{address}"' in client.get(f"{LOGIN}?{urlencode({'next': asked})}").content.decode()
    assert client.post(address).url == goes


@pytest.mark.usefixtures("_demo")
def test_login_page_offers_the_personas(client):
    assert client.get(LOGIN).context["personas"] == PERSONAS


def test_login_page_offers_no_persona_outside_the_demonstration(client):
    assert client.get(LOGIN).context["personas"] == ()


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.key)
def test_persona_has_no_address_outside_the_demonstration(client, persona):
    UserFactory(email=persona.email)

    assert client.post(f"/demonstration/entrer/{persona.key}/").status_code == 404
    assert not is_logged_in(client)


@pytest.mark.usefixtures("_demo")
@pytest.mark.parametrize("key", ["vraie-personne", "1", "agente-departement-example"])
def test_only_personas_enter_in_one_click(client, key):
    UserFactory(email="vraie-personne@departement.fr")

    assert client.post(f"/demonstration/entrer/{key}/").status_code == 404


@pytest.mark.usefixtures("_demo")
def test_persona_is_never_a_superuser(client):
    User.objects.filter(email=PERSONAS[0].email).update(is_superuser=True)

    assert client.post(f"/demonstration/entrer/{PERSONAS[0].key}/").status_code == 404


@pytest.mark.usefixtures("_demo")
def test_persona_is_entered_by_post_only(client):
    assert client.get(f"/demonstration/entrer/{PERSONAS[0].key}/").status_code == 405


def test_personas_bear_addresses_that_nobody_can_have():
    assert all(persona.email.endswith(".example") for persona in PERSONAS)


@pytest.mark.usefixtures("_demo")
def test_demonstration_mailbox_shows_the_code(client):
    client.post(LOGIN, {"email": PERSONAS[3].email})

    mail = DemoMail.objects.get()
    page = Client().get("/demonstration/courriels/")
    assert list(page.context["page"]) == [mail]
    assert re.search(r"connexion : (\S+)", mail.text)[1] in page.content.decode()


@pytest.mark.usefixtures("_demo")
def test_demonstration_mailbox_runs_no_markup_of_a_mail(client):
    DemoMail.objects.create(
        to="a@b.example", subject="<script>1</script>", text="<script>2</script>", html="<script>3</script>"
    )

    assert b"<script>" not in client.get("/demonstration/courriels/").content


@pytest.mark.usefixtures("_demo")
@pytest.mark.parametrize("count", [1, 30])
def test_demonstration_mailbox_query_count(client, count, django_assert_num_queries):
    for n in range(count):
        DemoMail.objects.create(to="a@b.example", subject=f"Courriel {n}", text="")
    with django_assert_num_queries(3):
        page = client.get("/demonstration/courriels/").context["page"]
    assert len(page) == min(count, 25)


def test_demonstration_mailbox_does_not_exist_otherwise(client, partner):
    client.force_login(partner)

    assert client.get("/demonstration/courriels/").status_code == 404
