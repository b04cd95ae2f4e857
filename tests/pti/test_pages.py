"""Public texts, help, site map, brand, and what the base page shows to each role."""

import re

import pytest
from django.templatetags.static import static
from django.urls import reverse

from pti import colours
from pti.enums import LegalTextKind, PactState, Role
from pti.models import Brand, LegalText
from tests.factories.pti import AmendmentFactory, PactFactory, person


@pytest.mark.parametrize("name", ["accessibility", "legal_notice", "privacy"])
def test_public_text_is_shipped(client, name):
    Brand.objects.create(name="Indre & Loire", dpo_email="dpo@exemple.test", contact_email="pti@exemple.test")
    html = client.get(reverse(name)).content.decode()
    assert "Indre &amp; Loire" in html
    assert "{" not in html.split("<main", 1)[1].split("</main>")[0]
    assert html.count("<h1") == 1


def test_accessibility_is_never_claimed(client):
    html = client.get(reverse("accessibility")).content.decode()
    assert "<strong>non conforme</strong>" in html
    assert "Accessibilité\u00a0: non conforme" in html


def test_text_of_the_animator_takes_over(client):
    LegalText.objects.create(kind=LegalTextKind.LEGAL, text="<h4>Le nôtre</h4><p>a<script>1</script></p>")
    html = client.get(reverse("legal_notice")).content.decode()
    assert "<h2>Le nôtre</h2><p>a</p>" in html


def test_colours_of_the_guide():
    yellow = colours.derive("#f5b700", "#000000")
    assert yellow["--pti-on-brand"] == "#000000"
    assert yellow["--pti-brand-ink"] == "#8f6b00"
    assert colours.derive("#7a1f5c", "#000000")["--pti-on-brand"] == "#ffffff"


@pytest.mark.parametrize("brand", ["#f5b700", "#7a1f5c", "#ffffff", "#000000", "#00ff00", "#777777"])
def test_derived_colours_are_readable(brand):
    made = colours.derive(brand, "#ffffff")
    assert colours.contrast(brand, made["--pti-on-brand"]) >= 4.5
    assert colours.contrast(made["--pti-brand-ink"], made["--pti-brand-wash"]) >= 4.5
    assert colours.contrast(made["--pti-brand-edge"], "#ffffff") >= 3


def test_brand_css_is_cached_and_revalidated(client):
    Brand.objects.create(brand="#7a1f5c")
    response = client.get(reverse("brand_css"))
    assert "--pti-brand: #7a1f5c;" in response.content.decode()
    assert client.get(reverse("brand_css"), headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_the_icon_that_browsers_ask_by_themselves_is_ours(client):
    assert client.get("/favicon.ico")["Location"] == static("favicon.svg")


def test_page_links_to_the_colours_only_when_they_differ(client):
    assert "marque.css" not in client.get(reverse("privacy")).content.decode()
    Brand.objects.create(brand="#7a1f5c")
    assert "/marque.css?7a1f5c-c5d93b" in client.get(reverse("privacy")).content.decode()


def page_of(client, role, pact=None):
    client.force_login(person(role, pact))
    return client.get(reverse("site_map")).content.decode()


def test_demonstration_says_so_on_every_page(client, settings):
    words = "Démonstration\u00a0: organismes et textes réels, suivi, signatures et personnes inventés"
    client.force_login(person(Role.ANIMATOR))
    pages = [reverse("privacy"), reverse("admin:index"), reverse("admin:pti_user_changelist")]
    assert [words in client.get(page).content.decode() for page in pages] == [False, False, False]
    settings.DEMO = True
    assert [words in client.get(page).content.decode() for page in pages] == [True, True, True]


def test_the_foot_is_the_same_on_every_page(client):
    client.force_login(person(Role.ANIMATOR))
    for page in (reverse("privacy"), reverse("admin:index"), reverse("admin:pti_user_changelist")):
        html = client.get(page).content.decode()
        for url in ("accessibility", "legal_notice", "privacy"):
            assert f'<a href="{reverse(url)}">' in html
        assert "Accessibilité\u00a0: non conforme" in html


def test_settings_are_offered_to_the_animator_only(client):
    pact = PactFactory()
    assert "Réglages" in page_of(client, Role.ANIMATOR, pact)
    assert "Réglages" not in page_of(client, Role.OFFICER, pact)


def test_pact_switcher_from_two_pacts_on(client):
    first = PactFactory(title="Premier", state=PactState.IN_FORCE)
    user = person(Role.READER, first)
    client.force_login(user)
    assert "Changer de pacte" not in client.get(reverse("help")).content.decode()
    second = PactFactory(title="Second", state=PactState.IN_FORCE)
    user.accesses.create(pact=second, role=Role.READER)
    html = client.get(reverse("help")).content.decode()
    assert "Changer de pacte" in html
    assert second.get_absolute_url() in html


def test_the_site_map_of_an_amendment_leads_to_what_its_text_has(client):
    amendment = AmendmentFactory()
    html = page_of(client, Role.ANIMATOR, amendment.amends)
    assert amendment.amendment_name in html
    asked = set(re.findall(r'href="(/pactes/[^"]+)"', html))
    assert reverse("actions:axis_tree", args=[amendment.pk]) in asked
    offered = {
        name for name in ("campaign_list", "mail_log", "alerts") if reverse(f"actions:{name}", args=[amendment.pk]) in asked
    }
    assert offered == set()
    assert reverse("actions:mail_log", args=[amendment.amends_id]) in asked


def test_person_without_any_pact_has_a_page(client):
    client.force_login(person(Role.READER, PactFactory(state=PactState.SCOPING)))
    assert "Aucun pacte ne vous est ouvert" in client.get(reverse("site_map")).content.decode()


@pytest.mark.parametrize(("path", "status"), [("/nulle-part/", 404)])
def test_unknown_address_is_french(client, path, status):
    client.force_login(person(Role.READER, PactFactory()))
    response = client.get(path)
    assert response.status_code == status
    assert "Page introuvable" in response.content.decode()
