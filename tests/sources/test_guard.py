"""Nothing inside our own network is ever fetched, however it is spelt or wrapped (F-09)."""

import socket
from ipaddress import ip_address

import pytest

from alerts.sources import guard
from alerts.sources.fetch_errors import Refused
from alerts.sources.http import Client, Pace

PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.8 192.0.0.171 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.7
203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 3fff::1
5f00::1 fc00::1 fd12:3456:789a::1 fe80::1 fec0::1 ff02::1 ff0e::1
"""
PUBLIC = "1.1.1.1 8.8.8.8 172.15.0.1 172.32.0.1 100.128.0.1 2606:4700::1111 64:ff9b::808:808 2002:808:808::1"
SPELLINGS = ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "１２７.0.0.1", "localhost", "[::ffff:7f00:1]", "[::1]"]


@pytest.mark.parametrize("address", PRIVATE.split())
def test_an_address_that_is_not_public_is_denied(address):
    assert guard.is_denied(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_is_not_denied(address):
    assert not guard.is_denied(ip_address(address))


@pytest.fixture
def listener(monkeypatch):
    """A listening socket whose port counts as one of the web's, to see whether anyone connects."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        monkeypatch.setitem(guard.PORTS, "http", listening.getsockname()[1])
        yield listening


def nobody_came(listener):
    with pytest.raises(BlockingIOError):
        listener.accept()
    return True


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_our_own_machine_is_connected_to(listener, spelling):
    with Client(Pace(1000)) as client, pytest.raises(Refused):
        client.get(f"http://{spelling}/")
    assert nobody_came(listener)


def names(monkeypatch, *answers):
    """The system's look-up gives these addresses, one list at a time."""
    waiting = list(answers)

    def look_up(host, port, **kwargs):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in waiting.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return waiting


def test_one_private_address_among_public_ones_is_enough(listener, monkeypatch):
    names(monkeypatch, ["93.184.215.14", "127.0.0.1"])
    with Client(Pace(1000)) as client, pytest.raises(Refused, match=r"two-faced\.example"):
        client.get("http://two-faced.example/")
    assert nobody_came(listener)


def test_a_name_is_looked_up_once_so_that_it_cannot_flip(monkeypatch):
    waiting = names(monkeypatch, ["203.0.113.9"], ["93.184.215.14"])
    with Client(Pace(1000)) as client, pytest.raises(Refused):
        client.get("http://flipping.example/")
    assert waiting == [["93.184.215.14"]]


def test_an_exception_opens_its_port_alone(listener, settings):
    port = listener.getsockname()[1]
    settings.FETCH_ALLOW = frozenset({f"127.0.0.1:{port + 1}", f"localhost:{port}"})
    with Client(Pace(1000)) as client, pytest.raises(Refused):
        client.get(f"http://127.0.0.1:{port}/")
    assert nobody_came(listener)


REFUSED = {
    "a file": "file:///etc/passwd",
    "another protocol": "gopher://example.org/",
    "a port of something else": "http://example.org:6379/",
    "credentials": "http://user:secret@example.org/",
    "a name before the at sign": "http://example.org@127.0.0.1/",
    "no host": "http:///path",
    "nothing": "",
    "a host that is none": "http://exa mple.org/",
    "a port that is none": "http://example.org:99999/",
}


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED)
def test_some_addresses_are_refused_before_any_look_up(url, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: pytest.fail("looked up"))
    with Client(Pace(1000)) as client, pytest.raises(Refused):
        client.get(url)
