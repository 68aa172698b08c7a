"""Forms sent as they should not be: the page that comes back says what to mend, and has all that was typed."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from alerts.digests import links
from alerts.web import subscriptions
from config import clock
from tests.browser.visit import Visit
from tests.browser.ways import as_owner, asked_to_sign_in, at, path, signed_in
from tests.browser.world import World

FILL = """(button, values) => {
    button.form.noValidate = true;
    for (const [name, value] of Object.entries(values))
        for (const field of button.form.querySelectorAll(`[name="${name}"]`)) {
            if (field.type === "radio" || field.type === "checkbox") {
                field.disabled = false;
                field.checked = field.value === value;
            }
            else if (field.tagName === "SELECT") field.add(new Option(value, value, true, true));
            else {
                field.removeAttribute("maxlength");
                field.value = value;
            }
        }
}"""
"""As in a browser that keeps no limits of ours; null is for what is not chosen."""
NOTHING_TO_TELL = dict.fromkeys(["wants_tabled", "wants_answered", "wants_corrected", "wants_updated"])
TOO_LONG = "A query can have 1,000 characters at most"
NO_TOPIC = "This only says what to leave out"


def refused(begin: Callable, button: str, values: dict[str, str | None], said: str) -> Callable:
    """From the page that `begin` leads to: the form of this button, filled in with these values and sent."""

    def go(visit: Visit, world: World) -> None:
        begin(visit, world)
        press = visit.page.get_by_role("main").get_by_role("button", name=button, exact=True)
        press.evaluate(FILL, values)
        with visit.page.expect_navigation():
            press.click()
        expect(visit.page.get_by_role("alert")).to_contain_text("There is a problem")
        expect(visit.page.get_by_role("alert")).to_contain_text(said)

    return go


def subscribe(values: dict[str, str | None], said: str) -> Callable:
    """The form for an alert, right but for these values."""
    right = {"address": "somebody@example.org", "frequency": "daily"}
    return refused(at("/subscribe?q=foghorns"), "Send me the confirmation email", right | values, said)


def edit(values: dict[str, str | None], said: str) -> Callable:
    """An alert that is there, changed to these values and seen."""
    values = values | ({"seen": values["q"]} if "q" in values else {})
    return refused(signed_in(lambda world: f"/alerts/{world.alert.uuid}"), "Save", values, said)


def one_too_many(visit: Visit, world: World) -> None:
    """A new alert of somebody who has as many as one may have."""
    words = "foghorns AND repairs"
    begin = as_owner("full", f"/alerts/new?q={words}")
    refused(begin, "Save", {"seen": words}, f"You have {subscriptions.MOST_ALERTS} alerts")(visit, world)


def past_pause(visit: Visit, world: World) -> None:
    """One alert paused until a day that is over."""
    begin = signed_in(lambda world: f"/alerts?menu={world.alert.uuid}")
    refused(begin, "Pause Foghorns until then", {"until": days_on(-1)}, "Choose a day from tomorrow")(visit, world)


def past_holiday(visit: Visit, world: World) -> None:
    """All alerts paused from a day that is over."""
    days = {"first": days_on(-2), "until": days_on(7)}
    refused(signed_in("/alerts"), "Pause all alerts", days, "Choose a first day from today on")(visit, world)


def past_holiday_by_link(visit: Visit, world: World) -> None:
    """The same by the link of an email."""
    begin = at(lambda world: path(links.manage(world.reader, clock.now())))
    days = {"first": days_on(-2), "until": days_on(7)}
    refused(begin, "Pause all alerts", days, "Choose a first day from today on")(visit, world)


def past_return_by_link(visit: Visit, world: World) -> None:
    """A holiday by the link of an email that would be over before it begins."""
    begin = at(lambda world: path(links.manage(world.reader, clock.now())))
    days = {"first": days_on(0), "until": days_on(0)}
    refused(begin, "Pause all alerts", days, "Choose a return from tomorrow on")(visit, world)


def hours_by_link(visit: Visit, world: World) -> None:
    """Hours that are not offered, by the link of an email."""
    begin = at(lambda world: path(links.manage(world.reader, clock.now())))
    hours = {"hour": "25:00", "zone": "Atlantic/Nowhere"}
    refused(begin, "Save when my emails come", hours, "Choose an hour from the list")(visit, world)


def too_often_by_link(visit: Visit, world: World) -> None:
    """An alert that finds too much, to be told as it happens."""

    def begin(visit: Visit, world: World) -> None:
        visit.open(path(links.manage(world.page_of_too_much.subscription.user, clock.now())))
        visit.page.get_by_text("Change how often").click()

    refused(begin, "Save how often buoy comes", {"frequency": "as_it_happens"}, "emails all day")(visit, world)


def days_on(number: int) -> str:
    return (clock.now().date() + timedelta(days=number)).isoformat()


REFUSED = {
    "subscribe, without an address": subscribe({"address": ""}, "Enter an email address"),
    "subscribe, with a malformed address": subscribe({"address": "nobody"}, "Enter an email address"),
    "subscribe, without how often": subscribe({"frequency": None}, "Choose how often to get emails"),
    "subscribe, with nothing to tell": subscribe(NOTHING_TO_TELL, "Choose at least one thing"),
    "subscribe, with words to leave out alone": subscribe({"q": "NOT foghorns"}, NO_TOPIC),
    "subscribe, with too many words": subscribe({"q": "foghorn " * 130}, TOO_LONG),
    "subscribe, with too long a name": subscribe({"name": "Foghorns " * 20}, "A name can have 120 characters at most"),
    "subscribe, finding too much": subscribe({"q": "buoy"}, "Please narrow it"),
    "subscribe, sent in no time": subscribe({"shown": ""}, "This form was sent very quickly"),
    "edit-alert, without how often": edit({"frequency": None}, "Choose how often to get emails"),
    "edit-alert, with nothing to tell": edit(NOTHING_TO_TELL, "Choose at least one thing"),
    "edit-alert, with words to leave out alone": edit({"q": "NOT foghorns"}, NO_TOPIC),
    "edit-alert, with too many words": edit({"q": "foghorn " * 130}, TOO_LONG),
    "edit-alert, with the words of another": edit({"q": '"keepers of lamps"'}, "finds the same"),
    "new-alert, one too many": one_too_many,
    "my-alerts, with a pause that is over": past_pause,
    "my-alerts, with a holiday that has begun": past_holiday,
    "manage, with a holiday that has begun": past_holiday_by_link,
    "manage, with a holiday over before it begins": past_return_by_link,
    "manage, with hours that are not offered": hours_by_link,
    "manage, with too many emails": too_often_by_link,
    "settings, refused": refused(
        signed_in("/settings"), "Save when my emails come", {"zone": "Atlantic/Nowhere"}, "Choose a time zone"
    ),
    "sign-in-code, with a wrong code": refused(asked_to_sign_in, "Sign in", {"code": "000000"}, "That is not the code"),
}
