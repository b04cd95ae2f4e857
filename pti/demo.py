"""Demonstration mode: one-click personas, and the mailbox where every mail stays. Nothing here exists otherwise."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pti.models import DemoMail, User


@dataclass(frozen=True)
class Persona:
    """An invented person whom one click becomes. Her address ends in `.example`, so that nobody real bears it."""

    key: str
    email: str
    first_name: str
    last_name: str
    function: str


PERSONAS = (
    Persona("animatrice", "nadia.berthelot@departement.example", "Nadia", "Berthelot", "Animatrice du pacte, Département"),
    Persona("agente", "sophie.delaunay@departement.example", "Sophie", "Delaunay", "Agente du Département, insertion"),
    Persona("elue", "helene.garnier@departement.example", "Hélène", "Garnier", "Vice-présidente du Département"),
    Persona("partenaire-caf", "claire.morvan@caf.example", "Claire", "Morvan", "Référente PTI, CAF Touraine"),
    Persona("partenaire-ars", "julien.perrin@ars.example", "Julien", "Perrin", "Référent PTI, ARS"),
    Persona("partenaire-emploi", "karim.lefort@pole-emploi.example", "Karim", "Lefort", "Référent PTI, Pôle emploi"),
    Persona("autre-pacte", "anne.roche@autre-pacte.example", "Anne", "Roche", "Partenaire d’un autre pacte"),
)  # fmt: skip


def personas():
    """The personas that the login page offers; none outside the demonstration."""
    return PERSONAS if settings.DEMO else ()


@login_not_required
@require_POST
def enter_as_persona(request, key):
    """Log in as a persona, in one click, and go on to the page that asked for it (a link of a mail, a form one was in)."""
    persona = next((persona for persona in personas() if persona.key == key), None)
    if persona is None:
        raise Http404
    user = get_object_or_404(User, email=persona.email, is_active=True, is_superuser=False)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    asked = request.GET.get("next", "")
    return redirect(asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else "home")


@login_not_required
@never_cache
def demo_mailbox(request):
    """Mails that the application would have sent, login codes included: hence only in demonstration mode."""
    if not settings.DEMO:
        raise Http404
    page = Paginator(DemoMail.objects.all(), 25).get_page(request.GET.get("page"))
    return render(request, "pti/demo_mailbox.html", {"page": page})
