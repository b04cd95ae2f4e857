"""The page that the foot of each mail opens: what one still wants to receive."""

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from pti import mail_choices
from pti.forms import PtiForm
from pti.views import from_a_mail


class MailChoiceForm(PtiForm):
    """What one no longer wants to receive: one line a kind of mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in mail_choices.registered():
            self.fields[kind.name] = forms.BooleanField(label=kind.label, required=False)

    @property
    def refused(self):
        return [name for name, is_refused in self.cleaned_data.items() if is_refused]


@from_a_mail
@require_http_methods(["GET", "HEAD", "POST"])
def mail_choices_page(request, signed):
    """Which mails one receives; the one-click header of mail programs stops those of its kind."""
    email = mail_choices.email_of(signed)
    if email is None:
        raise Http404
    one_click, done = request.POST.get("List-Unsubscribe") == "One-Click", False
    if one_click:
        mail_choices.refuse_all_of(email=email, key=request.GET.get("de", ""))
        done = True
    elif request.method == "POST":
        chosen = MailChoiceForm(request.POST)
        done = chosen.is_valid()
        mail_choices.choose(email=email, refused=chosen.refused)
    form = MailChoiceForm(initial=dict.fromkeys(mail_choices.refused_by(email), True))
    return render(request, "pti/mail_choices.html", {"form": form, "email": email, "done": done})
