"""Every page as a browser shows it: for everybody, on small screens, in both schemes, light, and alone."""

import pytest

from accounts import tokens
from alerts.digests import links
from alerts.web import outlets
from config import clock
from tests.browser import edges
from tests.browser.visit import Visit
from tests.browser.world import DAY, READER, World
from tests.web.test_safety import patterns

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

MOST_BYTES = 55_000
MOST_SHIFT = 0.05


def expired(scope: str, whose, version: int = 0) -> str:
    return tokens.make(scope, whose.uuid, clock.now() - 400 * DAY, version)


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def refused(visit: Visit, world: World) -> None:
    """The subscribe form sent with nothing in it."""
    visit.open("/subscribe").get_by_role("button", name="Send me").click()
    visit.page.get_by_text("There is a problem").wait_for()


def asked(visit: Visit, world: World) -> None:
    """What follows when it was sent as it should be."""
    page = visit.open("/subscribe?q=foghorns")
    page.get_by_label("Email address").fill("somebody@example.org")
    page.wait_for_timeout(2_100)  # a form sent sooner was sent by a program
    page.get_by_role("button", name="Send me").click()
    page.get_by_role("heading", name="Check your inbox").wait_for()


def wrong_code(visit: Visit, world: World) -> None:
    asked(visit, world)
    visit.page.get_by_label("Or enter the code").fill("000000")
    visit.page.get_by_role("button", name="Confirm this alert").click()
    visit.page.get_by_text("There is a problem").wait_for()


def confirmed(visit: Visit, world: World) -> None:
    """An alert that has just been confirmed."""
    page = visit.open(path(links.confirm(world.other_sign_up)))
    page.wait_for_timeout(1_100)  # a button pressed sooner was pressed by a program
    page.get_by_role("button", name="Confirm this alert").click()
    page.get_by_role("heading", name="Your alert is on").wait_for()


def stopped(visit: Visit, world: World) -> None:
    """The page after the alerts of an email were stopped."""
    visit.open(path(links.stop(world.leaving, clock.now()))).get_by_role("button", name="Stop this email").click()
    visit.page.get_by_role("heading", name="Stopped", exact=True).wait_for()


def refused_switch(visit: Visit, world: World) -> None:
    """Another alert of the same person has the narrower words."""
    page = visit.open(path(links.check_in(world.asked["twin"])))
    page.get_by_role("button", name="Switch to heading").click()
    page.get_by_text("Nothing was changed").wait_for()


def at(address) -> object:
    """A page that is reached by its address alone; `address` may be a function of the world."""
    return lambda visit, world: visit.open(address(world) if callable(address) else address)


def signed_in(address) -> object:
    """A page of the reader's own."""

    def go(visit: Visit, world: World) -> None:
        visit.sign_in(world.session)
        at(address)(visit, world)
        assert "/sign-in" not in visit.page.url

    return go


def refused_holiday(visit: Visit, world: World) -> None:
    """All emails paused, but without a day to come back on."""
    signed_in("/alerts")(visit, world)
    visit.page.get_by_role("button", name="Pause all alerts").click()
    visit.page.get_by_role("heading", name="Nothing was changed").wait_for()


def refused_edit(visit: Visit, world: World) -> None:
    """An alert saved without words."""
    signed_in(f"/alerts/{world.alert.uuid}")(visit, world)
    visit.page.get_by_label("You will follow").fill("")
    visit.page.get_by_role("button", name="Save", exact=True).click()
    visit.page.get_by_text("There is a problem").wait_for()


def unseen_edit(visit: Visit, world: World) -> None:
    """Other words, saved before anybody saw what they find."""
    signed_in(f"/alerts/{world.alert.uuid}")(visit, world)
    visit.page.get_by_label("You will follow").fill("foghorns AND repairs")
    visit.page.get_by_role("button", name="Save", exact=True).click()
    visit.page.get_by_text("Nothing is saved yet").wait_for()


def refused_sign_in(visit: Visit, world: World) -> None:
    """An address that is none."""
    visit.open("/sign-in").get_by_label("Email address").fill("nobody")
    visit.page.get_by_role("button", name="Email me a link").click()
    visit.page.get_by_text("There is a problem").wait_for()


def as_mover(state: str, address: str = "/settings/address") -> object:
    """A page of somebody who moves, or whose address bounces."""

    def go(visit: Visit, world: World) -> None:
        visit.sign_in(world.movers.sessions[state])
        at(address)(visit, world)
        assert "/sign-in" not in visit.page.url

    return go


def refused_address(visit: Visit, world: World) -> None:
    """An address that is none."""
    as_mover("expired")(visit, world)
    visit.page.get_by_label("New email address").fill("nobody")
    visit.page.get_by_role("button", name="Send the emails").click()
    visit.page.get_by_text("There is a problem").wait_for()


def left_without_mail(visit: Visit, world: World) -> None:
    """The page after the button of somebody whose address bounces."""
    as_mover("leaving", "/settings/delete")(visit, world)
    visit.page.get_by_role("button", name="Delete my account").click()
    visit.page.get_by_text("You are signed out everywhere").wait_for()


def ended(visit: Visit, world: World) -> None:
    """A form whose session ended while it was filled in."""
    signed_in("/alerts/new")(visit, world)
    visit.end_session()
    visit.page.get_by_role("button", name="Save").click()
    visit.page.get_by_text("Your session has ended").wait_for()


def asked_to_sign_in(visit: Visit, world: World) -> None:
    visit.open("/sign-in").get_by_label("Email address").fill(READER)
    visit.page.get_by_role("button", name="Email me a link").click()
    visit.page.get_by_role("heading", name="Check your inbox").wait_for()


PAGES = {
    "landing": at("/"),
    "landing, with a source that is down": edges.source_down,
    "preview": at("/preview?q=foghorns"),
    "preview, with advice": at("/preview?q=foghorns or harbour"),
    "preview, of nothing": at("/preview?q=zebra"),
    "preview, of a mistake": at('/preview?q=harbour AND "foghorns'),
    "preview, of too much": at("/preview?q=buoy"),
    "preview, with filters": at("/preview?q=foghorns house:commons NOT dept:transport&kept=where"),
    "preview, without words": at("/preview?q="),
    "search": at("/search?q=foghorns"),
    "search, the next page": at("/search?q=foghorns&page=2&until=9999999999"),
    "search, of older days": at("/search?q=foghorns&to=2020-01-01"),
    "search, of nothing": at("/search?q=zebra"),
    "search, of a mistake": at('/search?q=harbour AND "foghorns'),
    "search, with advice": at("/search?q=foghorns or harbour"),
    "search, without words": at("/search?q="),
    "search, beyond the last page": at("/search?q=foghorns&page=99"),
    "search, with more since": at("/search?q=foghorns&until=1"),
    "subscribe": at("/subscribe?q=foghorns"),
    "subscribe, refused": refused,
    "subscribe, too often": edges.too_often("/subscribe?q=foghorns", edges.sign_ups),
    "check-email": asked,
    "check-email, with a wrong code": wrong_code,
    "check-email, while emails are held up": edges.held_up(asked),
    "confirm": at(lambda world: path(links.confirm(world.sign_up))),
    "confirm, expired": at(lambda world: path(links.confirm(world.expired))),
    "confirm, gone": at(lambda world: "/confirm/" + expired("confirm", world.reader)),
    "confirm, cancelled": at(lambda world: path(links.confirm(world.cancelled))),
    "confirmed": confirmed,
    "confirmed, but by nobody known": at("/confirmed"),
    "sign-in": at("/sign-in"),
    "sign-in, too often": edges.too_often("/sign-in", edges.sign_ins),
    "sign-in, after the session ended": ended,
    "sign-in-code": asked_to_sign_in,
    "sign-in-link": at(lambda world: world.sign_in),
    "sign-in-link, over": at("/sign-in/" + "a" * 43),
    "sign-in-link, used": edges.used,
    "my-alerts, without any": edges.without_alerts,
    "my-alerts": signed_in("/alerts"),
    "my-alerts, with a menu open": signed_in(lambda world: f"/alerts?did=renew-page&menu={world.alert.uuid}"),
    "edit-alert": signed_in(lambda world: f"/alerts/{world.alert.uuid}"),
    "my-alerts, after a change": signed_in("/alerts?done=saved"),
    "my-alerts, with a refused holiday": refused_holiday,
    "edit-alert, with a mistake": signed_in(lambda world: f'/alerts/{world.alert.uuid}?q=harbour AND "foghorns'),
    "edit-alert, finding too much": signed_in(lambda world: f"/alerts/{world.alert.uuid}?q=buoy"),
    "edit-alert, finding nothing": signed_in(lambda world: f"/alerts/{world.alert.uuid}?q=zebra"),
    "edit-alert, refused": refused_edit,
    "edit-alert, to be looked at first": unseen_edit,
    "settings, after a change": signed_in("/settings?done=hours"),
    "sign-in, refused": refused_sign_in,
    "sign-in, after signing out": at("/sign-in?out"),
    "new-alert": signed_in(lambda world: f"/alerts/new?from={world.alert.uuid}"),
    "new-alert, with what was typed before": signed_in(lambda world: f"/alerts/new?typed={world.typed.uuid}"),
    "settings": signed_in("/settings"),
    "my-alerts, of an address that bounces": as_mover("bouncing", "/alerts"),
    "my-alerts, of an address that is tested": as_mover("tested", "/alerts"),
    "my-alerts, of an address whose test failed": as_mover("failed", "/alerts"),
    "settings, with a change of address": as_mover("asked", "/settings"),
    "address": signed_in("/settings/address"),
    "address, refused": refused_address,
    "address, waiting for both": as_mover("asked"),
    "address, waiting for the new one": as_mover("agreed"),
    "address, waiting for the new one alone": as_mover("alone"),
    "address, of somebody we must not write to": as_mover("barred"),
    "address-link": at(lambda world: world.movers.to_old["asked"]),
    "address-link, of the new one": at(lambda world: world.movers.to_new["asked"]),
    "address-link, after one yes": at(lambda world: world.movers.to_old["agreed"]),
    "address-link, done": at(lambda world: world.movers.to_new["done"]),
    "address-link, cancelled": at(lambda world: world.movers.to_old["cancelled"]),
    "address-link, expired": at(lambda world: world.movers.to_old["expired"]),
    "address-link, unknown": at("/address/" + "a" * 43),
    "leave": signed_in("/settings/delete"),
    "leave, of an address that bounces": as_mover("bouncing", "/settings/delete"),
    "leave, done without mail": left_without_mail,
    "stay": at(lambda world: path(links.stay(world.gone, clock.now()))),
    "stay, not leaving": at(lambda world: path(links.stay(world.reader, clock.now()))),
    "manage": at(lambda world: path(links.manage(world.reader, clock.now()))),
    "manage, expired": at(lambda world: "/m/" + expired("manage", world.reader, world.reader.token_version)),
    "unsubscribe": at(lambda world: path(links.stop(world.reader, clock.now()))),
    "unsubscribe, from one alert": at(lambda world: path(links.stop(world.alert, clock.now()))),
    "unsubscribe, done": stopped,
    "undo, expired": at(lambda world: path(links.undo(world.change, world.reader, clock.now() - 31 * DAY))),
    "undo": at(lambda world: path(links.undo(world.change, world.reader, clock.now()))),
    "check-in": at(lambda world: path(links.check_in(world.asked["busy"]))),
    "check-in, with nothing narrower": at(lambda world: path(links.check_in(world.asked["as narrow as it is"]))),
    "check-in, left": at(lambda world: path(links.check_in(world.asked["left"]))),
    "check-in, switched": at(lambda world: path(links.check_in(world.asked["switched"]))),
    "check-in, of an alert changed since": at(lambda world: path(links.check_in(world.asked["changed"]))),
    "check-in, of one that is stopped": at(lambda world: path(links.check_in(world.asked["stopped"]))),
    "check-in, where another finds that": refused_switch,
    "check-in, expired": at(lambda world: "/c/" + expired("check-in", world.asked["busy"])),
    "digest": at(lambda world: path(links.digest(world.digest))),
    "digest, gone": at(lambda world: "/d/" + expired("digest", world.digest)),
    "shared": at(lambda world: path(outlets.addresses(world.page)[0])),
    "shared, finding nothing": at(lambda world: path(outlets.addresses(world.page_of_nothing)[0])),
    "shared, finding too much": at(lambda world: path(outlets.addresses(world.page_of_too_much)[0])),
    "shared, gone": at(lambda world: path(outlets.addresses(world.page_gone)[0])),
    "not-relevant": at(lambda world: path(links.not_relevant(*world.shown))),
    "item": at(lambda world: links.item_path(world.answered) + "?hl=foghorns"),
    "item, without marks": at(lambda world: links.item_path(world.answered) + "?hl=foghorns&marks=off"),
    "item, corrected": at(lambda world: links.item_path(world.corrected)),
    "item, with a holding answer": at(lambda world: links.item_path(world.holding)),
    "item, hidden": at(lambda world: links.item_path(world.hidden)),
    "newsletter-item": at(lambda world: links.item_path(world.newsletter) + "?hl=foghorns"),
    "how-it-works": at("/how-it-works"),
    "coverage": at("/coverage"),
    "help": at("/help"),
    "privacy": at("/privacy"),
    "accessibility": at("/accessibility"),
    "styleguide": at("/styleguide"),
    "outbox": at("/outbox/"),
    "outbox-mail": at("/outbox/one.eml/html"),
    "outbox-mail, as text": at("/outbox/one.eml/text"),
    "outbox-mail, its head": at("/outbox/one.eml/headers"),
    "bad request": edges.too_many_fields,
    "forbidden": edges.without_rights,
    "not sent": edges.without_cookies,
    "not found": at("/nowhere"),
    "server error": edges.without_a_database,
}
"""Each page by the name of its address, and after a comma in which state."""
ERRORS = {"bad request", "forbidden", "not sent", "not found", "server error"}
"""Pages at no address of their own."""
NO_PAGES = {
    "delivery-events",
    "export-csv",
    "export-json",
    "feed-atom",
    "feed-json",
    "healthz",
    "outbox-html",
    "outbox-raw",
    "robots",
    "sign-out",
}
"""Addresses that show nobody a page of the site."""


def test_every_page_there_is_is_looked_at():
    assert {name.partition(",")[0] for name in PAGES} - ERRORS == set(patterns()) - NO_PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody_in_both_schemes_at_320_pixels_and_with_larger_text(visit, site, name):
    one = visit()
    PAGES[name](one, site.world)
    assert one.violations() == []
    assert one.shift() < MOST_SHIFT
    one.resize(320)
    one.turn("dark")
    assert one.violations() == []
    assert one.overflow() == []
    one.resize(1280)
    one.enlarge(200)
    assert one.overflow() == []


@pytest.mark.parametrize("name", ["landing", "preview", "digest"])
def test_the_first_view_is_light(visit, site, name):
    one = visit(width=375)
    PAGES[name](one, site.world)
    assert one.weight() < MOST_BYTES


@pytest.mark.parametrize("name", ["landing", "subscribe", "manage", "help"])
def test_by_keyboard_one_gets_everywhere_and_sees_where_one_is(visit, site, name):
    one = visit()
    PAGES[name](one, site.world)
    reached = one.tab_through()
    assert reached[0].text == "Skip to the page"
    assert [place for place in reached if not place.is_seen] == []
    assert len(reached) >= one.page.locator("a:visible, button:visible, select:visible").count()


def test_the_skip_link_leads_past_the_head_of_the_page(visit, site):
    page = visit().open("/help")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("name", ["preview", "subscribe, refused", "my-alerts"])
def test_in_a_readers_own_few_colours_buttons_have_an_edge_and_the_focus_a_ring(visit, site, name):
    one = visit(forced_colors="active")
    PAGES[name](one, site.world)
    edges = one.page.locator("main button:visible, main a.button:visible").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).borderTopWidth) > 0)"
    )
    assert edges and all(edges)
    assert [place for place in one.tab_through(30) if not place.is_seen] == []


@pytest.mark.parametrize(("name", "chart"), [("preview", ".chart"), ("my-alerts", ".sparkline")])
def test_in_few_colours_the_bars_have_that_of_the_text(visit, site, name, chart):
    one = visit(forced_colors="active")
    PAGES[name](one, site.world)
    bar = one.page.locator(f"{chart} .bar").first
    assert bar.evaluate("bar => getComputedStyle(bar).fill === getComputedStyle(document.body).color")
