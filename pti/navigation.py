"""The menu of each role. The one place of the code, with templates, that names URLs of every floor."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property

from pti.access import can_open, is_animator, is_partner_on, is_staff_on
from pti.addresses import url_of
from pti.composed import AnyKeys, Composed
from pti.models import Brand, Pact
from pti.models.pacts import held_through
from pti.typography import typeset

# Label, then the URL names that may serve it: the first that exists wins.
STAFF_MENU = (
    ("Tableau de bord", ("evaluation:dashboard",)),
    ("Fiches-actions", ("actions:action_list",)),
    ("Partenaires", ("partners:partner_list",)),
    ("Instances", ("governance:committee_list",)),
    ("Évaluation", ("evaluation:home", "evaluation:indicator_list", "actions:indicator_list")),
    ("Le pacte", ("pact_detail",)),
)
PARTNER_MENU = (
    ("Mes actions", ("actions:my_actions",)),
    ("Séances", ("governance:meeting_list",)),
    ("Le pacte", ("pact_detail",)),
)
# An amendment is a text: what happens is followed in the pact that it amends.
AMENDMENT_MENU = (
    ("Le texte", ("pact_detail",)),
    ("Fiches-actions", ("actions:action_list",)),
    ("Partenaires", ("partners:partner_list",)),
    ("Instances", ("governance:committee_list",)),
)
READER_MENU = (
    ("L’essentiel", ("evaluation:dashboard",)),
    ("Le pacte", ("pact_detail",)),
    ("Séances", ("governance:meeting_list",)),
    ("Bilans", ("evaluation:review_list",)),
)
# What the switcher reads of a pact; its name says whether it is an amendment.
SHOWN_IN_MENU = ("title", "subtitle", "start_text", "end_text", "parent", "state", "amends", "amendment_number")
# What the site map adds to the menu: rooms that are one page away from it.
ROOMS_OF_ALL = (
    ("L’arbre du pacte", "actions:axis_tree"),
    ("Tableau des fiches", "actions:action_board"),
    ("Frise du pacte", "governance:timeline"),
    ("Matrice des priorités", "actions:action_matrix"),
    ("Carte des territoires", "actions:territory_map"),
    ("Vues enregistrées", "actions:saved_view_list"),
    ("Indicateurs", "actions:indicator_list"),
    ("Financements", "actions:funding_list"),
    ("Totaux des financements", "actions:funding_totals"),
    ("Subventions en données ouvertes", "actions:subsidy_list"),
    ("Feuilles de route", "actions:roadmap_list"),
    ("Approbations et signatures", "partners:signature_board"),
    ("Séances", "governance:meeting_list"),
    ("Décisions", "governance:decision_list"),
    ("Saisines", "governance:referral_list"),
    ("Points de blocage", "governance:blocking_list"),
    ("Alertes", "actions:alerts"),
    ("Le pacte à une date passée", "evaluation:past"),
    ("Bilans", "evaluation:review_list"),
    ("Chiffres de contexte", "figure_list"),
)
ROOMS_OF_STAFF = (
    ("Rédiger le pacte", "pact_write"),
    ("Collectes", "actions:campaign_list"),
    ("Courriels", "actions:mail_log"),
    ("Grille des financements", "actions:funding_grid"),
    ("Vie du pacte", "pact_life"),
    ("Journal", "journal"),
)
# An amendment is a text: nothing is followed in it.
ROOMS_OF_AMENDMENT = {
    "actions:axis_tree", "actions:indicator_list", "actions:funding_list", "partners:signature_board", "figure_list",
    "pact_write", "pact_life", "journal",
}  # fmt: skip
SEARCH = ("search", "actions:action_list")
FOOT_OF_PEOPLE = (("Aide", "help"), ("Plan du site", "site_map"))
FOOT = (
    (typeset("Accessibilité : non conforme"), "accessibility"),
    ("Mentions légales", "legal_notice"),
    ("Données personnelles", "privacy"),
    ("Vérifier un document", "partners:verify"),
)


@dataclass
class Entry:
    """One line of a menu."""

    label: str
    url: str
    current: str = ""


def first_url(names, *args):
    """URL of the first of `names` that is registered, or an empty text."""
    for name in names:
        try:
            return url_of(name, *args)
        except NoReverseMatch:
            continue
    return ""


def menu_of(user, pact):
    """(label, URL names) of the menu that `user` has on `pact`."""
    if pact.is_amendment:
        return AMENDMENT_MENU
    if is_staff_on(user, pact):
        return STAFF_MENU
    return PARTNER_MENU if is_partner_on(user, pact) else READER_MENU


# Rooms of a pact that belong to a tab without lying below its address: last word of the address or first one after
# the pact, then the label of the tab, that of the staff first.
ROOMS = {
    "avenants": ("Le pacte",),
    "point": ("Fiches-actions", "Mes actions"),
    "valeurs": ("Évaluation",),
    "engagements": ("Partenaires",),
    "conventions": ("Partenaires",),
    "contacts": ("Partenaires",),
    "documents": ("Fiches-actions",),
    "indicateurs": ("Évaluation",),
    "financements": ("Évaluation",),
    "feuilles-de-route": ("Fiches-actions",),
    "axes": ("Fiches-actions",),
    "collectes": ("Fiches-actions",),
    "courriels": ("Fiches-actions",),
    "points": ("Fiches-actions",),
    "pilotes": ("Fiches-actions",),
    "seances": ("Instances", "Séances"),
    "instances": ("Instances", "Séances"),
    "decisions": ("Instances", "Séances"),
    "saisines": ("Instances", "Séances"),
    "blocages": ("Instances", "Séances"),
    "au": ("Le pacte",),
    "alertes": ("Tableau de bord", "L’essentiel"),
    "evaluation": ("Évaluation", "Bilans"),
}


def mark_current(entries, path):
    """Say which entry the page belongs to: the longest address that begins the page's own, else its room."""
    words = path.strip("/").split("/")
    labels = [label for word in (words[-1], *words[2:3]) for label in ROOMS.get(word, ())]
    home = next((entry for entry in entries if entry.label in labels), None)
    if home is not None:
        home.current = "page" if home.url == path else "true"
        return entries
    inside = [entry for entry in entries if path.startswith(entry.url)]
    if inside:
        nearest = max(inside, key=lambda entry: len(entry.url))
        nearest.current = "page" if nearest.url == path else "true"
    return entries


@cache
def menu_composed(everywhere):
    """The query of the pacts on which a person holds something, `everywhere` or by the keys of her accesses."""
    rows = Pact.objects.only(*SHOWN_IN_MENU)
    return Composed(rows if everywhere else rows.filter(held_through(AnyKeys())))


class Navigation:
    """What the bar and the foot show; each part is computed when the template asks for it, once."""

    def __init__(self, request):
        self.request = request
        self.user = getattr(request, "user", None)

    @property
    def path(self):
        return self.request.path

    @property
    def is_known(self):
        return self.user is not None and self.user.is_authenticated

    @cached_property
    def pacts(self):
        """Pacts that the person may open, newest first, their amendments among them."""
        if not self.is_known or getattr(self.request, "awaits_factor", False):
            return []
        held = self.user.roles
        return [pact for pact in menu_composed(None in held).rows_of(list(held)) if can_open(self.user, pact)]

    def pact(self):
        """The pact of the address: `/pactes/<id>/…`."""
        match = self.request.resolver_match
        pk = match and (match.kwargs.get("pact_pk") or (match.kwargs.get("pk") if match.url_name == "pact_detail" else None))
        return next((pact for pact in self.pacts if pact.pk == pk), None) if pk else None

    @cached_property
    def current_pact(self):
        return self.pact() or (self.ordinary[0] if len(self.ordinary) == 1 else None)

    @cached_property
    def entries(self):
        pact = self.current_pact
        return mark_current(self.entries_on(pact), self.path) if pact else []

    @property
    def amendment_url(self):
        """The page of the amendment whose text is on screen, or an empty text."""
        pact = self.current_pact
        return reverse("amendment_detail", args=[pact.amends_id, pact.amendment_number]) if pact and pact.is_amendment else ""

    def entries_on(self, pact):
        """The menu of the person on `pact`."""
        entries = [Entry(label, first_url(names, pact.pk)) for label, names in menu_of(self.user, pact)]
        if pact.is_amendment:
            entries.insert(0, Entry(f"L’avenant n°\u00a0{pact.amendment_number}", self.amendment_url))
        return [entry for entry in entries if entry.url]

    def rooms_on(self, pact):
        """The menu of the person on `pact`, then the pages that are one step away from it."""
        rooms = (*ROOMS_OF_ALL, *(ROOMS_OF_STAFF if is_staff_on(self.user, pact) else ()))
        if pact.is_amendment:
            rooms = [room for room in rooms if room[1] in ROOMS_OF_AMENDMENT]
        entries = self.entries_on(pact)
        known = {entry.url for entry in entries}
        more = [Entry(label, reverse(name, args=[pact.pk])) for label, name in rooms]
        return entries + [entry for entry in more if entry.url not in known]

    @property
    def folds(self):
        """Long menus fold behind « Menu » on a phone; three tabs stay."""
        return len(self.entries) > 4

    @property
    def home(self):
        return self.entries[0].url if self.entries else first_url(("home",)) or "/"

    @cached_property
    def other_pacts(self):
        """The switcher: every pact once there are two; an amendment is reached from its pact."""
        return self.ordinary if len(self.ordinary) > 1 else []

    @cached_property
    def ordinary(self):
        return [pact for pact in self.pacts if not pact.is_amendment]

    @cached_property
    def search_url(self):
        return first_url(SEARCH, self.current_pact.pk) if self.current_pact else ""

    @cached_property
    def person(self):
        """The person's own menu."""
        wanted = [("Votre compte", ("account_email", "account_profile", "mfa_index"), ())]
        if self.current_pact and is_staff_on(self.user, self.current_pact):
            wanted.append(("Journal", ("journal", "pact_journal"), (self.current_pact.pk,)))
        if is_animator(self.user):
            wanted.append(("Réglages", ("admin:index",), ()))
        if settings.DEMO:
            wanted.append(("Boîte aux lettres de démonstration", ("demo_mailbox",), ()))
        entries = [Entry(label, first_url(names, *args)) for label, names, args in wanted]
        return mark_current([entry for entry in entries if entry.url], self.path)

    @property
    def logout_url(self):
        return first_url(("account_logout",))

    @property
    def foot(self):
        """(address, words) of the public pages; of the help and of the site map for those who are in."""
        return [(url_of(name), words) for words, name in (FOOT_OF_PEOPLE if self.is_known else ()) + FOOT]


def context(request):
    """Context processor: `nav` and `brand`, read only by the pages that draw them, and the demonstration's flag."""
    return {"nav": Navigation(request), "brand": LazyBrand(), "demo": settings.DEMO}


class LazyBrand:
    """The brand row, read at the first attribute asked."""

    @cached_property
    def row(self):
        return Brand.current()

    def __getattr__(self, name):
        return getattr(self.row, name)
