"""The rows behind the pages of people who move to another address, or whose address bounces: one for each state."""

import datetime
from dataclasses import dataclass

from accounts import sessions, suppressions
from accounts.address_changes import End
from accounts.models import AddressChange, User
from alerts.digests import trial
from alerts.models import Message
from alerts.web import moving
from tests.factories import make_person, make_subscription
from tests.web.stories import link

DAY = datetime.timedelta(days=1)
ENDS = ("asked", "agreed", "done", "cancelled", "expired")


@dataclass(frozen=True)
class Movers:
    """By the name of a state: the key of its person's session, and the paths of the links to both ends."""

    sessions: dict[str, str]
    to_old: dict[str, str]
    to_new: dict[str, str]


def build(now: datetime.datetime) -> Movers:
    """All of them; the one called `leaving` is for the page after a button."""
    changes = {name: _asked(name, now - 2 * DAY if name == "expired" else now) for name in ENDS}
    for name in ("agreed", "done"):
        moving.say_yes(changes[name], End.OLD, now)
    moving.say_yes(changes["done"], End.NEW, now)
    moving.cancel(changes["cancelled"], None, now)
    people = {name: change.user for name, change in changes.items()}
    people |= {name: _bounces(name, now) for name in ("bouncing", "tested", "failed", "leaving", "alone")}
    moving.ask(people["alone"], "alone@pilots.example", "alone@pilots.example", now)
    Message.objects.filter(user=people["failed"], kind="test").update(state="failed", settled_at=now)
    people["barred"] = make_person("barred@lamps.example")
    suppressions.suppress(people["barred"].email, "complaint", now)
    return Movers(
        {name: sessions.begin(person, "Firefox on Linux", "", now) for name, person in people.items()},
        {name: _link(f"{name}@lamps.example") for name in ENDS},
        {name: _link(f"{name}@pilots.example") for name in ENDS},
    )


def _asked(name: str, now: datetime.datetime) -> AddressChange:
    return moving.ask(make_person(f"{name}@lamps.example"), f"{name}@pilots.example", f"{name}@pilots.example", now)


def _bounces(name: str, now: datetime.datetime) -> User:
    """Somebody with an alert whose address bounces since two days, and was tested if that is the name."""
    person = make_person(f"{name}@lamps.example")
    make_subscription(person, "foghorns", now=now)
    suppressions.suppress(person.email, "hard_bounce", now - 2 * DAY)
    if name in ("tested", "failed"):
        trial.ask(person, now)
    return person


def _link(address: str) -> str:
    """The path in the first mail there."""
    return link(Message.objects.filter(to_address=address, kind="address").earliest("id"), "address")
