"""A person's rights on the site. A site always keeps an admin."""

from __future__ import annotations

from django.db import transaction

from incidents.models import User


class LastAdmin(Exception):
    """Without this admin nobody would run the site."""


@transaction.atomic
def change_rights(person: User, *, is_analyst: bool, is_superuser: bool, is_active: bool) -> None:
    # All admins' rows: two who step down at once wait for each other.
    admins = {admin.pk for admin in User.objects.admins().select_for_update()}
    if not (is_superuser and is_active) and admins == {person.pk}:
        raise LastAdmin
    person.is_analyst, person.is_superuser, person.is_active = is_analyst, is_superuser, is_active
    # An admin opens /admin/, and nobody else does.
    person.is_staff = is_superuser
    person.save(update_fields=["is_analyst", "is_superuser", "is_active", "is_staff"])
