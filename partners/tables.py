"""Tables of the partners' floor."""

import django_tables2 as tables
from django.db.models import Case, TextField, When
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst

from partners.enums import SigningState
from partners.models import Organisation, Partner
from pti import typography
from pti.tables import NOTHING, UNKNOWN, PtiTable
from pti.templatetags.pti import state

SHAPES = {
    SigningState.SIGNATURE: "s-half",
    SigningState.APPROVAL: "s-draft",
    SigningState.REFUSED: "s-dropped",
    SigningState.SIGNED: "s-done",
}


def signing_words(partner):
    """Shape and word of where a signatory stands."""
    now = partner.signing_state
    return state(SHAPES[now], now.label) if now else ""


class PartnerTable(PtiTable):
    shown_name = tables.Column("partenaire", linkify=True)
    kind = tables.Column("nature", accessor="organisation__kind")
    standing = tables.Column("place")
    marks = tables.Column("rôle", empty_values=(), orderable=False)
    commitments_count = tables.Column("engagements")
    signing = tables.Column("signature", empty_values=(), orderable=False)

    noun, nouns, feminine = "partenaire", "partenaires", False
    title_column = "shown_name"
    secondary = ("kind", "commitments_count")
    numeric = ("commitments_count",)
    when_empty = "Ce pacte n’a pas encore de partenaire."

    class Meta(PtiTable.Meta):
        model = Partner
        fields = ("shown_name", "kind", "standing", "marks", "commitments_count", "signing")
        order_by = "shown_name"

    def order_shown_name(self, queryset, is_descending):
        """In the order of the alphabet, whatever the case and the accents."""
        key = Case(When(name_in_text="", then="organisation__search"), default="search", output_field=TextField())
        return queryset.order_by(key.desc() if is_descending else key.asc(), "id"), True

    def render_shown_name(self, record):
        """The name of the text, then today's with its « ex- »."""
        former = record.organisation.former_names
        now = f"aujourd’hui {record.today_name}" if record.today_name else ""
        notes = [note for note in (now, former) if note]
        small = format_html_join("", '<span class="pti-small d-block fw-normal">{}</span>', ((note,) for note in notes))
        return format_html("{}{}", str(record), small)

    def value_shown_name(self, record):
        return str(record)

    def render_kind(self, record):
        organisation = record.organisation
        return organisation.kind_text or capfirst(organisation.get_kind_display())

    def render_standing(self, record):
        left = format_html("<br>parti le {}", typography.day(record.left_on)) if record.left_on else ""
        joined = format_html("<br>depuis le {}", typography.day(record.joined_on)) if record.joined_on else ""
        return format_html("{}{}{}", capfirst(record.get_standing_display()), joined, left)

    def render_marks(self, record):
        marks = [
            word
            for word, mark in (
                ("pilote le pacte", record.steers),
                ("financeur", record.is_funder),
                ("comité de pilotage", record.in_steering_committee),
                ("sous réserve", record.is_conditional),
            )
            if mark
        ]
        return capfirst(", ".join(marks))

    def render_signing(self, record):
        return signing_words(record) or NOTHING


class OrganisationTable(PtiTable):
    name = tables.Column("organisme", linkify=True)
    kind = tables.Column("nature")
    parent = tables.Column("service de")
    siret = tables.Column("SIRET ou SIREN", orderable=False, empty_values=())
    pacts_count = tables.Column("pactes")

    noun, nouns, feminine = "organisme", "organismes", False
    title_column = "name"
    secondary = ("parent", "siret")
    numeric = ("pacts_count",)

    class Meta(PtiTable.Meta):
        model = Organisation
        fields = ("name", "kind", "parent", "siret", "pacts_count")
        order_by = "name"
        default = ""

    def order_name(self, queryset, is_descending):
        return queryset.order_by("-search" if is_descending else "search", "id"), True

    def render_name(self, record):
        sigle = f" ({record.acronym})" if record.acronym and record.acronym != record.name else ""
        former = (
            format_html('<span class="pti-small d-block fw-normal">{}</span>', record.former_names)
            if record.former_names
            else ""
        )
        return format_html("{}{}{}", record.name, sigle, former)

    def render_kind(self, record):
        return record.kind_text or capfirst(record.get_kind_display())

    def render_siret(self, record):
        return record.siret or record.siren or UNKNOWN
