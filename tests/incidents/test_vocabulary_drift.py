"""The maintenance command that compares the vocabulary with libraries that may be installed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from io import StringIO
from types import ModuleType, SimpleNamespace

import pytest
from django.core.management import call_command

from incidents.management.commands import vocabulary_drift


def run() -> str:
    out = StringIO()
    call_command("vocabulary_drift", stdout=out)
    return out.getvalue()


def install(monkeypatch: pytest.MonkeyPatch, name: str, **attributes: object) -> None:
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None)
    vars(module).update(attributes)
    monkeypatch.setitem(sys.modules, name, module)


def install_botocore(
    monkeypatch: pytest.MonkeyPatch, regions: Sequence[str], services: dict[str, str]
) -> None:
    partitions = [{"regions": {"aws-global": {"description": "everywhere"}}}]
    partitions += [{"regions": {region: {"description": region.upper()} for region in regions}}]
    loader = SimpleNamespace(
        load_data=lambda name: {name: partitions},
        load_service_model=lambda service, _: {"metadata": {"serviceFullName": services[service]}},
    )
    session = SimpleNamespace(
        get_available_services=lambda: list(services),
        get_component=lambda name: loader,
    )
    install(monkeypatch, "botocore")
    install(monkeypatch, "botocore.session", get_session=lambda: session)


def test_libraries_that_are_missing_are_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary_drift, "find_spec", lambda name: None)
    assert run().splitlines() == [
        f"{name} is not installed: not compared. To compare, install it beside the product: "
        f"python -m pip install {name}"
        for name in ("botocore", "ccxt")
    ]


def test_what_the_vocabulary_lacks_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    services = {
        "ec2": "Amazon Elastic Compute Cloud",
        "moon": "AWS Moon Base",
        "iot": "AWS IoT Jobs Data Plane",
        "wafv2": "AWSWAFV2",
        "amplify": "AmplifyBackend",
        "account": "AWS Account",
    }
    install_botocore(monkeypatch, ["us-east-1", "moon-north-1"], services)
    install(
        monkeypatch,
        "ccxt",
        __version__="9.9",
        exchanges=["kraken", "moonex"],
        kraken=lambda: SimpleNamespace(name="Kraken"),
        moonex=lambda: SimpleNamespace(name="MoonEx"),
    )
    assert run().splitlines() == [
        "botocore of unknown version: 8 listed, 2 not in the vocabulary",
        "  region: moon-north-1, MOON-NORTH-1",
        "  service: AWS Moon Base",
        "ccxt 9.9: 2 listed, 1 not in the vocabulary",
        "  organisation: MoonEx, moonex",
    ]
