"""How often one mailbox is written to, and one network signs up, before a confirmation; and the same of signing in."""

import datetime

from django.db import connection
from django.db.models import QuerySet

from accounts.models import AddressChange, SignIn, User
from alerts.models import Asked, SignUp

APART = datetime.timedelta(seconds=60)
A_DAY, MAILS_A_DAY = datetime.timedelta(hours=24), 3
A_MONTH, MAILS_A_MONTH = datetime.timedelta(days=30), 6
AN_HOUR, SIGN_UPS_AN_HOUR = datetime.timedelta(hours=1), 20
SIGN_IN_MAILS_AN_HOUR, SIGN_IN_MAILS_A_DAY = 5, 10
SIGN_INS_AN_HOUR, EVERYBODYS_SIGN_INS_AN_HOUR = 30, 5_000
"""Asked for from one network, where a whole office may sit behind one address; and from all together."""

MOVES_A_DAY, EVERYBODYS_MOVES_AN_HOUR = 3, 1_000
"""Changes of address, asked for by one person, and by all together."""


def may_mail(mailed: list[datetime.datetime], now: datetime.datetime) -> bool:
    """Whether one more mail may go to a mailbox that was mailed at these times."""
    ages = [now - at for at in mailed]
    return (
        all(age >= APART for age in ages)
        and sum(age < A_DAY for age in ages) < MAILS_A_DAY
        and sum(age < A_MONTH for age in ages) < MAILS_A_MONTH
    )


def may_mail_sign_in(mailed: list[datetime.datetime], now: datetime.datetime) -> bool:
    """Whether one more mail to sign in with may go to a mailbox that was sent such mails at these times."""
    ages = [now - at for at in mailed]
    return (
        all(age >= APART for age in ages)
        and sum(age < AN_HOUR for age in ages) < SIGN_IN_MAILS_AN_HOUR
        and sum(age < A_DAY for age in ages) < SIGN_IN_MAILS_A_DAY
    )


def mailed(mailbox: str, now: datetime.datetime) -> list[datetime.datetime]:
    """When sign-ups made us write to this mailbox (its keyed hash) in the last 30 days.

    Inside a transaction: it queues up sign-ups of one mailbox, so that two at once cannot both be the last allowed.
    """
    _queue_up("hark.mailbox." + mailbox)
    return list(Asked.objects.filter(mailbox=mailbox, at__gt=now - A_MONTH).values_list("at", flat=True))


def mailed_sign_ins(mailbox: str, now: datetime.datetime) -> list[datetime.datetime]:
    """When this mailbox (its keyed hash) was sent mails to sign in with in the last day; it queues up likewise."""
    _queue_up("hark.sign-in." + mailbox)
    sent = SignIn.objects.filter(mailbox=mailbox, user__isnull=False, asked_at__gt=now - A_DAY)
    return list(sent.values_list("asked_at", flat=True))


def wait_for_network(network: str, now: datetime.datetime) -> datetime.timedelta | None:
    """How long this network must wait before it signs up again; None where it need not."""
    return _wait(SignUp.objects.filter(network=network), SIGN_UPS_AN_HOUR, now) if network else None


def wait_to_sign_in(network: str, now: datetime.datetime) -> datetime.timedelta | None:
    """How long this network must wait before it asks for a sign-in again; None where it need not."""
    own = _wait(SignIn.objects.filter(network=network), SIGN_INS_AN_HOUR, now) if network else None
    return own or _wait(SignIn.objects.all(), EVERYBODYS_SIGN_INS_AN_HOUR, now)


def mailed_moves(mailbox: str, now: datetime.datetime) -> list[datetime.datetime]:
    """When somebody asked to be written to at this mailbox (its keyed hash) in 30 days; it queues up likewise."""
    _queue_up("hark.move." + mailbox)
    asked = AddressChange.objects.filter(mailbox=mailbox, asked_at__gt=now - A_MONTH)
    return list(asked.values_list("asked_at", flat=True))


def wait_to_move(person: User, now: datetime.datetime) -> datetime.timedelta | None:
    """How long this person must wait before they ask for another change of address; None where they need not."""
    own = _wait(person.address_changes.all(), MOVES_A_DAY, now, A_DAY)
    return own or _wait(AddressChange.objects.all(), EVERYBODYS_MOVES_AN_HOUR, now)


def _wait(
    asked: QuerySet, most: int, now: datetime.datetime, within: datetime.timedelta = AN_HOUR
) -> datetime.timedelta | None:
    recent = asked.filter(asked_at__gt=now - within).order_by("-asked_at").values_list("asked_at", flat=True)
    last = next(iter(recent[most - 1 : most]), None)
    return within - (now - last) if last else None


def _queue_up(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
