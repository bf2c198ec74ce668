"""One settings file. What differs between machines is read from the environment; importing starts nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from csp.constants import NONE, SELF

from config import env, logs, secret_key
from config.databases import database

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("FAULTLINE_DATA_DIR", BASE_DIR / "var")
DEBUG = env.flag("FAULTLINE_DEBUG")
SECRET_KEY = env.text("FAULTLINE_SECRET_KEY") or secret_key.kept(DATA_DIR) or secret_key.unkept()

# The public address. Hosts, cookies and what browsers are told follow from it.
PORT = env.number("PORT", 8000, least=1)
PUBLIC = env.address("FAULTLINE_URL", f"http://127.0.0.1:{PORT}", {"http", "https"})
FAULTLINE_URL = f"{PUBLIC.scheme}://{PUBLIC.netloc}"
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = [*LOOPBACK, PUBLIC.hostname or ""]
CSRF_TRUSTED_ORIGINS = [FAULTLINE_URL]
SECURITY_CONTACT = env.text("FAULTLINE_SECURITY_CONTACT")

IS_HTTPS = PUBLIC.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked from inside, beside the proxy
PROXIES = env.number("FAULTLINE_PROXIES", 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not IS_HTTPS and PUBLIC.hostname in {"127.0.0.1", "localhost", "::1"}:
    # `check --deploy` asks for https, which loopback neither has nor needs; any other address is told.
    SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]

# Plotly adds an empty style element, filled by script, and one with the rules of its maps: the two hashes. It
# sets a style attribute for markup in labels (<b>), which no hash allows: they hold none. Nothing else is
# inline, and no other host is asked. tests/config/test_policy.py draws a chart under this policy.
PLOTLY_STYLES = [
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='",
]
# That of templates/_plain.html, which stands when the files of the site do not.
PLAIN_STYLE = "'sha256-Dyoio0fQbofS1knrsoJTH9tqpDbisOxg9pXr7UVvG9w='"
# A form leads to the identity provider where there is one: browsers check redirects after a form, too.
OIDC = env.address("FAULTLINE_OIDC_URL", "", {"https", "http"})
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, *PLOTLY_STYLES, PLAIN_STYLE],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF, f"{OIDC.scheme}://{OIDC.netloc}"] if OIDC.hostname else [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
    "pghistory",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "config",
    "ingest",
    "incidents",
]
MIDDLEWARE = [
    "config.metrics.measured",
    "config.proxies.ClientAddressMiddleware",
    "config.brake.BrakeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "incidents.auditing.AuditMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
CSRF_FAILURE_VIEW = "incidents.views.errors.csrf_failure"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "incidents.navigation.frame",
            ],
        },
    }
]

# Without addresses there is no database: manage.py sets them where a command needs the embedded servers, and
# a command that needs none cannot touch one by accident.
DATABASE_URL = env.text("DATABASE_URL")
REDIS_URL = env.text("REDIS_URL")
DATABASE_POOL = env.number("FAULTLINE_DATABASE_POOL", 0)
DATABASES: dict[str, dict[str, Any]] = (
    {"default": database(DATABASE_URL, pool=DATABASE_POOL)} if DATABASE_URL else {}
)
# Without a mail server nothing is sent, and nothing pretends that it was.
MAIL = env.address("FAULTLINE_MAIL_URL", "", {"smtp", "smtps"})
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("FAULTLINE_MAIL_FROM", f"faultline@{PUBLIC.hostname}")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL.hostname else 'dummy'}.EmailBackend"
EMAIL_HOST = MAIL.hostname or ""
EMAIL_PORT = MAIL.port or (465 if MAIL.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(MAIL.password or "")
EMAIL_USE_SSL = MAIL.scheme == "smtps"
EMAIL_USE_TLS = MAIL.scheme == "smtp" and bool(MAIL.username)
EMAIL_TIMEOUT = 10

API_RATE = env.number("FAULTLINE_API_RATE", 600)
CACHES = {
    "default": {
        "BACKEND": "config.caching.ForgetfulRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "faultline",
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
AUTH_USER_MODEL = "incidents.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# The first one makes hashes; those of the second are made again at the next sign-in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:home"
LOGOUT_REDIRECT_URL = "incidents:home"

# Accounts are made by invitation, unless the operator opens the door to its identity provider or to all.
SIGN_UP = env.choice("FAULTLINE_SIGN_UP", "invited", {"invited", "oidc", "open"})
OIDC_APP = {
    "provider_id": "oidc",
    "name": env.text("FAULTLINE_OIDC_NAME", "single sign-on"),
    "client_id": env.text("FAULTLINE_OIDC_CLIENT_ID"),
    "secret": env.text("FAULTLINE_OIDC_CLIENT_SECRET"),
    "settings": {"server_url": OIDC.geturl(), "oauth_pkce_enabled": True},
}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "incidents.teams.single_sign_on.SingleSignOn",
        "APPS": [OIDC_APP] if OIDC.hostname else [],
    }
}
SOCIALACCOUNT_ADAPTER = "incidents.teams.adapters.ProviderAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "incidents.teams.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "incidents.teams.forms.SignInForm",
    "signup": "incidents.teams.forms.SignUpForm",
}
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = PUBLIC.scheme
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if SIGN_UP == "open" and MAIL.hostname else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = bool(MAIL.hostname)
# By address, and by the name that is tried from many addresses; axes counts the two together.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,100/h/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Faultline"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "incidents.teams.sign_ins.name_tried"
AXES_LOCKOUT_CALLABLE = "incidents.teams.sign_ins.locked_out"
AXES_CLIENT_IP_CALLABLE = "incidents.teams.sign_ins.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# Who changed what: rows of their own, written by triggers, that nothing of ours changes or deletes.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ALLOW_PRIVATE_SOURCES = env.flag("FAULTLINE_ALLOW_PRIVATE_SOURCES")

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

# For so long a process answers strangers by what it last knew of the record's state. 0 asks each time.
RECORD_VERSION_SECONDS = 1.0

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("FAULTLINE_STATIC_DIR", DATA_DIR / "static")
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.staticfiles.WheelFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.staticfiles.HashedStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

LOGGING = logs.logging_settings(
    env.choice("FAULTLINE_LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"}),
    env.choice("FAULTLINE_LOG_FORMAT", logs.usual_format(), {"json", "lines"}),
)
logs.configure()
DJANGO_STRUCTLOG_CELERY_ENABLED = True
