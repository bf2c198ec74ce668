"""/account/, /teams/ and /people/: three namespaces, for `config.urls` to place."""

from django.urls import path

from incidents.views import account, invitations, people, teams

account_pages = (
    [
        path("account/", account.home, name="home"),
        # Before allauth's own pages at the same addresses.
        path("accounts/email/", account.email, name="email"),
        path("accounts/password/reset/", account.reset, name="reset"),
        path("accounts/oidc/<str:provider_id>/login/callback/", account.from_provider, name="from-provider"),
        path("accounts/link/<str:token>/", account.link, name="link"),
    ],
    "accounts",
)
team_pages = (
    [
        path("", teams.index, name="index"),
        path("invitations/<str:token>/", invitations.invitation, name="invitation"),
        path("<slug:slug>/", teams.team, name="team"),
        path("<slug:slug>/edit/", teams.edit, name="edit"),
        path("<slug:slug>/history/", teams.history, name="history"),
        path("<slug:slug>/leave/", teams.leave, name="leave"),
        path("<slug:slug>/invitations/", teams.invite, name="invite"),
        path("<slug:slug>/invitations/<int:pk>/renew/", teams.renew, name="renew"),
        path("<slug:slug>/invitations/<int:pk>/withdraw/", teams.withdraw, name="withdraw"),
        path("<slug:slug>/members/<int:pk>/role/", teams.change_role, name="role"),
        path("<slug:slug>/members/<int:pk>/remove/", teams.remove, name="remove"),
    ],
    "teams",
)
people_pages = (
    [
        path("", people.index, name="index"),
        path("<int:pk>/", people.one, name="one"),
        path("<int:pk>/password-link/", people.password_link, name="password-link"),
    ],
    "people",
)
