"""How one gets to a page in a state that no address alone leads to: what is typed and pressed on the way."""

from collections.abc import Callable

from accounts import tokens
from alerts.digests import links
from alerts.web.subscriptions import MOST_ALERTS
from config import clock
from tests.browser.visit import Visit
from tests.browser.world import DAY, READER, World


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


def not_confirmed(visit: Visit, world: World) -> None:
    """One alert more than one may have."""
    page = visit.open(path(links.confirm(world.one_too_many)))
    page.wait_for_timeout(1_100)  # a button pressed sooner was pressed by a program
    page.get_by_role("button", name="Confirm this alert").click()
    page.get_by_role("heading", name=f"You have {MOST_ALERTS} alerts").wait_for()


def counted(visit: Visit, world: World) -> None:
    """A result was not relevant, and somebody said so."""
    visit.open(path(links.not_relevant(*world.shown))).get_by_role("button", name="It was not relevant").click()
    visit.page.get_by_role("heading", name="Thank you, it is counted").wait_for()


def signed_in_already(visit: Visit, world: World) -> None:
    """Signing in where one is signed in."""
    visit.sign_in(world.session)
    visit.open("/sign-in").get_by_text("You are signed in as").wait_for()


def stopped(visit: Visit, world: World) -> None:
    """The page after the alerts of an email were stopped."""
    visit.open(path(links.stop(world.leaving, clock.now()))).get_by_role("button", name="Stop this email").click()
    visit.page.get_by_role("heading", name="Stopped", exact=True).wait_for()


def refused_switch(visit: Visit, world: World) -> None:
    """Another alert of the same person has the narrower words."""
    page = visit.open(path(links.check_in(world.asked["twin"])))
    page.get_by_role("button", name="Switch to heading").click()
    page.get_by_text("There is a problem").wait_for()


def at(address) -> object:
    """A page that is reached by its address alone; `address` may be a function of the world."""
    return lambda visit, world: visit.open(address(world) if callable(address) else address)


def _by_session(key: Callable[[World], str], address) -> object:
    """A page of whose session has this key."""

    def go(visit: Visit, world: World) -> None:
        visit.sign_in(key(world))
        at(address)(visit, world)
        assert "/sign-in" not in visit.page.url

    return go


def signed_in(address) -> object:
    """A page of the reader's own."""
    return _by_session(lambda world: world.session, address)


def refused_holiday(visit: Visit, world: World) -> None:
    """All emails paused, but without a day to come back on."""
    signed_in("/alerts")(visit, world)
    visit.page.get_by_role("button", name="Pause all alerts").click()
    visit.page.get_by_role("heading", name="There is a problem").wait_for()


def refused_edit(visit: Visit, world: World) -> None:
    """An alert saved without words."""
    signed_in(f"/alerts/{world.alert.uuid}")(visit, world)
    visit.page.get_by_label("You will follow").fill("")
    visit.page.get_by_role("button", name="Save", exact=True).click()
    visit.page.get_by_text("There is a problem").wait_for()


def unseen_edit(visit: Visit, world: World) -> None:
    """Other words, saved before anybody saw what they find, be it only because the preview had no time to follow."""
    signed_in(f"/alerts/{world.alert.uuid}")(visit, world)
    visit.page.get_by_label("You will follow").evaluate("box => { box.value = 'foghorns AND repairs'; }")
    visit.page.get_by_role("button", name="Save", exact=True).click()
    visit.page.get_by_text("Nothing is saved yet").wait_for()


def refused_sign_in(visit: Visit, world: World) -> None:
    """An address that is none."""
    visit.open("/sign-in").get_by_label("Email address").fill("nobody")
    visit.page.get_by_role("button", name="Email me a link").click()
    visit.page.get_by_text("There is a problem").wait_for()


def as_mover(state: str, address: str = "/settings/address") -> object:
    """A page of somebody who moves, or whose address bounces."""
    return _by_session(lambda world: world.movers.sessions[state], address)


def as_owner(state: str, address: str = "/alerts") -> object:
    """A page of somebody whose alerts are in this state."""
    return _by_session(lambda world: world.owners[state], address)


def saved_settings(visit: Visit, world: World) -> None:
    """Settings that were saved."""
    signed_in("/settings")(visit, world)
    visit.page.get_by_role("button", name="Save when my emails come").click()
    visit.page.get_by_text("Saved. Results already waiting are sent").wait_for()


def just_stopped(visit: Visit, world: World) -> None:
    """An alert was stopped: what is said of it, and the way back."""
    as_owner("stopped", "/alerts?done=stop")(visit, world)
    visit.page.get_by_text("you can undo that below for 30 days").wait_for()
    visit.page.get_by_role("button", name="Undo stopping Harbours").wait_for()


def refused_address(visit: Visit, world: World) -> None:
    """An address that is none."""
    as_mover("expired")(visit, world)
    visit.page.get_by_label("New email address").fill("nobody")
    visit.page.get_by_role("button", name="Send the emails").click()
    visit.page.get_by_text("There is a problem").wait_for()


def slipped(begin, button: str, address: str = "name@nhs.ent") -> object:
    """From the page that `begin` leads to: its form sent with a slip in the address, but for that as it should be."""

    def go(visit: Visit, world: World) -> None:
        begin(visit, world)
        visit.page.get_by_label("email address").fill(address)
        visit.page.wait_for_timeout(2_100)  # a form sent sooner was sent by a program
        visit.page.get_by_role("main").get_by_role("button", name=button).click()
        visit.page.get_by_text("Did you mean").wait_for()
        assert visit.page.evaluate("() => document.activeElement.textContent").strip().startswith("Did you mean")

    return go


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
