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
from alerts.digests.sections import Pending
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
        digests += sum(compose_one(schedule_id, now) for schedule_id in with_news)
    return Composed(digests, quiet)


def _move_the_quiet(schedule_ids: list[int], now: datetime.datetime) -> tuple[list[int], int]:
    """Move on those of these schedules with nothing to tell; the ids of the others, and how many were moved."""
    with transaction.atomic():
        turns = take(schedule_ids, now)
        writable = [subscription for turn in turns if not turn.away_for for subscription in turn.subscriptions]
        waiting = sections.pending(writable, turns[0].to_seq, now - sections.REACH) if turns else {}
        with_news = [turn for turn in turns if any(s.pk in waiting for s in turn.subscriptions)]
        quiet = [turn for turn in turns if turn not in with_news]
        for turn in quiet:
            _log_if_skipped(turn)
        _tell_nothing(quiet, now)
        _move_schedules(quiet)
    return [turn.schedule.pk for turn in with_news], len(quiet)


def _tell_nothing(quiet: Iterable[Turn], now: datetime.datetime) -> None:
    """Move `told_through` of those that were looked at; those of people away wait, and know since when."""
    by_reason = defaultdict(list)
    for turn in quiet:
        by_reason[turn.away_for, turn.to_seq] += [subscription.pk for subscription in turn.subscriptions]
    for (away_for, to_seq), ids in by_reason.items():
        looked_at = Subscription.objects.filter(pk__in=ids)
        if away_for:
            looked_at.filter(away_since=None).update(away_since=now, away_for=away_for)
        else:
            looked_at.update(told_through=to_seq, away_since=None, away_for="")


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


def compose_one(schedule_id: int, now: datetime.datetime) -> int:
    """The number of digests made for one schedule that is due; trouble with one person never stops the others."""
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
    _log_if_skipped(turn)
    if turn.away_for:
        _tell_nothing([turn], now)
    made = 0 if turn.away_for or _is_served(turn) else _make_all(turn, now)
    moved = {"next_due_at": turn.next_due_at} | ({"last_sent_at": now} if made else {})
    if not Schedule.objects.filter(pk=turn.schedule.pk, next_due_at=turn.schedule.next_due_at).update(**moved):
        raise Overtaken
    return made


def _is_served(turn: Turn) -> bool:
    """Whether the period has its digest, combined or in parts, whichever of the two its person has chosen since."""
    period = {"user": turn.person, "frequency": turn.schedule.frequency, "period_key": turn.period_key}
    served = Digest.objects.filter(**period).exists()
    if served:
        log.info("period_served_already", user=turn.person.pk, period=turn.period_key)
    return served


def _make_all(turn: Turn, now: datetime.datetime) -> int:
    waiting = sections.pending(turn.subscriptions, turn.to_seq, now - sections.REACH)
    told = [subscription for subscription in turn.subscriptions if subscription.pk in waiting]
    parts = _parts(turn, told)
    for part, subscriptions in parts.items():
        digest = _digest(turn, part, now)
        Section.objects.bulk_create(
            _section(digest, one, place, waiting[one.pk], turn.to_seq) for place, one in enumerate(subscriptions)
        )
        message_for(digest).save()
    for subscription in turn.subscriptions:
        _tell(subscription, turn.to_seq, now if subscription.pk in waiting else None)
    return len(parts)


def _parts(turn: Turn, told: list[Subscription]) -> dict[str, list[Subscription]]:
    if turn.person.combined:
        return {"": told} if told else {}
    return {str(subscription.pk): [subscription] for subscription in told}


def _digest(turn: Turn, part: str, now: datetime.datetime) -> Digest:
    return Digest.objects.create(
        user=turn.person,
        frequency=turn.schedule.frequency,
        period_key=turn.period_key,
        part=part,
        since=turn.schedule.last_sent_at,
        due_at=turn.schedule.next_due_at,
        made_at=now,
    )


def _section(digest: Digest, subscription: Subscription, position: int, waiting: Pending, to_seq: int) -> Section:
    return Section(
        digest=digest,
        subscription=subscription,
        topic=subscription.topic,
        position=position,
        query=subscription.query,
        name=subscription.name,
        kinds=subscription.kinds,
        first=subscription.last_told_at is None,
        away_since=subscription.away_since,
        away_for=subscription.away_for,
        left_behind=waiting.left_behind,
        from_seq=waiting.from_seq,
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


def _tell(subscription: Subscription, to_seq: int, made_at: datetime.datetime | None) -> None:
    """Move `told_through` by compare-and-set, with the time where a section was made.

    Raises Overtaken where somebody else has moved it.
    """
    if subscription.told_through >= to_seq and not subscription.away_for:
        return
    same = Subscription.objects.filter(pk=subscription.pk, told_through=subscription.told_through)
    moved: dict[str, object] = {"told_through": to_seq, "away_since": None, "away_for": ""}
    if made_at is not None:
        moved["last_told_at"] = made_at
    if not same.update(**moved):
        raise Overtaken
