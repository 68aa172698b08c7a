"""Whatever a server does, a fetch ends, in bounded time and memory, with a response or with words."""

import gzip
import resource
import socket
import ssl
import time
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from threading import Thread

import pytest

from alerts.sources import http
from alerts.sources.fetch_errors import BrokenOff, Refused, TimedOut, TooLarge, TooManyRedirects, Unreachable
from alerts.sources.http import Client, Pace, retry_after
from tests.sources.hostile import hostile, whole

NOON = datetime(2031, 1, 6, 12, tzinfo=UTC)
PATIENCE = 0.6


@pytest.fixture
def fetch(settings):
    """Fetches from a server of the test, which the settings except from the guard."""

    def get(server, path="/", total=PATIENCE, **more):
        settings.FETCH_ALLOW = frozenset({f"127.0.0.1:{server.port}"})
        with Client(Pace(10_000), total=total) as client:
            return client.get(server.url + path, **more)

    return get


def test_a_good_answer_comes_back_whole(fetch):
    with hostile(lambda visit: visit.send(whole(b"hello", X_Kind="word"))) as server:
        response = fetch(server, "/a?b=1", params={})
    assert (response.status, response.body, response.headers["x-kind"]) == (200, b"hello", "word")
    assert response.url == f"{server.url}/a?b=1"


def test_we_say_who_we_are(fetch, settings):
    settings.SITE_URL, settings.CONTACT_ADDRESS = "https://hark.example", "people@hark.example"
    with hostile(lambda visit: visit.send(whole(b""))) as server:
        fetch(server)
    assert b"User-Agent: Hark (+https://hark.example; people@hark.example)" in server.heads[0]


def test_no_proxy_of_the_environment_is_used(fetch, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with hostile(lambda visit: visit.send(whole(b"direct"))) as server:
        assert fetch(server).body == b"direct"


def test_an_error_status_is_an_answer_too(fetch):
    with hostile(lambda visit: visit.send(whole(b"slow down", "429 Too Many Requests", Retry_After="120"))) as server:
        response = fetch(server)
    assert (response.status, response.body) == (429, b"slow down")


SLOW = {
    "headers in drips": lambda visit: (visit.send(b"HTTP/1.1 200 OK\r\nX-Slow: "), visit.drip(b"x")),
    "a status line in drips": lambda visit: visit.drip(b"H"),
    "headers without end": lambda visit: (visit.send(b"HTTP/1.1 100 Continue\r\n\r\n"), visit.drip(b"H")),
    "a body in drips": lambda visit: (
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"),
        visit.drip(b"x"),
    ),
    "chunks in drips": lambda visit: (
        visit.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        visit.drip(b"1\r\nx\r\n"),
    ),
    "silence": lambda visit: visit.over.wait(30),
}


@pytest.mark.parametrize("answer", SLOW.values(), ids=SLOW)
def test_a_slow_server_is_left_at_the_deadline(fetch, answer):
    with hostile(answer) as server, pytest.raises(TimedOut, match="not complete after 1 seconds"):
        fetch(server)


def test_a_slow_handshake_is_left_at_the_deadline(settings):
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    settings.FETCH_ALLOW = frozenset({f"127.0.0.1:{port}"})
    with listener, Client(Pace(1000), total=PATIENCE) as client, pytest.raises(TimedOut):
        client.get(f"https://127.0.0.1:{port}/")


def test_a_silent_server_is_left_between_bytes(fetch, monkeypatch):
    monkeypatch.setattr("alerts.sources.connection.BETWEEN_BYTES_SECONDS", 0.2)
    with hostile(SLOW["silence"]) as server, pytest.raises(TimedOut, match="silent"):
        fetch(server, total=20)


def packed(megabytes):
    """A gzip body of zeros."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


BOMBS = {
    "once": ("gzip", packed(500)),
    "twice": ("gzip, gzip", gzip.compress(packed(500))),
}


@pytest.mark.parametrize(("encoding", "body"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_noticed_before_it_has_grown(fetch, encoding, body):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = whole(body, Content_Encoding=encoding)
    with hostile(lambda visit: visit.send(answer)) as server, pytest.raises(TooLarge, match="10 MB"):
        fetch(server, total=20)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64_000


def test_a_large_body_is_not_read_to_its_end(fetch):
    with hostile(lambda visit: visit.send(whole(bytes(11_000_000)))) as server, pytest.raises(TooLarge):
        fetch(server, total=20)


def test_a_body_packed_twice_is_unpacked_twice(fetch):
    body = gzip.compress(gzip.compress(b"words"))
    with hostile(lambda visit: visit.send(whole(body, Content_Encoding="gzip, gzip"))) as server:
        assert fetch(server).body == b"words"


BROKEN = {
    "cut off": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    "cut off within a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf",
    "no http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "not the gzip it says": whole(b"plain", Content_Encoding="gzip"),
    "a header of 100 kB": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_no_answer(fetch, answer):
    with hostile(lambda visit: visit.send(answer)) as server, pytest.raises(BrokenOff):
        fetch(server)


def test_a_server_that_hangs_up_is_unreachable(fetch):
    with hostile(lambda visit: None) as server, pytest.raises(Unreachable, match="without an answer"):
        fetch(server)


def test_a_closed_port_is_unreachable(fetch):
    with hostile(lambda visit: None) as server:
        pass
    with pytest.raises(Unreachable, match="refused"):
        fetch(server)


def test_an_unknown_name_is_unreachable():
    with Client(Pace(1000)) as client, pytest.raises(Unreachable, match=r"no-such-host\.invalid is not known"):
        client.get("http://no-such-host.invalid/")


def test_a_look_up_that_hangs_is_left(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(5))
    with Client(Pace(1000), total=0.3) as client, pytest.raises(TimedOut):
        client.get("http://slow-names.example/")


def test_a_connection_that_cannot_be_made_secure_is_said_to_be_the_trouble(settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("aNULL:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    listener = context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True)
    listener.settimeout(5)
    port = listener.getsockname()[1]
    settings.FETCH_ALLOW = frozenset({f"127.0.0.1:{port}"})
    Thread(target=_accept, args=(listener,), daemon=True).start()
    with listener, Client(Pace(1000), total=5) as client, pytest.raises(Unreachable, match="no secure connection"):
        client.get(f"https://127.0.0.1:{port}/")


def _accept(listener):
    with suppress(OSError):
        listener.accept()


def test_a_redirect_is_followed_and_its_end_named(fetch):
    def answer(visit):
        onward = whole(b"", "302 Found", Location="/there") if b"GET / " in visit.head else whole(b"here")
        visit.send(onward)

    with hostile(answer) as server:
        response = fetch(server)
    assert (response.body, response.url) == (b"here", f"{server.url}/there")


def test_endless_redirects_end(fetch):
    with hostile(lambda visit: visit.send(whole(b"", "301 Moved", Location="/again"))) as server:
        with pytest.raises(TooManyRedirects):
            fetch(server, total=10)
        assert len(server.heads) == http.MOST_REDIRECTS + 1


@pytest.mark.parametrize("onward", ["http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "http://[::1]/"])
def test_a_redirect_is_checked_like_any_address(fetch, onward):
    answer = whole(b"", "302 Found", Location=onward)
    with hostile(lambda visit: visit.send(answer)) as server, pytest.raises(Refused):
        fetch(server)


def test_a_connection_is_kept_and_a_stale_one_replaced(settings):
    connections = []

    def answer(visit):
        connections.append(visit.connection)
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        if len(connections) == 1:
            visit.connection.recv(4096)
            visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nkept")
        visit.connection.recv(4096)

    with hostile(answer) as server:
        settings.FETCH_ALLOW = frozenset({f"127.0.0.1:{server.port}"})
        with Client(Pace(1000), total=5) as client:
            bodies = [client.get(server.url).body for _ in range(3)]
    assert bodies == [b"ok", b"kept", b"ok"]
    assert len(connections) == 2


def test_requests_keep_their_distance():
    pace, begun = Pace(50), []
    for _ in range(4):
        pace.wait()
        begun.append(time.monotonic())
    assert all(later - sooner > 0.019 for sooner, later in pairwise(begun))


DAY = timedelta(days=1)
WAITS = {
    "120": timedelta(seconds=120),
    " 7 ": timedelta(seconds=7),
    "0": timedelta(0),
    "100000": DAY,
    format_datetime(NOON + timedelta(minutes=3), usegmt=True): timedelta(minutes=3),
    format_datetime(NOON + timedelta(days=9), usegmt=True): DAY,
    format_datetime(NOON - timedelta(minutes=3), usegmt=True): None,
    "-5": None,
    "1000000000000": None,
    "soon": None,
    "": None,
    "1e3": None,
    "Fri, 31 Dec 9999 23:59:59 GMT": None,
    "²": None,
}


@pytest.mark.parametrize(("said", "wait"), WAITS.items(), ids=WAITS)
def test_retry_after_is_understood_or_ignored(said, wait):
    assert retry_after({"Retry-After": said}, NOON) == wait


def test_no_retry_after_asks_for_nothing():
    assert retry_after({}, NOON) is None
