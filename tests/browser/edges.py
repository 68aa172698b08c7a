"""Pages as they are when something is in the way: too much was asked, nothing is there, or something is down."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.conf import settings
from django.test import Client

from accounts import sessions
from accounts.models import SignIn
from accounts.sign_ins import hashed
from alerts.models import Hold, SignUp, Source
from config import clock
from tests.browser.visit import Visit
from tests.browser.world import DAY, World
from tests.stopped import stopped_database
from tests.workers import workers

Made = TypeVar("Made")
HERE = "127.0.0.1/32"
"""The network that the browser of the tests is in."""


def committed(make: Callable[..., Made], *arguments: object, **named: object) -> Made:
    """What `make` gives, with the rows it writes seen by the server: the test itself commits nothing."""
    with workers(1) as start:
        return start(make, *arguments, **named).result()


@contextmanager
def for_a_while(rows: Callable[[], list]) -> Iterator[None]:
    """With these rows, which are gone afterwards."""
    made = committed(rows)
    try:
        yield
    finally:
        committed(lambda: [row.delete() for row in made])


def too_often(address: str, rows: Callable[[], list]) -> object:
    """What is said where a network has asked too often."""

    def go(visit: Visit, world: World) -> None:
        with for_a_while(rows):
            page = visit.open(address)
            page.get_by_label("Email address").fill("somebody@example.org")
            page.wait_for_timeout(2_100)  # a form sent sooner was sent by a program
            page.get_by_role("button", name=re.compile("^(Send me|Email me)")).click()
            page.get_by_role("heading", name="There is a problem").wait_for()

    return go


def sign_ups() -> list[SignUp]:
    now, typed = clock.now(), {"query": "foghorns", "text_version": "1", "form_url": "/"}
    times = {"asked_at": now, "expires_at": now + 7 * DAY}
    return [SignUp.objects.create(email=f"{n}@example.org", network=HERE, **typed, **times) for n in range(20)]


def sign_ins() -> list[SignIn]:
    times = {"asked_at": clock.now(), "expires_at": clock.now() + DAY}
    return [SignIn.objects.create(link_hash=f"link {n}", network=HERE, **times) for n in range(30)]


def hold() -> list[Hold]:
    return [Hold.objects.create(cause=Hold.Cause.STAFF, since=clock.now(), reason="the cable is cut")]


def held_up(go: Callable[[Visit, World], None]) -> object:
    """The same page while no email goes out."""

    def held(visit: Visit, world: World) -> None:
        with for_a_while(hold):
            go(visit, world)
            visit.page.get_by_text("Emails are held up at the moment").wait_for()

    return held


def source_down(visit: Visit, world: World) -> None:
    parliament = Source.objects.filter(kind=Source.Kind.WRITTEN_QUESTIONS)
    before = parliament.values("fail_count", "last_ok_at").get()
    committed(parliament.update, fail_count=9, last_ok_at=clock.now() - DAY / 4)
    try:
        visit.open("/").get_by_text("out of reach since").wait_for()
    finally:
        committed(parliament.update, **before)


def without_alerts(visit: Visit, world: World) -> None:
    """My alerts of somebody who has none."""
    visit.sign_in(committed(lambda: sessions.begin(world.gone_quiet, "", "", clock.now())))
    visit.open("/alerts").get_by_text("You have no alerts").wait_for()


def used(visit: Visit, world: World) -> None:
    """A link to sign in that somebody else has used."""
    key = "k" * 43
    named = {"link_hash": hashed(key), "user": world.reader, "used_at": clock.now()}
    times = {"asked_at": clock.now(), "expires_at": clock.now() + DAY}
    with for_a_while(lambda: [SignIn.objects.create(**named, **times)]):
        visit.open(f"/sign-in/{key}").get_by_role("heading", name="This was used already").wait_for()


def too_many_fields(visit: Visit, world: World) -> None:
    """A form as no page of ours has it."""
    page = visit.open("/sign-in")
    page.locator("form[action='/sign-in']").evaluate(
        """form => {
            for (let n = 0; n < 120; n++) form.insertAdjacentHTML("beforeend", `<input type=hidden name=${n}>`);
        }"""
    )
    page.get_by_role("button", name="Email me a link").click()
    page.get_by_role("heading", name="We could not read that").wait_for()


def without_rights(visit: Visit, world: World) -> None:
    """Staff who may do nothing, at the desk."""
    client = Client()
    committed(client.force_login, world.staff)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    visit.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": visit.url}])
    visit.open("/admin/alerts/message/").get_by_role("heading", name="This page is not for you").wait_for()


def without_cookies(visit: Visit, world: World) -> None:
    page = visit.open("/sign-in")
    page.context.clear_cookies()
    page.get_by_role("button", name="Email me a link").click()
    page.get_by_role("heading", name="That could not be sent").wait_for()


def without_a_database(visit: Visit, world: World) -> None:
    with stopped_database():
        visit.open("/").get_by_role("heading", name="Something went wrong on our side").wait_for()
