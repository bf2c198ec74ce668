"""Tell what AWS and the exchanges' own libraries name and our vocabulary does not: for whoever keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand

from nlp.document import EntityKind
from nlp.vocabulary import terms_named


class Listed(NamedTuple):
    """One thing that a library lists, under the names that it gives it, the clearest first."""

    kind: EntityKind
    provider: str
    names: tuple[str, ...]


class Command(BaseCommand):
    help = (
        "Compares the vocabulary with botocore (regions and services of AWS) and ccxt (crypto exchanges), "
        "as far as they are installed; neither is a dependency."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for library, listed in (("botocore", listed_by_botocore), ("ccxt", listed_by_ccxt)):
            if find_spec(library) is None:
                self.stdout.write(f"{library} is not installed: not compared")
                continue
            found = list(listed(import_module(library)))
            missing = [entry for entry in found if not is_known(entry)]
            self.stdout.write(f"{library}: {len(found)} listed, {len(missing)} not in the vocabulary")
            for entry in missing:
                self.stdout.write(f"  {entry.kind}: {', '.join(entry.names)}")


def is_known(entry: Listed) -> bool:
    """By any of its names, or as a part of what is known ("AWS IoT Jobs Data Plane" is AWS IoT)."""
    return any(
        terms_named(" ".join(words[:length]), entry.kind, entry.provider)
        for words in (name.split() for name in entry.names)
        for length in range(1, len(words) + 1)
    )


def listed_by_botocore(botocore: ModuleType) -> Iterator[Listed]:
    session = import_module(f"{botocore.__name__}.session").get_session()
    for partition in ("aws", "aws-cn", "aws-us-gov"):
        for region in session.get_available_regions("ec2", partition):
            yield Listed(EntityKind.REGION, "aws", (region,))
    loader = session.get_component("data_loader")
    for service in session.get_available_services():
        metadata = loader.load_service_model(service, "service-2")["metadata"]
        keys = ("serviceFullName", "serviceAbbreviation", "serviceId")
        yield Listed(EntityKind.SERVICE, "aws", tuple(metadata[key] for key in keys if key in metadata))


def listed_by_ccxt(ccxt: ModuleType) -> Iterator[Listed]:
    for code in ccxt.exchanges:
        yield Listed(EntityKind.ORGANISATION, "", (getattr(ccxt, code)().name, code))
