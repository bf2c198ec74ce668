"""Tell what AWS and the exchanges' own libraries name and our vocabulary does not: for whoever keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand

from nlp.document import EntityKind
from nlp.vocabulary import fold, load_terms, spellings

JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where a new word begins in "AmplifyBackend"."""
VERSION = re.compile(r"\s*v?\d+$", re.IGNORECASE)
"""A library's second interface to a service ("WAFV2") is that service."""


class Listed(NamedTuple):
    """One thing that a library lists, under the names that it gives it, the clearest first."""

    kind: EntityKind
    provider: str
    names: tuple[str, ...]


class Command(BaseCommand):
    help = (
        "Compares the vocabulary with botocore (regions and services of AWS) and ccxt (crypto exchanges), "
        "as far as they are installed; neither is a dependency. What is missing goes into nlp/vocabulary, "
        "then load_vocabulary."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for library, listed in (("botocore", listed_by_botocore), ("ccxt", listed_by_ccxt)):
            if find_spec(library) is None:
                self.stdout.write(
                    f"{library} is not installed: not compared. To compare, install it beside the product: "
                    f"python -m pip install {library}"
                )
                continue
            module = import_module(library)
            found = list(listed(module))
            missing = [entry for entry in found if not is_known(entry)]
            version = getattr(module, "__version__", "of unknown version")
            self.stdout.write(
                f"{library} {version}: {len(found)} listed, {len(missing)} not in the vocabulary"
            )
            for entry in missing:
                self.stdout.write(f"  {entry.kind}: {', '.join(dict.fromkeys(entry.names))}")


def is_known(entry: Listed) -> bool:
    """By any of its names, or as a part of what is known ("AWS IoT Jobs Data Plane" is AWS IoT)."""
    known = squeezed_names(entry.kind, entry.provider)
    return any(squeezed(part) in known for name in entry.names for part in parts(name))


def parts(name: str) -> Iterator[str]:
    words = JOINED.sub(" ", name).split()
    for length in range(1, len(words) + 1):
        yield " ".join(words[:length])
    yield VERSION.sub("", name)
    # "AWS Account" and "AWS Support" are ordinary words of a text, so the vocabulary has them in full.
    yield f"{name} Management"
    yield f"{name} API"


@cache
def squeezed_names(kind: EntityKind, provider: str) -> frozenset[str]:
    """Every name without its spaces: libraries write "AWSDeadlineCloud"."""
    terms = (term for term in load_terms() if term.kind is kind and term.provider == provider)
    return frozenset(squeezed(name) for term in terms for name in spellings(term))


def squeezed(name: str) -> str:
    return fold(name).replace(" ", "")


def listed_by_botocore(botocore: ModuleType) -> Iterator[Listed]:
    session = import_module(f"{botocore.__name__}.session").get_session()
    loader = session.get_component("data_loader")
    for partition in loader.load_data("partitions")["partitions"]:
        for code, region in partition["regions"].items():
            if not code.endswith("-global"):
                yield Listed(EntityKind.REGION, "aws", (code, region["description"]))
    for service in session.get_available_services():
        metadata = loader.load_service_model(service, "service-2")["metadata"]
        keys = ("serviceFullName", "serviceAbbreviation", "serviceId")
        yield Listed(EntityKind.SERVICE, "aws", tuple(metadata[key] for key in keys if key in metadata))


def listed_by_ccxt(ccxt: ModuleType) -> Iterator[Listed]:
    for code in ccxt.exchanges:
        yield Listed(EntityKind.ORGANISATION, "", (getattr(ccxt, code)().name, code))
