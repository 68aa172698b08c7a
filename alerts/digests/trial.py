"""The test of an address that bounced: one email to it all the same, and writing to it again once that arrived.

Its owner asks for it, once a day at most. It is heard of as any email is; over plain SMTP, where nobody reports a
delivery, one that was accepted and has not come back within a day arrived.
"""

import datetime
import enum
from dataclasses import dataclass

from django.db import transaction

from accounts import suppressions
from accounts.models import User
from alerts.digests import bounce, links, providers
from alerts.digests.mail import Letter
from alerts.digests.outgoing import fixed, letter, new_message
from alerts.models import Change, Message

State = Message.State

APART = datetime.timedelta(hours=24)
"""How long after one test another may be sent."""
QUIET = datetime.timedelta(hours=24)
"""How long an accepted email must not have come back, where nobody reports deliveries."""
REACH = datetime.timedelta(days=7)
"""How far back a test is still looked at, after an outage."""
REPORTED = "Your emails start again as soon as we hear that this one arrived."
UNREPORTED = "Your emails start again in a day, unless this one comes back to us."


class Outcome(enum.StrEnum):
    """What has become of a test that has not put things right."""

    UNDER_WAY = "under way"
    FAILED = "failed"
    UNHEARD = "unheard of"


@dataclass(frozen=True)
class Trial:
    """The last test of a person's address: when it was asked for, what became of it, and when the next may be sent.

    `is_reported`: whether its delivery will be reported; else it counts as delivered after a day of silence.
    """

    asked_at: datetime.datetime
    outcome: Outcome
    again_at: datetime.datetime
    is_reported: bool


def ask(person: User, now: datetime.datetime) -> Message | None:
    """Queue a test of the person's address; None where it does not bounce, or was tested within a day."""
    with transaction.atomic():
        person = User.objects.locked(person.pk)
        tested = last(person, now)
        if not suppressions.bounces(person.email) or (tested and now < tested.again_at):
            return None
        return fixed(new_message(Message.Kind.TEST, person.email, now, user=person), test_letter(), now)


def test_letter() -> Letter:
    """What the test says."""
    then = REPORTED if _is_reported() else UNREPORTED
    return letter("test", {"then": then, "my_alerts_url": links.my_alerts()})


def last(person: User, now: datetime.datetime) -> Trial | None:
    """The last test of the address that the person has."""
    sent = _tests().filter(user=person, to_address=person.email).order_by("-made_at").first()
    if sent is None:
        return None
    return Trial(sent.made_at, _outcome(sent, now), sent.made_at + APART, _is_reported())


def arrived(message: Message, now: datetime.datetime) -> bool:
    """Write again to where a test arrived that has not come back; whether that is new.

    What came back after it was sent weighs more. The lock on its person is the caller's.
    """
    if message.delivery_events.exclude(bounce=bounce.NEITHER).exists():
        return False
    lifted = suppressions.lift(message.to_address, before=message.made_at)
    if lifted:
        about = {"object_type": "user", "object_id": message.user_id, "action": "reached_again"}
        Change.objects.create(at=now, actor=Change.Actor.SYSTEM, reason=f"the test, message {message.pk}", **about)
    return lifted


def take_silence(now: datetime.datetime) -> int:
    """Take tests that were accepted a day ago and have not come back as arrived, where none are reported; how many."""
    if _is_reported():
        return 0
    quiet = _tests().filter(state=State.SENT, settled_at__lte=now - QUIET, settled_at__gt=now - REACH)
    return sum(_take(message, now) for message in quiet.order_by("id"))


def _take(message: Message, now: datetime.datetime) -> bool:
    if not suppressions.bounces(message.to_address):
        return False
    with transaction.atomic():
        User.objects.locked(message.user_id)
        return arrived(message, now)


def _outcome(sent: Message, now: datetime.datetime) -> Outcome:
    came_back = sent.delivery_events.exclude(bounce=bounce.NEITHER).exists()
    if came_back or sent.state in (State.FAILED, State.CANCELLED):
        return Outcome.FAILED
    return Outcome.UNDER_WAY if now < sent.made_at + APART else Outcome.UNHEARD


def _tests():
    return Message.objects.filter(kind=Message.Kind.TEST)


def _is_reported() -> bool:
    """Whether the provider tells us of deliveries."""
    return providers.name() in providers.listened_to().values()
