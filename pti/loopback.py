"""The demonstration answers to this machine only, whatever server was started by hand."""

from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponseForbidden

REFUSAL = "La démonstration ne répond qu’à la machine qui la porte."
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


def is_loopback(host):
    """True for an address of this machine that no other reaches."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class DemoOnLoopbackMiddleware:
    """In demonstration mode, refuse whoever comes from elsewhere, through a proxy included."""

    def __init__(self, get_response):
        if not settings.DEMO:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        forwarded = any(name in request.META for name in FORWARDED)
        if forwarded or not is_loopback(request.META.get("REMOTE_ADDR", "")):
            return HttpResponseForbidden(REFUSAL, content_type="text/plain; charset=utf-8")
        return self.get_response(request)
