"""A link that works once and makes an admin: there is never a password that somebody else chose."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.models import User
from incidents.teams import links


class Command(BaseCommand):
    help = (
        "Prints a link that works once: for EMAIL, who becomes an admin and chooses a new password,"
        " or without it for the first admin of a new site."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="?", default="", metavar="EMAIL")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        if User.objects.admins().exists() and not email:
            raise CommandError("there is an admin: name an EMAIL to make a link for one")
        link = for_address(email) if email else links.account_link("", person=None, by=None)
        days = links.ACCOUNT_LINK_LASTS.days
        self.stdout.write(f"The admin's account (the link works once, for {days} days): {link}")


def for_address(email: str) -> str:
    person = User.objects.filter(email__iexact=email).first() or links.make_person(email, name="")
    if not person.is_admin:
        person.is_active = person.is_superuser = person.is_staff = True
        person.save(update_fields=["is_active", "is_superuser", "is_staff"])
    return links.account_link(email, person=person, by=None)
