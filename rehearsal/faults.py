"""Ways in which a server goes wrong, and the plan by which a rehearsal server does so.

A fault is a function of a `Wire`, the connection of one request. Those that could last for ever end when the
client goes away, when the server stops, or after `LONGEST` seconds.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event, Lock

from rehearsal.answers import Answer

LONGEST = 120.0
MAINTENANCE = (
    b"<!DOCTYPE html><html><head><title>Down for maintenance</title></head><body><p>Back soon.</p></body></html>"
)
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Wire:
    """One request's connection: raw bytes out, the whole answer it would get in good times, and whether to stop."""

    send: Callable[[bytes], None]
    good: Callable[[], Answer]
    stopping: Event

    def good_body(self) -> bytes:
        """The body it would get in good times."""
        return self.good().body


Fault = Callable[[Wire], None]


class Plan:
    """The faults still to happen, in order; each for some requests or until it is lifted."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[list] = []

    def inject(self, fault: Fault, times: int | None = 1, only: Callable | None = None) -> None:
        """Lets the next `times` requests fail (None: all until `lift`), only those for which `only(request)`."""
        with self._lock:
            self._waiting.append([fault, times, only])

    def lift(self) -> None:
        """Ends all faults."""
        with self._lock:
            self._waiting.clear()

    def next_for(self, request) -> Fault | None:
        """The fault of this request, counted as used."""
        with self._lock:
            for waiting in self._waiting:
                fault, times, only = waiting
                if only is None or only(request):
                    waiting[1] = times and times - 1
                    self._waiting = [one for one in self._waiting if one[1] != 0]
                    return fault
        return None


def status(code: int, retry_after: str | int | None = None) -> Fault:
    """An error status, with or without Retry-After (seconds or an HTTP date)."""
    extra = {} if retry_after is None else {"Retry-After": str(retry_after)}
    body = json.dumps({"title": "An error occurred while processing your request.", "status": code}).encode()
    return lambda wire: wire.send(head(code, len(body), "application/problem+json; charset=utf-8", **extra) + body)


def body(content: bytes, content_type: str = JSON, code: int = 200) -> Fault:
    """A whole response of other content than was asked for."""
    return lambda wire: wire.send(head(code, len(content), content_type) + content)


def html(code: int = 200) -> Fault:
    """A page where JSON or a feed should be."""
    return body(MAINTENANCE, "text/html; charset=utf-8", code)


def empty() -> Fault:
    """200 and nothing."""
    return lambda wire: wire.send(head(200, 0, wire.good().content_type))


def without_results() -> Fault:
    """JSON that is an error in the clothes of a success."""
    return body(b'{"status":500,"title":"An error occurred while processing your request."}')


def redirect(to: str, code: int = 302) -> Fault:
    """Sends the client elsewhere."""
    return lambda wire: wire.send(head(code, 0, JSON, Location=to))


def drop() -> Fault:
    """Closes the connection without a word."""
    return lambda wire: None


def cut_off() -> Fault:
    """The true length in the head, half of the body, and the connection is closed."""

    def send(wire: Wire) -> None:
        good = wire.good()
        wire.send(head(200, len(good.body), good.content_type) + good.body[: len(good.body) // 2])

    return send


def truncated(share: float = 0.5) -> Fault:
    """The first part of the body as if it were the whole of it."""

    def send(wire: Wire) -> None:
        good = wire.good()
        kept = good.body[: int(len(good.body) * share)]
        wire.send(head(200, len(kept), good.content_type) + kept)

    return send


def slow_headers(interval: float = 0.5) -> Fault:
    """A head that never ends, a byte each interval."""

    def send(wire: Wire) -> None:
        wire.send(b"HTTP/1.1 200 OK\r\nX-Patience: ")
        _drip(wire, interval)

    return send


def slow_body(interval: float = 0.5) -> Fault:
    """A good head and a body that never ends, a byte each interval."""

    def send(wire: Wire) -> None:
        wire.send(head(200, 10_000_000, JSON))
        _drip(wire, interval)

    return send


def gzip_bomb(megabytes: int = 500) -> Fault:
    """A small body of JSON that unpacks to a huge one."""

    def send(wire: Wire) -> None:
        wire.send(head(200, None, JSON, **{"Content-Encoding": "gzip"}))
        for piece in _bomb(megabytes):
            if wire.stopping.is_set():
                return
            wire.send(piece)

    return send


def double_gzip(content: bytes = b"{}") -> Fault:
    """A body packed twice and declared so."""
    packed = gzip.compress(gzip.compress(content))
    return lambda wire: wire.send(head(200, len(packed), JSON, **{"Content-Encoding": "gzip, gzip"}) + packed)


def head(code: int, length: int | None, content_type: str, **extra: str) -> bytes:
    """The head of a response after which the connection is closed."""
    lines = [f"HTTP/1.1 {code} {code}", f"Content-Type: {content_type}", "Connection: close"]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    lines += [f"{name}: {value}" for name, value in extra.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _drip(wire: Wire, interval: float) -> None:
    for _ in range(int(LONGEST / interval)):
        if wire.stopping.wait(interval):
            return
        wire.send(b" ")


def _bomb(megabytes: int) -> Iterator[bytes]:
    packer = zlib.compressobj(9, wbits=31)
    yield packer.compress(b'{"totalResults": 1, "results": [')
    for _ in range(megabytes):
        yield packer.compress(b" " * 1_000_000)
    yield packer.compress(b"]}") + packer.flush()
