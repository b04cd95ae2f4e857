"""The entrance: a one-time code by mail, then a second factor for officers and animators.

allauth does the work; here are its words, what it must refuse, and the gate that staff meet without a second factor.
"""

import logging
import math

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import RequestLoginCodeView
from allauth.core.internal.ratelimit import parse_rates
from allauth.decorators import rate_limit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from pti import typography
from pti.access import is_staff
from pti.demo import personas
from pti.models import Brand, User

logger = logging.getLogger(__name__)

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
PROVED = "second_factor_of"
# What a staff member may reach before her second factor, beside the public pages: its enrolment, its proof, the way out.
OPEN_WITHOUT_FACTOR = frozenset(
    {
        "account_logout",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
TOO_MANY = "Trop d’essais. Attendez une minute, puis demandez un nouveau code."
WRONG_CODE = "Ce code n’est pas le bon. Recopiez celui du dernier courriel reçu."
TOO_MANY_OF_FACTOR = "Trop d’essais. Attendez {}, puis saisissez le code que votre application affichera."
NOT_SENT = "Le courriel n’a pas pu partir : le serveur de courriels ne répond pas. Réessayez dans quelques minutes."
WRONG_FACTOR = "Ce code n’est pas le bon. Recopiez celui qui s’affiche en ce moment dans votre application."


def needs_second_factor(user):
    """Officers, animators and superusers prove a second factor."""
    return settings.STAFF_SECOND_FACTOR and (user.is_superuser or is_staff(user))


def has_second_factor(user):
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


class Backend(AuthenticationBackend):
    """allauth's, which reads the person of a session and her roles in one question: every page asks for both."""

    def get_user(self, user_id):
        user = User.objects.with_roles(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation; the words are ours."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request):
        return False


class FactorAdapter(DefaultMFAAdapter):
    """Second factor: the words are ours, and staff keep at least one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_FACTOR,
        "cannot_delete_authenticator": "Ajoutez d’abord un autre second facteur : votre rôle en demande un.",
    }

    def get_totp_issuer(self):
        return f"Pacte insertion {Brand.current().name}"

    def can_delete_authenticator(self, authenticator):
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
        return not needs_second_factor(authenticator.user) or others.exists()


class AskCodeForm(RequestLoginCodeForm):
    """Address to which a code is sent, known or not."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["email"]
        field.label = "Votre adresse électronique professionnelle"
        field.help_text = "Nous vous envoyons un code valable 15 minutes. Aucun mot de passe à retenir."
        field.error_messages["required"] = "Saisissez votre adresse électronique."
        field.error_messages["invalid"] = "Saisissez une adresse comme prenom.nom@organisme.fr."
        field.widget.attrs.pop("placeholder", None)


def word_code_field(form, label, help_text):
    field = form.fields["code"]
    field.label, field.help_text = label, help_text
    field.error_messages["required"] = "Saisissez le code."
    field.widget.attrs.pop("placeholder", None)


class TypeCodeForm(ConfirmLoginCodeForm):
    """The code received by mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word_code_field(self, "Code reçu par courriel", "Majuscules, minuscules et tirets sont indifférents.")


class PatientForm:
    """After too many codes of the application, says how long to wait: no new code is to be asked for."""

    def clean_code(self):
        try:
            return super().clean_code()
        except ValidationError as error:
            if error.code not in ("too_many_login_attempts", "rate_limited"):
                raise
            minutes = typography.plural(math.ceil(longest_wait() / 60), "minute")
            raise ValidationError(TOO_MANY_OF_FACTOR.format(minutes), code=error.code) from None


def longest_wait():
    """Seconds after which no failed code counts any more, whichever limit was met."""
    return max(rate.duration for rate in parse_rates(account_settings.RATE_LIMITS["login_failed"]))


class ActivateAppForm(PatientForm, ActivateTOTPForm):
    """First code of the application that has just been enrolled."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word_code_field(self, "Code affiché par l’application", "Six chiffres, renouvelés toutes les 30 secondes.")


class AddKeyForm(AddWebAuthnForm):
    """A security key, under the name by which its owner knows it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Nom de la clé"
        self.fields["name"].help_text = "Pour la reconnaître : clé du bureau, empreinte du portable…"


class FactorCodeForm(PatientForm, AuthenticateForm):
    """Code of the application, or one of the recovery codes; `has_key`: a security key may be used instead."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_key = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.WEBAUTHN).exists()
        word_code_field(self, "Code de votre application", "Six chiffres, ou un de vos codes de secours.")


class FactorCodeAgainForm(PatientForm, ReauthenticateForm):
    """The same, asked again before a delicate change."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word_code_field(self, "Code de votre application", "Six chiffres, ou un de vos codes de secours.")


@method_decorator(never_cache, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
@method_decorator(rate_limit(action="login"), name="dispatch")
class LoginView(RequestLoginCodeView):
    """Ask a code by mail. The page that follows is the same for an address that nobody bears."""

    template_name = "account/login.html"

    def form_valid(self, form):
        try:
            response = super().form_valid(form)
            if form._user is None:
                get_account_adapter().send_mail("account/email/unknown_account", form.cleaned_data["email"], {})
        except OSError:  # the mail server does not answer, or refuses: known address or not
            logger.exception("Un code de connexion n’est pas parti.")
            form.add_error(None, NOT_SENT)
            return self.form_invalid(form)
        return response

    def get_context_data(self, **kwargs):
        return super().get_context_data(personas=personas(), **kwargs)


class SecondFactorMiddleware:
    """Staff who have not proved a second factor in this session reach its enrolment and nowhere else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        user = request.user
        if not user.is_authenticated or request.session.get(PROVED) == user.pk:
            return None
        if not needs_second_factor(user):
            return None
        request.awaits_factor = True  # the bar shows no pact: each of its links would come back here
        is_public = not getattr(view_func, "login_required", True)
        if is_public or request.resolver_match.view_name in OPEN_WITHOUT_FACTOR:
            return None
        return redirect("mfa_reauthenticate" if has_second_factor(user) else "mfa_index")


class PrivatePagesMiddleware:
    """What a person reads once she is in is kept by no proxy, and asked again after she has left."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_cache=True)
        return response


def remember_proof(request, user, **kwargs):
    """This session has proved a second factor of `user`."""
    request.session[PROVED] = user.pk


def remember_enrolment(request, user, **kwargs):
    """Enrolling is proving: the recovery codes that come next show without asking again."""
    remember_proof(request, user)
    record_authentication(request, user, "mfa", reauthenticated=True)


def forget_proof(request, user, **kwargs):
    if not has_second_factor(user):
        request.session.pop(PROVED, None)


def connect():
    """Follow the second factor of each session; allauth tells it by signals only."""
    authenticator_added.connect(remember_enrolment, dispatch_uid="pti-factor-added")
    authenticator_used.connect(remember_proof, dispatch_uid="pti-factor-used")
    authenticator_removed.connect(forget_proof, dispatch_uid="pti-factor-removed")
