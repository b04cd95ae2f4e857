"""Organisations, shared by all pacts: what they are, the names they bore, who follows whom."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from partners import access
from partners.filters import OrganisationFilter
from partners.forms import OrganisationForm, RenameForm, SuccessionForm
from partners.models import Organisation, Partner
from partners.services import rename_organisation, succeed
from partners.tables import OrganisationTable
from pti.access import is_staff, require
from pti.forms import saved
from pti.views import TablePage


class OrganisationList(TablePage):
    """Every organisation of the base, for staff."""

    model = Organisation
    table_class = OrganisationTable
    filterset_class = OrganisationFilter
    template_name = "partners/organisation_list.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            require(access.can_list_organisations(request.user))


def organisation_or_404(request, pk):
    return get_object_or_404(Organisation.objects.visible_to(request.user).select_related("parent"), pk=pk)


def organisation_detail(request, pk):
    """One organisation: names and their dates, successions, services, and the pacts where it takes part."""
    organisation = organisation_or_404(request, pk)
    context = {
        "organisation": organisation,
        "names": list(organisation.names.all()),
        "before": list(organisation.successions_before.select_related("predecessor")),
        "after": list(organisation.successions_after.select_related("successor")),
        "services": list(organisation.services.all()),
        "places": list(
            Partner.objects.visible_to(request.user).filter(organisation=organisation).select_related("pact", "organisation")
        ),
        "may_write": access.can_write_organisation(request.user, organisation),
        "may_list": access.can_list_organisations(request.user),
    }
    return render(request, "partners/organisation_detail.html", context)


def organisation_add(request):
    require(is_staff(request.user))
    form = OrganisationForm(request.POST or None, user=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, "Organisme ajouté.")
        return redirect(form.instance)
    context = {
        "form": form,
        "title": "Ajouter un organisme",
        "verb": "Ajouter l’organisme",
        "back": reverse("partners:organisation_list"),
    }
    return render(request, "partners/organisation_form.html", context)


def writable_organisation(request, pk):
    organisation = organisation_or_404(request, pk)
    require(access.can_write_organisation(request.user, organisation))
    return organisation


def page(request, organisation, form, *, title, verb):
    context = {"form": form, "title": title, "verb": verb, "back": organisation.get_absolute_url()}
    return render(request, "partners/organisation_form.html", context)


def organisation_edit(request, pk):
    """Everything but the name."""
    organisation = writable_organisation(request, pk)
    form = OrganisationForm(request.POST or None, instance=organisation, user=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, "Organisme enregistré.")
        return redirect(organisation)
    return page(request, organisation, form, title=f"Modifier {organisation}", verb="Enregistrer l’organisme")


def deed(request, form, act, done):
    """Do `act` with what a valid form says; a refusal comes back beside its field."""
    if not form.is_valid():
        return False
    try:
        act(**form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, done)
    return True


def organisation_rename(request, pk):
    """A new name from a day on; the former one stays as « ex- »."""
    organisation = writable_organisation(request, pk)
    form = RenameForm(request.POST or None, organisation=organisation)

    def act(**data):
        rename_organisation(organisation=organisation, by=request.user, **data)

    if request.method == "POST" and deed(request, form, act, "Nouveau nom enregistré."):
        return redirect(organisation)
    return page(request, organisation, form, title=f"Renommer {organisation}", verb="Enregistrer le nouveau nom")


def organisation_succeed(request, pk):
    """Merged into, or split and followed by, another organisation."""
    organisation = writable_organisation(request, pk)
    form = SuccessionForm(request.POST or None, organisation=organisation, user=request.user)

    def act(**data):
        succeed(predecessor=organisation, by=request.user, **data)

    if request.method == "POST" and deed(request, form, act, "Succession enregistrée."):
        return redirect(organisation)
    return page(request, organisation, form, title=f"Qui succède à {organisation} ?", verb="Enregistrer la succession")
