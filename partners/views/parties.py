"""Who approves and signs an amendment: all the signatories of the pact, or those that are named."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from partners.forms import PartiesForm
from partners.services import name_parties
from pti.access import can_write_frame, require
from pti.pact_views.amendments import amendment_or_404


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
    concerned = amendment.partners.signatories().select_related("organisation").order_by("order", "id")
    context = {"pact": pact, "amendment": amendment, "form": form, "may_write": may_write, "concerned": concerned}
    return render(request, "partners/amendment_parties.html", context)


def named(amendment, form, user):
    try:
        name_parties(amendment=amendment, concerned=form.cleaned_data["concerned"], by=user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
