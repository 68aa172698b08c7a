"""Deleting the account: asked for, taken back for seven days by the link of a mail, and then done."""

import datetime
from functools import partial

from django.db import transaction

from accounts import address_changes, sessions, suppressions
from accounts.models import User
from alerts import tasks
from alerts.digests import outgoing
from alerts.models import Subscription
from alerts.retention.erasing import erase
from alerts.web import subscriptions
from alerts.web.record import record_person

UNDO_WITHIN = datetime.timedelta(days=7)


def is_mailed(person: User) -> bool:
    """Whether the way back goes by mail; else the page has to show it."""
    return not suppressions.suppressed(person.email)


def ask(person: User, scope: str, now: datetime.datetime) -> bool:
    """Stop everything at once and mail the way back, where we may; asked for twice, the first time counts.

    Whether the way back is mailed; where it is not, whoever asked has no other than the page.
    """
    with transaction.atomic():
        person = User.objects.locked(person.pk)
        mailed = is_mailed(person)
        if person.delete_after is not None:
            return mailed
        subscriptions.end(person, None, Subscription.EndReason.DELETED, scope, now)
        person.delete_after = now + UNDO_WITHIN
        person.save(update_fields=["delete_after"])
        sessions.end(person)
        person.sign_ins.all().delete()
        address_changes.give_up(person, now)
        if mailed:
            outgoing.queue_goodbye(person, now)
            transaction.on_commit(partial(tasks.ring, "deliver"))
        record_person("leaving", person, {}, {}, scope, now)
        return mailed


def stay(person: User, scope: str, now: datetime.datetime) -> bool:
    """Take the deletion back, with the alerts as they were; whether there was time for it."""
    with transaction.atomic():
        person = User.objects.locked(person.pk)
        if person.delete_after is None or now >= person.delete_after:
            return False
        person.delete_after = None
        person.save(update_fields=["delete_after"])
        subscriptions.come_back(person, scope, now)
        record_person("staying", person, {}, {}, scope, now)
        return True


def erase_due(now: datetime.datetime, limit: int = 100) -> int:
    """Delete the accounts whose seven days are over, at most so many; how many.

    One with a mail that is just leaving waits for the next round.
    """
    due = User.objects.filter(delete_after__lte=now).order_by("delete_after", "pk").values_list("pk", flat=True)
    return sum(_erase(pk, now) for pk in list(due[:limit]))


def _erase(pk: int, now: datetime.datetime) -> bool:
    with transaction.atomic():
        person = User.objects.select_for_update().filter(pk=pk, delete_after__lte=now).first()
        return person is not None and erase(person, now)
