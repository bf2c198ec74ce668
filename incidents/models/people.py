"""Who may judge and write: our own user model from the first migration on."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """A person with a login. Analysts judge links, hits and values; readers need no account."""

    is_analyst = models.BooleanField("analyst", default=False, help_text="May answer the review queue.")

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_once",
                violation_error_message="This email is in use.",
            )
        ]

    @property
    def may_judge(self) -> bool:
        return self.is_active and (self.is_analyst or self.is_superuser)
