"""What was sent to whom in the name of a pact, what came back, which addresses are wrong."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from actions.access import can_follow_campaigns
from actions.addresses import settled_by
from actions.campaigns.mails import correct_address
from actions.forms.mails import AddressForm, BounceForm
from actions.models import CampaignRequest
from partners.models import Contact
from pti.access import require
from pti.dates import today
from pti.models import OutgoingMail, RefusedAddress
from pti.outbox import refuse_address
from pti.typography import plural
from pti.views import ROWS_A_PAGE, pact_or_404


def mail_log(request, pact_pk):
    """The mails of the pact, the last first; its wrong addresses before them."""
    pact = staff_pact(request, pact_pk)
    rows, only_back = OutgoingMail.objects.filter(pact=pact).defer("text", "html"), request.GET.get("etat") == "retours"
    if only_back:
        rows = rows.exclude(failed_at=None, bounced_on=None)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    refused = list(refused_of(pact))
    settled = settled_by(request.user, pact, [one.email for one in refused])
    refused = [(one, one.email in settled) for one in refused]
    context = {"pact": pact, "page": page, "only_back": only_back, "refused": refused}
    return render(request, "actions/mail_log.html", context)


def staff_pact(request, pact_pk):
    pact = pact_or_404(request.user, pact_pk)
    require(can_follow_campaigns(request.user, pact))
    return pact


def refused_of(pact):
    """Refused addresses to which this pact wrote, or would write."""
    written = OutgoingMail.objects.filter(pact=pact).values("to")
    people = Contact.objects.filter(pact=pact.people_pact_id).exclude(email="").values("email")
    asked = CampaignRequest.objects.filter(campaign__pact=pact, campaign__closed_on=None).exclude(person_email="")
    known = Q(email__in=written) | Q(email__in=people) | Q(email__in=asked.values("person_email"))
    return RefusedAddress.objects.filter(known)


@require_http_methods(["GET", "POST"])
def mail_bounced(request, pact_pk, pk):
    """« Signaler un retour »: the mail came back to the sender, hours later."""
    pact = staff_pact(request, pact_pk)
    mail = get_object_or_404(OutgoingMail.objects.filter(pact=pact).exclude(sent_at=None), pk=pk)
    form = BounceForm(request.POST or None, may_block=bool(settled_by(request.user, pact, [mail.to])))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            OutgoingMail.objects.filter(pk=mail.pk).mark_bounced(today(), form.cleaned_data["reason"])
            if form.cleaned_data.get("for_good"):
                refuse_address(mail.to, form.cleaned_data["reason"])
        messages.success(request, "Retour enregistré.")
        return redirect("actions:mail_log", pact.pk)
    return render(request, "actions/mail_bounced.html", {"pact": pact, "mail": mail, "form": form})


@require_http_methods(["GET", "POST"])
def address_correct(request, pact_pk, pk):
    """The right address of whoever could not be reached."""
    pact = staff_pact(request, pact_pk)
    address = get_object_or_404(refused_of(pact), pk=pk)
    require(settled_by(request.user, pact, [address.email]))
    form = AddressForm(request.POST or None, initial={"email": address.email})
    if form.is_valid():
        with transaction.atomic():
            count = correct_address(pact, address.email, form.cleaned_data["email"].lower())
        more = f" {plural(count, 'courriel')} en partance." if count else ""
        messages.success(request, f"Adresse enregistrée.{more}")
        return redirect("actions:mail_log", pact.pk)
    return render(request, "actions/address_correct.html", {"pact": pact, "address": address, "form": form})
