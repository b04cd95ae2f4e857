"""The signature file of one partner, who signs for it, its refusal."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from partners import access
from partners.models import Refusal, Signatory
from partners.signing import deeds
from partners.signing.file import file_of, happenings, remaining, turn_of_file
from partners.signing.forms import LiftingForm, RefusalForm, SignatoryForm
from partners.views.partner import partner_or_404
from pti.access import is_staff_on, require
from pti.forms import saved
from pti.views import pact_or_404


def partner_of_file(request, pact_pk, pk, may=access.can_open_file):
    """The pact and a partner whose file the person may open."""
    pact, partner = partner_or_404(request, pact_pk, pk, with_signing=True)
    require(may(request.user, partner))
    return pact, partner


def signing_file(request, pact_pk, pk):
    """What the partner approved and signed, what remains, whose turn it is."""
    pact, partner = partner_of_file(request, pact_pk, pk)
    user, file = request.user, file_of(partner)
    context = {
        "pact": pact,
        "partner": partner,
        "file": file,
        "whose": turn_of_file(user, file),
        "remaining": remaining(user, file),
        "happenings": happenings(file),
        "is_staff": is_staff_on(user, pact),
        "may_record": access.can_record(user, partner) and not partner.left_on,
        "may_name": access.can_name_signatory(user, partner) and not partner.left_on,
        "may_correct": access.can_correct_signature(user, partner),
        "may_agree": access.can_agree(user, partner, file.signatory),
    }
    return render(request, "partners/signing_file.html", context)


def filed(request, pact, partner, form, *, title, verb, done):
    """One form of the file: save, say so, go back to the file."""
    if request.method == "POST" and saved(form):
        messages.success(request, done)
        return redirect(partner.signing_file_url())
    context = {"pact": pact, "partner": partner, "form": form, "title": f"{title} : {partner}", "verb": verb}
    return render(request, "partners/signing_file_form.html", context)


def signatory_add(request, pact_pk, pk):
    """Name who signs for the partner, or who signs from now on."""
    pact, partner = partner_of_file(request, pact_pk, pk, access.can_name_signatory)
    form = SignatoryForm(request.POST or None, request.FILES or None, instance=Signatory(partner=partner), by=request.user)
    title = "Changer de signataire" if form.before else "Dire qui signe"
    return filed(request, pact, partner, form, title=title, verb="Enregistrer le signataire", done="Signataire enregistré.")


def refusal_add(request, pact_pk, pk):
    """The partner will not sign: when, who decided, why."""
    pact, partner = partner_of_file(request, pact_pk, pk, access.can_record)
    form = RefusalForm(request.POST or None, request.FILES or None, instance=Refusal(partner=partner), by=request.user)
    return filed(request, pact, partner, form, title="Refus de signer", verb="Enregistrer le refus", done="Refus enregistré.")


def refusal_lift(request, pact_pk, pk):
    """The partner changes its mind; its refusal stays in the file, dated."""
    pact = pact_or_404(request.user, pact_pk)
    rows = Refusal.objects.filter(partner__pact=pact, lifted_on=None).select_related("partner__pact", "partner__organisation")
    row = get_object_or_404(rows, pk=pk)
    require(access.can_record(request.user, row.partner))
    form = LiftingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        deeds.lift_refusal(refusal=row, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, "Refus levé : la signature est de nouveau attendue.")
        return redirect(row.partner.signing_file_url())
    context = {
        "pact": pact,
        "partner": row.partner,
        "form": form,
        "title": f"Lever le refus : {row.partner}",
        "verb": "Lever le refus",
    }
    return render(request, "partners/signing_file_form.html", context)
