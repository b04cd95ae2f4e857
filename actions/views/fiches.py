"""The page of a fiche."""

from django.views.generic import DetailView

from actions.access import can_edit_action, can_edit_life
from actions.figures import funding_table, indicator_rows, indicator_years
from actions.models import Action
from actions.reading import fiche_or_404, is_open_without_name, leads_by_role, neighbours, steps_of, texts_of
from actions.turns import request_now
from pti.access import is_partner_on, is_staff_on
from pti.views import ScopedMixin

UPDATES_SHOWN = 3


def leads_with(action, user):
    """Like access.leads_action, on the leads already fetched."""
    if not is_partner_on(user, action.pact):
        return False
    own = set(user.memberships.values_list("organisation", flat=True))
    return any(lead.organisation_id in own for lead in action.leads.all() if lead.is_leading)


class ActionDetail(ScopedMixin, DetailView):
    """Where it stands, then what it says, then its figures."""

    model = Action
    template_name = "actions/action_detail.html"

    def get_object(self, queryset=None):
        return fiche_or_404(self.pact, self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        action, user, on = self.object, self.request.user, self.pact.reference_day
        updates = list(action.updates.all())
        steps, steps_words = steps_of(action, on)
        texts, empty_texts = texts_of(action)
        leads, past_leads = leads_by_role(action)
        indicators = list(action.indicators.all())
        years = indicator_years(indicators)
        before, after = neighbours(action)
        is_staff = is_staff_on(user, self.pact)
        leads_it = leads_with(action, user)
        return super().get_context_data(
            on=on,
            updates=updates[:UPDATES_SHOWN],
            older_updates=updates[UPDATES_SHOWN:],
            last_update=updates[0] if updates else None,
            last_words=next((one for one in updates if one.sentence or one.done or one.next_steps), None),
            blocking=[one for one in updates if one.is_blocking],
            steps=steps,
            steps_words=steps_words,
            texts=texts,
            empty_texts=empty_texts,
            leads=leads,
            past_leads=past_leads,
            is_open_without_name=is_open_without_name(action),
            indicators=indicators,
            indicator_years=years,
            indicator_rows=indicator_rows(indicators, years, on),
            fundings=funding_table(action.fundings.all()),
            before=before,
            after=after,
            may_edit=can_edit_action(user, action),
            may_edit_life=can_edit_life(user, action) and not action.withdrawn_on,
            may_update=(is_staff or leads_it) and not self.pact.is_amendment and not action.withdrawn_on,
            is_staff=is_staff,
            expects_update=self.pact.awaits_news and action.expects_update(on),
            collecting=request_now(action),
            **kwargs,
        )
