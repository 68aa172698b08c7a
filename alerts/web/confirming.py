"""Confirming a sign-up, and cancelling it: one pure decision, one place that writes."""

import datetime
import enum
import uuid
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from accounts import suppressions
from accounts.models import Consent, Suppression, User
from alerts import tasks
from alerts.digests.hours import USUAL, Hours
from alerts.models import SignUp, Subscription, Topic
from alerts.query import Query, QueryError, parse, topic_key
from alerts.web import subscriptions
from alerts.web.network import shortened
from alerts.web.preferences import change_hours
from alerts.web.record import record
from alerts.web.subscriptions import begin, schedule


class Outcome(enum.StrEnum):
    """What came of pressing Confirm."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    FULL = "full"
    BROKEN = "broken"


@dataclass(frozen=True)
class Confirmation:
    """What came of it, with the live alert where there is one."""

    outcome: Outcome
    subscription: Subscription | None = None


def decide(sign_up: SignUp, query: Query | None, blocked: bool, alerts: int, now: datetime.datetime) -> Outcome:
    """What pressing Confirm does, given whether its person may be written to and how many alerts they have.

    Confirmed once is confirmed: pressing again changes nothing and gives the same page.
    """
    if sign_up.cancelled_at:
        return Outcome.CANCELLED
    if sign_up.confirmed_at:
        return Outcome.CONFIRMED
    if now >= sign_up.expires_at:
        return Outcome.EXPIRED
    if blocked:
        return Outcome.BLOCKED
    if query is None:
        return Outcome.BROKEN
    return Outcome.FULL if alerts >= subscriptions.MOST_ALERTS else Outcome.CONFIRMED


def confirm(
    ident: uuid.UUID, now: datetime.datetime, opened_at: datetime.datetime | None = None, scope: str = "confirm"
) -> Confirmation:
    """Confirm the sign-up; any number of times, by any number of hands at once, it is confirmed once.

    `opened_at` is when its page was first shown. Raises SignUp.DoesNotExist. Lock order: sign-up, person, counter.
    """
    with transaction.atomic():
        sign_up = SignUp.objects.select_for_update().get(uuid=ident)
        person = _lock(sign_up.email)
        query = _understood(sign_up)
        blocked = suppressions.suppressed(sign_up.email, anew=True) or (person is not None and not person.is_active)
        outcome = decide(sign_up, query, blocked, _live(person).count(), now)
        if outcome is Outcome.CONFIRMED and sign_up.confirmed_at is None:
            person = person or _new_person(sign_up, now)
            return Confirmation(outcome, _begin(sign_up, person, query, opened_at, scope, now))
        return Confirmation(outcome, _existing(person, query))


def cancel(ident: uuid.UUID, now: datetime.datetime) -> bool:
    """Cancel the sign-up, also after it was confirmed: both buttons pressed is not confirmed.

    An address that has no other alert is never written to again; whether that is so is returned.
    """
    with transaction.atomic():
        sign_up = SignUp.objects.select_for_update().get(uuid=ident)
        person = _lock(sign_up.email)
        if sign_up.confirmed_at and person:
            _end_confirmed(sign_up, person, now)
        sign_up.confirmed_at, sign_up.cancelled_at = None, sign_up.cancelled_at or now
        sign_up.save(update_fields=["confirmed_at", "cancelled_at"])
        if _live(person).exists():
            return False
        suppressions.suppress(sign_up.email, Suppression.Reason.BLOCKED, now)
        return True


def confirmed_alert(sign_up: SignUp) -> Subscription | None:
    """The live alert on what was asked for here."""
    return _existing(User.objects.filter(email=sign_up.email).first(), _understood(sign_up))


def hours_of(sign_up: SignUp, person: User | None) -> Hours:
    """When emails come once this is confirmed: as wished, and where nothing was wished as the person has it."""
    before = Hours.of(person) if person else USUAL
    return Hours(
        sign_up.delivery_time or before.time,
        before.weekday if sign_up.delivery_weekday is None else sign_up.delivery_weekday,
        sign_up.timezone or before.timezone,
    )


def hours_before_and_after(sign_up: SignUp) -> tuple[Hours, Hours]:
    """When emails come to this address now, and once this is confirmed."""
    person = User.objects.filter(email=sign_up.email).first()
    return (Hours.of(person) if person else USUAL), hours_of(sign_up, person)


def others_of(sign_up: SignUp) -> bool:
    """Whether the address has alerts besides the one asked for here."""
    query = _understood(sign_up)
    others = _live(User.objects.filter(email=sign_up.email).first())
    return others.exclude(topic__key=topic_key(query.tree) if query else "").exists()


def _understood(sign_up: SignUp) -> Query | None:
    try:
        return parse(sign_up.query)
    except QueryError:
        return None


def _lock(address: str) -> User | None:
    """The person at this address; not whoever had it until the lock was theirs."""
    found = User.objects.filter(email=address).only("pk").first()
    locked = User.objects.locked(found.pk) if found else None
    return locked if locked and locked.email == address else None


def _new_person(sign_up: SignUp, now: datetime.datetime) -> User:
    person, made = User.objects.get_or_create(
        email=sign_up.email, defaults={"email_as_typed": sign_up.email_as_typed, "confirmed_at": now}
    )
    if made:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    return User.objects.locked(person.pk)


def _live(person: User | None) -> QuerySet[Subscription]:
    return Subscription.objects.filter(user=person, ended_at__isnull=True) if person else Subscription.objects.none()


def _existing(person: User | None, query: Query | None) -> Subscription | None:
    return _live(person).filter(topic__key=topic_key(query.tree)).first() if query else None


def _begin(
    sign_up: SignUp,
    person: User,
    query: Query,
    opened_at: datetime.datetime | None,
    scope: str,
    now: datetime.datetime,
) -> Subscription:
    topic = Topic.objects.opened(query.tree, now)
    subscription = _live(person).filter(topic=topic).first() or _subscribe(sign_up, person, topic, now)
    sign_up.confirmed_at, sign_up.opened_at = now, opened_at
    sign_up.save(update_fields=["confirmed_at", "opened_at"])
    if person.confirmed_at is None or person.delete_after is not None:
        person.confirmed_at, person.delete_after = person.confirmed_at or now, None
        person.save(update_fields=["confirmed_at", "delete_after"])
    suppressions.begin_anew(person.email)
    person = change_hours(person, hours_of(sign_up, person), scope, now)
    schedule(person, subscription.frequency, now)
    transaction.on_commit(partial(tasks.ring, "percolate"))
    _record(sign_up, person, subscription, scope, now)
    return subscription


def _subscribe(sign_up: SignUp, person: User, topic: Topic, now: datetime.datetime) -> Subscription:
    wanted = ("query", "name", "frequency", "wants_tabled", "wants_answered", "wants_corrected", "wants_updated")
    return begin(person, topic, {field: getattr(sign_up, field) for field in wanted}, now)


def _record(sign_up: SignUp, person: User, subscription: Subscription, scope: str, now: datetime.datetime) -> None:
    Consent.objects.create(
        user=person,
        text_version=sign_up.text_version,
        form_url=sign_up.form_url,
        network=shortened(sign_up.network),
        asked_at=sign_up.asked_at,
        confirmed_at=now,
        token_id=sign_up.uuid,
    )
    after = {"sign_up": sign_up.pk, "topic": subscription.topic_id}
    record("confirmed", person, subscription, scope, now, after=after)


def _end_confirmed(sign_up: SignUp, person: User, now: datetime.datetime) -> None:
    query = _understood(sign_up)
    subscription = _existing(person, query)
    if subscription and subscription.confirmed_at == sign_up.confirmed_at:
        subscription.ended_at, subscription.end_reason = now, Subscription.EndReason.PERSON
        subscription.save(update_fields=["ended_at", "end_reason"])
        record("ended", person, subscription, "confirm", now, reason="cancelled on the confirm page")
    Consent.objects.filter(token_id=sign_up.uuid).delete()
