"""Markdown files as post-mortems of a team."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.models import Team, User
from incidents.postmortems.choices import Visibility
from incidents.postmortems.importing import Imported, NotReadable, decode, read_markdown
from incidents.postmortems.taking_in import take_in


class Command(BaseCommand):
    help = "Import Markdown files, or folders of them. Running it again adds only what is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--team", required=True, help="slug of the team that they will belong to")
        parser.add_argument("--as", dest="person", required=True, help="user name of who imports")
        parser.add_argument(
            "--publish",
            choices=Visibility.values,
            help="publish at once, readable by these; without it they are drafts",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        team, person = find(Team, slug=options["team"]), find(User, username=options["person"])
        counts = {"imported": 0, "known": 0, "not readable": 0}
        for file in files(options["paths"]):
            try:
                imported = read_markdown(decode(file.read_bytes()), file.name)
            except NotReadable as error:
                counts["not readable"] += 1
                self.stdout.write(f"{file.name}: not readable: {error}")
                continue
            is_new = take_in(imported.document, team=team, person=person, publish=options["publish"])
            counts["imported" if is_new else "known"] += 1
            self.tell(file, imported)
        self.stdout.write(", ".join(f"{count} {what}" for what, count in counts.items()))

    def tell(self, file: Path, imported: Imported) -> None:
        for one in imported.unread:
            self.stdout.write(f"{file.name}: {' '.join(one.text.split())[:120]}: {one.why}")


def find(model: Any, **key: str) -> Any:
    row = model.objects.filter(**key).first()
    if row is None:
        raise CommandError(f"there is no {model.__name__.lower()} {next(iter(key.values()))}")
    return row


def files(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise CommandError(f"there is no {path}")
        found += sorted(path.rglob("*.md")) if path.is_dir() else [path]
    return found
