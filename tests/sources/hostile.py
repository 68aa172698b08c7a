"""A server that answers every connection with raw bytes of the test's choosing."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread


@dataclass
class Visit:
    """One connection: what was asked, how to answer, and whether the test is over."""

    connection: socket.socket
    head: bytes
    over: Event

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def drip(self, data: bytes, seconds: float = 0.05) -> None:
        """The same bytes again and again until the client goes away."""
        while not self.over.wait(seconds):
            self.send(data)


@dataclass
class Hostile:
    url: str
    port: int
    heads: list[bytes] = field(default_factory=list)


@contextmanager
def hostile(answer: Callable[[Visit], None]) -> Iterator[Hostile]:
    """A running server; every connection is read up to the end of one request's head and closed after the answer."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server, over = Hostile(f"http://127.0.0.1:{port}", port), Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            Thread(target=visit, args=(connection,), daemon=True).start()

    def visit(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(4096)
                if not piece:
                    return
                head += piece
            server.heads.append(head)
            answer(Visit(connection, head, over))

    Thread(target=serve, daemon=True).start()
    try:
        yield server
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def whole(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """A complete response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
