"""No network but loopback and Unix sockets; fixtures used everywhere."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


class NetworkUsed(AssertionError):
    """A test reached for another host."""


def refuse_other_hosts(address: Any) -> None:
    if isinstance(address, tuple) and address:
        try:
            if ipaddress.ip_address(str(address[0]).split("%")[0]).is_loopback:
                return
        except ValueError:
            if address[0] == "localhost":
                return
        raise NetworkUsed(f"a test reached for {address[0]}: serve it on loopback")


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            refuse_other_hosts(address)
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture
def shared() -> Path:
    """The folder of real feed copies and annotated texts; the test is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the shared test data is not here")
    return SHARED
