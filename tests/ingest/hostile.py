"""A server on loopback that misbehaves on purpose: raw sockets, since a real one would not let us."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

Handler = Callable[[socket.socket, str], None]


class Hostile:
    """Each path has a handler that gets the connection and the request as text; `requests` remembers them."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.handlers: dict[str, Handler] = {}
        self.requests: list[str] = []
        self.listener = socket.create_server((address, 0))
        self.port = self.listener.getsockname()[1]
        self.stopped = threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def answer(
        self, path: str, body: bytes = b"", *, status: str = "200 OK", headers: dict[str, str] | None = None
    ) -> str:
        """Serve a plain answer at the path; the URL to ask for."""
        lines = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return self.raw(path, f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body)

    def raw(self, path: str, *pieces: bytes, pause: float = 0.0) -> str:
        """Send the pieces one by one, waiting in between until the pause or the server ends."""

        def send(connection: socket.socket, request: str) -> None:
            for piece in pieces:
                connection.sendall(piece)
                if self.stopped.wait(pause):
                    return

        return self.handle(path, send)

    def drip(self, path: str, start: bytes, drop: bytes, *, pause: float = 0.1) -> str:
        def send(connection: socket.socket, request: str) -> None:
            connection.sendall(start)
            while not self.stopped.wait(pause):
                connection.sendall(drop)

        return self.handle(path, send)

    def handle(self, path: str, handler: Handler) -> str:
        self.handlers[path] = handler
        return self.url(path)

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.meet, args=(connection,), daemon=True).start()

    def meet(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            request = connection.recv(65536).decode("latin-1")
            self.requests.append(request)
            path = request.split(" ")[1] if " " in request else ""
            if handler := self.handlers.get(path):
                handler(connection, request)

    def close(self) -> None:
        self.stopped.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def hostile() -> Iterator[Hostile]:
    server = Hostile()
    yield server
    server.close()
