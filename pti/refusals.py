"""A write of the text that no page foresaw and that the text refuses: said in a page, never a failure."""

from django.shortcuts import render

from pti.contract import FrozenText


class FrozenTextMiddleware:
    """Turns the refusal of a frozen text, or of what an amendment does not open, into a 403 that says why."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, FrozenText):
            return render(request, "403.html", {"refusal": exception.message}, status=403)
        return None
