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
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from urllib3.exceptions import NewConnectionError

from alerts.digests import bounce

_SESSION = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPNotSupportedError,
)
_GATEWAY = {502, 504, 520, 524}
"""Answers of something in front of the provider that gave up waiting for it; the last two are Cloudflare's."""
_OUR_ACCOUNT = {401, 402, 403, 407}
_NOT_TAKEN = {408, 425, 429}
_OUR_LIMIT = re.compile(
    r"throttl|too many (messages|mails|emails|requests)|(quota|limit)s? (has been |was )?(exceeded|reached)"
    r"|exceeded [\w ]{0,40}(quota|limit)",
    re.IGNORECASE,
)
_OF_THE_MAILBOX = re.compile(r"(?<![\d.])[45]\.[12]\.\d|mailbox|user you are trying", re.IGNORECASE)
_UNWELCOME = re.compile(r"^\s*4\.7\.\d")
_KEY_KNOWN = re.compile(r"idempoten|duplicate.?request", re.IGNORECASE)
_STILL_AT_IT = re.compile(r"concurrent|in progress|being processed", re.IGNORECASE)
_OTHER_BODY = re.compile(r"invalid_idempotent|different|does not match", re.IGNORECASE)

_NOT_THE_DATABASE = ("40", "55P03", "57014")
"""SQLSTATEs by which an operational error is about this one transaction: a deadlock, a lock, a statement's time."""

LIMIT_WAIT, QUOTA_WAIT = datetime.timedelta(minutes=5), datetime.timedelta(hours=1)
"""How long all sending is held where a limit is reached and nobody says for how long: of the moment, of the day."""


class Fate(enum.Enum):
    """What becomes of a message after an error."""

    LATER = "certainly not accepted; try again later"
    FAILED = "refused for good"
    UNCERTAIN = "it may have been accepted"
    HELD = "the key is known with other bytes: a fault of ours, for the operator"
    BEFORE = "an earlier attempt under the same key had been accepted"
    BROKEN = "we failed before anything left"


@dataclass(frozen=True)
class Verdict:
    """The fate, and why in words.

    bounce: what it means for the address. everybody: it is not about this message, so a round ends with it.
    retry_after: when the message may go again, where that is known. hold: how long nothing is to be sent at all.
    """

    fate: Fate
    reason: str
    bounce: str = bounce.NEITHER
    everybody: bool = False
    retry_after: datetime.timedelta | None = None
    hold: datetime.timedelta | None = None


def judge(error: BaseException, handed_over: bool, now: datetime.datetime) -> Verdict:
    """The verdict on `error`, raised while sending one message."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _of_reply(*next(iter(error.recipients.values())))
    if isinstance(error, _SESSION):
        return Verdict(Fate.LATER, _words(error), everybody=True, hold=_of_limit(error))
    if isinstance(error, smtplib.SMTPResponseException):
        return _of_reply(error.smtp_code, error.smtp_error)
    if isinstance(error, ImproperlyConfigured | ImportError):
        return Verdict(Fate.LATER, _words(error), everybody=True)
    if isinstance(error, AnymailError | requests.RequestException):
        return _of_provider(error, now)
    if handed_over:
        return Verdict(Fate.UNCERTAIN, _words(error))
    if isinstance(error, OSError) or _of_the_database(error):  # smtplib's own errors are OSErrors too
        return Verdict(Fate.LATER, _words(error), everybody=True)
    return Verdict(Fate.BROKEN, _words(error))


def _of_the_database(error: BaseException) -> bool:
    """Whether the database is in trouble, away, full or without a connection left: no message is to blame for that."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return isinstance(error, OperationalError | InterfaceError) and not state.startswith(_NOT_THE_DATABASE)


def _of_reply(code: int, text: bytes | str) -> Verdict:
    words = _decoded(text)
    reason = f"{code} {words}"
    hold, meant = _pause(code, words), bounce.of_reply(code, words)
    if 500 <= code < 600 and hold is None:
        return Verdict(Fate.FAILED, reason, bounce=meant)
    return Verdict(Fate.LATER, reason, bounce=meant, everybody=code == 421 or hold is not None, hold=hold)


def _pause(code: int, words: str) -> datetime.timedelta | None:
    """How long to hold all sending for a reply that is about how much we send; None where it is not."""
    if _OUR_LIMIT.search(words) and not _OF_THE_MAILBOX.search(words):
        return QUOTA_WAIT
    return LIMIT_WAIT if code == 421 and _UNWELCOME.search(words) else None


def _of_limit(error: smtplib.SMTPException) -> datetime.timedelta | None:
    return _pause(getattr(error, "smtp_code", 0), _decoded(getattr(error, "smtp_error", "")))


def _decoded(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def _of_provider(error: Exception, now: datetime.datetime) -> Verdict:
    """A status is a definite answer, except a gateway's; without one it depends on whether there was a connection."""
    status, words = _status(error), _words(error)
    if isinstance(error, AnymailRecipientsRefused):
        states = getattr(getattr(error.email_message, "anymail_status", None), "status", None) or set()
        return Verdict(Fate.FAILED, words, bounce=bounce.HARD if "invalid" in states else bounce.NEITHER)
    if status is None:
        return _of_silence(error)
    if 200 <= status < 300 or status in _GATEWAY:
        return Verdict(Fate.UNCERTAIN, words)
    if 400 <= status < 500 and status not in _NOT_TAKEN and _KEY_KNOWN.search(words):
        return _of_key(words)
    if status in _NOT_TAKEN or status >= 500 or status in _OUR_ACCOUNT or _OUR_LIMIT.search(words):
        wait = _retry_after(error, now)
        limit = status == 429 or _OUR_LIMIT.search(words)
        hold = (wait or (QUOTA_WAIT if "quota" in words.lower() else LIMIT_WAIT)) if limit else None
        return Verdict(Fate.LATER, words, everybody=True, retry_after=wait, hold=hold)
    return Verdict(Fate.FAILED, words)


def _of_key(words: str) -> Verdict:
    """The provider knows the key: it is still at the first attempt, or had other bytes then, or was done with it."""
    if _STILL_AT_IT.search(words):
        return Verdict(Fate.UNCERTAIN, words)
    return Verdict(Fate.HELD if _OTHER_BODY.search(words) else Fate.BEFORE, words)


def _status(error: Exception) -> int | None:
    """The HTTP status of the answer; Amazon's library hides it in the cause's `response`."""
    if getattr(error, "status_code", None) is not None:
        return error.status_code  # type: ignore[attr-defined]
    for cause in _causes(error):
        answer = getattr(cause, "response", None)
        if isinstance(answer, dict):
            return answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return None


def _of_silence(error: Exception) -> Verdict:
    causes = list(_causes(error))
    if any(isinstance(cause, requests.ConnectTimeout) or _never_connected(cause) for cause in causes):
        return Verdict(Fate.LATER, _words(error), everybody=True)
    if isinstance(error, AnymailAPIError) or any(isinstance(cause, requests.RequestException) for cause in causes):
        return Verdict(Fate.UNCERTAIN, _words(error))
    return Verdict(Fate.FAILED, _words(error))  # the backend would not take it: nothing was sent


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
