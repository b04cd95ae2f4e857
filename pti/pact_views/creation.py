"""A new pact: blank, from a file, from another pact."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from pti import importing
from pti.access import can_create_pact, require
from pti.facts import FactsError
from pti.life_forms import CopyForm, ImportForm
from pti.models import Pact
from pti.pact_forms import PactForm
from pti.services import become_animator, create_from, create_pact


def pact_create(request):
    """The three ways."""
    require(can_create_pact(request.user))
    context = {"has_pacts": Pact.objects.visible_to(request.user).ordinary().exists()}
    return render(request, "pti/pact_create.html", context)


def pact_create_blank(request):
    """A blank page: what names the pact, then its frame."""
    require(can_create_pact(request.user))
    form = PactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        pact = create_pact(by=request.user, **form.cleaned_data)
        messages.success(request, "Pacte créé, en cadrage. Posez son cadre : les partenaires ne le voient pas encore.")
        return redirect("pact_write", pact.pk)
    context = {"form": form, "title": "Créer un pacte vide", "verb": "Créer le pacte"}
    return render(request, "pti/pact_create_form.html", context)


def pact_create_copy(request):
    """From another pact of the base, keeping what is ticked."""
    require(can_create_pact(request.user))
    form = CopyForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        pact = create_from(
            data["source"],
            title=data["title"],
            by=request.user,
            keep=data["keep"],
            years=data["years"],
            running_only=data["running_only"],
        )
        become_animator(pact, request.user)
        messages.success(request, "Pacte créé. Voici ce qui y parle encore de l’ancien.")
        return redirect("pact_traces", pact.pk)
    context = {"form": form, "title": "Créer à partir d’un autre pacte", "verb": "Créer le pacte"}
    return render(request, "pti/pact_create_form.html", context)


def pact_create_import(request):
    """From a file; every error is shown with its path, and nothing is saved."""
    require(can_create_pact(request.user))
    form = ImportForm(request.POST or None, request.FILES or None)
    errors = []
    if request.method == "POST" and form.is_valid():
        try:
            pact, warnings = importing.import_file(form.cleaned_data["file"].read(), by=request.user)
        except FactsError as error:
            errors = error.errors
        except ValidationError as error:
            errors = error.messages
        else:
            become_animator(pact, request.user)
            messages.success(request, "Pacte importé.")
            for warning in warnings:
                messages.warning(request, warning)
            return redirect("pact_detail", pact.pk)
    context = {"form": form, "errors": errors, "title": "Créer à partir d’un fichier", "verb": "Importer le pacte"}
    return render(request, "pti/pact_import.html", context)
