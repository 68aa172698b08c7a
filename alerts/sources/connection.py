"""Connections that go through the guard and cannot be held beyond a deadline."""

import ssl
from collections.abc import Mapping
from functools import cache
from socket import socket

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import BaseHTTPResponse

from alerts.sources import guard
from alerts.sources.guard import Deadline, Target

BETWEEN_BYTES_SECONDS = 10.0


class _Timed:
    """A socket that may wait only as long as the fetch's deadline allows, so that a drip cannot hold us."""

    deadline: Deadline | None = None

    def recv_into(self, *args, **kwargs):
        self._shorten()
        return super().recv_into(*args, **kwargs)

    def sendall(self, *args, **kwargs):
        self._shorten()
        return super().sendall(*args, **kwargs)

    def _shorten(self) -> None:
        if self.deadline is not None:
            self.settimeout(self.deadline.left(BETWEEN_BYTES_SECONDS))


class _PlainSocket(_Timed, socket):
    pass


class _SecureSocket(_Timed, ssl.SSLSocket):
    pass


class _Guarded:
    """A connection that goes through the guard and obeys a deadline."""

    target: Target
    deadline: Deadline

    def _new_conn(self) -> socket:
        opened = guard.connect(self.target, self.deadline, _PlainSocket)
        opened.settimeout(self.deadline.left(BETWEEN_BYTES_SECONDS))
        return opened

    def ask(self, target: Target, headers: Mapping[str, str], deadline: Deadline) -> BaseHTTPResponse:
        """Sends the request and reads the head of the response."""
        self.target, self.deadline = target, deadline
        if not self.is_connected:
            self.close()
            self.connect()
        self.sock.deadline = deadline
        self.request("GET", target.path, headers=headers, preload_content=False, decode_content=True)
        return self.getresponse()


class Connection(_Guarded, HTTPConnection):
    pass


class SecureConnection(_Guarded, HTTPSConnection):
    pass


def connection_to(target: Target) -> Connection | SecureConnection:
    if target.scheme == "https":
        return SecureConnection(target.host, target.port, timeout=BETWEEN_BYTES_SECONDS, ssl_context=_trusted())
    return Connection(target.host, target.port, timeout=BETWEEN_BYTES_SECONDS)


@cache
def _trusted() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslsocket_class = _SecureSocket
    return context
