"""Somebody who plays a story in a browser in one manner: with a mouse or by keyboard alone, on a page of any size.

An action is one press of a button or a link, with whatever is typed or chosen for it; `actions` counts them.
"""

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from django.conf import settings
from playwright.sync_api import Locator, Page

from tests.browser.visit import Visit

MOST_STOPS = 150
STOP = """goal => {
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    const sameGroup = at.type === "radio" && goal.type === "radio" && at.name === goal.name && at !== goal;
    const key = sameGroup
        ? (at.compareDocumentPosition(goal) & Node.DOCUMENT_POSITION_FOLLOWING ? "ArrowDown" : "ArrowUp")
        : at !== document.body && at.compareDocumentPosition(goal) & Node.DOCUMENT_POSITION_PRECEDING
            ? "Shift+Tab" : "Tab";
    if (at === document.body) return {there: false, key, seen: true, what: "the page"};
    const ring = parseFloat(style.outlineWidth) >= 3 && style.outlineStyle !== "none" || style.boxShadow !== "none";
    const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
        && box.right > 0 && box.left < innerWidth;
    const [x, y] = [box.left + Math.min(box.width, innerWidth) / 2, (Math.max(box.top, 0)
        + Math.min(box.bottom, innerHeight)) / 2];
    const front = document.elementFromPoint(x, y);
    const bare = !front || at.contains(front) || front.contains(at);
    return {there: at === goal, key, seen: ring && inside && bare, what: at.outerHTML.slice(0, 120)};
}"""
CUT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(part => {
    const style = getComputedStyle(part);
    if (part.closest(".hidden-text, .trap") || part.matches("input, select, textarea, svg, svg *")) return false;
    const hides = value => value === "hidden" || value === "clip";
    return hides(style.overflowX) && part.scrollWidth > part.clientWidth + 1
        || hides(style.overflowY) && part.scrollHeight > part.clientHeight + 1;
}).map(part => part.outerHTML.slice(0, 120))"""


@dataclass(frozen=True)
class Manner:
    """How a story is played: by keyboard alone or not, on what page; `font` is the reader's own text size in pixels."""

    by_keyboard: bool = False
    font: int = 16
    wishes: dict[str, object] = field(default_factory=dict)

    @property
    def has_scripts(self) -> bool:
        """Whether what follows the typing can be expected to."""
        return bool(self.wishes.get("scripts", True))


MANNERS = {
    "with a mouse": Manner(),
    "without scripts": Manner(wishes={"scripts": False}),
    "by keyboard": Manner(by_keyboard=True),
    "by keyboard, without scripts": Manner(by_keyboard=True, wishes={"scripts": False}),
    "at 320 pixels": Manner(wishes={"width": 320, "height": 600}),
    "with text twice as large": Manner(font=32),
    "zoomed to 200 %": Manner(wishes={"width": 640, "height": 450}),
}


class Player:
    """One person with a browser and a mailbox."""

    def __init__(self, visit: Visit, manner: Manner):
        self.visit, self.manner, self.actions = visit, manner, 0
        if manner.font != 16:
            sizes = {"standard": manner.font, "fixed": manner.font * 13 // 16}
            visit.page.context.new_cdp_session(visit.page).send("Page.setFontSizes", {"fontSizes": sizes})

    @property
    def page(self) -> Page:
        return self.visit.page

    def begin(self, path: str) -> None:
        """Open a page and count from there."""
        self.visit.open(path)
        self.actions = 0
        self.look()

    def follow(self, path: str) -> None:
        """Press a link in an email."""
        self.visit.open(path)
        self.actions += 1
        self.look()

    def press(self, role: str, name: str | re.Pattern, within: Locator | None = None, exact: bool = False) -> None:
        """Press the first button or link of this name; what it leads to is all there, and nothing of it is cut."""
        goal = (within or self.page.locator("body")).get_by_role(role, name=name, exact=exact).first
        if (goal.get_attribute("href") or "").startswith("#"):
            self._do(goal, "Enter")
        else:
            with self.page.expect_event("load"):
                self._do(goal, "Enter")
        self.actions += 1
        self.look()

    def open(self, name: str, within: Locator | None = None) -> None:
        """Press what opens a part of the page."""
        self._do((within or self.page).locator("summary").filter(has_text=name).first, "Enter")
        self.actions += 1
        self.look()

    def choose(self, goal: Locator) -> None:
        """Choose one of several, or tick a box."""
        self._do(goal, "Space")
        assert goal.is_checked()

    def select(self, goal: Locator, words: str) -> None:
        """Choose from a list."""
        if not self.manner.by_keyboard:
            goal.select_option(label=words)
            return
        self._go_to(goal)
        self.page.keyboard.type(words)

    def type(self, goal: Locator, words: str) -> None:
        """Put these words in a box, instead of what it holds."""
        if not self.manner.by_keyboard:
            goal.fill(words)
            return
        self._go_to(goal)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def type_day(self, goal: Locator, day) -> None:
        """Put in a day whose number is its month's, so that it does not matter which of them a browser asks first."""
        if not self.manner.by_keyboard:
            goal.fill(day.isoformat())
            return
        self._go_to(goal)
        self.page.keyboard.type(f"{day:%d%m%Y}")
        assert goal.input_value() == day.isoformat()

    def look(self) -> None:
        """Nothing scrolls sideways, and no text is cut."""
        assert self.visit.overflow() == []
        assert self.page.evaluate(CUT) == []

    def _do(self, goal: Locator, key: str) -> None:
        if not self.manner.by_keyboard:
            goal.click()
            return
        self._go_to(goal)
        if key == "Enter" or not goal.is_checked():
            self.page.keyboard.press(key)

    def _go_to(self, goal: Locator) -> None:
        """By the Tab key, forwards or backwards; whatever has the focus on the way is seen to have it."""
        handle = goal.element_handle()
        for _ in range(MOST_STOPS):
            stop = self.page.evaluate(STOP, handle)
            assert stop["seen"], f"one does not see where one is: {stop['what']}"
            if stop["there"]:
                return
            self.page.keyboard.press(stop["key"])
        raise AssertionError(f"the Tab key does not lead to {goal}")


def newest_mail(address: str) -> str:
    """The text of the newest email that lies in the outbox for this address."""
    files = sorted(settings.OUTBOX.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    mails = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in files)
    return next(mail.get_body(("plain",)).get_content() for mail in mails if mail["To"] == address)


def link(mail: str, page: str) -> str:
    """The path of the first link in an email to a page like `confirm` or `m`."""
    found = re.search(rf"{re.escape(settings.SITE_URL)}(/{page}/\S+)", mail)
    assert found, f"no link to /{page}/ in:\n{mail}"
    return found[1]
