"""Filters of the lists: what is there, and what is missing."""

from django.db.models import Exists, OuterRef, Q
from django_filters import ChoiceFilter, ModelChoiceFilter

from actions.alerts import alerts_of, filter_by_alert
from actions.enums import ActionStatus, Confidence, FundingState, FundingUnit, IndicatorKind, Stars
from actions.models import Action, Axis, Funding, Indicator, Lead, Theme
from actions.tree import Tree
from partners.models import Organisation
from pti.filters import PtiFilterSet
from pti.models import Pact, Territory

ABSENCES = {
    "pilote": ("sans pilote", lambda rows: rows.without_lead()),
    "indicateur": ("sans indicateur", lambda rows: rows.without_indicator()),
    "jalon": ("sans jalon", lambda rows: rows.without_milestone()),
    "point": ("jamais de point", lambda rows: rows.never_updated()),
    "axe": ("sans rattachement", lambda rows: rows.without_axis()),
    "territoire": ("sans territoire : tout le pacte", lambda rows: rows.without_territory()),
    "impact": ("sans impact ou complexité", lambda rows: rows.without_stars("impact", "complexity")),
    "priorite": (
        "sans priorité ou incidence financière",
        lambda rows: rows.without_stars("priority", "financial_incidence"),
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
        self.filters["axis"].queryset = axes_of(pact)
        self.filters["lead"].queryset = leading_organisations_of(pact)
        self.filters["territory"].queryset = territories_of(pact)
        self.filters["theme"].queryset = themes_of(pact)

    def filter_alert(self, queryset, name, value):
        return filter_by_alert(queryset, self.pact, value)

    def filter_status(self, queryset, name, value):
        return queryset.open() if value == OPEN else queryset.filter(status=value)

    def filter_absence(self, queryset, name, value):
        return ABSENCES[value][1](queryset)

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
    """Filters of the fundings."""

    search_path = ""

    state = ChoiceFilter(label="état", choices=FundingState)
    unit = ChoiceFilter(label="unité", choices=FundingUnit)
    year = ChoiceFilter(label="année", choices=[])
    funder = ModelChoiceFilter(label="financeur", queryset=Organisation.objects.none())
    manque = ChoiceFilter(
        label="à savoir",
        choices=[("montant", "sans montant"), ("reserve", "sous réserve"), ("fiche", "rattaché à aucune fiche")],
        method="filter_absence",
    )

    class Meta:
        model = Funding
        fields = ["state", "unit", "year", "funder", "manque"]

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Funding.objects.filter(pact=pact)
        years = rows.exclude(year=None).order_by("year").values_list("year", flat=True).distinct()
        self.filters["year"].extra["choices"] = [(year, year) for year in years]
        self.filters["funder"].queryset = Organisation.objects.only("name").filter(Exists(rows.filter(funder=OuterRef("pk"))))

    def filter_absence(self, queryset, name, value):
        lacks = {"montant": Q(amount=None), "reserve": Q(is_conditional=True), "fiche": Q(action=None)}
        return queryset.filter(lacks[value])
