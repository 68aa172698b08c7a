"""The rows behind the pages of people whose alerts are paused, just stopped, or as many as one may have."""

import datetime

from accounts import sessions
from accounts.models import User
from alerts.web.subscriptions import MOST_ALERTS
from tests.factories import make_person, make_subscription

DAY = datetime.timedelta(days=1)


def build(now: datetime.datetime) -> dict[str, str]:
    """By the name of a state: the key of a session of the person who is in it."""
    people = {
        "going": _owner("going", now, paused_from=now.date() + 3 * DAY, paused_until=now.date() + 10 * DAY),
        "away": _owner("away", now, paused_from=now.date() - DAY, paused_until=now.date() + 6 * DAY, skips_pause=True),
        "paused": _owner("paused", now),
        "stopped": _owner("stopped", now),
        "everywhere": _owner("everywhere", now),
        "full": _owner("full", now),
    }
    _second(people["paused"], now, paused_at=now, paused_until=now + 9 * DAY)
    _second(people["stopped"], now, ended_at=now, end_reason="person")
    for days, browser in ((3, "Firefox on Android"), (9, "Safari on iPhone")):
        sessions.begin(people["everywhere"], browser, "192.0.2.0/24", now - days * DAY)
    for number in range(MOST_ALERTS - 1):
        make_subscription(people["full"], f"capstan{number}", now=now)
    return {name: sessions.begin(person, "Chrome on Linux", "", now) for name, person in people.items()}


def address(name: str) -> str:
    """Where the emails of the person in this state go."""
    return f"{name}@coast.example"


def _owner(name: str, now: datetime.datetime, **fields) -> User:
    person = make_person(address(name), **fields)
    make_subscription(person, "foghorns", now=now, name="Foghorns")
    return person


def _second(person: User, now: datetime.datetime, **fields) -> None:
    make_subscription(person, "harbour", now=now, name="Harbours", **fields)
