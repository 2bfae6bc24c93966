"""Every setting, once, from the environment; the defaults run the demo city on SQLite."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent


def _yes(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"", None}:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; say 1 or 0.")


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}; say a whole number.")
    return int(value)


def _networks(name: str) -> list[str]:
    """Addresses and networks, parted by commas."""
    found = [each.strip() for each in os.environ.get(name, "").split(",") if each.strip()]
    for each in found:
        try:
            ipaddress.ip_network(each)
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} holds {each!r}; say addresses or networks such as 127.0.0.1,10.1.0.0/16."
            ) from None
    return found


# Where data lives: the database of the demo, keys, snapshots, seals, uploads.
DATA = Path(os.environ.get("GONGYU_DATA") or Path.cwd() / "data").resolve()
DEMO = _yes("GONGYU_DEMO")
DEBUG = _yes("GONGYU_DEBUG")
KEYS_FILE = Path(os.environ.get("GONGYU_KEYS") or DATA / "keys.json")
# Where the heads of the seals are published; best on another machine.
HEADS_FOLDER = Path(os.environ.get("GONGYU_HEADS") or DATA / "heads")
PLAN_FOLDER = os.environ.get("GONGYU_PLAN") or None


def _secret_key() -> str:
    from gongyu.ground.secrets.keys import load_keys

    return load_keys(KEYS_FILE).session


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("GONGYU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("GONGYU_ORIGINS", "").split(",") if o]
# The servers in front whose X-Forwarded-For and X-Forwarded-Proto are believed.
PROXIES = _networks("GONGYU_PROXIES")
_HTTPS = _yes("GONGYU_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SESSION_ENGINE = "gongyu.ground.access.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "gongyu.pages.errors.out_of_date"
# Messages wait on the server: a cookie with their words would travel and stay in browsers.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    # Before allauth, whose pages it puts into the look of the house.
    "gongyu.ground.access",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_cotton",
    "django_tasks",
    "django_tasks_db",
    "gongyu.ground.prepared",
    "gongyu.ground.calendar",
    "gongyu.ground.design",
    "gongyu.ground.seal",
    "gongyu.ground.audit",
    "gongyu.ground.ledger",
    "gongyu.ground.holidays",
    "gongyu.ground.places",
    "gongyu.ground.staff",
    "gongyu.ground.people",
    "gongyu.ground.notices",
    "gongyu.ground.families",
    "gongyu.shared_work.registers",
    "gongyu.shared_work.casework",
    "gongyu.shared_work.activities",
    "gongyu.shared_work.consents",
    "gongyu.shared_work.offline",
    "gongyu.shared_work.tickets",
    "gongyu.records.m01_home_school_contact",
    "gongyu.records.m02_parent_committees",
    "gongyu.records.m07_family_participation",
    "gongyu.indicators",
    "gongyu.pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gongyu.ground.access.middleware.actor_of_the_request",
    "gongyu.ground.families.middleware.family_of_the_request",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gongyu.ground.access.middleware.FinishedSignIn",
    "axes.middleware.AxesMiddleware",
    "gongyu.shared_work.offline.middleware.nothing_left_behind",
]

ROOT_URLCONF = "gongyu.config.urls"
WSGI_APPLICATION = "gongyu.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongyu.ground.design.context.frame",
                "gongyu.shared_work.offline.context.offline",
            ],
        },
    }
]


def _database() -> dict:
    address = os.environ.get("GONGYU_DATABASE_URL") or f"sqlite:///{DATA / 'gongyu.sqlite3'}"
    try:
        return dj_database_url.parse(address, conn_max_age=600, conn_health_checks=True)
    except ValueError as error:
        raise ImproperlyConfigured(
            "GONGYU_DATABASE_URL is not understood; write sqlite:///PATH or "
            "postgresql://USER@HOST/NAME."
        ) from error


DATABASES = {"default": _database()}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
            "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
        ),
    }
else:
    # What is asked again and again is parsed and planned once a connection. A pooler that lends
    # connections for single transactions cannot keep that: GONGYU_PREPARE=0.
    _PREPARE = _yes("GONGYU_PREPARE", default=True)
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        server_side_binding=_PREPARE, prepare_threshold=3 if _PREPARE else None
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "gongyu.ground.access.backends.AccountBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "gongyu.ground.access.passwords.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "gongyu.ground.access.passwords.NotCommon"},
    {
        "NAME": "gongyu.ground.access.passwords.NotTheUsername",
        "OPTIONS": {"user_attributes": ("username",)},
    },
    {"NAME": "gongyu.ground.access.passwords.Complexity"},
    {"NAME": "gongyu.ground.access.passwords.NotThePresentOne"},
]
# 等保 asks for a change every so often, OWASP ASVS advises against it: the law is followed here,
# the number is the operator's (0: never).
PASSWORD_MAX_AGE_DAYS = _number("GONGYU_PASSWORD_DAYS", 90)
SESSION_IDLE_MINUTES = _number("GONGYU_IDLE_MINUTES", 30)
# Teachers are on the road with their phones between two visits.
SESSION_IDLE_MINUTES_TEACHERS = _number("GONGYU_IDLE_MINUTES_TEACHERS", 120)
# Families: short on a phone that several people use, days on the own one.
FAMILY_IDLE_MINUTES = _number("GONGYU_FAMILY_IDLE_MINUTES", 15)
FAMILY_OWN_PHONE_DAYS = _number("GONGYU_FAMILY_OWN_PHONE_DAYS", 30)
FAMILY_HOME = "/family/"


def _family_sign_in() -> dict[str, dict[str, str]]:
    """Sign-in elsewhere, each by its variables: GONGYU_FAMILY_OIDC_ISSUER, _CLIENT, _SECRET, _NAME;
    GONGYU_FAMILY_WEIXIN_CLIENT, _SECRET; GONGYU_FAMILY_WECOM_CLIENT, _SECRET, _AGENT."""
    needed = {
        "oidc": ("issuer", "client", "secret"),
        "weixin": ("client", "secret"),
        "wecom": ("client", "secret", "agent"),
    }
    found = {}
    for code, names in needed.items():
        told = {
            name: value
            for name in (*names, "name")
            if (value := os.environ.get(f"GONGYU_FAMILY_{code}_{name}".upper(), "").strip())
        }
        missing = [name for name in names if name not in told]
        if told and missing:
            raise ImproperlyConfigured(
                f"Set GONGYU_FAMILY_{code.upper()}_ for {', '.join(missing).upper()} too."
            )
        if told:
            found[code] = told
    return found


FAMILY_SIGN_IN = _family_sign_in()
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "gongyu.ground.access.sign_in.StaffSignIn"
ACCOUNT_FORMS = {"login": "gongyu.ground.access.forms.SignIn"}
ACCOUNT_SESSION_REMEMBER = False
# A whole school signs in from one address at eight; single accounts are guarded by axes.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "100/m/ip,10/5m/key"}
MFA_ADAPTER = "gongyu.ground.access.sign_in.SecondFactor"
MFA_FORMS = {
    "authenticate": "gongyu.ground.access.forms.Code",
    "activate_totp": "gongyu.ground.access.forms.NewAuthenticator",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "共育"
MFA_TOTP_TOLERANCE = 1
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "access/locked_out.html"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# Counts of failed attempts and used-up codes hold for all worker processes of the machine.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["gongyu.config.formats"]

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("GONGYU_STATIC") or DATA / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "gongyu.ground.design.storage.HashedModules"
        if not DEBUG and not _yes("GONGYU_TESTING")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = _yes("GONGYU_TESTING")
MEDIA_ROOT = DATA / "uploads"
FILE_UPLOAD_PERMISSIONS = 0o600
# A roster in plain text never touches the disk: it is kept encrypted or not at all.
FILE_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# The demo city sends nothing to anybody: a page shows what would have been sent.
CHANNELS_SHOWN = DEMO
# The operator's providers (docs/channels.md); without the file nothing but the box and slips.
_CHANNELS = os.environ.get("GONGYU_CHANNELS", "")
CHANNELS_FILE = Path(_CHANNELS) if _CHANNELS else None
# How this site is reached from outside, such as https://gongyu.example: it stands in messages.
SITE_ADDRESS = os.environ.get("GONGYU_ADDRESS", "").rstrip("/")
NOTICES_A_WEEK = _number("GONGYU_NOTICES_A_WEEK", 5)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# What follows opens something to whoever has it, or says that something was reported.
ADDRESSES_THAT_OPEN = (
    "/activities/family/",
    "/calendar/feed/",
    "/care/",
    "/committees/family/",
    "/committees/member/",
    "/family/enter/",
    "/family/feed/",
    "/n/",
    "/tickets/one/",
    "/visits/answer/",
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    # The access log of a server in front holds addresses too: see docs/deployment.
    "filters": {
        "without_tokens": {
            "()": "gongyu.ground.secrets.logs.WithoutTokens",
            "under": ADDRESSES_THAT_OPEN,
        },
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_tokens"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
