"""The animator's settings room: what she does there, and each refusal asked by POST."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import get_resolver, resolve, reverse

from actions.models import Theme
from partners.models import Organisation, Partner
from pti.enums import LegalTextKind, Role
from pti.fields import clean_html, readable
from pti.legal_defaults import default_text
from pti.models import Access, Brand, LegalText, Pact, PactTerritory, Territory, User
from pti.rows import Followed, JournalEntry
from pti.widgets import RichTextWidget
from tests.asking import unrendered
from tests.factories.pti import AccessFactory, PactFactory, UserFactory, freeze, person
from tests.replay import rows_of

pytestmark = [
    pytest.mark.usefixtures("stored_sessions"),
    pytest.mark.ignore_template_errors,  # stock templates read variables that they do not set
]


@pytest.fixture
def pact():
    return PactFactory(title="Pacte d’Indre-et-Loire")


@pytest.fixture
def other_pact():
    return PactFactory(title="Pacte voisin")


@pytest.fixture
def animator(pact, client):
    user = person(Role.ANIMATOR, pact, email="nadia@departement.example")
    client.force_login(user)
    return user


@pytest.fixture
def partner(pact):
    return person(Role.PARTNER, pact, email="claire@caf.example")


@pytest.fixture
def root():
    return User.objects.create_superuser("dsi@departement.example")


def url(model, page="changelist", *args):
    return reverse(f"admin:{model}_{page}", args=args)


def account(user, **fields):
    """What the form of an account sends."""
    return {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "function": "",
        "phone": "",
        "is_active": "on",
        **fields,
    }


def invitation(pact, **fields):
    return {
        "email": "nouvelle@caf.example",
        "first_name": "Claire",
        "last_name": "Morvan",
        "function": "",
        "phone": "",
        "role": Role.PARTNER,
        "pact": pact.pk if pact else "",
        **fields,
    }


def listed(client, model):
    return set(client.get(url(model)).context["cl"].queryset)


# Who enters


@pytest.mark.parametrize("role", [Role.PARTNER, Role.READER, Role.OFFICER])
@pytest.mark.parametrize("method", ["get", "post"])
def test_settings_are_for_the_animator(client, pact, role, method):
    client.force_login(person(role, pact))

    assert getattr(client, method)(url("pti_user")).status_code == 403
    assert getattr(client, method)(reverse("admin:login")).status_code == 403


def test_is_staff_alone_opens_nothing(client):
    client.force_login(UserFactory(is_staff=True))

    assert client.get(reverse("admin:index")).status_code == 403


def test_settings_ask_to_log_in_at_the_one_entrance(client):
    assert client.get(reverse("admin:index"), follow=True).request["PATH_INFO"] == "/compte/connexion/"
    assert client.post(reverse("admin:login"), {"username": "a", "password": "b"}).url.startswith("/compte/connexion/")


def test_settings_ask_the_second_factor(client, animator, settings):
    settings.STAFF_SECOND_FACTOR = True

    assert client.get(reverse("admin:index")).url == "/compte/second-facteur/"
    assert client.post(url("pti_user", "add"), {}).url == "/compte/second-facteur/"


def test_settings_have_no_password_and_no_group(client, animator):
    names = {getattr(pattern, "name", None) for pattern in admin.site.get_urls()}

    assert names & {"password_change", "password_change_done"} == set()
    assert Group not in admin.site._registry


@pytest.mark.parametrize(
    "model",
    [
        "pti_user",
        "pti_access",
        "pti_pact",
        "pti_territory",
        "pti_legaltext",
        "pti_brand",
        "partners_organisation",
        "actions_theme",
    ],
)
def test_lists_are_searchable(client, animator, model):
    page = client.get(url(model), {"q": "mobilité"})

    assert page.status_code == 200
    assert page.context["cl"].search_fields


# Accounts


def test_animator_sees_the_accounts_of_her_pacts_only(client, animator, partner, other_pact, root):
    person(Role.PARTNER, other_pact)
    person(Role.ANIMATOR, None)

    assert listed(client, "pti_user") == {animator, partner}


def test_animator_of_all_sees_all_but_superusers(client, partner, other_pact, root):
    boss = person(Role.ANIMATOR, None)
    neighbour = person(Role.PARTNER, other_pact)
    client.force_login(boss)

    assert listed(client, "pti_user") == {boss, partner, neighbour}


def test_animator_invites(client, animator, pact, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url("pti_user", "add"), invitation(pact))

    user = User.objects.get(email="nouvelle@caf.example")
    assert response.status_code == 302
    assert (user.invited_by, user.is_staff, user.is_superuser) == (animator, False, False)
    assert user.accesses.get().role == Role.PARTNER
    assert [mail.to for mail in mailoutbox] == [["nouvelle@caf.example"]]


def test_animator_does_not_invite_elsewhere_or_everywhere(client, animator, other_pact):
    for where in (other_pact, None):
        response = client.post(url("pti_user", "add"), invitation(where, role=Role.ANIMATOR))
        assert list(response.context["adminform"].form.errors) == ["pact"]
    assert not User.objects.filter(email="nouvelle@caf.example").exists()


RIGHTS = {"is_superuser": "on", "is_staff": "on", "groups": "1", "user_permissions": "1", "password": "secret"}


def test_no_right_comes_from_a_form(client, animator, pact, partner):
    client.post(url("pti_user", "add"), invitation(pact, **RIGHTS))
    client.post(url("pti_user", "change", partner.pk), account(partner, **RIGHTS))
    client.post(url("pti_user", "change", animator.pk), account(animator, **RIGHTS))

    for user in User.objects.all():
        assert (user.is_superuser, user.is_staff, user.groups.count(), user.user_permissions.count()) == (False, False, 0, 0)
        assert not user.has_usable_password()


def test_form_has_no_field_for_rights(client, animator, partner):
    for page in (url("pti_user", "add"), url("pti_user", "change", partner.pk)):
        fields = set(client.get(page).context["adminform"].form.fields)
        assert fields & set(RIGHTS) == set()


def test_animator_edits_an_account(client, animator, partner):
    client.post(url("pti_user", "change", partner.pk), account(partner, function="Référente"))

    partner.refresh_from_db()
    assert partner.function == "Référente"
    assert partner.history.first().history_user == animator


def test_animator_closes_an_account_and_its_sessions(client, animator, partner):
    other = client.__class__()
    other.force_login(partner)

    client.post(url("pti_user", "change", partner.pk), {key: v for key, v in account(partner).items() if key != "is_active"})

    partner.refresh_from_db()
    assert not partner.is_active
    assert other.get("/aide/").status_code == 302


def test_animator_does_not_open_a_superuser(client, animator, pact, root):
    AccessFactory(user=root, pact=pact)

    response = client.post(url("pti_user", "change", root.pk), account(root, email="pirate@caf.example"))

    root.refresh_from_db()
    assert (response.status_code, response.url) == (302, reverse("admin:index"))
    assert root.email == "dsi@departement.example"
    assert client.get(url("pti_user", "change", root.pk)).status_code == 302


def test_animator_does_not_reset_a_superuser(client, animator, pact, root):
    AccessFactory(user=root, pact=pact)
    TOTP.activate(root, generate_totp_secret())

    for action in ("reset_factor", "invite_again"):
        client.post(url("pti_user"), {"action": action, "_selected_action": [root.pk]})

    assert Authenticator.objects.filter(user=root).exists()


@pytest.mark.parametrize("role", [Role.PARTNER, Role.ANIMATOR])
def test_account_that_holds_more_is_read_not_written(client, animator, pact, other_pact, role):
    both = person(role, pact, email="deux@caf.example")
    AccessFactory(user=both, pact=other_pact, role=role)
    TOTP.activate(both, generate_totp_secret())

    response = client.post(url("pti_user", "change", both.pk), account(both, email="pirate@caf.example"))
    client.post(url("pti_user"), {"action": "reset_factor", "_selected_action": [both.pk]})

    both.refresh_from_db()
    assert response.status_code == 403
    assert both.email == "deux@caf.example"
    assert Authenticator.objects.filter(user=both).exists()


def test_account_of_another_pact_is_not_found(client, animator, other_pact):
    stranger = person(Role.PARTNER, other_pact, email="voisin@caf.example")

    client.post(url("pti_user", "change", stranger.pk), account(stranger, email="pirate@caf.example"))

    stranger.refresh_from_db()
    assert stranger.email == "voisin@caf.example"


def test_animator_resets_the_second_factor_of_an_officer(client, animator, pact):
    officer = person(Role.OFFICER, pact)
    TOTP.activate(officer, generate_totp_secret())

    client.post(url("pti_user"), {"action": "reset_factor", "_selected_action": [officer.pk]})

    assert not Authenticator.objects.exists()


def test_account_is_never_deleted(client, animator, partner, root):
    for user in (animator, root):
        client.force_login(user)
        assert client.post(url("pti_user", "delete", partner.pk), {"post": "yes"}).status_code == 403
        client.post(url("pti_user"), {"action": "delete_selected", "_selected_action": [partner.pk], "post": "yes"})

    assert User.objects.filter(pk=partner.pk).exists()


# Accesses


def test_animator_gives_an_access(client, animator, pact):
    user = UserFactory(invited_by=animator)

    client.post(url("pti_access", "add"), {"user": user.pk, "pact": pact.pk, "role": Role.OFFICER})

    assert user.accesses.get().role == Role.OFFICER


def test_animator_sees_the_accesses_of_her_pacts_only(client, animator, partner, other_pact, root, pact):
    person(Role.PARTNER, other_pact)
    person(Role.READER, None)
    AccessFactory(user=root, pact=pact)

    assert listed(client, "pti_access") == {animator.accesses.get(), partner.accesses.get()}


def test_animator_gives_no_access_that_she_does_not_hold(client, animator, partner, other_pact):
    for where in (other_pact.pk, ""):
        client.post(url("pti_access", "add"), {"user": partner.pk, "pact": where, "role": Role.ANIMATOR})
        client.post(
            url("pti_access", "change", partner.accesses.get().pk), {"user": partner.pk, "pact": where, "role": Role.ANIMATOR}
        )

    assert [(access.pact.title, access.role) for access in partner.accesses.all()] == [("Pacte d’Indre-et-Loire", Role.PARTNER)]


def test_animator_does_not_touch_an_access_elsewhere(client, animator, other_pact):
    access = person(Role.PARTNER, other_pact).accesses.get()

    client.post(url("pti_access", "change", access.pk), {"user": access.user_id, "pact": other_pact.pk, "role": Role.READER})
    client.post(url("pti_access", "delete", access.pk), {"post": "yes"})

    assert Access.objects.get(pk=access.pk).role == Role.PARTNER


def test_animator_takes_an_access_away(client, animator, partner):
    client.post(url("pti_access", "delete", partner.accesses.get().pk), {"post": "yes"})

    assert partner.accesses.count() == 0


def test_animator_does_not_drop_her_own_access(client, animator, pact):
    own = animator.accesses.get()

    client.post(url("pti_access", "delete", own.pk), {"post": "yes"})
    client.post(url("pti_access", "change", own.pk), {"user": animator.pk, "pact": pact.pk, "role": Role.READER})

    assert animator.accesses.get().role == Role.ANIMATOR


def test_animator_gives_no_access_to_a_superuser(client, animator, pact, root):
    client.post(url("pti_access", "add"), {"user": root.pk, "pact": pact.pk, "role": Role.PARTNER})

    assert root.accesses.count() == 0


# Pacts, territories, organisations, vocabularies, texts, brand


def test_animator_sets_the_silence_of_her_pact_even_frozen(client, animator, pact):
    freeze(pact)

    client.post(
        url("pti_pact", "change", pact.pk),
        {"revision": pact.revision, "silence_months": "6", "title": "Autre titre", "state": "scoping"},
    )

    pact.refresh_from_db()
    assert (pact.silence_months, pact.title, pact.state) == (6, "Pacte d’Indre-et-Loire", "adoption")


def test_animator_does_not_touch_another_pact(client, animator, other_pact):
    client.post(url("pti_pact", "change", other_pact.pk), {"silence_months": "6"})
    client.post(url("pti_pact", "delete", other_pact.pk), {"post": "yes"})

    assert Pact.objects.get(pk=other_pact.pk).silence_months == 12
    assert listed(client, "pti_pact").isdisjoint({other_pact})


def test_animator_sees_the_territories_of_her_pacts_and_free_ones(client, animator, pact, other_pact):
    mine, theirs, free = (Territory.objects.create(name=name) for name in ("Lochois", "Ailleurs", "Libre"))
    PactTerritory.objects.create(pact=pact, territory=mine)
    PactTerritory.objects.create(pact=other_pact, territory=theirs)

    client.post(url("pti_territory", "change", theirs.pk), {"name": "Pirate", "kind": "other"})

    theirs.refresh_from_db()
    assert listed(client, "pti_territory") == {mine, free}
    assert theirs.name == "Ailleurs"


def names(**fields):
    return {"names-TOTAL_FORMS": 0, "names-INITIAL_FORMS": 0, **fields}


def test_animator_sees_the_organisations_of_her_pacts_and_free_ones(client, animator, pact, other_pact):
    mine, theirs, free = (Organisation.objects.create(name=name) for name in ("CAF", "MSA", "Libre"))
    Partner.objects.create(pact=pact, organisation=mine)
    Partner.objects.create(pact=other_pact, organisation=theirs)

    client.post(url("partners_organisation", "change", theirs.pk), {"name": "Pirate", "kind": "other", **names()})

    theirs.refresh_from_db()
    assert listed(client, "partners_organisation") == {mine, free}
    assert theirs.name == "MSA"


def test_animator_edits_an_organisation_and_its_names(client, animator):
    organisation = Organisation.objects.create(name="Pôle emploi")
    row = {"name": "ANPE", "acronym": "", "starts_on": "", "ends_on": "", "id": "", "organisation": organisation.pk}

    client.post(
        url("partners_organisation", "change", organisation.pk),
        {
            "name": "France Travail",
            "kind": "other",
            "revision": organisation.revision,
            **names(),
            "names-TOTAL_FORMS": 1,
            **{f"names-0-{key}": value for key, value in row.items()},
        },
    )

    organisation.refresh_from_db()
    assert organisation.name == "France Travail"
    assert [name.name for name in organisation.names.all()] == ["ANPE"]


def test_wrong_siren_is_told_beside_the_field(client, animator):
    response = client.post(
        url("partners_organisation", "add"), {"name": "CAF", "kind": "other", "siren": "123456789", **names()}
    )

    assert response.context["adminform"].form.errors == {"siren": ["Ce SIREN n’est pas valide : 9 chiffres, avec leur clé."]}


def test_animator_keeps_the_themes(client, animator):
    client.post(url("actions_theme", "add"), {"name": "Mobilité", "family": "", "aim": "", "is_active": "on"})

    assert Theme.objects.get(name="Mobilité").history.get().history_user == animator


def test_animator_writes_a_public_text_and_no_script(client, animator):
    client.post(url("pti_legaltext", "add"), {"kind": LegalTextKind.LEGAL, "text": "<p>Éditeur</p><script>alert(1)</script>"})

    assert LegalText.objects.get().text == "<p>Éditeur</p>"


@pytest.mark.parametrize("kind", LegalTextKind)
def test_animator_starts_from_the_public_text_as_shipped(client, animator, kind):
    offered = f"{url('pti_legaltext', 'add')}?kind={kind}"

    assert offered in client.get(url("pti_legaltext", "changelist")).content.decode()
    assert client.get(offered).context["adminform"].form.initial == {
        "kind": kind, "text": default_text(kind, Brand.current())
    }  # fmt: skip


def test_a_public_text_of_hers_is_no_longer_offered_as_shipped(client, animator):
    LegalText.objects.create(kind=LegalTextKind.LEGAL, text="<p>Le nôtre</p>")

    assert "?kind=mentions-legales" not in client.get(url("pti_legaltext", "changelist")).content.decode()


@pytest.mark.parametrize("kind", LegalTextKind)
def test_a_shipped_text_loses_nothing_when_it_is_saved(kind):
    text = default_text(kind, Brand.current())

    assert readable(clean_html(text)) == readable(text)


def test_a_public_text_is_written_with_the_editor(client, animator):
    field = client.get(url("pti_legaltext", "add")).context["adminform"].form["text"].field

    assert isinstance(field.widget, RichTextWidget)


def brand_data(**fields):
    return {"name": "Indre-et-Loire", "brand": "#7a1f5c", "accent": "#c5d93b", "contact_email": "", "dpo_email": ""} | {
        "inactive_months": "24",
        **fields,
    }


def test_brand_is_shown_before_it_is_saved(client, animator):
    response = client.post(url("pti_brand", "add"), brand_data(_preview="1"))

    assert 'fill="#7a1f5c"' in response.context["preview"]
    assert not Brand.objects.exists()


def test_brand_is_one_row(client, animator):
    client.post(url("pti_brand", "add"), brand_data())

    assert Brand.objects.get().brand == "#7a1f5c"
    assert client.post(url("pti_brand", "add"), brand_data()).status_code == 403


def test_settings_write_no_second_log(client, animator, pact, partner):
    client.post(url("pti_user", "change", partner.pk), account(partner, function="Référente"))

    assert LogEntry.objects.count() == 0


# The journal


def historical_models():
    return [model for model in apps.get_models() if issubclass(model, JournalEntry)]


def test_every_followed_model_has_its_journal():
    followed = {model for model in apps.get_models() if issubclass(model, Followed)}

    assert {model.instance_type for model in historical_models()} == followed


def admin_paths(pk):
    """Every address of the settings room, about row `pk`."""
    for pattern in get_resolver().url_patterns:
        if getattr(pattern, "app_name", None) == "admin":
            for model in admin.site._registry:
                for page, args in (("changelist", []), ("add", []), ("history", [pk]), ("change", [pk]), ("delete", [pk])):
                    yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_no_address_of_the_settings_leads_to_a_line_of_the_journal():
    assert not any(issubclass(model, JournalEntry) for model in admin.site._registry)
    for model in historical_models():
        for page in ("", "add/", "1/change/", "1/delete/", "1/history/"):
            found = resolve(f"/admin/{model._meta.app_label}/{model._meta.model_name}/{page}")
            assert found.func.__name__ == "catch_all_view", (model, page)


@pytest.mark.parametrize("role", [None, Role.PARTNER, Role.READER, Role.OFFICER, Role.ANIMATOR, "superuser"])
def test_no_role_reaches_a_line_of_the_journal_from_the_settings(client, world, root, role, monkeypatch):
    unrendered(monkeypatch)
    if role is not None:
        client.force_login(root if role == "superuser" else person(role, world.pact))
    lines = {model: set(rows_of(model)[1]) for model in historical_models()}

    line = next(model for model, written in lines.items() if written)
    for page in ("", "add/", "1/change/", "1/delete/", "1/history/"):
        path = f"/admin/{line._meta.app_label}/{line._meta.model_name}/{page}"
        assert client.post(path, {"post": "yes"}).status_code in (302, 403, 404)
    for path in admin_paths(1):
        if path.endswith("/history/"):
            client.post(path, {"post": "yes", "_selected_action": ["1"], "action": "delete_selected"})

    for model, before in lines.items():
        assert before <= set(rows_of(model)[1])


def test_journal_of_a_row_is_read_in_the_settings(client, animator, partner):
    page = client.get(url("pti_user", "history", partner.pk))

    assert [line.deed for line in page.context["lines"]] == ["création"]


def organisation_data(organisation, *names):
    """What the form of an organisation sends with its dated names, existing rows first."""
    data = {"name": organisation.name, "acronym": "", "kind": organisation.kind, "names-MIN_NUM_FORMS": 0}
    data |= {"names-TOTAL_FORMS": len(names), "names-INITIAL_FORMS": sum("id" in name for name in names)}
    for index, name in enumerate(names):
        data |= {f"names-{index}-{key}": value for key, value in (name | {"organisation": organisation.pk}).items()}
    return data


def test_dated_names_written_in_the_settings_are_told_and_found(client, animator):
    organisation = Organisation.objects.create(name="France Travail")
    names = [{"name": "Pôle emploi", "ends_on": "31/12/2023"}, {"name": "PE 37", "is_alias": "on"}]
    address = url("partners_organisation", "change", organisation.pk)
    client.post(address, organisation_data(organisation, *names))
    organisation.refresh_from_db()
    assert (organisation.former_names, organisation.aliases_text) == ("ex-Pôle emploi", "Pôle emploi\nPE 37")
    assert "ex-pole emploi" in organisation.search
    gone = [{"id": row.pk, "name": row.name, "DELETE": "on"} for row in organisation.names.all()]
    client.post(address, organisation_data(organisation, *gone))
    organisation.refresh_from_db()
    assert (organisation.former_names, organisation.aliases_text, organisation.search) == ("", "", "france travail")
