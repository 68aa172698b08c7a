"""Compose: for every schedule that is due, tell what is new, or move on; as rows only, exactly once.

All of one person's moves are one transaction under the person's lock: digest, sections and message appear together
with `told_through` and `next_due_at`. A process killed anywhere leaves either all of it or nothing.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from alerts.digests import sections
from alerts.digests.due import Turn, due, take
from alerts.failpoints import failpoint
from alerts.models import Digest, Message, Schedule, Section, Subscription
from alerts.models.choices import Frequency

log = structlog.get_logger()

BATCH = 500
"""How many due schedules are looked at, and those without news moved on, in one transaction."""
PRIORITIES = {Frequency.AS_IT_HAPPENS: 4, Frequency.DAILY: 5, Frequency.WEEKLY: 6}


@dataclass(frozen=True)
class Composed:
    """What one round did: digests made, and schedules moved on because there was nothing to tell."""

    digests: int = 0
    quiet: int = 0

    def __bool__(self) -> bool:
        return self.digests > 0


class Overtaken(Exception):
    """A row moved although its person was locked; the transaction is given up and nothing of it remains."""


def compose_due(now: datetime.datetime, limit: int = 5000) -> Composed:
    """Serve at most `limit` schedules that are due; running it again, or twice at once, tells nothing twice."""
    ids = due(now, limit)
    digests = quiet = 0
    for start in range(0, len(ids), BATCH):
        with_news, moved = _move_the_quiet(ids[start : start + BATCH], now)
        quiet += moved
        digests += sum(_compose_one(schedule_id, now) for schedule_id in with_news)
    return Composed(digests, quiet)


def _move_the_quiet(schedule_ids: list[int], now: datetime.datetime) -> tuple[list[int], int]:
    """Move on those of these schedules with nothing to tell; the ids of the others, and how many were moved."""
    with transaction.atomic():
        turns = take(schedule_ids, now)
        subscriptions = [subscription for turn in turns for subscription in turn.subscriptions]
        starts = sections.news(subscriptions, turns[0].to_seq, now) if turns else {}
        with_news = [turn for turn in turns if any(s.pk in starts for s in turn.subscriptions)]
        quiet = [turn for turn in turns if turn not in with_news]
        for turn in quiet:
            _log_if_skipped(turn)
        told = [subscription.pk for turn in quiet for subscription in turn.subscriptions]
        if told:
            Subscription.objects.filter(pk__in=told).update(told_through=turns[0].to_seq)
        _move_schedules(quiet)
    return [turn.schedule.pk for turn in with_news], len(quiet)


def _log_if_skipped(turn: Turn) -> None:
    """A line in the log for each local date that was never served, after an outage or a change of zone rules."""
    zone = turn.person.zone
    missed = (turn.served_at.astimezone(zone).date() - turn.schedule.next_due_at.astimezone(zone).date()).days
    if missed:
        log.info("dates_skipped", user=turn.person.pk, frequency=turn.schedule.frequency, days=missed)


def _move_schedules(turns: Iterable[Turn]) -> None:
    moved = defaultdict(list)
    for turn in turns:
        moved[turn.next_due_at].append(turn.schedule.pk)
    for next_due_at, ids in moved.items():
        Schedule.objects.filter(pk__in=ids).update(next_due_at=next_due_at)


def _compose_one(schedule_id: int, now: datetime.datetime) -> int:
    """The number of digests made for one schedule; trouble with one person never stops the others."""
    try:
        with transaction.atomic():
            made = sum(_serve(turn, now) for turn in take([schedule_id], now))
            failpoint("compose.composed", schedule_id)
        failpoint("compose.committed", schedule_id)
        return made
    except (IntegrityError, Overtaken):
        log.info("composed_by_another", schedule=schedule_id)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("compose_failed", schedule=schedule_id)
    return 0


def _serve(turn: Turn, now: datetime.datetime) -> int:
    """Make the turn's digests, combined or one for each alert, and move its schedule."""
    starts = sections.news(turn.subscriptions, turn.to_seq, now)
    _log_if_skipped(turn)
    made = sum(_make(turn, part, subscriptions, starts, now) for part, subscriptions in _parts(turn).items())
    moved = {"next_due_at": turn.next_due_at} | ({"last_sent_at": now} if made else {})
    if not Schedule.objects.filter(pk=turn.schedule.pk, next_due_at=turn.schedule.next_due_at).update(**moved):
        raise Overtaken
    return made


def _parts(turn: Turn) -> dict[str, tuple[Subscription, ...]]:
    if turn.person.combined:
        return {"": turn.subscriptions}
    return {str(subscription.pk): (subscription,) for subscription in turn.subscriptions}


def _make(
    turn: Turn, part: str, subscriptions: tuple[Subscription, ...], starts: dict[int, int], now: datetime.datetime
) -> bool:
    """One digest with its sections and its message; False where there is nothing to tell, or it was told already."""
    period = {"user": turn.person, "frequency": turn.schedule.frequency, "period_key": turn.period_key, "part": part}
    if Digest.objects.filter(**period).exists():
        log.info("period_served_already", user=turn.person.pk, period=turn.period_key)
        return False
    told = [subscription for subscription in subscriptions if subscription.pk in starts]
    if told:
        digest = Digest.objects.create(**period, since=turn.schedule.last_sent_at, made_at=now)
        Section.objects.bulk_create(_section(digest, s, n, starts[s.pk], turn.to_seq) for n, s in enumerate(told))
        message_for(digest).save()
    for subscription in subscriptions:
        _tell(subscription, turn.to_seq)
    return bool(told)


def _section(digest: Digest, subscription: Subscription, position: int, from_seq: int, to_seq: int) -> Section:
    return Section(
        digest=digest,
        subscription=subscription,
        topic=subscription.topic,
        position=position,
        query=subscription.query,
        name=subscription.name,
        kinds=subscription.kinds,
        from_seq=from_seq,
        to_seq=to_seq,
    )


def message_for(digest: Digest) -> Message:
    """The digest's message, waiting to be rendered and delivered; not saved."""
    ident = uuid.uuid4()
    return Message(
        uuid=ident,
        kind=Message.Kind.DIGEST,
        priority=PRIORITIES[digest.frequency],
        user=digest.user,
        digest=digest,
        to_address=digest.user.email,
        message_id=f"<{ident}@{settings.MAIL_DOMAIN}>",
        made_at=digest.made_at,
    )


def _tell(subscription: Subscription, to_seq: int) -> None:
    """Move `told_through` by compare-and-set; raises Overtaken where somebody else has moved it."""
    same = Subscription.objects.filter(pk=subscription.pk, told_through=subscription.told_through)
    if subscription.told_through < to_seq and not same.update(told_through=to_seq):
        raise Overtaken
