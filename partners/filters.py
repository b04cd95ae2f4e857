"""Filters of the partners' floor."""

import django_filters

from partners.enums import OrganisationKind, SigningState, Standing
from partners.models import Organisation, Partner
from pti.filters import PtiFilterSet

YES_NO = [("true", "Oui"), ("false", "Non")]


def yes_no(label, **kwargs):
    """A mark that is there or not."""
    return django_filters.TypedChoiceFilter(label=label, choices=YES_NO, coerce=lambda value: value == "true", **kwargs)


class PartnerFilter(PtiFilterSet):
    search_path = "organisation__search"

    standing = django_filters.ChoiceFilter(label="place", choices=Standing)
    kind = django_filters.ChoiceFilter(label="nature", field_name="organisation__kind", choices=OrganisationKind)
    steers = yes_no("pilote le pacte", field_name="steers")
    is_funder = yes_no("financeur", field_name="is_funder")
    is_conditional = yes_no("sous réserve", field_name="is_conditional")
    awaited = django_filters.ChoiceFilter(label="signature", choices=SigningState, method="filter_awaited")
    present = django_filters.ChoiceFilter(
        label="présence", choices=[("present", "Toujours partenaire"), ("left", "Parti")], method="filter_present"
    )

    class Meta:
        model = Partner
        fields = ["standing", "kind", "steers", "is_funder", "is_conditional", "awaited", "present"]

    def filter_awaited(self, queryset, name, value):
        wanted = {
            SigningState.APPROVAL: queryset.awaiting_approval,
            SigningState.SIGNATURE: queryset.awaiting_signature,
            SigningState.REFUSED: queryset.refusing,
            SigningState.SIGNED: queryset.signed,
        }
        return wanted[value]()

    def filter_present(self, queryset, name, value):
        return queryset.present() if value == "present" else queryset.exclude(left_on=None)


class OrganisationFilter(PtiFilterSet):
    kind = django_filters.ChoiceFilter(label="nature", choices=OrganisationKind)
    is_category = yes_no("catégorie d’organismes", field_name="is_category")

    class Meta:
        model = Organisation
        fields = ["kind", "is_category"]
