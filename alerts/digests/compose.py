"""Compose: for every schedule that is due, tell what is new, or move on; as rows only, exactly once.

All of one person's moves are in one transaction under the person's lock, with those of others: digest, sections and
message appear together with `told_through` and `next_due_at`. A process killed anywhere leaves all of it or nothing.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from alerts.digests import sections
from alerts.digests.due import Turn, due, take
from alerts.digests.sections import Pending
from alerts.digests.uncollected import uncollected
from alerts.failpoints import failpoint
from alerts.models import Digest, Message, Schedule, Section, Subscription
from alerts.models.choices import Frequency

log = structlog.get_logger()

BATCH = 500
"""How many due schedules are looked at, and those without news moved on, in one transaction."""
TOGETHER = 50
"""For how many schedules with news digests are made in one transaction."""
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
        digests += sum(
            _compose_some(with_news[first : first + TOGETHER], now) for first in range(0, len(with_news), TOGETHER)
        )
    return Composed(digests, quiet)


def _move_the_quiet(schedule_ids: list[int], now: datetime.datetime) -> tuple[list[int], int]:
    """Move on those of these schedules with nothing to tell; the ids of the others, and how many were moved."""
    with uncollected(), transaction.atomic():
        turns = take(schedule_ids, now)
        writable = [subscription for turn in turns if not turn.away_for for subscription in turn.subscriptions]
        waiting = sections.pending(writable, turns[0].to_seq, now - sections.REACH) if turns else {}
        with_news: list[Turn] = []
        quiet: list[Turn] = []
        for turn in turns:
            (with_news if any(one.pk in waiting for one in turn.subscriptions) else quiet).append(turn)
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


def _compose_some(schedule_ids: list[int], now: datetime.datetime) -> int:
    """The number of digests made for these schedules, in one transaction; in trouble, each in one of its own."""
    try:
        return _compose(schedule_ids, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.info("composed_one_by_one", schedules=len(schedule_ids), error=type(error).__name__)
    return sum(compose_one(schedule_id, now) for schedule_id in schedule_ids)


def compose_one(schedule_id: int, now: datetime.datetime) -> int:
    """The number of digests made for one schedule that is due; trouble with one person never stops the others."""
    try:
        return _compose([schedule_id], now)
    except (IntegrityError, Overtaken):
        log.info("composed_by_another", schedule=schedule_id)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("compose_failed", schedule=schedule_id)
    return 0


def _compose(schedule_ids: list[int], now: datetime.datetime) -> int:
    with uncollected(), transaction.atomic():
        made = _serve(take(schedule_ids, now), now)
        failpoint("compose.composed", schedule_ids)
    failpoint("compose.committed", schedule_ids)
    return made


def _serve(turns: list[Turn], now: datetime.datetime) -> int:
    """Make the digests of these turns, combined or one for each alert, and move their schedules."""
    for turn in turns:
        _log_if_skipped(turn)
    _tell_nothing((turn for turn in turns if turn.away_for), now)
    served = _served(turns)
    made = _make_all([turn for turn in turns if not turn.away_for and turn not in served], now)
    _move_served(turns, {(digest.user_id, digest.frequency) for digest in made}, now)
    return len(made)


def _served(turns: Iterable[Turn]) -> list[Turn]:
    """Those whose period has its digest, combined or in parts, whichever of the two their people have chosen since."""
    periods = {(turn.person.pk, turn.schedule.frequency, turn.period_key): turn for turn in turns}
    known = Digest.objects.filter(
        user__in={user for user, _, _ in periods}, period_key__in={key for _, _, key in periods}
    )
    found = known.values_list("user", "frequency", "period_key").distinct()
    served = [periods[period] for period in found if period in periods]
    for turn in served:
        log.info("period_served_already", user=turn.person.pk, period=turn.period_key)
    return served


def _make_all(turns: list[Turn], now: datetime.datetime) -> list[Digest]:
    if not turns:
        return []
    alerts = [subscription for turn in turns for subscription in turn.subscriptions]
    waiting = sections.pending(alerts, turns[0].to_seq, now - sections.REACH)
    parts = [
        (_digest(turn, part, now), subscriptions)
        for turn in turns
        for part, subscriptions in _parts(turn, [one for one in turn.subscriptions if one.pk in waiting]).items()
    ]
    made = Digest.objects.bulk_create(digest for digest, _ in parts)
    Section.objects.bulk_create(
        _section(digest, one, place, waiting[one.pk], turns[0].to_seq)
        for digest, subscriptions in parts
        for place, one in enumerate(subscriptions)
    )
    Message.objects.bulk_create(message_for(digest, now) for digest in made)
    _tell(alerts, turns[0].to_seq, waiting, now)
    return made


def _parts(turn: Turn, told: list[Subscription]) -> dict[str, list[Subscription]]:
    if turn.person.combined:
        return {"": told} if told else {}
    return {str(subscription.pk): [subscription] for subscription in told}


def _digest(turn: Turn, part: str, now: datetime.datetime) -> Digest:
    return Digest(
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


def message_for(digest: Digest, now: datetime.datetime) -> Message:
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
        made_at=now,
    )


def _tell(alerts: Iterable[Subscription], to_seq: int, waiting: Mapping[int, Pending], now: datetime.datetime) -> None:
    """Move `told_through` by compare-and-set, with the time where a section was made.

    Raises Overtaken where somebody else has moved one.
    """
    same = defaultdict(list)
    for one in alerts:
        if one.told_through < to_seq or one.away_for:
            same[one.told_through, one.pk in waiting].append(one.pk)
    for (told_through, is_told), ids in same.items():
        moved = {"told_through": to_seq, "away_since": None, "away_for": ""} | (
            {"last_told_at": now} if is_told else {}
        )
        _move_exactly(Subscription.objects.filter(pk__in=ids, told_through=told_through), len(ids), moved)


def _move_served(turns: Iterable[Turn], made_for: Container[tuple[int, str]], now: datetime.datetime) -> None:
    """Move the schedules of these turns by compare-and-set; raises Overtaken like `_tell`."""
    same = defaultdict(list)
    for turn in turns:
        made = (turn.person.pk, turn.schedule.frequency) in made_for
        same[turn.schedule.next_due_at, turn.next_due_at, made].append(turn.schedule.pk)
    for (due_at, next_due_at, made), ids in same.items():
        moved = {"next_due_at": next_due_at} | ({"last_sent_at": now} if made else {})
        _move_exactly(Schedule.objects.filter(pk__in=ids, next_due_at=due_at), len(ids), moved)


def _move_exactly(rows: QuerySet, number: int, values: Mapping[str, object]) -> None:
    if rows.update(**values) != number:
        raise Overtaken
