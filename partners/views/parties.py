"""Who approves and signs an amendment: all the signatories of the pact, or those that are named, and who signs for each."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from partners import access
from partners.enums import Standing
from partners.forms import PartiesForm
from partners.models import Partner
from partners.services import name_parties
from partners.signing.deeds import open_signatories
from pti.access import can_write_frame, require
from pti.pact_views.amendments import amendment_or_404


@dataclass
class Party:
    """A signatory of the pact: whether the amendment concerns it, who signs for it."""

    partner: Partner
    is_ticked: bool
    signatory: object
    may_name: bool


def amendment_parties(request, pact_pk, number):
    """Read by all; ticked by staff while the amendment may be written."""
    pact, amendment = amendment_or_404(request.user, pact_pk, number)
    may_write = can_write_frame(request.user, amendment)
    form = PartiesForm(request.POST or None, amendment=amendment)
    if request.method == "POST":
        require(may_write)
        if form.is_valid() and named(amendment, form, request.user):
            messages.success(request, "C’est enregistré : on n’attendra que ces signataires.")
            return redirect("amendment_detail", pact.pk, number)
    context = {"pact": pact, "amendment": amendment, "form": form, "may_write": may_write}
    context["parties"] = parties_of(request.user, amendment, form)
    return render(request, "partners/amendment_parties.html", context)


def parties_of(user, amendment, form):
    """[Party], ticked as the base holds them or as they were sent; two queries."""
    signing = open_signatories(amendment)
    rows = Partner.objects.filter(pact=amendment, standing=Standing.SIGNATORY).present()
    sent = set(form.data.getlist("concerned")) if form.is_bound else None
    found = []
    for partner in rows.select_related("organisation").order_by("order", "id"):
        partner.pact = amendment
        is_ticked = partner.is_concerned if sent is None else str(partner.pk) in sent
        found.append(Party(partner, is_ticked, signing.get(partner.pk), access.can_name_signatory(user, partner)))
    return found


def named(amendment, form, user):
    try:
        name_parties(amendment=amendment, concerned=form.cleaned_data["concerned"], by=user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
