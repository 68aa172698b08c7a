"""What an error of a mail backend means for a message: try later, never, or nobody knows. Pure.

The type of an exception does not tell the phase: smtplib raises the same for a missing banner and for a missing reply
after the text. So the verdict also asks whether the message had been handed over.
"""

import datetime
import enum
import re
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import requests
from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from urllib3.exceptions import NewConnectionError

_SESSION = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPNotSupportedError,
)
_NO_SUCH_ADDRESS = re.compile(r"^\s*5\.1\.\d")
_GATEWAY = {502, 504}
_OUR_KEY = {401, 403, 407}


class Fate(enum.Enum):
    """What becomes of a message after an error."""

    LATER = "certainly not accepted; try again later"
    FAILED = "refused for good"
    UNCERTAIN = "it may have been accepted"
    BROKEN = "we failed before anything left"


@dataclass(frozen=True)
class Verdict:
    """The fate, and why in words; `hard_bounce`: the address does not exist; `everybody`: it is not about this one."""

    fate: Fate
    reason: str
    hard_bounce: bool = False
    everybody: bool = False
    retry_after: datetime.timedelta | None = None


def judge(error: BaseException, handed_over: bool, now: datetime.datetime) -> Verdict:
    """The verdict on `error`, raised while sending one message."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _of_reply(*next(iter(error.recipients.values())))
    if isinstance(error, _SESSION):
        return Verdict(Fate.LATER, _words(error), everybody=True)
    if isinstance(error, smtplib.SMTPResponseException):
        return _of_reply(error.smtp_code, error.smtp_error)
    if isinstance(error, AnymailError | requests.RequestException):
        return _of_provider(error, now)
    if handed_over:
        return Verdict(Fate.UNCERTAIN, _words(error))
    if isinstance(error, OSError):  # smtplib's own errors are OSErrors too
        return Verdict(Fate.LATER, _words(error), everybody=True)
    return Verdict(Fate.BROKEN, _words(error))


def _of_reply(code: int, text: bytes | str) -> Verdict:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    reason = f"{code} {words}"
    if 500 <= code < 600:
        return Verdict(Fate.FAILED, reason, hard_bounce=bool(_NO_SUCH_ADDRESS.match(words)))
    return Verdict(Fate.LATER, reason, everybody=code == 421)


def _of_provider(error: Exception, now: datetime.datetime) -> Verdict:
    """A status is a definite answer, except a gateway's; without one it depends on whether there was a connection."""
    status = getattr(error, "status_code", None)
    if isinstance(error, AnymailRecipientsRefused):
        states = getattr(getattr(error.email_message, "anymail_status", None), "status", None) or set()
        return Verdict(Fate.FAILED, _words(error), hard_bounce="invalid" in states)
    if status is None:
        return _of_silence(error)
    if status in _GATEWAY:
        return Verdict(Fate.UNCERTAIN, _words(error))
    if status == 429 or status >= 500 or status in _OUR_KEY:
        return Verdict(Fate.LATER, _words(error), everybody=True, retry_after=_retry_after(error, now))
    return Verdict(Fate.FAILED, _words(error))


def _of_silence(error: Exception) -> Verdict:
    if not any(isinstance(cause, requests.RequestException) for cause in _causes(error)):
        return Verdict(Fate.FAILED, _words(error))  # the backend would not take it: nothing was sent
    if any(isinstance(cause, requests.ConnectTimeout) or _never_connected(cause) for cause in _causes(error)):
        return Verdict(Fate.LATER, _words(error), everybody=True)
    return Verdict(Fate.UNCERTAIN, _words(error))


def _never_connected(error: BaseException) -> bool:
    inner = error.args[0] if error.args else None
    return isinstance(error, NewConnectionError) or isinstance(getattr(inner, "reason", None), NewConnectionError)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _retry_after(error: Exception, now: datetime.datetime) -> datetime.timedelta | None:
    value = getattr(getattr(error, "response", None), "headers", {}).get("Retry-After", "").strip()
    if value.isdigit():
        return datetime.timedelta(seconds=min(int(value), 24 * 3600))
    try:
        return max(parsedate_to_datetime(value) - now, datetime.timedelta()) if value else None
    except (TypeError, ValueError):
        return None


def _words(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
