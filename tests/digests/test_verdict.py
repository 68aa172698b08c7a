import smtplib
from datetime import timedelta

import pytest
import requests
from anymail.exceptions import AnymailInvalidAddress, AnymailRequestsAPIError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from alerts.digests.verdict import Fate, judge
from tests.digests.told import MORNING


def replied(status: int, **headers) -> AnymailRequestsAPIError:
    """What a provider's backend raises for an answer with this status."""
    response = requests.Response()
    response.status_code, response.reason = status, "reason"
    response._content = b"{}"
    response.headers.update(headers)
    return AnymailRequestsAPIError("no", response=response)


def broken(cause: Exception) -> AnymailRequestsAPIError:
    """What a provider's backend raises for trouble with the connection."""
    error = AnymailRequestsAPIError("no")
    error.__cause__ = cause
    return error


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
    (AnymailInvalidAddress("no"), True, Fate.FAILED),
    (ValueError("ours"), False, Fate.BROKEN),
    (KeyError("ours"), True, Fate.UNCERTAIN),
]


@pytest.mark.parametrize(("error", "handed_over", "fate"), CASES)
def test_every_error_has_its_fate(error, handed_over, fate):
    verdict = judge(error, handed_over, MORNING)
    assert verdict.fate is fate
    assert verdict.reason


@pytest.mark.parametrize(
    ("reply", "hard"),
    [(b"5.1.1 no such user", True), (b"5.1.10 null MX", True), (b"5.7.1 blocked", False), (b"5.2.2 full", False)],
)
def test_only_errors_of_the_address_suppress(reply, hard):
    assert judge(smtplib.SMTPRecipientsRefused({"a@b": (550, reply)}), False, MORNING).hard_bounce is hard


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
