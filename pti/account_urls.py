"""Account addresses that we use, among those that allauth offers: no sign-up, no password, no e-mail management."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from pti.login import LoginView

urlpatterns = [
    path("connexion/", LoginView.as_view(), name="account_login"),
    # allauth sends back to this name when a code has expired or failed.
    path("connexion/", LoginView.as_view(), name="account_request_login_code"),
    path("connexion/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("connexion/second-facteur/", factor.authenticate, name="mfa_authenticate"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("ferme/", account.account_inactive, name="account_inactive"),
    path("second-facteur/", factor.index, name="mfa_index"),
    path("second-facteur/confirmer/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("second-facteur/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-facteur/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-facteur/cles/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("second-facteur/cles/ajouter/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("second-facteur/cles/confirmer/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("second-facteur/cles/<int:pk>/retirer/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("second-facteur/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-facteur/codes/nouveaux/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
