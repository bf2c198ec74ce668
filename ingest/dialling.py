"""Dials for `fetching`: resolves a name, refuses what is not public, connects to that very address.

One `Budget` covers a whole fetch with its redirects. Every read of the socket asks it first, so a host that
drips its headers or its body is cut at the wall clock, whatever it sends in between.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import httpcore
import httpx

from ingest.addresses import REFUSAL, Address, may_dial
from ingest.errors import Failure, FetchError

CONNECT_SECONDS = 10.0


class Budget:
    """What is left of the time and of the bytes of one fetch."""

    def __init__(self, *, seconds: float, wire: int) -> None:
        self.seconds = seconds
        self.wire = wire
        self.ends_at = time.monotonic() + seconds
        self.received = 0

    def left(self) -> float:
        """Seconds left, more than none; raises FetchError when there are none."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise FetchError(f"took longer than {self.seconds:g} s", Failure.TIMED_OUT)
        return left

    def spend(self, size: int) -> None:
        self.received += size
        if self.received > self.wire:
            raise FetchError(f"larger than {self.wire // 2**20} MiB on the wire", Failure.TOO_LARGE)


class BudgetedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, budget: Budget) -> None:
        self.stream = stream
        self.budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self.stream.read(max_bytes, self.budget.left())
        self.budget.spend(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.budget.left())

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self.stream.start_tls(ssl_context, server_hostname, self.budget.left())
        return BudgetedStream(inner, self.budget)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)

    def close(self) -> None:
        self.stream.close()


class PublicBackend(httpcore.NetworkBackend):
    """Connects to public addresses only, and to the one that was checked: no second look-up to rebind."""

    def __init__(self, budget: Budget, *, allow_private: bool) -> None:
        self.budget = budget
        self.allow_private = allow_private
        self.plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = resolve(host, port, self.budget.left())
        # One inner address among public ones is refused as well: it is how rebinding is tried.
        if not all(may_dial(address, allow_private=self.allow_private) for address in addresses):
            raise FetchError(REFUSAL, Failure.REFUSED)
        return BudgetedStream(self.first_to_answer(addresses, port), self.budget)

    def first_to_answer(self, addresses: list[Address], port: int) -> httpcore.NetworkStream:
        trouble: Exception | None = None
        for address in addresses:
            seconds = min(CONNECT_SECONDS, self.budget.left())
            try:
                return self.plain.connect_tcp(str(address), port, seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise FetchError(f"no connection: {trouble}") from trouble


def resolve(host: str, port: int, seconds: float) -> list[Address]:
    """The addresses of a host, each once. In a thread, since a look-up knows no time limit of its own."""
    answers: queue.Queue[list[Address] | OSError | UnicodeError] = queue.Queue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=look_up, daemon=True, name=f"resolve {host}").start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty as error:
        raise FetchError(f"{host} was not resolved in time", Failure.TIMED_OUT) from error
    if isinstance(answer, Exception):
        reason = answer.strerror if isinstance(answer, OSError) and answer.strerror else str(answer)
        raise FetchError(f"{host} cannot be resolved: {reason}") from answer
    return answer


@cache
def trusted() -> ssl.SSLContext:
    """The certificates we trust; read once a process, since that takes longer than most fetches."""
    return httpx.create_ssl_context(trust_env=False)


class AnswerStream(httpx.SyncByteStream):
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks

    def close(self) -> None:
        if callable(close := getattr(self.chunks, "close", None)):
            close()


class Transport(httpx.BaseTransport):
    """httpx over our own backend. Keeps no connection: each hop is resolved and checked anew."""

    def __init__(self, budget: Budget, *, allow_private: bool) -> None:
        self.pool = httpcore.ConnectionPool(
            ssl_context=trusted(),
            max_keepalive_connections=0,
            network_backend=PublicBackend(budget, allow_private=allow_private),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self.pool.handle_request(
            httpcore.Request(request.method, url, headers=request.headers.raw, content=request.read())
        )
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=AnswerStream(answer.stream))

    def close(self) -> None:
        self.pool.close()
