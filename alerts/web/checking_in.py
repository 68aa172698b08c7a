"""Checking in: the alerts that find far too much, or nothing for a year, get one email about it.

All alerts are looked at once a day, some in each round. What is found out before the person's lock is taken is looked
at again under it, and a constraint of the table has the last word, so that nobody is asked twice.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from accounts import suppressions
from accounts.models import User
from alerts.digests import check_in, holiday
from alerts.failpoints import failpoint
from alerts.matching.four_weeks import WEEKS, busy, four_weeks
from alerts.matching.variations import Variation, zoned
from alerts.models import Change, CheckIn, Item, Subscription, Walk
from alerts.web.reading import read
from alerts.web.volume import LONG

Why = CheckIn.Why

A_DAY, FOUR_WEEKS, A_YEAR = datetime.timedelta(days=1), datetime.timedelta(weeks=WEEKS), datetime.timedelta(days=365)
WALK = "check-ins"
MOST = 20
"""Emails in one round; the next one goes on with the alert after the last."""
WORTH_WHILE = 0.75
"""Narrower words that find more of it than this are not offered."""


def check_in_due(now: datetime.datetime, limit: int = 500) -> int:
    """Look at the next alerts, at most so many, and queue the emails that they have earned; how many.

    It may run twice at once: who comes second finds the email there, and goes on as well.
    """
    walk = _walk(now)
    if walk.place is None:
        return 0
    batch = list(_on(now).filter(pk__gt=walk.place).order_by("pk")[:limit])
    place = batch[-1].pk if len(batch) == limit else None
    asked, items_read = 0, cache(partial(_items_read, now))
    for earned in _earned(batch, now):
        asked += _ask(earned, items_read, now)
        if asked == MOST:
            place = earned.subscription.pk
            break
    Walk.objects.filter(pk=walk.pk, place=walk.place).update(place=place)
    return asked


def _walk(now: datetime.datetime) -> Walk:
    """How far the rounds of this day have come."""
    walk, _ = Walk.objects.get_or_create(name=WALK, defaults={"begun_at": now, "place": 0})
    if walk.place is None and walk.begun_at <= now - A_DAY:
        Walk.objects.filter(pk=walk.pk, place=None).update(begun_at=now, place=0)
        walk.refresh_from_db()
    return walk


def _on(now: datetime.datetime) -> QuerySet[Subscription]:
    """Alerts that have been on for four weeks, of people we may write to as far as their row says."""
    people = {"user__is_active": True, "user__delete_after": None}
    on = Subscription.objects.live().filter(confirmed_at__lte=now - FOUR_WEEKS, topic__filled_at__isnull=False)
    return on.filter(**people).select_related("user")


def _items_read(now: datetime.datetime) -> int:
    """How many items came in a year."""
    return Item.objects.filter(first_seen_at__gt=now - A_YEAR).count()


def _earned(batch: Iterable[Subscription], now: datetime.datetime) -> Iterator[CheckIn]:
    """What these alerts have earned, in their order; not stored, and to be looked at again under the lock."""
    silent = {one.subscription.pk: one for one in _silent(batch, now)}
    too_many = _quickly_busy(batch, now)
    for alert in batch:
        if earned := silent.get(alert.pk) or (alert.pk in too_many and _busy(alert, now)):
            yield earned


def _silent(batch: Iterable[Subscription], now: datetime.datetime) -> Iterator[CheckIn]:
    """Alerts that told nothing for a year in which their owners did nothing to them, and were not asked."""
    quiet = [one for one in batch if max(one.confirmed_at, one.last_told_at or one.confirmed_at) <= now - A_YEAR]
    changed = _latest(Change.objects.filter(object_type="subscription"), "object_id", quiet)
    asked = _latest(CheckIn.objects.filter(why=Why.SILENT), "subscription", quiet)
    for one in quiet:
        known = one.confirmed_at, one.last_told_at, changed.get(one.pk), asked.get(one.pk)
        since = max(filter(None, known))
        if since <= now - A_YEAR:
            yield CheckIn(subscription=one, why=Why.SILENT, since=since, at=now, query=one.query, name=one.name)


def _latest(rows: QuerySet, field: str, alerts: Iterable[Subscription]) -> dict[int, datetime.datetime]:
    """When the latest of these rows about each alert was made, by the alert's id."""
    about = rows.filter(**{f"{field}__in": [alert.pk for alert in alerts]})
    return dict(about.order_by().values_list(field).annotate(Max("at")))


def _quickly_busy(batch: Iterable[Subscription], now: datetime.datetime) -> set[int]:
    """The ids of those that may have found too much with the words they have, and were not asked."""
    begun = now - FOUR_WEEKS
    edited = Change.objects.filter(object_type="subscription", object_id=OuterRef("pk"), action="edited", at__gt=begun)
    before = CheckIn.objects.filter(subscription=OuterRef("pk"), why=Why.BUSY)
    topics = busy({alert.topic_id for alert in batch}, WEEKS * LONG, now)
    alerts = Subscription.objects.filter(pk__in=[alert.pk for alert in batch if alert.topic_id in topics])
    return set(alerts.filter(~Exists(edited), ~Exists(before)).values_list("pk", flat=True))


def _busy(alert: Subscription, now: datetime.datetime) -> CheckIn | None:
    """With the narrower words that would have found less, if there are any; None where a week was not too much."""
    found = four_weeks(alert.topic_id, alert.kinds, now)
    if min(found.weeks) <= LONG:
        return None
    earned = CheckIn(subscription=alert, why=Why.BUSY, since=now - FOUR_WEEKS, at=now)
    earned.query, earned.name, earned.found = alert.query, alert.name, found.results
    narrower = _in_heading_or_question(alert.query)
    left = found.narrower(narrower.tree) if narrower else None
    if narrower and left and left <= WORTH_WHILE * found.results:
        earned.narrower, earned.narrower_found = narrower.typed, left
    return earned


def _in_heading_or_question(typed: str) -> Variation | None:
    """The words there only; None where they ask for a place already."""
    query = read(typed).query
    offered = next(iter(zoned(query)), None) if query else None
    return offered if offered and offered.kind == "where" else None


def _ask(earned: CheckIn, items_read: Callable[[], int], now: datetime.datetime) -> bool:
    """Queue the email with its row, both or neither; whether it was still to be."""
    try:
        with transaction.atomic():
            person = User.objects.locked(earned.subscription.user_id)
            alert = _on(now).filter(pk=earned.subscription.pk, query=earned.query).first()
            if alert is None or holiday.on(person, now) or suppressions.suppressed(person.email):
                return False
            earned.subscription, alert.user = alert, person
            earned.message = check_in.queue(earned, items_read() if earned.why == Why.SILENT else 0, now)
            earned.save()
            failpoint("checkin.queued", alert.pk)
    except IntegrityError:
        return False
    return True
