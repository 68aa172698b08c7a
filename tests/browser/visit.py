"""One visitor: a browser window of their own on the site, watched."""

import json
from dataclasses import dataclass
from pathlib import Path

import axe_playwright_python
from django.conf import settings
from playwright.sync_api import Browser, Page, Request, Response

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""The rules that axe checks pages against, by its own names for them."""
RUN_AXE = f"axe.run({{runOnly: {json.dumps(RULES)}, resultTypes: ['violations'], iframes: false}})"
WATCH_SHIFTS = """
    window.shifts = [];
    const start = node => node ? (node.outerHTML || node.textContent).slice(0, 60) : "what is gone since";
    const place = box => `${[box.x, box.y].map(Math.round)} (${[box.width, box.height].map(Math.round)})`;
    const moved = part => `${start(part.node)} from ${place(part.previousRect)} to ${place(part.currentRect)}`;
    new PerformanceObserver(list => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput)
            window.shifts.push({score: shift.value, at: Math.round(shift.startTime), moved: shift.sources.map(moved)});
    }).observe({type: "layout-shift", buffered: true});
"""


FOCUSED = """() => {
    const at = document.activeElement;
    if (at === document.body || !at) return null;
    const style = getComputedStyle(at), place = at.getBoundingClientRect();
    const ring = parseFloat(style.outlineWidth) >= 3 && style.outlineStyle !== "none";
    const inside = place.bottom > 0 && place.top < innerHeight && place.width > 0 && place.height > 0;
    return {text: (at.textContent.trim() || at.id || at.outerHTML).slice(0, 60), is_seen: ring && inside};
}"""


@dataclass(frozen=True)
class Shift:
    """That what was shown moved by itself: how much, as browsers measure it; when, in milliseconds; and what of it."""

    score: float
    at: int
    moved: list[str]


@dataclass(frozen=True)
class Place:
    """Something that had the focus: what it says, and whether it was in sight with a ring around it."""

    text: str
    is_seen: bool


class Visit:
    """A window and what was seen of it; `page` is Playwright's.

    A `fresh` one keeps nothing from page to page, so that each weighs what it does for who comes to it first.
    """

    page: Page

    def __init__(
        self,
        browser: Browser,
        url: str,
        patience: float,
        *,
        width: int = 1280,
        height: int = 900,
        scheme: str = "light",
        scripts: bool = True,
        fresh: bool = False,
        **wishes,
    ):
        self.url = url
        self.complaints: list[str] = []
        self._received: list[Response] = []
        self._context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=scripts,
            locale="en-GB",
            **wishes,
        )
        self._context.set_default_timeout(patience)
        self._context.on("request", self._on_request)
        self._context.on("response", self._on_response)
        self._context.on("console", self._on_message)
        self._context.on("weberror", self._on_error)
        if scripts:
            self._context.add_init_script(WATCH_SHIFTS)
        self.page = self._context.new_page()
        if fresh:
            network = self._context.new_cdp_session(self.page)
            network.send("Network.enable")
            network.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def open(self, path: str) -> Page:
        """Go to a path of the site."""
        self.page.goto(path if path.startswith("http") else self.url + path, wait_until="load")
        return self.page

    def settle(self) -> None:
        """Wait for all that belongs to the page that is open.

        A press returns, and words are found, when the page's styles may still be on their way: nobody is shown it so,
        but it can be measured so.
        """
        self.page.wait_for_load_state("load")

    def sign_in(self, key: str) -> None:
        """Be signed in by the key of a session, as after pressing the button that an email leads to."""
        self._context.add_cookies([{"name": settings.SIGNED_IN_COOKIE_NAME, "value": key, "url": self.url}])

    def end_session(self) -> None:
        """Have the session end while a page is open."""
        self._context.clear_cookies(name=settings.SIGNED_IN_COOKIE_NAME)

    def resize(self, width: int, height: int = 900) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def turn(self, scheme: str) -> None:
        """Let the reader prefer `light` or `dark`."""
        self.page.emulate_media(color_scheme=scheme)

    def enlarge(self, percent: int) -> None:
        """Let the reader have chosen larger text."""
        self.page.evaluate(f"() => {{ document.documentElement.style.fontSize = '{percent}%'; }}")

    def tab_through(self, most: int = 200) -> list[Place]:
        """What the Tab key leads to, in order, until it leaves the page."""
        self.settle()
        reached = []
        while len(reached) < most:
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(FOCUSED)
            if not found:
                break
            reached.append(Place(**found))
        return reached

    def violations(self) -> list[str]:
        """What axe finds against the page as it stands, a line for each rule and place."""
        self.settle()
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate(RUN_AXE)["violations"]
        return [
            f"{rule['id']} ({rule['help']}): {node['html'][:200]} {node['any'][0]['message'] if node['any'] else ''}"
            for rule in found
            for node in rule["nodes"]
        ]

    def overflow(self) -> list[str]:
        """The parts that make the page scroll sideways; none where it does not."""
        self.settle()
        return self.page.evaluate(
            """() => {
                const width = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= width) return [];
                return [...document.querySelectorAll("body *")]
                    .filter(part => part.getBoundingClientRect().right > width + 0.5)
                    .map(part => part.outerHTML.slice(0, 120));
            }"""
        )

    def shifts(self) -> list[Shift]:
        """How what was shown has moved about so far."""
        self.settle()
        return [Shift(**shift) for shift in self.page.evaluate("() => window.shifts")]

    def weight(self) -> int:
        """Bytes of all that came for the page that is open, compressed as it was sent, without headers."""
        self.settle()
        return sum(response.request.sizes()["responseBodySize"] for response in self._received)

    def close(self) -> None:
        self._context.close()

    def _on_request(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame.parent_frame is None:
            self._received.clear()
        if not request.url.startswith((self.url + "/", "data:", "about:", "blob:")):
            self.complaints.append(f"a request left the site: {request.url}")

    def _on_response(self, response: Response) -> None:
        self._received.append(response)

    def _on_error(self, error) -> None:
        self.complaints.append(f"script: {error.error}")

    def _on_message(self, message) -> None:
        if message.type not in ("error", "warning"):
            return
        if message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url:
            return  # the page itself was meant to be a 404 or the like, and says so
        self.complaints.append(f"console: {message.text} ({message.location['url']})")
