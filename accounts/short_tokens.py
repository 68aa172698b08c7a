"""Short signed links: a few numbers, for one purpose; where a mail has many of them and each can do little.

A token is base64url of the numbers, seven bits a byte, and the first 64 bits of an HMAC-SHA256 over them with a key of
its purpose. It never expires: what it names may be gone. Keys of before are accepted too.
"""

import base64
import binascii
import hashlib
import hmac
from functools import lru_cache

from django.conf import settings

from accounts.tokens import BadToken

SIGNATURE_BYTES = 8


def make(purpose: str, *numbers: int) -> str:
    """The token for these numbers, none negative, about 19 characters for two; the same arguments, the same token."""
    payload = b"".join(map(_packed, numbers))
    return base64.urlsafe_b64encode(payload + _sign(payload, purpose, settings.TOKEN_KEY)).decode().rstrip("=")


def read(token: str, purpose: str) -> tuple[int, ...]:
    """The numbers in `token`; raises BadToken where it is forged or for another purpose."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise BadToken("not a token") from error
    payload, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    keys = (settings.TOKEN_KEY, *settings.TOKEN_KEYS_BEFORE)
    if not payload or not any(hmac.compare_digest(signature, _sign(payload, purpose, key)) for key in keys):
        raise BadToken("not a token of ours")
    return tuple(_unpacked(payload))


def _sign(payload: bytes, purpose: str, secret: str) -> bytes:
    signing = _keyed(purpose, secret).copy()
    signing.update(payload)
    return signing.digest()[:SIGNATURE_BYTES]


@lru_cache
def _keyed(purpose: str, secret: str) -> hmac.HMAC:
    """What has read the key of this purpose; to copy it takes half as long as to begin anew."""
    key = hashlib.sha256(f"hark.short.{purpose}.{secret}".encode()).digest()
    return hmac.new(key, None, hashlib.sha256)


def _packed(number: int) -> bytes:
    """The number, seven bits a byte, the lowest first; the eighth bit says that more follow."""
    packed = bytearray()
    while number > 127:
        packed.append(number & 127 | 128)
        number >>= 7
    return bytes([*packed, number])


def _unpacked(payload: bytes) -> list[int]:
    numbers, number, shift = [], 0, 0
    for byte in payload:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(number)
            number = shift = 0
    return numbers
