"""Every address: operators' own, the API, accounts, and the pages of the apps. Earlier lines win."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health, metrics
from incidents.api import api
from incidents.teams.urls import account_pages, people_pages, team_pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    # Operators sign in where everybody does: with the second factor, and with the same brakes.
    path("admin/login/", secure_admin_login(admin.site.login), name="admin-login"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("postmortems/", include("incidents.postmortems.urls")),
    path("", include(account_pages)),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/3rdparty/", include("allauth.socialaccount.urls")),
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("teams/", include(team_pages)),
    path("people/", include(people_pages)),
    path("", include("ingest.urls")),
    path("", include("incidents.urls")),
]
handler500 = "config.overload.server_error"
