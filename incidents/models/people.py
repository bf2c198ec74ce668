"""Who may judge and write: people, their teams with roles, and invitations."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from incidents.auditing import audited
from incidents.choices import Role
from incidents.querysets import OneTimeQuerySet, TeamQuerySet


class People(UserManager["User"]):
    use_in_migrations = False

    def admins(self) -> models.QuerySet[User]:
        return self.filter(is_active=True, is_superuser=True)


@audited("username", "email", "name", "is_active", "is_analyst", "is_staff", "is_superuser")
class User(AbstractUser):
    """A person with a login. Analysts judge links, hits and values; readers need no account."""

    first_name = None  # type: ignore[assignment]  # one name, written as its owner writes it
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=150, blank=True, help_text="As others see it on what you write.")
    is_analyst = models.BooleanField("analyst", default=False, help_text="May answer the review queue.")

    objects = People()  # type: ignore[misc]  # the base class's is no instance variable to mypy

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_once",
                violation_error_message="This email is in use.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_absolute_url(self) -> str:
        """Its page for admins; nobody else sees a person's page."""
        return reverse("people:one", args=[self.pk])

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def is_admin(self) -> bool:
        """Runs this site: sees every team, and makes others analysts and admins."""
        return self.is_active and self.is_superuser

    @property
    def may_judge(self) -> bool:
        return self.is_active and (self.is_analyst or self.is_superuser)

    @cached_property
    def roles(self) -> dict[int, Role]:
        """Team's id to role. Read once: an instance lives as long as a request."""
        return {one.team_id: Role(one.role) for one in self.memberships.all()}


@audited("slug", "name", "about")
class Team(models.Model):
    """People who file post-mortems together. The slug is permanent and not to be guessed from the name."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("teams:team", args=[self.slug])


@audited("team", "user", "role")
class Membership(models.Model):
    """A person's role in a team: a member writes, a reviewer also approves, a lead also runs the team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.role} of {self.team}"


class OneTime(models.Model):
    """Something that a secret link opens once and for a time. Only the link's hash is kept."""

    USED: ClassVar[str]  # the column that says when it was

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    objects = OneTimeQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_past(self) -> bool:
        return self.expires_at <= timezone.now()


@audited("team", "email", "role", "invited_by", "expires_at", "accepted_at", "accepted_by")
class Invitation(OneTime):
    """A link that makes its bearer a member of the team, and gives an account to who has none."""

    USED = "accepted_at"

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="invitations")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "team",
                Lower("email"),
                condition=models.Q(accepted_at=None),
                name="invitation_open_once",
                violation_error_message="This address is invited already.",
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.team}"


@audited("email", "person", "made_by", "expires_at", "used_at")
class AccountLink(OneTime):
    """A link that sets a password: of a person, or (with no person) of an admin who is made by it."""

    USED = "used_at"

    email = models.EmailField()
    person = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="links")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.email
