"""The parameters of a list as a frozen wish, read the way the real service reads them.

Names bind in any case, unknown ones are ignored (a typo returns everything), an empty value counts as absent, of
a repeated single value the first counts, arrays are repeated keys. A value of the wrong kind is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import parse_qsl

from rehearsal.records import Record

LARGEST = 2147483647
WINDOWS = {
    "tabledWhen": "date_tabled",
    "dateForAnswerWhen": "date_for_answer",
    "answeredWhen": "date_answered",
    "correctedWhen": "date_answer_corrected",
}


class Refused(Exception):
    """A value the service answers with 400; carries the parameter's name and the value as sent."""

    def __init__(self, name: str, value: str):
        super().__init__(f"The value '{value}' is not valid.")
        self.name = name


@dataclass(frozen=True, slots=True)
class Wish:
    """Which records a list shows; hashable, so that a world can remember what it found."""

    windows: tuple[tuple[str, date | None, date | None], ...] = ()
    answered: bool | None = None
    status: bool | None = None
    include_withdrawn: bool = False
    current_session: bool = False
    house: str | None = None
    asking_member: int | None = None
    answering_member: int | None = None
    members: frozenset[int] = frozenset()
    bodies: frozenset[int] = frozenset()
    uin: str | None = None
    words: tuple[str, ...] = ()

    def takes(self, record: Record, session_began: date | None) -> bool:
        """Whether the record is in the list."""
        return (
            all(_within(getattr(record, name), first, last) for name, first, last in self.windows)
            and (self.include_withdrawn or not record.is_withdrawn)
            and all(want in (None, record.date_answered is not None) for want in (self.answered, self.status))
            and self.house in (None, record.house)
            and not (self.current_session and session_began and record.date_tabled < session_began)
            and self._concerns(record)
        )

    def _concerns(self, record: Record) -> bool:
        return (
            self.asking_member in (None, record.asking_member_id)
            and self.answering_member in (None, record.answering_member_id)
            and (not self.members or bool(self.members & {record.asking_member_id, record.answering_member_id}))
            and (not self.bodies or record.answering_body_id in self.bodies)
            and self.uin in (None, record.uin.casefold())
            and all(word in _content(record) for word in self.words)
        )


class Parameters:
    """The query string of one request."""

    def __init__(self, query: str):
        self.sent: dict[str, list[str]] = {}
        for name, value in parse_qsl(query):
            self.sent.setdefault(name, []).append(value)
        self._folded: dict[str, list[str]] = {}
        for name, values in self.sent.items():
            self._folded.setdefault(name.casefold(), []).extend(values)

    def one(self, name: str, read: Callable[[str], object], default=None):
        """The first value of a name as `read` reads it; raises Refused."""
        values = self._folded.get(name.casefold())
        return self._read(name, values[0], read) if values else default

    def many(self, name: str, read: Callable[[str], object]) -> frozenset:
        """Every value of a repeated name; raises Refused."""
        return frozenset(self._read(name, value, read) for value in self._folded.get(name.casefold(), ()))

    def _read(self, name: str, value: str, read: Callable[[str], object]):
        try:
            return read(value.strip())
        except (ValueError, KeyError):
            raise Refused(name, value) from None


def wish(sent: Parameters) -> Wish:
    """The wish of a list request; raises Refused."""
    id_ = whole(at_least=1)
    return Wish(
        windows=_windows(sent),
        answered=sent.one("answered", choice(any=None, answered=True, unanswered=False)),
        status=sent.one("questionStatus", choice(allquestions=None, answeredonly=True, notanswered=False)),
        include_withdrawn=sent.one("includeWithdrawn", truth, False),
        current_session=current_session(sent),
        house=sent.one("house", choice(bicameral=None, commons="Commons", lords="Lords")),
        asking_member=sent.one("askingMemberId", id_),
        answering_member=sent.one("answeringMemberId", id_),
        members=sent.many("members", whole()),
        bodies=sent.many("answeringBodies", whole()),
        uin=sent.one("uIN", str.casefold),
        words=sent.one("searchTerm", _words, ()),
    )


def current_session(sent: Parameters) -> bool:
    """Whether only the current parliamentary session is wanted; the default is any."""
    return sent.one("sessionStatus", choice(current=True, any=False), False)


def paging(sent: Parameters) -> tuple[int, int]:
    """`skip` and `take`; raises Refused."""
    return sent.one("skip", whole(), 0), sent.one("take", whole(), 20)


def whole(at_least: int = 0) -> Callable[[str], int]:
    """A reader of 32-bit whole numbers."""

    def read(value: str) -> int:
        if not value.isascii() or not at_least <= int(value) <= LARGEST:
            raise ValueError(value)
        return int(value)

    return read


def choice(**meanings: object) -> Callable[[str], object]:
    """A reader of one of a few words, in any case."""
    return lambda value: meanings[value.casefold()]


def day(value: str) -> date:
    """A date, or the date of a date and time."""
    return datetime.fromisoformat(value).date()


truth = choice(true=True, false=False)


def _windows(sent: Parameters) -> tuple[tuple[str, date | None, date | None], ...]:
    ends = ((name, sent.one(f"{p}From", day), sent.one(f"{p}To", day)) for p, name in WINDOWS.items())
    return tuple(window for window in ends if window[1] or window[2])


def _within(value: date | None, first: date | None, last: date | None) -> bool:
    return value is not None and (first is None or value >= first) and (last is None or value <= last)


def _words(term: str) -> tuple[str, ...]:
    return tuple(term.casefold().split())


def _content(record: Record) -> str:
    return f"{record.heading or ''} {record.question_text} {record.answer_text or ''}".casefold()
