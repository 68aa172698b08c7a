"""Passing on: digests that a failing address kept from their reader go to them anew, once they can be written to.

However that came about: a test arrived, the address was changed, staff lifted it. So no lifting needs to know of this,
and none that is killed half way loses anything. The digest is the same one, with its sections and its page; it is
carried by another message, since the first may be known to a provider, which would fold a repetition into it.
"""

import datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts import suppressions
from accounts.models import User
from alerts.digests import holiday
from alerts.digests.compose import message_for
from alerts.digests.sections import REACH
from alerts.failpoints import failpoint
from alerts.models import Digest, Message, Section

log = structlog.get_logger()


def pass_on(now: datetime.datetime, limit: int = 500) -> int:
    """Give digests of the last 30 days that did not arrive to new messages, where their people can be written to now.

    Ends after about `limit`; how many. Running it again, or twice at once, sends nothing twice.
    """
    people = User.objects.filter(pk__in=_unreached(now).values("user")).order_by("pk")
    suppressed = suppressions.suppressed_among(person.email for person in people)
    done = 0
    for person in people:
        if done < limit and person.email not in suppressed:
            done += _unless_broken(person.pk, now)
    return done


def _unless_broken(user_id: int, now: datetime.datetime) -> int:
    """Trouble with one person never stops the others."""
    try:
        return _pass_on_to(user_id, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("digests_not_passed_on", user=user_id)
        return 0


def _unreached(now: datetime.datetime) -> QuerySet[Message]:
    """Those whose digest still has an alert to tell of, of people who are there to be told."""
    live = Section.objects.filter(digest=OuterRef("digest"), subscription__ended_at__isnull=True)
    since = now - REACH
    recent = Message.objects.filter(unreached=True, made_at__gte=since, digest__made_at__gte=since)
    there = recent.filter(user__is_active=True, user__delete_after__isnull=True)
    return there.filter(Exists(live), state__in=Message.SETTLED)


def _pass_on_to(user_id: int, now: datetime.datetime) -> int:
    """Read again under the person's lock, which whoever suppresses their address takes too."""
    with transaction.atomic():
        person = User.objects.select_for_update().filter(pk=user_id).first()
        if person is None or suppressions.suppressed(person.email) or holiday.on(person, now):
            return 0
        unreached = _unreached(now).filter(user=person).select_related("digest__user").order_by("made_at", "id")
        passed_on = [message for message in unreached if _let_go(message)]
        for message in passed_on:
            _anew(message, now).save()
        Digest.objects.filter(pk__in=[message.digest_id for message in passed_on]).update(passed_on_at=now)
        failpoint("passon.made", user_id)
    return len(passed_on)


def _anew(message: Message, now: datetime.datetime) -> Message:
    """The digest's new message, not saved. Where a copy may have left all the same, it is the one that may double."""
    anew = message_for(message.digest, now)
    in_doubt = message.state == Message.State.CANCELLED and message.handoff_at is not None
    anew.resends = int(in_doubt or message.resends > 0)
    return anew


def _let_go(message: Message) -> bool:
    """Have a message let go of its digest by compare-and-set, so that another can carry it."""
    as_it_was = Message.objects.filter(pk=message.pk, state=message.state, unreached=True, digest=message.digest_id)
    return as_it_was.update(digest=None, passed_on=message.digest_id, unreached=False) == 1
