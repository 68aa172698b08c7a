import smtplib
from datetime import timedelta

import psycopg
import pytest
import requests
from anymail.exceptions import AnymailAPIError, AnymailInvalidAddress, AnymailRequestsAPIError
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from alerts.digests.verdict import Fate, judge
from tests.digests.told import MORNING


def replied(status: int, body: bytes = b"{}", **headers) -> AnymailRequestsAPIError:
    """What a provider's backend raises for an answer with this status."""
    response = requests.Response()
    response.status_code, response.reason = status, "reason"
    response._content = body
    response.headers.update(headers)
    return AnymailRequestsAPIError("no", response=response)


def broken(cause: Exception) -> AnymailRequestsAPIError:
    """What a provider's backend raises for trouble with the connection."""
    error = AnymailRequestsAPIError("no")
    error.__cause__ = cause
    return error


def of_amazon(status: int) -> AnymailAPIError:
    """What Amazon's backend raises: the answer is a mapping in the cause."""
    cause = Exception("An error occurred (Throttling)")
    cause.response = {"Error": {"Code": "Throttling"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    error = AnymailAPIError(str(cause))
    error.__cause__ = cause
    return error


def of_the_database(cause: psycopg.OperationalError) -> OperationalError:
    """What Django makes of it."""
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


throttled_at_amazon = of_amazon(400)
refused_connection = requests.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "refused")))

CASES = [
    # error, handed over already, fate
    (smtplib.SMTPServerDisconnected("no banner"), False, Fate.LATER),
    (smtplib.SMTPServerDisconnected("no reply"), True, Fate.UNCERTAIN),
    (TimeoutError(), False, Fate.LATER),
    (TimeoutError(), True, Fate.UNCERTAIN),
    (ConnectionRefusedError(), False, Fate.LATER),
    (smtplib.SMTPAuthenticationError(535, b"5.7.8 no"), False, Fate.LATER),
    (smtplib.SMTPSenderRefused(553, b"5.1.8 no", "a@b"), False, Fate.LATER),
    (smtplib.SMTPRecipientsRefused({"a@b": (450, b"4.2.0 later")}), False, Fate.LATER),
    (smtplib.SMTPRecipientsRefused({"a@b": (550, b"5.1.1 nobody")}), False, Fate.FAILED),
    (smtplib.SMTPDataError(451, b"4.3.0 later"), True, Fate.LATER),
    (smtplib.SMTPDataError(554, b"5.6.0 never"), True, Fate.FAILED),
    (replied(429), True, Fate.LATER),
    (replied(500), True, Fate.LATER),
    (replied(503), True, Fate.LATER),
    (replied(502), True, Fate.UNCERTAIN),
    (replied(504), True, Fate.UNCERTAIN),
    (replied(401), True, Fate.LATER),
    (replied(422), True, Fate.FAILED),
    (broken(requests.ConnectTimeout()), True, Fate.LATER),
    (broken(refused_connection), True, Fate.LATER),
    (broken(requests.ReadTimeout()), True, Fate.UNCERTAIN),
    (broken(requests.ConnectionError("reset by peer")), True, Fate.UNCERTAIN),
    (replied(402), True, Fate.LATER),
    (replied(408), True, Fate.LATER),
    (replied(524), True, Fate.UNCERTAIN),
    (replied(422, b'{"error": "Daily quota exceeded"}'), True, Fate.LATER),
    (replied(409, b'{"name": "concurrent_idempotent_requests"}'), True, Fate.UNCERTAIN),
    (replied(409, b'{"name": "invalid_idempotent_request"}'), True, Fate.HELD),
    (replied(400, b'{"code": "duplicate_request"}'), True, Fate.BEFORE),
    (throttled_at_amazon, True, Fate.LATER),
    (AnymailAPIError("no words at all"), True, Fate.UNCERTAIN),
    (ImproperlyConfigured("no key"), False, Fate.LATER),
    (smtplib.SMTPRecipientsRefused({"a@b": (550, b"5.4.5 Daily user sending limit exceeded")}), False, Fate.LATER),
    (smtplib.SMTPRecipientsRefused({"a@b": (552, b"5.2.2 Mailbox quota exceeded")}), False, Fate.FAILED),
    (AnymailInvalidAddress("no"), True, Fate.FAILED),
    (of_the_database(psycopg.errors.DiskFull()), False, Fate.LATER),
    (of_the_database(psycopg.errors.TooManyConnections()), False, Fate.LATER),
    (of_the_database(psycopg.OperationalError("server closed the connection")), False, Fate.LATER),
    (of_the_database(psycopg.errors.DiskFull()), True, Fate.UNCERTAIN),
    (of_the_database(psycopg.errors.DeadlockDetected()), False, Fate.BROKEN),
    (of_the_database(psycopg.errors.QueryCanceled()), False, Fate.BROKEN),
    (ValueError("ours"), False, Fate.BROKEN),
    (KeyError("ours"), True, Fate.UNCERTAIN),
]


@pytest.mark.parametrize(("error", "handed_over", "fate"), CASES)
def test_every_error_has_its_fate(error, handed_over, fate):
    verdict = judge(error, handed_over, MORNING)
    assert verdict.fate is fate
    assert verdict.reason


@pytest.mark.parametrize(
    ("reply", "bounce"),
    [(b"5.1.1 no such user", "hard"), (b"5.1.10 null MX", "hard"), (b"5.7.1 blocked", ""), (b"5.2.2 full", "soft")],
)
def test_only_errors_of_the_address_suppress(reply, bounce):
    assert judge(smtplib.SMTPRecipientsRefused({"a@b": (550, reply)}), False, MORNING).bounce == bounce


def test_trouble_with_the_server_concerns_everybody_and_with_an_address_nobody_else():
    assert judge(ConnectionRefusedError(), False, MORNING).everybody
    assert judge(smtplib.SMTPRecipientsRefused({"a@b": (421, b"closing")}), False, MORNING).everybody
    assert not judge(smtplib.SMTPRecipientsRefused({"a@b": (451, b"greylisted")}), False, MORNING).everybody


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("Wed, 11 Mar 2026 07:35:00 GMT", timedelta(minutes=5)),
        ("Tue, 10 Mar 2026 07:35:00 GMT", timedelta()),
        ("soon", None),
        ("", None),
    ],
)
def test_a_provider_that_says_when_is_believed(value, wait):
    assert judge(replied(429, **{"Retry-After": value}), True, MORNING).retry_after == wait


@pytest.mark.parametrize(
    ("error", "hold"),
    [
        (replied(429, **{"Retry-After": "120"}), timedelta(seconds=120)),
        (replied(429), timedelta(minutes=5)),
        (replied(429, b'{"name": "daily_quota_exceeded"}'), timedelta(hours=1)),
        (replied(503, **{"Retry-After": "120"}), None),
        (smtplib.SMTPSenderRefused(454, b"4.7.0 Throttling failure: Daily message quota exceeded.", "a@b"),
         timedelta(hours=1)),
        (smtplib.SMTPRecipientsRefused({"a@b": (421, b"4.7.28 Unusual rate of mail from your address")}),
         timedelta(minutes=5)),
        (smtplib.SMTPRecipientsRefused({"a@b": (421, b"4.3.2 closing")}), None),
        (smtplib.SMTPRecipientsRefused({"a@b": (452, b"4.2.2 mailbox over quota, limit exceeded")}), None),
        (smtplib.SMTPRecipientsRefused({"a@b": (451, b"4.7.1 Greylisted")}), None),
    ],
)  # fmt: skip
def test_a_limit_of_the_providers_holds_everything_and_a_mailboxs_nothing(error, hold):
    verdict = judge(error, False, MORNING)
    assert verdict.hold == hold
    assert verdict.fate is Fate.LATER
    assert verdict.everybody or hold is None
