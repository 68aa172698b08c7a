"""Signed links: who, for what, of which version, since when; good for years, so the key is their own.

A token is base64url of uuid (16 bytes), scope (1), version (2), issue time in minutes (4) and the first 128 bits of an
HMAC-SHA256 over these. It can do what its scope says and nothing else. One key signs; keys of before are accepted
too, so that a new one does not break the links in mails already sent.
"""

import base64
import binascii
import datetime
import hashlib
import hmac
import struct
import uuid as uuids
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer

# Scope: its byte in the token, and how long a link of it works (None: for ever).
SCOPES: dict[str, tuple[int, datetime.timedelta | None]] = {
    "confirm": (1, datetime.timedelta(days=7)),
    "unsub": (2, None),
    "manage": (3, datetime.timedelta(days=30)),
    "digest": (4, datetime.timedelta(days=366)),
    "undo": (5, datetime.timedelta(days=30)),
    "stay": (7, datetime.timedelta(days=9)),
    "check-in": (10, datetime.timedelta(days=30)),
    "page": (16, None),
    "feed": (17, None),
}
LAYOUT = struct.Struct(">16sBHI")
SIGNATURE_BYTES = 16


class BadToken(Exception):
    """Not a token of ours, or not one for this scope."""


class ExpiredToken(BadToken):
    """A token of ours whose time is over; `token` says whose it was."""

    def __init__(self, token: "Token"):
        super().__init__("this link has expired")
        self.token = token


@dataclass(frozen=True)
class Token:
    """What a signed link says: whose row, which `token_version` it was made under, and when (to the minute)."""

    uuid: uuids.UUID
    version: int
    issued_at: datetime.datetime


def _sign(payload: bytes, secret: str) -> bytes:
    key = hashlib.sha256(b"hark.token." + secret.encode()).digest()
    return hmac.new(key, payload, hashlib.sha256).digest()[:SIGNATURE_BYTES]


def _is_ours(payload: bytes, signature: bytes) -> bool:
    keys = (settings.TOKEN_KEY, *settings.TOKEN_KEYS_BEFORE)
    return any(hmac.compare_digest(signature, _sign(payload, key)) for key in keys)


def make(scope: str, uuid: uuids.UUID, issued: datetime.datetime, version: int = 0) -> str:
    """The token, 52 characters, for the row called `uuid`; the same arguments always give the same token."""
    minutes = int(issued.timestamp()) // 60
    payload = LAYOUT.pack(uuid.bytes, SCOPES[scope][0], version & 0xFFFF, minutes)
    return base64.urlsafe_b64encode(payload + _sign(payload, settings.TOKEN_KEY)).decode().rstrip("=")


def read(token: str, scope: str, now: datetime.datetime) -> Token:
    """What `token` says; raises BadToken where it is forged or of another scope, ExpiredToken after its time."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise BadToken("not a token") from error
    payload, signature = raw[: LAYOUT.size], raw[LAYOUT.size :]
    if len(payload) != LAYOUT.size or not _is_ours(payload, signature):
        raise BadToken("not a token of ours")
    ident, scope_byte, version, minutes = LAYOUT.unpack(payload)
    expected, lifetime = SCOPES[scope]
    if scope_byte != expected:
        raise BadToken("a token for something else")
    issued_at = datetime.datetime.fromtimestamp(minutes * 60, datetime.UTC)
    found = Token(uuids.UUID(bytes=ident), version, issued_at)
    if lifetime is not None and now - issued_at > lifetime:
        raise ExpiredToken(found)
    return found


def sealed(address: str, uuid: uuids.UUID) -> str:
    """An address for the link of the row called `uuid`, so that it need not be kept with the row; not a secret."""
    return _signer(uuid).sign(base64.urlsafe_b64encode(address.encode()).decode().rstrip("="))


def opened(seal: str, uuid: uuids.UUID) -> str:
    """The address in a seal of that row; raises BadToken where it is forged or of another row."""
    try:
        text = _signer(uuid).unsign(seal)
    except BadSignature as error:
        raise BadToken("not a seal of ours") from error
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def _signer(uuid: uuids.UUID) -> Signer:
    salt, before = f"hark.sealed.{uuid}", settings.TOKEN_KEYS_BEFORE
    return Signer(key=settings.TOKEN_KEY, fallback_keys=before, salt=salt, sep=".")
