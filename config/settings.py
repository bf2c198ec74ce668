"""One settings file. What differs between machines is read from the environment; importing starts nothing."""

from __future__ import annotations

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

IS_HTTPS = PUBLIC.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked from inside, beside the proxy
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
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, *PLOTLY_STYLES],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
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
    "config",
    "ingest",
    "incidents",
]
MIDDLEWARE = [
    "config.metrics.measured",
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
AUTH_USER_MODEL = "incidents.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "incidents:sign-in"
LOGIN_REDIRECT_URL = "incidents:review"
LOGOUT_REDIRECT_URL = "incidents:home"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ALLOW_PRIVATE_SOURCES = env.flag("FAULTLINE_ALLOW_PRIVATE_SOURCES")

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

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
