"""What is kept goes when its time is over, and no day sooner; what is still needed stays however old it is."""

import datetime
import uuid

import pytest
from django.contrib.sessions.models import Session as StaffSession
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Session, SignIn, User
from alerts.models import (
    Asked,
    Change,
    DeliveryEvent,
    Digest,
    Hit,
    Message,
    NotRelevant,
    Section,
    SignUp,
    Subscription,
)
from alerts.models.choices import Kind
from alerts.retention import letting_go
from alerts.retention.forget import forget, late
from alerts.retention.rules import DAY, RULES, YEAR
from tests.digests.told import happen
from tests.factories import NOW, make_event, make_item, make_person, make_subscription, move
from tests.workers import workers

pytestmark = pytest.mark.django_db

NEVER = datetime.timedelta()


def make_sign_up(at: datetime.datetime, address: str = "new@example.org", **fields) -> SignUp:
    values = {"email_as_typed": address, "query": "foghorns", "text_version": "1", "form_url": "/", "asked_at": at}
    return SignUp.objects.create(email=address, expires_at=at + 7 * DAY, **values, **fields)


def make_message(at: datetime.datetime, state: str = "sent", **fields) -> Message:
    values = {"kind": "sign_in", "to_address": "reader@example.org", "message_id": f"<{uuid.uuid4()}@hark.example>"}
    times = {"made_at": at, "settled_at": at if state in Message.SETTLED else None}
    return Message.objects.create(state=state, **(values | times | fields))


def make_digest(alert: Subscription, at: datetime.datetime, state: str = "sent") -> Digest:
    """A digest of one section, with its email."""
    number = Digest.objects.count() + 1
    digest = Digest.objects.create(
        user=alert.user, frequency="daily", period_key=f"{at:%Y-%m-%d} {number}", made_at=at, uuid=uuid.uuid4()
    )
    words = {"position": 0, "query": alert.query, "name": "Foghorns", "kinds": ["answered"]}
    Section.objects.create(
        digest=digest, subscription=alert, topic=alert.topic, from_seq=number, to_seq=number + 1, **words
    )
    make_message(at, state, kind="digest", digest=digest, user=alert.user)
    return digest


def heard(at: datetime.datetime, **fields) -> DeliveryEvent:
    told = {"esp": "Postmark", "event_type": "delivered", "received_at": at, "processed_at": at}
    return DeliveryEvent.objects.create(dedup_key=uuid.uuid4().hex, **(told | fields))


def make_sign_in(at: datetime.datetime) -> SignIn:
    return SignIn.objects.create(
        link_hash=uuid.uuid4().hex, asked_at=at, expires_at=at + datetime.timedelta(minutes=15)
    )


def make_session(until: datetime.datetime) -> Session:
    times = {"begun_at": until - 30 * DAY, "ends_at": until}
    return Session.objects.create(user=make_person(), key_hash=uuid.uuid4().hex, **times)


def say_not_relevant(at: datetime.datetime) -> NotRelevant:
    event = make_event()
    return NotRelevant.objects.create(
        subscription=make_subscription(), item=event.item, event=event, query="foghorns", at=at
    )


def stop(at: datetime.datetime, **fields) -> Subscription:
    """An alert that was stopped then, of somebody who has another one."""
    person = make_person()
    make_subscription(person, "lamps")
    return make_subscription(person, "foghorns", ended_at=at, end_reason="person", **fields)


def leave(at: datetime.datetime) -> User:
    """Somebody who stopped their last alert then, and another one before."""
    person = make_person()
    for words, ended_at in (("lamps", at - DAY), ("foghorns", at)):
        make_subscription(person, words, ended_at=ended_at, end_reason="one_click")
    return person


def tabled(at: datetime.datetime) -> Hit:
    """A hit of a question that came up then, and that everybody has been told."""
    make_subscription(make_person(), "foghorns")
    event = happen("tabled", heading="Foghorns", released_at=at, first_seen_at=at)
    Subscription.objects.update(told_through=event.seq)
    return event.hits.get()


MADE = {
    "sign_ups": make_sign_up,
    "sign_up_words": lambda at: make_sign_up(at, ""),
    "asked": lambda at: Asked.objects.create(mailbox="m" * 64, at=at),
    "sign_ins": make_sign_in,
    "address_changes": lambda at: move(make_person(), f"{uuid.uuid4().hex}@example.org", at),
    "sessions": make_session,
    "staff_sessions": lambda at: StaffSession.objects.create(session_key=uuid.uuid4().hex, expire_date=at),
    "bytes": lambda at: make_message(at, body=b"Dear reader"),
    "payloads": lambda at: heard(at, payload={"said": "250 taken"}),
    "delivery_events": heard,
    "emails": make_message,
    "not_relevant": say_not_relevant,
    "alerts": stop,
    "people": leave,
    "hits": tabled,
}
"""How a row of each rule is made that is as old as a moment."""


def there(rule: str, row) -> bool:
    """Whether it is still kept; of emails and reports a part goes sooner than the row."""
    again = type(row).objects.filter(pk=row.pk).first()
    emptied = again is not None and {"sign_ups": "email", "bytes": "body", "payloads": "payload"}.get(rule)
    return again is not None and not (emptied and not getattr(again, emptied))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_as_old_as_its_rule_goes_and_what_is_a_day_younger_stays(rule):
    old, younger = MADE[rule.name](NOW - rule.age), MADE[rule.name](NOW - rule.age + DAY)
    assert late(NOW) == NEVER
    forget(NOW)
    assert (there(rule.name, old), there(rule.name, younger)) == (False, True)
    forget(NOW + DAY)
    assert not there(rule.name, younger)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_kept_too_long_is_seen(rule):
    MADE[rule.name](NOW - rule.age)
    assert late(NOW + 2 * DAY) == 2 * DAY
    forget(NOW + 2 * DAY)
    assert late(NOW + 2 * DAY) == NEVER


def test_a_round_goes_on_where_one_was_killed(monkeypatch):
    monkeypatch.setattr(letting_go, "BATCH", 2)
    for _ in range(5):
        make_sign_in(NOW - 8 * DAY)
    delete, deletions = QuerySet.delete, []

    def killed_at_the_second(rows):
        gone = delete(rows)
        deletions.append(rows)
        if len(deletions) == 2:
            raise KeyboardInterrupt
        return gone

    with monkeypatch.context() as dying:
        dying.setattr(QuerySet, "delete", killed_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            forget(NOW)
    assert SignIn.objects.count() == 3
    assert forget(NOW) == 3 and not SignIn.objects.exists()


def test_what_has_nothing_left_is_looked_at_again_after_an_hour():
    forget(NOW)
    make_sign_in(NOW - 8 * DAY)
    assert forget(NOW + datetime.timedelta(minutes=59)) == 0
    assert forget(NOW + datetime.timedelta(minutes=60)) == 1


@pytest.mark.django_db(transaction=True)
def test_many_rounds_at_once_let_go_of_everything_once(monkeypatch):
    monkeypatch.setattr(letting_go, "BATCH", 3)
    for _ in range(20):
        make_sign_in(NOW - 8 * DAY)
    for _ in range(5):
        leave(NOW - 40 * DAY)
    with workers(4) as start:
        for round in [start(forget, NOW) for _ in range(4)]:
            round.result()
    forget(NOW + DAY)
    assert not SignIn.objects.exists() and not User.objects.exists()
    assert Change.objects.filter(action="erased").count() == 5


@pytest.mark.django_db(transaction=True)
def test_nobody_is_waited_for():
    """Who has a row locked keeps it for now, and the others go."""
    held, other = make_sign_in(NOW - 9 * DAY), make_sign_in(NOW - 8 * DAY)
    with transaction.atomic():
        SignIn.objects.select_for_update().get(pk=held.pk)
        with workers(1) as start:
            start(forget, NOW).result()
    assert there("sign_ins", held) and not there("sign_ins", other)


@pytest.mark.parametrize("state", ["claimed", "handoff", "uncertain"])
def test_a_mail_on_its_way_keeps_its_sign_up_and_its_bytes(state):
    asked = make_sign_up(NOW - 30 * DAY)
    lease = {"claim_token": uuid.uuid4(), "lease_until": NOW, "handoff_at": NOW, "body": b"x"}
    mail = make_message(NOW - 2 * YEAR, state, sign_up=asked, **lease)
    forget(NOW)
    assert there("sign_ups", asked) and there("bytes", mail)
    Message.objects.update(state="sent", settled_at=NOW)
    forget(NOW + DAY)
    assert not there("sign_ups", asked)


def test_a_confirmation_that_could_not_be_sent_in_time_goes_with_its_sign_up():
    make_message(NOW - 7 * DAY, "pending", sign_up=make_sign_up(NOW - 7 * DAY))
    forget(NOW)
    assert not Message.objects.exists()


def test_no_address_of_a_sign_up_that_was_never_confirmed_is_left_anywhere():
    asked = make_sign_up(NOW - 7 * DAY, "stranger@example.org")
    mail = make_message(NOW - 7 * DAY, sign_up=asked, to_address="stranger@example.org")
    heard(NOW - 7 * DAY, message=mail, payload={"recipient": "stranger@example.org"})
    Asked.objects.create(mailbox="m" * 64, at=NOW - 7 * DAY)
    forget(NOW)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" line WHERE line::text ILIKE %s', ["%stranger@%"])
            assert cursor.fetchone()[0] == 0, table
    assert Asked.objects.count() == 1


def test_of_a_digest_that_was_sent_the_bare_numbers_stay_with_its_alert():
    """Whoever is told an event must not be told it again, however long ago that was."""
    alert = make_subscription()
    digest = make_digest(alert, NOW - YEAR)
    forget(NOW)
    section = digest.sections.get()
    assert (section.query, section.name, section.from_seq, section.to_seq) == ("", "", 1, 2)
    assert Digest.objects.get().period_key == digest.period_key and not Message.objects.exists()


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_digest_that_never_came_told_nothing_and_goes_whole(state):
    make_digest(make_subscription(), NOW - YEAR, state)
    forget(NOW)
    assert not Digest.objects.exists() and not Section.objects.exists()


def test_what_an_alert_told_goes_when_the_alert_does():
    alert = stop(NOW - YEAR)
    make_digest(alert, NOW - YEAR - DAY)
    both = make_digest(alert, NOW - YEAR - DAY)
    other = Subscription.objects.exclude(pk=alert.pk).get()
    numbers = {"position": 1, "kinds": [], "from_seq": 5, "to_seq": 6}
    Section.objects.create(digest=both, subscription=other, topic=other.topic, query="lamps", **numbers)
    forget(NOW)
    assert list(Subscription.objects.all()) == [other]
    assert list(Digest.objects.all()) == [both] and both.sections.get().subscription == other


@pytest.mark.parametrize(
    "fields",
    [{"paused_at": NOW - 2 * YEAR}, {"broken_at": NOW - 2 * YEAR}, {"told_through": 0}],
    ids=lambda one: next(iter(one)),
)
def test_whoever_has_an_alert_is_kept_however_quiet_it_is(fields):
    person = leave(NOW - 40 * DAY)
    make_subscription(person, "harbours", **fields)
    forget(NOW)
    assert there("people", person)


def test_staff_are_kept_without_alerts():
    person = leave(NOW - 40 * DAY)
    User.objects.update(is_staff=True)
    forget(NOW)
    assert there("people", person)


def test_a_mail_that_is_just_leaving_is_waited_for():
    person = leave(NOW - 40 * DAY)
    mail = make_message(NOW, "handoff", to_address=person.email, handoff_at=NOW, body=b"x")
    forget(NOW)
    assert there("people", person)
    Message.objects.filter(pk=mail.pk).update(state="sent", settled_at=NOW)
    forget(NOW + DAY)
    assert not there("people", person)


def old_hit(kind: str = Kind.TABLED) -> Hit:
    """A hit of two years ago, which its alert has been told."""
    at = NOW - 2 * YEAR
    alert = make_subscription()
    event = happen(kind, heading="Foghorns", released_at=at, first_seen_at=at)
    Subscription.objects.filter(pk=alert.pk).update(told_through=event.seq)
    return Hit.objects.get()


def test_what_an_alert_has_not_been_told_stays():
    hit = old_hit()
    waiting = make_subscription(make_person(), "foghorns", paused_at=NOW - 3 * YEAR, told_through=0)
    Subscription.objects.filter(pk=waiting.pk).update(told_through=0)
    forget(NOW)
    assert there("hits", hit)


@pytest.mark.parametrize(("days", "stays"), [(30, True), (31, False)])
def test_what_an_alert_that_can_be_taken_back_has_not_been_told_stays(days, stays):
    hit = old_hit()
    make_subscription(make_person(), "foghorns", ended_at=NOW - days * DAY, end_reason="person", told_through=0)
    forget(NOW)
    assert there("hits", hit) == stays


def test_hits_of_answers_stay_for_what_may_correct_them_while_anybody_follows_the_topic():
    hit = old_hit(Kind.ANSWERED)
    forget(NOW)
    assert there("hits", hit)
    topic = hit.topic
    Subscription.objects.all().delete()
    topic.version, topic.retired_at = None, NOW
    topic.save()
    forget(NOW + 91 * DAY)
    assert not there("hits", hit)


def test_an_event_that_waited_long_for_release_is_as_old_as_its_release():
    hit = tabled(NOW - 2 * YEAR)
    late_one = make_event(
        "tabled", item=make_item(heading="Foghorns"), first_seen_at=NOW - 2 * YEAR, released_at=NOW - 30 * DAY
    )
    kept = Hit.objects.create(topic=hit.topic, event=late_one, seq=0)
    forget(NOW)
    assert not there("hits", hit) and there("hits", kept)
