"""An email as bytes: headers and two parts, made once and sent as they are ever after."""

import datetime
import re
from binascii import b2a_qp
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from email import policy
from email.header import Header
from email.message import EmailMessage as ParsedEmail
from email.parser import BytesParser
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from accounts import addresses
from alerts.digests import providers
from alerts.digests.providers import Provider
from alerts.models import Message

_PART = b"""\
--%s\r
Content-Type: text/%s; charset="utf-8"\r
Content-Transfer-Encoding: quoted-printable\r
\r
%s\r
"""
_TEXT = ['Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: quoted-printable"]
_LINE_END = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")


@dataclass(frozen=True)
class Letter:
    """What one email says; `headers` are those of its kind, beside the ones every email has."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)


def one_line(text: str) -> str:
    """`text` without line breaks and control characters, so that it can stand in a header."""
    return _CONTROL.sub(" ", text).strip()


def as_bytes(letter: Letter, message: Message, now: datetime.datetime) -> bytes:
    """The bytes of `message`, with CRLF; the same arguments always give the same bytes.

    Raises ValueError for anything but one canonical address, or a line break in a header.
    """
    if addresses.canonical(message.to_address) != message.to_address:
        raise ValueError(f"message {message.pk}: not one canonical address")
    boundary = "" if _is_text_only(message) else f"=_{message.uuid.hex}"
    kind = [f'Content-Type: multipart/alternative; boundary="{boundary}"'] if boundary else _TEXT
    lines = [*kind, "MIME-Version: 1.0"]
    for name, value in (_headers(letter, message, now) | dict(letter.headers)).items():
        if value != one_line(value):
            raise ValueError(f"message {message.pk}: control characters in {name}")
        lines.append(f"{name}: {_encoded(name, value)}")
    body = _body(letter, boundary) if boundary else _quoted(letter.text.rstrip() + "\n")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _is_text_only(message: Message) -> bool:
    """Whether its reader wants no HTML part."""
    reader = message.digest.user if message.digest else message.user
    return reader is not None and reader.text_only


def _encoded(name: str, value: str) -> str:
    """The value of a header, never folded where it is ASCII: some programs do not read a folded List-Unsubscribe."""
    return value if value.isascii() else Header(value, "utf-8", header_name=name).encode(linesep="\r\n")


def _body(letter: Letter, boundary: str) -> bytes:
    """Both texts as parts; the standard library takes some times as long over it, going from line to line."""
    parts = ((b"plain", letter.text), (b"html", letter.html))
    said = (_PART % (boundary.encode(), subtype, _quoted(text)) for subtype, text in parts)
    return b"".join(said) + b"--%s--\r\n" % boundary.encode()


def _quoted(text: str) -> bytes:
    """`text` as quoted-printable, in lines that end in CRLF."""
    return b2a_qp(_LINE_END.sub("\n", text).encode()).replace(b"\n", b"\r\n")


def _headers(letter: Letter, message: Message, now: datetime.datetime) -> dict[str, str]:
    service = message.kind == Message.Kind.SIGN_IN
    return {
        "From": _sender(settings.SIGN_IN_FROM_EMAIL if service else settings.DEFAULT_FROM_EMAIL),
        "To": message.to_address,
        "Reply-To": settings.CONTACT_ADDRESS,
        "Subject": one_line(letter.subject).replace("=?", "= ?"),  # else it reads as an encoded word
        "Date": _date(now),
        "Message-ID": message.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, NRN, AutoReply, RN",
    }


@lru_cache(maxsize=1)
def _date(now: datetime.datetime) -> str:
    return format_datetime(now.astimezone(datetime.UTC))


@lru_cache
def _sender(configured: str) -> str:
    return formataddr(parseaddr(configured))


class StoredEmail(EmailMultiAlternatives):
    """A rendered message for a mail backend: what is sent as it is comes out byte for byte.

    Providers' backends, which take an email apart, find the same parts, headers and Message-ID.
    """

    def __init__(self, message: Message):
        self.raw = bytes(message.body)
        parsed = BytesParser(policy=policy.default).parsebytes(self.raw)
        html = parsed.get_body(("html",))
        own = {"from", "to", "subject", "content-type", "content-transfer-encoding", "mime-version", "reply-to"}
        super().__init__(
            subject=str(parsed["Subject"]),
            body=parsed.get_body(("plain",)).get_content(),
            from_email=str(parsed["From"]),
            to=[message.to_address],
            reply_to=[str(parsed["Reply-To"])],
            headers={name: str(value) for name, value in parsed.items() if name.lower() not in own},
            alternatives=[(html.get_content(), "text/html")] if html else [],
        )
        self._for(providers.current(), str(message.uuid))

    def _for(self, provider: Provider, uuid: str) -> None:
        """What only a provider's backend reads: how its delivery events find the row, its key, its switches."""
        if provider.metadata:
            self.metadata = {"uuid": uuid}
        if provider.key_header:
            self.extra_headers[provider.key_header] = uuid
        if provider.untracked:
            self.track_opens = self.track_clicks = False
        if provider.extra:
            self.esp_extra = deepcopy(dict(provider.extra))

    def message(self, *, policy=policy.SMTP) -> ParsedEmail:
        """The stored bytes as an email object whose `as_bytes` gives them back unchanged."""
        exact = BytesParser(_class=_Exact, policy=policy).parsebytes(self.raw)
        exact.raw = self.raw
        return exact


class _Exact(ParsedEmail):
    raw: bytes

    def as_bytes(self, unixfrom: bool = False, policy=None, linesep: str | None = None) -> bytes:
        return self.raw
