"""What pages with lists ask of the database: as many questions for fifty rows as for one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from alerts.digests import links
from alerts.digests.compose import compose_due
from alerts.matching.listing import PAGE
from alerts.matching.preview import NEWEST
from alerts.models import Digest, Outlet, Schedule, Source
from alerts.web import outlets, subscriptions
from tests.digests.told import happen
from tests.factories import NOW, make_event, make_item, make_member, make_person, make_source, make_subscription
from tests.web.stories import enter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

Opened = tuple[Client, str]
"""Who opens a page, and its address."""


def topic(number: int) -> str:
    """Words that find these rows alone."""
    return f"foghorn{number}"


def find(number: int) -> None:
    """So many results for the topic, each with an answer and an asker of its own."""
    for each in range(number):
        asker = make_member(f"Member {number} {each}")
        make_event(heading=topic(number).title(), answer=f"It was {each} pounds.", asking_member=asker)


def owner(number: int) -> User:
    """Somebody with so many alerts, which find something."""
    happen(heading="Foghorns")
    happen("published", heading="Foghorns", text="Foghorns again")
    person = make_person()
    for each in range(number):
        make_subscription(person, f"foghorns OR lamps{each}")
    return person


def my_alerts(number: int) -> Opened:
    return enter(owner(number)), "/alerts"


def stopped_alerts(number: int) -> Opened:
    person = owner(number)
    subscriptions.end(person, None, "person", "signed-in", NOW)
    return enter(person), "/alerts"


def alerts_with_outlets(number: int) -> Opened:
    person = owner(number)
    for alert in person.subscriptions.all():
        for kind in Outlet.Kind:
            Outlet.objects.create(subscription=alert, kind=kind, opened_at=NOW)
    return enter(person), "/alerts"


def manage(number: int) -> Opened:
    return Client(), links.manage(owner(number), NOW)


def sessions(number: int) -> Opened:
    person = make_person()
    for _ in range(number):
        enter(person)
    return enter(person), "/settings"


def search(number: int) -> Opened:
    find(number)
    return Client(), f"/search?q={topic(number)}"


def digest(number: int) -> Opened:
    """The page of an email that told so many results."""
    return Client(), links.digest(told(lambda person: make_subscription(person, topic(number)), number, 1))


def digest_of_alerts(number: int) -> Opened:
    """The page of an email that told one result of each of so many alerts."""

    def subscribe(person: User) -> None:
        for each in range(number):
            make_subscription(person, f"{topic(number)} AND pounds{each}")

    return Client(), links.digest(told(subscribe, number, number))


def told(subscribe: Callable[[User], object], results: int, sections: int) -> Digest:
    person = make_person()
    subscribe(person)
    Schedule.objects.filter(user=person).update(next_due_at=NOW)
    for each in range(results):
        asker = make_member(f"Member {results} {each}")
        happen(heading=topic(results).title(), answer=f"Some pounds{each}.", asking_member=asker)
    compose_due(NOW)
    digest = Digest.objects.get(user=person)
    assert digest.sections.count() == sections
    return digest


def answered_together(number: int) -> Opened:
    """The page of a question that got one answer with so many others."""
    others = [make_item(asking_member=make_member(f"Member {number} {each}")) for each in range(number)]
    named = [{"tabled": other.tabled_on.isoformat(), "uin": other.uin} for other in others]
    return Client(), links.item_path(make_item(source=others[0].source, grouped_with=named))


def shared(number: int) -> Opened:
    find(number)
    alert = make_subscription(make_person(), topic(number))
    page = Outlet.objects.create(subscription=alert, kind=Outlet.Kind.PAGE, opened_at=NOW)
    return Client(), outlets.addresses(page)[0]


def coverage(number: int) -> Opened:
    """Newsletters that are read; those of the calls before count too."""
    while Source.objects.filter(kind=Source.Kind.FEED).count() < number:
        make_source(kind=Source.Kind.FEED, last_ok_at=NOW - timedelta(minutes=5))
    return Client(), "/coverage"


LISTS = {
    my_alerts: "in 90 days",
    stopped_alerts: 'value="undo"',
    alerts_with_outlets: 'value="renew-page"',
    manage: '<li class="alert',
    sessions: 'value="session"',
    search: '<li class="result">',
    digest: '<li class="result"',
    digest_of_alerts: '<li class="result"',
    answered_together: '<li class="result" id="q',
    shared: '<li class="result">',
    coverage: '<th scope="row">',
}
"""Each list by what makes its rows, and what each of them has in its page."""
AT_MOST = {search: PAGE, shared: NEWEST}
"""How many rows a page has where more are found."""
MORE = {search: 1, shared: 1, digest: 1}
"""Of several results it is asked which were answered together; of an alert that tells many, how many a week has."""


def look(opened: Opened, row: str) -> tuple[int, int]:
    """How many questions the database is asked for a page that was opened before, and how many rows it has."""
    client, address = opened
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(captured), answer.content.decode().count(row)


@pytest.mark.parametrize("rows", LISTS, ids=lambda rows: rows.__name__)
def test_fifty_rows_are_shown_with_as_many_questions_to_the_database_as_one(rows):
    asked, shown = look(rows(1), LISTS[rows])
    assert shown == 1
    asked_for_fifty, shown = look(rows(50), LISTS[rows])
    assert shown == AT_MOST.get(rows, 50)
    assert asked_for_fifty == asked + MORE.get(rows, 0)
