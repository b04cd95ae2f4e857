"""The public page that says whether a document is the signed version of a pact. The file is hashed as it comes, never kept."""

import re

from allauth.core import ratelimit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from partners.signing.verify import find
from pti.forms import PtiForm
from pti.hashing import HashingHandler

LIMIT = 30 * 1024 * 1024
TOO_BIG = "Ce fichier dépasse 30\u00a0Mo : calculez son empreinte SHA-256 sur votre poste, et saisissez-la."
TOO_MANY = "Trop de vérifications depuis votre réseau. Attendez une minute, puis recommencez."


class VerifyForm(PtiForm):
    """A file, or its fingerprint."""

    one_of = ("file", "sha256")

    file = forms.FileField(
        label="Le PDF à vérifier",
        required=False,
        help_text="30 Mo au plus. Son empreinte est calculée au passage ; le fichier n’est ni lu ni gardé.",
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
    )
    sha256 = forms.CharField(
        label="Ou son empreinte SHA-256",
        required=False,
        max_length=200,
        help_text="64 chiffres et lettres de a à f ; les espaces ne gênent pas.",
    )

    def clean_sha256(self):
        typed = re.sub(r"\s", "", self.cleaned_data["sha256"]).lower()
        if typed and not re.fullmatch(r"[0-9a-f]{64}", typed):
            raise ValidationError("Une empreinte SHA-256 compte 64 chiffres et lettres de a à f : vérifiez ce qui est saisi.")
        return typed

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("file") and not data.get("sha256"):
            raise ValidationError("Choisissez un fichier, ou saisissez son empreinte.")
        return data

    @property
    def fingerprint(self):
        """The SHA-256 of what was sent."""
        file = self.cleaned_data["file"]
        return file.sha256 if file else self.cleaned_data["sha256"]


@login_not_required
@never_cache
@csrf_exempt  # until the upload handler is in place: the token is checked by `answer`
@require_http_methods(["GET", "POST"])
def verify(request):
    """Ask for a document, say what it is."""
    handler = HashingHandler(request, limit=LIMIT)
    request.upload_handlers = [handler]
    return answer(request, handler)


@csrf_protect
def answer(request, handler):
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    context, status = {"form": form}, 200
    if request.method == "POST":
        if not ratelimit.consume(request, action="verify_document"):
            context["problem"], status = TOO_MANY, 429
        elif handler.too_big:
            context["problem"], status = TOO_BIG, 413
        elif form.is_valid():
            context |= {"asked": form.fingerprint, "found": find(form.fingerprint)}
    return render(request, "partners/verify.html", context, status=status)
