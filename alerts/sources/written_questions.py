"""Parliament's written questions API: which addresses we ask, and its answers as values or as trouble."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from alerts.models.poll_run import Pass
from alerts.sources import trouble
from alerts.sources.fetch_errors import FetchError
from alerts.sources.http import Client, Response, retry_after
from alerts.sources.question_json import Page, PageError, read_detail, read_page
from alerts.sources.question_values import Partner, Question

TAKE = 100
TOTAL_SECONDS = 60.0
ADDRESS = "/api/writtenquestions/questions"
PUBLIC = "https://questions-statements.parliament.uk/written-questions/detail"
OFFICIAL = "https://questions-statements-api.parliament.uk"
WHO = "Parliament's service"
WINDOWS = {
    Pass.TABLED: "tabledWhen",
    Pass.ANSWERED: "answeredWhen",
    Pass.CORRECTED: "correctedWhen",
    Pass.NIGHTLY: "tabledWhen",
}


@dataclass(frozen=True)
class Window:
    """Which list to read: the pass says by which date, the end is open unless given."""

    reads: str
    first: date
    last: date | None = None


class Api:
    """The service behind one base address, asked at a polite pace."""

    def __init__(self, base: str, now: datetime, client: Client | None = None):
        self._base, self._now = base, now
        self._client = client or Client(total=TOTAL_SECONDS)

    def __enter__(self) -> "Api":
        return self

    def __exit__(self, *exc) -> None:
        self._client.close()

    def page(self, window: Window, skip: int) -> Page:
        """One page of a list, in both Houses, with members; raises Trouble."""
        name = WINDOWS[window.reads]
        # A name the service does not know is ignored, which would return everything: these are its own.
        asked = {f"{name}From": window.first, f"{name}To": window.last, "house": "Bicameral", "expandMember": "true"}
        if window.last:
            asked["sessionStatus"] = "Any"
        asked |= {"take": TAKE, "skip": skip}
        response = self._get("", {name: value for name, value in asked.items() if value is not None})
        return self._read(read_page, response)

    def detail(self, id_: int | str) -> Question | None:
        """One question in full, None if there is none (404); raises Trouble."""
        return self._one(f"/{id_}")

    def partner(self, partner: Partner) -> Question | None:
        """The question of this day and UIN in full, None if there is none; raises Trouble."""
        return self._one(f"/{partner.tabled_on}/{quote(partner.uin, safe='')}")

    def _one(self, path: str) -> Question | None:
        response = self._get(path, {"expandMember": "true", "sessionStatus": "Any"}, hoped_for=(200, 404))
        return self._read(read_detail, response) if response.status == 200 else None

    def _get(self, path: str, asked: dict, hoped_for: tuple[int, ...] = (200,)) -> Response:
        try:
            response = self._client.get(f"{self._base}{ADDRESS}{path}", asked, {"Accept": "application/json"})
        except FetchError as error:
            raise trouble.no_answer(WHO, error) from error
        if response.status not in hoped_for:
            raise trouble.bad_status(WHO, response.status, retry_after(response.headers, self._now))
        return response

    def _read(self, read, response: Response):
        try:
            return read(response.body)
        except PageError as error:
            raise trouble.bad_body(WHO, error) from error


def public_address(base: str, tabled_on: date, uin: str) -> str:
    """Where a reader finds the question: Parliament's own page, or the stand-in's answer where there is no page."""
    return f"{PUBLIC if base == OFFICIAL else base + ADDRESS}/{tabled_on}/{quote(uin, safe='')}"
