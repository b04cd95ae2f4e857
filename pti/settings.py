"""Settings, read from the environment and from `.env`; `.env.example` explains every variable."""

from pathlib import Path

import environ
from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured

from pti.loopback import is_loopback

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
environ.Env.read_env(env("ENV_FILE", default=str(BASE_DIR / ".env")))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY manque : lancez ./run une fois, ou écrivez-la dans .env (voir .env.example).")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# The embedded base, unless DATABASE_URL names another. `./run` notes in var/mode what it made of it.
DATABASE_URL = env("DATABASE_URL", default="")
EMBEDDED_BASE = None if DATABASE_URL else VAR_DIR / "pti.sqlite3"
MODE_FILE = VAR_DIR / "mode"
BASE_MODE = MODE_FILE.read_text().strip() if EMBEDDED_BASE and MODE_FILE.exists() else ""
if EMBEDDED_BASE:
    VAR_DIR.mkdir(mode=0o700, exist_ok=True)

# Demonstration mode: one-click personas, mail kept in the base, no second factor. So: SQLite and this machine only.
DEMO = env.bool("DEMO", default=BASE_MODE == "demonstration")
if DEMO and not (DATABASE_URL or "sqlite:").startswith("sqlite:"):
    raise ImproperlyConfigured("La démonstration n’a lieu que sur la base embarquée : retirez DEMO ou DATABASE_URL.")
if DEMO and not is_loopback(env("BIND", default="127.0.0.1")):
    raise ImproperlyConfigured("La démonstration ne se sert que sur 127.0.0.1 : retirez DEMO ou BIND.")
# Officers and animators prove a second factor; only the demonstration may do without.
STAFF_SECOND_FACTOR = not DEMO
# The benches and the tests fix the day (ISO date); empty means today.
REFERENCE_DAY = env("REFERENCE_DAY", default="")

INSTALLED_APPS = [
    "pti.apps.PtiConfig",
    "partners.apps.PartnersConfig",
    "actions.apps.ActionsConfig",
    "governance.apps.GovernanceConfig",
    "evaluation.apps.EvaluationConfig",
    "pti.apps.PtiAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prose_editor",
    "django_tables2",
    "simple_history",
]

MIDDLEWARE = [
    "pti.loopback.DemoOnLoopbackMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages travel compressed, with a padding of random length against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pti.login.PrivatePagesMiddleware",
    "pti.login.SecondFactorMiddleware",
    "pti.refusals.FrozenTextMiddleware",
]

ROOT_URLCONF = "pti.urls"
WSGI_APPLICATION = "pti.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["pti.template_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "pti.navigation.context",
            ],
        },
    },
]

DATABASES = {"default": env.db_url_config(DATABASE_URL or f"sqlite:///{EMBEDDED_BASE}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    # A server started again meanwhile refuses nobody: a kept connection is tried before it serves again.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# Rate limits live in the cache: the base, so that every worker counts together. Room enough for nobody's to be pushed out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "pti_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "pti.User"
AUTHENTICATION_BACKENDS = ["pti.login.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
# Address of the application, for the links in mails.
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")

# Entrance (pti/login.py): a code by mail, no password, no sign-up.
ACCOUNT_ADAPTER = "pti.login.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # our own view writes to them, without a link to a sign-up
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Fifteen requests a minute from one address of the network, three codes a minute for one mailbox.
ACCOUNT_RATE_LIMITS = {
    "login": "15/m/ip",
    "request_login_code": "3/m/key",
    "agreement_code": "3/m/user",
    "verify_document": "20/m/ip",
}
ACCOUNT_FORMS = {"request_login_code": "pti.login.AskCodeForm", "confirm_login_code": "pti.login.TypeCodeForm"}
MFA_ADAPTER = "pti.login.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "pti.login.FactorCodeForm",
    "reauthenticate": "pti.login.FactorCodeAgainForm",
    "activate_totp": "pti.login.ActivateAppForm",
    "add_webauthn": "pti.login.AddKeyForm",
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Uploaded files have no URL of their own: one view serves them (pti/files.py).
FILES_ROOT = Path(env("FILES_ROOT", default=str(VAR_DIR / "files")))
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT, "base_url": None, "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Years for which the network address of an agreement given on line is kept (the proof itself stays).
NETWORK_ADDRESS_YEARS = env.int("NETWORK_ADDRESS_YEARS", default=5)

# The département's seal (PKCS#12), put on the PDF of a signed pact; and the authorities that signed PDFs are checked against.
SEAL_CERTIFICATE = env("SEAL_CERTIFICATE", default="")
SEAL_PASSWORD = env("SEAL_PASSWORD", default="")
SIGNATURE_ANCHORS = env.list("SIGNATURE_ANCHORS", default=[])

# What an unset filter says.
FILTERS_EMPTY_CHOICE_LABEL = "Indifférent"

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "pti/_table.html"

# Mail. In demonstration mode nothing leaves: the messages are kept in the base.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend":
    EMAIL_BACKEND = "pti.mail.TerminalBackend"
if DEMO:
    EMAIL_BACKEND = "pti.mail.DemoMailboxBackend"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Pacte territorial pour l’insertion <pti@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# HTTPS is on unless `./run` serves loopback.
HTTPS = env("HTTPS", default="on").lower() != "off"
SESSION_COOKIE_SECURE = HTTPS
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
X_FRAME_OPTIONS = "DENY"
# A reverse proxy that says "https" in this header must be the only way in.
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        # The hash is that of the one style element that the text editor (Tiptap) adds to its page.
        "style-src": [SELF, "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # What it finds in a signed PDF is told on screen.
    "loggers": {name: {"level": "ERROR"} for name in ("pyhanko", "pyhanko_certvalidator")},
}
