"""Where we may fetch from: judged by the address that is connected to, never by its name.

A host's name is looked up once and every address it has is judged; the connection then goes to one of just these
addresses, so that a name which changes its address in between gains nothing. `settings.FETCH_ALLOW` holds the only
exceptions, as `host:port`.
"""

import queue
import socket
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Thread

from django.conf import settings
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from alerts.sources.fetch_errors import Refused, TimedOut, UnknownName, Unreachable

CONNECT_SECONDS = 5.0
PORTS = {"http": 80, "https": 443}
NO_SUCH_NAME = {socket.EAI_NONAME, socket.EAI_NODATA}
"""Without a network the system says otherwise: that it cannot tell just now."""

# Python's own `is_global` lets through multicast, NAT64, 6to4 and others, hence a list.
# Source: the special-purpose address registries of IANA.
LISTED_4 = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24
    203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
"""
LISTED_6 = "2001::/23 2001:db8::/32 2620:4f:8000::/48 3fff::/20"
DENIED_4 = [ip_network(block) for block in LISTED_4.split()]
DENIED_6 = [ip_network(block) for block in LISTED_6.split()]
PUBLIC_6 = ip_network("2000::/3")
NAT64 = ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Target:
    """A checked address to fetch: host without brackets, path with its query."""

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_excepted(self) -> bool:
        """Whether `settings.FETCH_ALLOW` opens this host and port."""
        return f"{self.host}:{self.port}" in settings.FETCH_ALLOW


@dataclass(frozen=True)
class Deadline:
    """The second, by the monotonic clock, at which a fetch has to be over."""

    at: float
    total: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """A deadline so many seconds from now."""
        return cls(time.monotonic() + seconds, seconds)

    @property
    def passed(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.at

    def left(self, at_most: float) -> float:
        """The seconds left, but not more than `at_most`; raises TimeoutError when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, at_most)


def target(url: str) -> Target:
    """The address in its parts; raises Refused for what is never fetched, whatever it resolves to."""
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise Refused(f"{url!r} is not an address") from None
    if parts.scheme not in PORTS or not parts.host:
        raise Refused(f"{url!r} is not an http or https address")
    if parts.auth is not None:
        raise Refused("an address with a user name or password in it is never fetched")
    found = Target(
        url=parts._replace(fragment=None).url,
        scheme=parts.scheme,
        host=parts.host.strip("[]"),
        port=parts.port if parts.port is not None else PORTS[parts.scheme],
        path=parts.request_uri,
    )
    if found.port not in PORTS.values() and not found.is_excepted:
        raise Refused(f"port {found.port} of {found.host} is none of the web's")
    return found


def is_denied(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address lies in a network that is not the public internet, also when wrapped in an IPv6 address."""
    if isinstance(address, IPv4Address):
        return any(address in block for block in DENIED_4)
    inner = _unwrapped(address)
    if inner is not None:
        return is_denied(inner)
    return address not in PUBLIC_6 or any(address in block for block in DENIED_6)


def check(url: str) -> Target:
    """An address in its parts, its host looked up and judged; raises FetchError, Refused for what we never fetch."""
    found = target(url)
    try:
        _judged(found, Deadline.after(CONNECT_SECONDS))
    except TimeoutError:
        raise TimedOut(f"the name {found.host} could not be looked up in time") from None
    return found


def connect(to: Target, deadline: Deadline, make_socket=socket.socket) -> socket.socket:
    """A connection to one of the host's addresses; raises Refused, Unreachable or TimedOut."""
    until = Deadline(min(deadline.at, time.monotonic() + CONNECT_SECONDS), deadline.total)
    try:
        return _first_open(_judged(to, until), until, make_socket)
    except TimeoutError:
        raise TimedOut(f"{to.host} did not answer within {CONNECT_SECONDS:.0f} seconds") from None
    except OSError as error:
        raise Unreachable(f"there is no connection to {to.host} ({error.strerror or error})") from error


def _judged(to: Target, until: Deadline) -> list[tuple[int, tuple]]:
    """Every address of the host, unless one of them must not be connected to."""
    addresses = _resolve(to, until)
    if not to.is_excepted and any(is_denied(ip_address(address[0].split("%")[0])) for _, address in addresses):
        raise Refused(f"{to.host} lies in a private or reserved network")
    return addresses


def _unwrapped(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _resolve(to: Target, until: Deadline) -> list[tuple[int, tuple]]:
    """Every address of the host; the system's look-up knows no deadline, so it runs in a thread of its own."""
    found: queue.SimpleQueue = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(error)

    Thread(target=look_up, daemon=True).start()
    try:
        answer = found.get(timeout=until.left(CONNECT_SECONDS))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        known_not_to_be = isinstance(answer, UnicodeError) or answer.errno in NO_SUCH_NAME
        kind = UnknownName if known_not_to_be else Unreachable
        raise kind(f"the name {to.host} is not known (is there a network?)") from answer
    return [(family, address) for family, _, _, _, address in answer]


def _first_open(addresses: list[tuple[int, tuple]], until: Deadline, make_socket) -> socket.socket:
    failure: OSError = OSError("it has no address")
    for family, address in addresses:
        opened = make_socket(family, socket.SOCK_STREAM)
        try:
            opened.settimeout(until.left(CONNECT_SECONDS))
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.connect(address)
            return opened
        except OSError as error:
            opened.close()
            failure = error
    raise failure
