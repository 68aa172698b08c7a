"""Where a request comes from, as far as limits and records need it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def network(request: HttpRequest) -> str:
    """What counts as one network for limits: the IPv4 address, or the /64 of the IPv6 address; '' where unknown.

    Behind a proxy that we trust (settings say so) it is the last address of X-Forwarded-For, which that proxy wrote;
    whatever stands left of it was typed by the visitor.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return _cut(said, v4=32, v6=64)


def shortened(limit_network: str) -> str:
    """The network as a consent record keeps it: /24 of IPv4, /48 of IPv6."""
    return _cut(limit_network.partition("/")[0], v4=24, v6=48)


def _cut(address: str, v4: int, v6: int) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    mapped = getattr(parsed, "ipv4_mapped", None)
    parsed = mapped or parsed
    return str(ipaddress.ip_network((parsed, v4 if parsed.version == 4 else v6), strict=False))
