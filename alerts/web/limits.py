"""How often one mailbox is written to, and one network signs up, before a confirmation."""

import datetime

from django.db import connection

from alerts.models import Message, SignUp

APART = datetime.timedelta(seconds=60)
A_DAY, MAILS_A_DAY = datetime.timedelta(hours=24), 3
A_MONTH, MAILS_A_MONTH = datetime.timedelta(days=30), 6
AN_HOUR, SIGN_UPS_AN_HOUR = datetime.timedelta(hours=1), 20


def may_mail(mailed: list[datetime.datetime], now: datetime.datetime) -> bool:
    """Whether one more mail may go to a mailbox that was mailed at these times."""
    ages = [now - at for at in mailed]
    return (
        all(age >= APART for age in ages)
        and sum(age < A_DAY for age in ages) < MAILS_A_DAY
        and sum(age < A_MONTH for age in ages) < MAILS_A_MONTH
    )


def mailed(abuse_key: str, now: datetime.datetime) -> list[datetime.datetime]:
    """When sign-ups made us write to this mailbox in the last 30 days.

    Inside a transaction: it queues up sign-ups of one mailbox, so that two at once cannot both be the last allowed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["hark.mailbox." + abuse_key])
    sent = Message.objects.filter(sign_up__abuse_key=abuse_key, made_at__gt=now - A_MONTH)
    return list(sent.values_list("made_at", flat=True))


def wait_for_network(network: str, now: datetime.datetime) -> datetime.timedelta | None:
    """How long this network must wait before it signs up again; None where it need not."""
    recent = SignUp.objects.filter(network=network, asked_at__gt=now - AN_HOUR).order_by("-asked_at")
    times = list(recent.values_list("asked_at", flat=True)[:SIGN_UPS_AN_HOUR]) if network else []
    return AN_HOUR - (now - times[-1]) if len(times) == SIGN_UPS_AN_HOUR else None
