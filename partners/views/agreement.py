"""The agreement on line: read and tick, then type the code received by mail."""

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from partners import access
from partners.signing import agreement
from partners.signing.file import file_of
from partners.views.signing_file import partner_of_file
from pti.access import require
from pti.forms import ALREADY, PtiForm
from pti.version_page import read

TOO_MANY = "Trop de codes demandés. Attendez une minute, puis recommencez."


class ReadForm(PtiForm):
    """What the signatory ticks before any code is sent."""

    read = forms.BooleanField(label=agreement.READ.removesuffix("."))
    given = forms.BooleanField(label=agreement.GIVEN.removesuffix("."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["read"].error_messages["required"] = "Lisez le texte, puis cochez cette case."
        self.fields["given"].error_messages["required"] = "Sans votre accord, rien n’est enregistré."


class CodeForm(PtiForm):
    """The code received by mail."""

    code = forms.CharField(
        label="Code reçu par courriel", max_length=20, help_text="Majuscules, minuscules et tirets sont indifférents."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "autofocus": True}
        self.fields["code"].error_messages["required"] = "Saisissez le code."


def ready(request, pact_pk, pk):
    """The pact, the partner and its file, when the person is its named signatory and there is something to sign."""
    pact, partner = partner_of_file(request, pact_pk, pk)
    file = file_of(partner)
    require(access.can_agree(request.user, partner, file.signatory))
    return pact, partner, file


@never_cache
def agreement_read(request, pact_pk, pk):
    """The whole text, then the two boxes; ticking them sends the code."""
    pact, partner, file = ready(request, pact_pk, pk)
    if not file.is_open:
        return redirect(partner.signing_file_url())
    form = ReadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if ratelimit.consume(request, action="agreement_code", user=request.user):
            agreement.send_code(user=request.user, partner=partner, version=file.version)
            return redirect("partners:agreement_code", pact.pk, partner.pk)
        form.add_error(None, TOO_MANY)
    context = {
        "pact": pact,
        "partner": partner,
        "file": file,
        "form": form,
        "document": read(file.version.content),
        "nature": agreement.NATURE,
    }
    return render(request, "partners/agreement_read.html", context)


@never_cache
def agreement_code(request, pact_pk, pk):
    """The code: once it is right, the agreement is recorded with its proof."""
    pact, partner, file = ready(request, pact_pk, pk)
    if not file.is_open or agreement.live_code(request.user, partner) is None:
        if file.is_open:
            messages.error(request, agreement.EXPIRED)
            return redirect("partners:agreement_read", pact.pk, partner.pk)
        return redirect(partner.signing_file_url())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and recorded(request, file, form):
        messages.success(request, "Accord enregistré. Sa preuve est au dossier.")
        return redirect(partner.signing_file_url())
    context = {
        "pact": pact,
        "partner": partner,
        "file": file,
        "form": form,
        "to": agreement.masked(request.user.email),
        "nature": agreement.NATURE,
    }
    return render(request, "partners/agreement_code.html", context)


def recorded(request, file, form):
    """Check the code and record the agreement; what refuses it becomes an error of the form."""
    try:
        code = agreement.check_code(user=request.user, partner=file.partner, typed=form.cleaned_data["code"])
        agreement.agree(
            code=code,
            signatory=file.signatory,
            by=request.user,
            address=get_adapter().get_client_ip(request),
        )
    except ValidationError as error:
        form.add_error("code", " ".join(error.messages))
        return False
    except IntegrityError:  # the same thing, saved by someone else since the check
        form.add_error(None, ALREADY)
        return False
    return True
