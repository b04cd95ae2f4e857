"""Pages that are only words and look: help, site map, the three public texts, the département's colours and logo."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from pti import access, colours, files
from pti.enums import LegalTextKind, Role
from pti.legal_defaults import default_text
from pti.models import Brand, LegalText
from pti.navigation import Navigation

A_YEAR = 31_536_000


def legal_html(kind, brand):
    """The animator's text, or the default one; its headings take the levels under the page's own."""
    row = LegalText.objects.filter(kind=kind).first()
    text = row.text if row and row.text else default_text(kind, brand)
    for inner, outer in (("h4", "h2"), ("h5", "h3")):
        text = text.replace(f"<{inner}>", f"<{outer}>").replace(f"</{inner}>", f"</{outer}>")
    return mark_safe(text)  # clean since it was stored (RichTextField), or ours


def legal_page(kind):
    """The view of one public text."""

    @login_not_required
    @require_safe
    def view(request):
        text = legal_html(kind, Brand.current())
        return render(request, "pti/legal_page.html", {"title": LegalTextKind(kind).label, "text": text})

    return view


def brand_etag(request):
    brand = Brand.current()
    return f'"{brand.brand}{brand.accent}"'


@login_not_required
@require_safe
@cache_control(public=True, max_age=A_YEAR)
@condition(etag_func=brand_etag)
def brand_css(request):
    """The seven properties of the brand; the address carries the colours, so a year of cache is right."""
    brand = Brand.current()
    return HttpResponse(colours.stylesheet(brand.brand, brand.accent), content_type="text/css; charset=utf-8")


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def brand_logo(request):
    """The logo, a PNG or a JPEG by its content."""
    brand = Brand.current()
    if not brand.logo or not brand.logo.storage.exists(brand.logo.name):
        raise Http404
    file = brand.logo.open()
    mime = files.content_type(file)
    if mime not in ("image/png", "image/jpeg"):
        raise Http404
    return FileResponse(file, content_type=mime, headers={"X-Content-Type-Options": "nosniff"})


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def favicon(request):
    """The address that browsers ask by themselves for what carries no icon: a PDF, a file of the settings room."""
    return redirect(static("favicon.svg"))


@require_safe
def help_page(request):
    """Short help, the part of the person's own roles first."""
    roles = set(request.user.roles.values())
    context = {
        "is_staff": access.is_staff(request.user),
        "is_animator": access.is_animator(request.user),
        "is_partner": Role.PARTNER in roles,
        "is_reader": Role.READER in roles,
    }
    return render(request, "pti/help.html", context)


@require_safe
def site_map(request):
    """Every page that the person may open from the menus, pact by pact."""
    nav = Navigation(request)
    pacts = [(f"pacte-{pact.pk}", str(pact), pact, nav.rooms_on(pact)) for pact in nav.pacts]
    return render(request, "pti/site_map.html", {"pacts": pacts})
