"""« Cet engagement est-il tenu ? »: each commitment, asked of each partner who made it."""

from actions.campaigns.questions.base import Asked, Question
from actions.enums import RequestQuestion
from partners.enums import CommitmentState
from partners.forms import CommitmentUpdateForm
from partners.models import Commitment
from partners.services import tell_commitment

# What a choice of the mail says.
CHOICES = {"tenu": CommitmentState.KEPT, "en-cours": CommitmentState.ONGOING, "non-tenu": CommitmentState.NOT_KEPT}


def asked(campaign, wanted):
    """Each written commitment, once for each partner still there; those common to all are asked of nobody in particular."""
    rows = Commitment.objects.filter(pact=campaign.pact, is_common=False).exclude(text="").order_by("order", "id")
    found = []
    for one in rows.prefetch_related("partners__organisation"):
        bodies = [partner.organisation for partner in one.partners.all() if partner.left_on is None]
        found += [Asked({"commitment": one}, body) for body in bodies if not wanted or body.pk in wanted]
    return found


def last_of(row):
    """What the same body said of it before."""
    return row.commitment.updates.filter(organisation=row.organisation_id).first()


def context(row, choice):
    state = CHOICES.get(choice)
    return {"commitment": row.commitment, "last": last_of(row), "chosen": state, "chosen_words": state and state.label}


def given(row):
    return {"state": row.kept.state, "sentence": row.kept.sentence} if row.kept else {}


def form(row, data=None, choice="", given=None):
    state = CHOICES.get(choice)
    return CommitmentUpdateForm(data, initial=(given or {}) | ({"state": state.value} if state else {}))


def told(form):
    return {"state": form.cleaned_data["state"], "sentence": form.cleaned_data["sentence"]}


def same(row):
    """« Rien de nouveau »: what was said last, said again today."""
    last = last_of(row)
    return {"state": last.state} if last else None


def take_in(row, told, *, first, by, on_behalf, channel):
    """Write where the commitment stands, or write it again within a day."""
    if row.kept_id and not first:
        for name, value in told.items():
            setattr(row.kept, name, value)
        row.kept.save()
    else:
        speaker = {"by": by, "organisation": row.organisation, "on_behalf": on_behalf, "channel": channel}
        row.kept = tell_commitment(commitment=row.commitment, **speaker, **told)


QUESTION = Question(
    RequestQuestion.COMMITMENT,
    "asks_commitments",
    asked=asked,
    form=form,
    told=told,
    same=same,
    take_in=take_in,
    context=context,
    given=given,
)
