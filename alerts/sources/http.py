"""The one polite HTTP client: whatever a server does, a fetch ends in bounded time and memory.

Limits: connecting 5 s, 10 s between bytes, 30 s in all unless the caller says otherwise,
10 MB unpacked, 5 redirects each checked anew, never through a proxy.
"""

import http.client
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urljoin

from django.conf import settings
from urllib3.exceptions import DecodeError, HTTPError, SSLError
from urllib3.exceptions import TimeoutError as SlowError
from urllib3.response import BaseHTTPResponse

from alerts.sources import guard
from alerts.sources.connection import BETWEEN_BYTES_SECONDS, Connection, SecureConnection, connection_to
from alerts.sources.fetch_errors import BrokenOff, TimedOut, TooLarge, TooManyRedirects, Unreachable
from alerts.sources.guard import Deadline, Target

TOTAL_SECONDS = 30.0
LARGEST_BODY = 10_000_000
MOST_REDIRECTS = 5
PERMANENT = {301, 308}
REDIRECTS = PERMANENT | {302, 303, 307}
PIECE = 65536
LONGEST_WAIT = timedelta(hours=24)
ABSURD_WAIT = timedelta(days=366)


@dataclass(frozen=True)
class Response:
    """A complete answer of any status: the body unpacked, `url` the address it came from in the end.

    `moved_to` is the address that what was asked for has moved to for good: as far as permanent redirects alone led.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    moved_to: str = ""


class Pace:
    """Spaces requests: at most `rate` a second begin, counted from the one before."""

    def __init__(self, rate: float):
        self._gap = 1 / rate
        self._next = 0.0

    def wait(self) -> None:
        """Sleeps until the next request may begin."""
        wait = self._next - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._next = time.monotonic() + self._gap


class Client:
    """Fetches at a polite pace and keeps connections open between fetches; close it, or use it in a `with`."""

    def __init__(self, pace: Pace | None = None, total: float = TOTAL_SECONDS):
        self._pace = pace or Pace(settings.FETCH_RATE)
        self._total = total
        self._open: dict[tuple, Connection | SecureConnection] = {}

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *exc) -> None:
        self.close()

    def close(self) -> None:
        """Closes all connections; fetching opens new ones."""
        while self._open:
            self._open.popitem()[1].close()

    def get(self, url: str, params: Mapping | None = None, headers: Mapping[str, str] | None = None) -> Response:
        """The answer to GET after redirects, whatever its status; raises FetchError."""
        target = guard.target(f"{url}?{urlencode(params, doseq=True)}" if params else url)
        self._pace.wait()
        deadline, moved_to, for_good = Deadline.after(self._total), "", True
        for _ in range(MOST_REDIRECTS + 1):
            response = self._fetch(target, {**polite_headers(), **(headers or {})}, deadline)
            onward = response.headers.get("Location")
            if response.status not in REDIRECTS or not onward:
                return replace(response, moved_to=moved_to)
            target = guard.target(urljoin(target.url, onward))
            for_good = for_good and response.status in PERMANENT
            moved_to = target.url if for_good else moved_to
            self._pace.wait()
        raise TooManyRedirects(f"{target.host} sends us on more than {MOST_REDIRECTS} times")

    def _fetch(self, target: Target, headers: Mapping[str, str], deadline: Deadline) -> Response:
        key = (target.scheme, target.host, target.port)
        kept = self._open.pop(key, None)
        connection = kept if kept is not None and kept.is_connected else connection_to(target)
        try:
            with _in_words(target.host, deadline):
                try:
                    opened = connection.ask(target, headers, deadline)
                except (http.client.RemoteDisconnected, ConnectionError):
                    # A kept connection may have been closed by the other side at this very moment.
                    if connection is not kept:
                        raise
                    connection = connection_to(target)
                    opened = connection.ask(target, headers, deadline)
                response = Response(opened.status, opened.headers, _body(opened, target, deadline), target.url)
        except BaseException:
            connection.close()
            raise
        self._open[key] = connection
        return response


def polite_headers() -> dict[str, str]:
    """Who we are and how to reach us, and what packing we can undo."""
    name = f"Hark (+{settings.SITE_URL}; {settings.CONTACT_ADDRESS})"
    return {"User-Agent": name, "Accept-Encoding": "gzip"}


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long a 429 or 503 asks us to wait, a day at most; None where it says nothing or nonsense."""
    said = (headers.get("Retry-After") or "").strip()
    if said.isascii() and said.isdigit():
        wait = timedelta(seconds=int(said)) if len(said) < 9 else ABSURD_WAIT
    else:
        try:
            then = parsedate_to_datetime(said)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        wait = (then if then.tzinfo else then.replace(tzinfo=UTC)) - now
    return min(wait, LONGEST_WAIT) if timedelta(0) <= wait < ABSURD_WAIT else None


def _body(opened: BaseHTTPResponse, target: Target, deadline: Deadline) -> bytes:
    """The unpacked body, read in pieces so that a bomb is noticed before it has grown."""
    pieces, size = [], 0
    while piece := opened.read(PIECE, decode_content=True):
        deadline.left(1)
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_BODY:
            raise TooLarge(f"{target.host} sent more than {LARGEST_BODY // 1_000_000} MB")
    return b"".join(pieces)


@contextmanager
def _in_words(host: str, deadline: Deadline) -> Iterator[None]:
    """Turns what the libraries raise into a FetchError."""
    try:
        yield
    except (TimeoutError, SlowError) as error:
        raise TimedOut(_slow(host, deadline)) from error
    except (ssl.SSLError, SSLError) as error:
        raise Unreachable(f"there is no secure connection to {host} ({error})") from error
    except DecodeError as error:
        raise BrokenOff(f"the answer of {host} cannot be unpacked") from error
    except (http.client.RemoteDisconnected, ConnectionError) as error:
        raise Unreachable(f"{host} closed the connection without an answer") from error
    except (HTTPError, http.client.HTTPException, OSError) as error:
        raise BrokenOff(f"the answer of {host} broke off or is not proper HTTP") from error


def _slow(host: str, deadline: Deadline) -> str:
    if deadline.passed:
        return f"the answer of {host} was not complete after {deadline.total:.0f} seconds"
    return f"{host} was silent for {BETWEEN_BYTES_SECONDS:.0f} seconds"
