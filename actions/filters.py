"""Filters of the lists: what is there, and what is missing."""

from django.db.models import Exists, OuterRef, Q
from django_filters import CharFilter, ChoiceFilter, ModelChoiceFilter, MultipleChoiceFilter

from actions.alerts import alerts_of, filter_by_alert
from actions.enums import ActionStatus, Confidence, FundingState, FundingUnit, IndicatorKind, Stars
from actions.models import Action, Axis, Funding, Indicator, Lead, Theme
from actions.tree import Tree
from partners.models import Organisation
from pti.filters import PtiFilterSet
from pti.models import Pact, Territory

ABSENCES = {
    "pilote": ("sans pilote", lambda rows, pact: rows.without_lead()),
    "indicateur": ("sans indicateur", lambda rows, pact: rows.without_indicator()),
    "valeur": (
        "sans valeur de l’année à l’un de ses indicateurs",
        lambda rows, pact: rows.with_unmeasured_indicator(pact.reference_day.year),
    ),
    "jalon": ("sans jalon", lambda rows, pact: rows.without_milestone()),
    "point": ("jamais de point", lambda rows, pact: rows.never_updated()),
    "axe": ("sans rattachement", lambda rows, pact: rows.without_axis()),
    "territoire": ("sans territoire : tout le pacte", lambda rows, pact: rows.without_territory()),
    "impact": ("sans impact ou complexité", lambda rows, pact: rows.without_stars("impact", "complexity")),
    "priorite": (
        "sans priorité ou incidence financière",
        lambda rows, pact: rows.without_stars("priority", "financial_incidence"),
    ),
}
NEWS = {
    "attendues": ("dont on attend des nouvelles", lambda rows, pact: rows.expecting_news()),
    "recentes": (
        "qui ont donné des nouvelles",
        lambda rows, pact: rows.with_recent_news(pact.reference_day, pact.silence_months),
    ),
}
OPEN = "ouverte"
NO_YEAR, UP_TO = "sans", "jusque-"
ONE_PLACE, SEVERAL_PLACES, WHOLE_PACT = "un", "plusieurs", "tous"
REACHES = [
    (ONE_PLACE, "un seul territoire"),
    (SEVERAL_PLACES, "plusieurs territoires"),
    (WHOLE_PACT, "tout le pacte"),
]
REACH_RULES = {
    ONE_PLACE: lambda rows: rows.on_one_territory(),
    SEVERAL_PLACES: lambda rows: rows.on_several_territories(),
    WHOLE_PACT: lambda rows: rows.on_whole_pact(),
}
FUNDING_LACKS = [("fiche", "sans fiche"), ("axe", "sans axe"), ("financeur", "sans financeur")]
FUNDING_LACK_RULES = {
    "fiche": lambda rows, pact: rows.filter(action=None),
    "axe": lambda rows, pact: rows.without_place(Axis.objects.filter(pact=pact).values("pk")),
    "financeur": lambda rows, pact: rows.filter(funder=None, funder_text=""),
}
YES_NO = [("oui", "oui"), ("non", "non")]


def axes_of(pact):
    """The nodes of the tree, with what names them."""
    return Axis.objects.filter(pact=pact).only("number", "title").order_by("order", "id")


def territories_of(pact):
    """Territories that the pact uses, one way or another."""
    return Territory.objects.only("name").filter(
        Exists(Pact.objects.filter(pk=pact.pk).filter(Q(territories=OuterRef("pk")) | Q(departments=OuterRef("pk"))))
        | Exists(Action.territories.through.objects.filter(territory=OuterRef("pk"), action__pact=pact))
    )


def themes_of(pact):
    """Themes proposed, and those that the pact's fiches still bear."""
    borne = Action.themes.through.objects.filter(theme=OuterRef("pk"), action__pact=pact)
    return Theme.objects.only("name").filter(Q(is_active=True) | Exists(borne))


def leading_organisations_of(pact):
    leads = Lead.objects.leading().filter(action__pact=pact, organisation=OuterRef("pk"))
    return Organisation.objects.only("name").filter(Exists(leads))


class ActionFilter(PtiFilterSet):
    """Filters of the fiches."""

    alerte = ChoiceFilter(label="alerte", method="filter_alert", choices=[])
    status = ChoiceFilter(label="statut", choices=[(OPEN, "non close"), *ActionStatus.choices], method="filter_status")
    confidence = ChoiceFilter(label="confiance", choices=Confidence)
    manque = ChoiceFilter(
        label="ce qui manque", method="filter_absence", choices=[(key, words) for key, (words, _) in ABSENCES.items()]
    )
    nouvelles = ChoiceFilter(
        label="nouvelles", method="filter_news", choices=[(key, words) for key, (words, _) in NEWS.items()]
    )
    axis = ModelChoiceFilter(label="rattachement", method="filter_axis", queryset=Axis.objects.none())
    lead = ModelChoiceFilter(label="pilote ou copilote", method="filter_lead", queryset=Organisation.objects.none())
    territory = ModelChoiceFilter(label="territoire", field_name="territories", queryset=Territory.objects.none())
    theme = ModelChoiceFilter(label="thème", field_name="themes", queryset=Theme.objects.none())
    experiment = ChoiceFilter(label="expérimentation", choices=YES_NO, method="filter_experiment")
    impact = ChoiceFilter(label="impact sur l’insertion", choices=Stars)
    complexite = ChoiceFilter(label="complexité", field_name="complexity", choices=Stars)
    priorite = ChoiceFilter(label="priorité", field_name="priority", choices=Stars)
    incidence = ChoiceFilter(label="incidence financière", field_name="financial_incidence", choices=Stars)

    class Meta:
        model = Action
        fields = ["alerte", "status", "confidence", "manque", "nouvelles", "axis", "lead", "territory", "theme", "experiment"]
        fields += ["impact", "complexite", "priorite", "incidence"]

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        self.pact = pact
        self.filters["alerte"].extra["choices"] = [(alert.key, alert.label.lower()) for alert in alerts_of(pact)]
        self.offer(pact, axis=axes_of, lead=leading_organisations_of, territory=territories_of, theme=themes_of)

    def filter_alert(self, queryset, name, value):
        return filter_by_alert(queryset, self.pact, value)

    def filter_status(self, queryset, name, value):
        return queryset.open() if value == OPEN else queryset.filter(status=value)

    def filter_absence(self, queryset, name, value):
        return ABSENCES[value][1](queryset, self.pact)

    def filter_news(self, queryset, name, value):
        return NEWS[value][1](queryset, self.pact)

    def filter_axis(self, queryset, name, value):
        return queryset.under(Tree(self.pact).below(value))

    def filter_lead(self, queryset, name, value):
        return queryset.led_by_organisation(value)

    def filter_experiment(self, queryset, name, value):
        return queryset.filter(is_experiment=value == "oui")


class IndicatorFilter(PtiFilterSet):
    """Filters of the indicators: their nature, where they belong, what is missing."""

    search_path = "search"

    kind = ChoiceFilter(label="nature", choices=IndicatorKind)
    action = ModelChoiceFilter(label="fiche", queryset=Action.objects.none())
    axis = ModelChoiceFilter(label="rattachement", method="filter_axis", queryset=Axis.objects.none())
    seuil = ChoiceFilter(label="au-delà d’un seuil", choices=[("hors", "oui")], method="filter_threshold")
    manque = ChoiceFilter(
        label="ce qui manque", choices=[("cible", "sans cible"), ("valeur", "sans valeur cette année")], method="filter_absence"
    )

    class Meta:
        model = Indicator
        fields = ["kind", "action", "axis", "seuil", "manque"]

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        self.pact = pact
        actions = Action.objects.filter(pact=pact).only("number", "title")
        self.filters["action"].queryset = actions.order_by("number_key", "order", "id")
        self.filters["axis"].queryset = axes_of(pact)

    def filter_axis(self, queryset, name, value):
        below = Tree(self.pact).below(value)
        return queryset.filter(Q(axis__in=below) | Q(action__in=Action.objects.under(below)))

    def filter_threshold(self, queryset, name, value):
        return queryset.beyond_threshold()

    def filter_absence(self, queryset, name, value):
        return queryset.without_target() if value == "cible" else queryset.without_measure(self.pact.reference_day.year)


class FundingFilter(PtiFilterSet):
    """Filters of the fundings: the list and the tables of totals share them, so that each figure links to its rows."""

    search_path = ""

    state = ChoiceFilter(label="état", choices=FundingState)
    unit = ChoiceFilter(label="unité", choices=FundingUnit, method="filter_unit")
    year = ChoiceFilter(label="année", choices=[], method="filter_year")
    funder = ModelChoiceFilter(label="financeur", queryset=Organisation.objects.none())
    named = CharFilter(label="financeur, tel qu’écrit", method="filter_named", strip=False)
    action = ModelChoiceFilter(label="fiche", queryset=Action.objects.none())
    axis = ModelChoiceFilter(label="axe", method="filter_axis", queryset=Axis.objects.none())
    territory = ModelChoiceFilter(label="territoire", method="filter_territory", queryset=Territory.objects.none())
    portee = ChoiceFilter(label="portée de la fiche", method="filter_reach", choices=REACHES)
    sans = MultipleChoiceFilter(label="sans", method="filter_without", choices=FUNDING_LACKS)
    manque = ChoiceFilter(
        label="à savoir", choices=[("montant", "sans montant"), ("reserve", "sous réserve")], method="filter_absence"
    )

    class Meta:
        model = Funding
        fields = ["state", "unit", "year", "funder", "named", "action", "axis", "territory", "portee", "sans", "manque"]

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        self.pact = pact
        rows = Funding.objects.filter(pact=pact)
        years = list(rows.exclude(year=None).order_by("year").values_list("year", flat=True).distinct())
        # Any bound is understood: a table that leaves old years out links to « up to that year ».
        upto = [(f"{UP_TO}{year}", f"jusqu’en {year}") for year in years]
        self.filters["year"].extra["choices"] = [*((year, year) for year in years), (NO_YEAR, "sans année"), *upto]
        self.filters["funder"].queryset = Organisation.objects.only("name").filter(Exists(rows.filter(funder=OuterRef("pk"))))
        fiches = Action.objects.with_withdrawn().filter(pact=pact).only("number", "title")
        self.filters["action"].queryset = fiches.order_by("number_key", "order", "id")
        self.filters["axis"].queryset = axes_of(pact)
        self.filters["territory"].queryset = territories_of(pact)

    def filter_unit(self, queryset, name, value):
        return queryset.in_unit(value)

    def filter_year(self, queryset, name, value):
        if value == NO_YEAR:
            return queryset.filter(year=None)
        return queryset.filter(year__lte=value.removeprefix(UP_TO)) if value.startswith(UP_TO) else queryset.filter(year=value)

    def filter_named(self, queryset, name, value):
        return queryset.filter(funder=None, funder_text=value)

    def filter_axis(self, queryset, name, value):
        return queryset.placed_under(Tree(self.pact).below(value))

    def filter_territory(self, queryset, name, value):
        return queryset.touching(value)

    def filter_reach(self, queryset, name, value):
        return REACH_RULES[value](queryset)

    def filter_without(self, queryset, name, value):
        for lack in value:
            queryset = FUNDING_LACK_RULES[lack](queryset, self.pact)
        return queryset

    def filter_absence(self, queryset, name, value):
        return queryset.filter({"montant": Q(amount=None), "reserve": Q(is_conditional=True)}[value])
