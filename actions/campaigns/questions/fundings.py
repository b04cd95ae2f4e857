"""« Que financez-vous ? »: each funder fills its own column (« conférence des financeurs ») for some years."""

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from actions.campaigns.questions.base import Asked, Question
from actions.enums import FundingState, LeadRole, RequestQuestion
from actions.forms.own_fundings import OwnFundingsForm, own_lines
from actions.models import Funding, Lead
from actions.money.grid import save_cells
from partners.models import Organisation, Partner


def asked(campaign, wanted):
    """Each partner still there that pays already, is named as a funder by a fiche, or is a funder of the pact."""
    pact = campaign.pact
    here = Partner.objects.filter(pact=pact, left_on=None, organisation=OuterRef("pk"))
    paying = Funding.objects.filter(pact=pact, funder=OuterRef("pk"))
    named = Lead.objects.filter(action__pact=pact, role=LeadRole.FUNDER, ended_on=None, organisation=OuterRef("pk"))
    rows = Organisation.objects.filter(Exists(here)).filter(
        Q(Exists(paying)) | Q(Exists(named)) | Q(Exists(here.filter(is_funder=True)))
    )
    return [Asked({}, one) for one in rows.order_by("name", "id") if not wanted or one.pk in wanted]


def context(row, choice):
    """What the funder already says of these years: « rien de nouveau » says it again."""
    lines, cut = own_lines(row)
    said = [(line.place, [cell for cell in line.cells if cell.rows]) for line in lines]
    said = [(place, cells) for place, cells in said if cells]
    return {"lines": said, "last": bool(said), "cut": cut}


def form(row, data=None, choice="", given=None):
    return OwnFundingsForm(data, request=row)


def told(form):
    return {"cells": form.moved()}


def same(row):
    """« Rien de nouveau », once something is known of these years."""
    states = [state for state in FundingState.values if state != FundingState.PLANNED]
    rows = Funding.objects.filter(pact=row.campaign.pact, funder=row.organisation, state__in=states)
    return {"cells": []} if rows.filter(year__in=row.campaign.funding_years).exists() else None


def take_in(row, told, *, first, by, on_behalf, channel):
    """Write the cells that moved; the request keeps what was said."""
    cells = told["cells"]
    save_cells(pact=row.campaign.pact, cells=cells, by=by)
    wrong = [cell.error for _, cell in cells if cell.error]
    if wrong:
        raise ValidationError(wrong)
    said = [f"{line.place}, {cell.column.label}\u00a0: {cell.typed.strip() or 'plus rien'}" for line, cell in cells]
    row.values = said if first else [*row.values, *said]


def given(row):
    return {}


QUESTION = Question(
    RequestQuestion.FUNDING,
    "asks_fundings",
    asked=asked,
    form=form,
    told=told,
    same=same,
    take_in=take_in,
    context=context,
    given=given,
)
