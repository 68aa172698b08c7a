"""People behind the pages, their browsers, and what they were mailed."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from accounts import sessions, sign_ins
from accounts.models import AddressChange, SignIn, User
from alerts.digests import links
from alerts.digests.sections import hits
from alerts.models import CheckIn, Digest, Outlet, Schedule, Section, SignUp, Subscription, Topic
from alerts.models.choices import Frequency
from alerts.web import browser as known_browser
from alerts.web import outlets, signing_up
from alerts.web.signing_up import Asker
from benchmarks._day_rows import NOW

MANY_ALERTS = 30
"""Of somebody who follows subjects for a living."""
LINK = "a" * 40


def browser(person: User | None = None) -> Client:
    """A browser, in which this person is signed in."""
    client = Client(headers={"host": "localhost"})
    if person:
        client.cookies[settings.SIGNED_IN_COOKIE_NAME] = sessions.begin(person, "Firefox on Linux", "", NOW)
    return client


def asked(sign_up: SignUp) -> Client:
    """The browser in which this was asked for."""
    client = browser()
    client.cookies.update(known_browser.remember(HttpResponse(), known_browser.ASKED, sign_up).cookies)
    return client


def busy() -> User:
    """A person with many alerts, each on a topic of its own."""
    person = User.objects.create_user("busy@example.org", confirmed_at=NOW)
    Schedule.objects.create(user=person, frequency=Frequency.DAILY, next_due_at=NOW + timedelta(hours=22))
    wanted = {"frequency": Frequency.DAILY, "told_through": 0, "confirmed_at": NOW}
    topics = Topic.objects.order_by("id")[:MANY_ALERTS]
    Subscription.objects.bulk_create(
        Subscription(user=person, topic=topic, query=topic.canonical, position=place, **wanted)
        for place, topic in enumerate(topics)
    )
    return person


def leaving() -> User:
    """Somebody who has asked to be deleted."""
    return User.objects.create_user("leaver@example.org", confirmed_at=NOW, delete_after=NOW + timedelta(days=7))


def sign_up(query: str, number: int) -> SignUp:
    """An alert that was asked for."""
    asker = Asker(f"new{number}@example.org", f"new{number}@example.org", "", "/subscribe")
    return signing_up.record({"query": query, "frequency": Frequency.DAILY, "wants_answered": True}, asker, NOW)


def sign_in(person: User) -> str:
    """The key of a sign-in that was mailed."""
    SignIn.objects.create(
        user=person, link_hash=sign_ins.hashed(LINK), asked_at=NOW, expires_at=NOW + timedelta(minutes=15)
    )
    return LINK


def outlet(alert: Subscription, kind: str) -> tuple[str, ...]:
    """The addresses of the page, or of the feeds, of an alert."""
    return outlets.addresses(Outlet.objects.create(subscription=alert, kind=kind, opened_at=NOW))


def check_in(alert: Subscription) -> str:
    """The page of an email that asks whether an alert that finds much is what was meant."""
    much = {"query": alert.query, "found": 240, "narrower": f"heading:({alert.query})", "narrower_found": 31}
    return links.check_in(CheckIn.objects.create(subscription=alert, why="busy", since=NOW, at=NOW, **much))


def not_relevant(digests: Sequence[Digest]) -> Iterator[str]:
    """The pages by which it is said of some results of each section."""
    for section in Section.objects.filter(digest__in=digests).order_by("id"):
        for hit in hits([section])[section.pk][:2]:
            yield links.not_relevant(section.pk, hit.event_id)


def moving(person: User) -> str:
    """The key of a mailed link by which a person's wish to move to another address is agreed to."""
    AddressChange.objects.create(
        user=person,
        old_address=person.email,
        new_address="elsewhere@example.org",
        new_as_typed="elsewhere@example.org",
        old_link_hash=sign_ins.hashed(LINK),
        new_link_hash=sign_ins.hashed(LINK[1:]),
        asked_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )
    return LINK
