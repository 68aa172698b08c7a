"""What a rehearsal server serves: a world knows, for a moment, every record as it then stands."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Protocol
from zlib import crc32

from rehearsal.parameters import Wish
from rehearsal.posts import Feed, Feeds
from rehearsal.records import Member, Record

REMEMBERED = 32


class World(Protocol):
    """Anything that can say how things stand at a time."""

    description: str

    def at(self, now: datetime) -> "State":
        """How things stand at `now` (aware); cheap if nothing has changed since it was last asked."""

    def feeds_at(self, now: datetime) -> Feeds:
        """The publishers' feeds as they stand at `now`."""


class State:
    """All records of one moment in the order of the lists, never changed once made."""

    def __init__(self, records: Iterable[Record], members: Mapping[int, Member], session_began: date | None = None):
        self.records = sorted(records, key=newest_first)
        self.members = members
        self._session_began = session_began
        self._by_id = {record.id: record for record in self.records}
        self._by_uin = {(r.date_tabled, r.uin.casefold()): r for r in self.records if not r.is_withdrawn}
        self._found: dict[Wish, list[Record]] = {}

    def select(self, wish: Wish) -> list[Record]:
        """The records a list shows, newest activity first; the pages of one list look only once."""
        if wish not in self._found:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            self._found[wish] = [r for r in self.records if wish.takes(r, self._session_began)]
        return self._found[wish]

    def by_id(self, id: int, current_session: bool = False) -> Record | None:
        """The record with a detail of its own, or None where that answers 404."""
        return self._open(self._by_id.get(id), current_session)

    def by_uin(self, tabled: date, uin: str, current_session: bool = False) -> Record | None:
        """The same by the day tabled and the UIN, which only together are unique."""
        return self._open(self._by_uin.get((tabled, uin.casefold())), current_session)

    def _open(self, record: Record | None, current_session: bool) -> Record | None:
        if record is None or record.is_withdrawn:
            return None
        earlier = self._session_began is not None and record.date_tabled < self._session_began
        return None if current_session and earlier else record


class FixedWorld:
    """Full records and feeds given by hand, which can be changed while they are served.

    `feeds` holds a `Feed` or the bytes of one by name; it is served at /feeds/<name>/ until it is taken out.
    """

    description = "records given by hand"

    def __init__(self, records: Iterable[Record] = (), members: Iterable[Member] = (), feeds: Feeds | None = None):
        self.feeds: dict[str, Feed | bytes] = dict(feeds or {})
        self._lock = Lock()
        self._records = {record.id: record for record in records}
        self._members = {member.id: member for member in members}
        self._state: State | None = None

    def at(self, now: datetime) -> State:
        with self._lock:
            if self._state is None:
                self._state = State(self._records.values(), dict(self._members))
            return self._state

    def feeds_at(self, now: datetime) -> Feeds:
        return self.feeds

    def put(self, *records: Record) -> None:
        """Adds records or changes those with the same ids."""
        with self._lock:
            self._records.update((record.id, record) for record in records)
            self._state = None

    def remove(self, *ids: int) -> None:
        """Makes records vanish: gone from the list, their details 404."""
        with self._lock:
            for id_ in ids:
                self._records.pop(id_, None)
            self._state = None


def newest_first(record: Record) -> tuple:
    """The order of lists: by the day of the last activity, answers before questions, then by number.

    About one answered record in 900 stands some days higher than its dates say, as in the real lists.
    """
    day, answer = record.last_activity, record.date_answered
    if answer and wobbles(record.id):
        day += timedelta(days=1 + record.id % 6)
    activity = 0 if answer and record.last_activity > record.date_tabled else 1
    return -day.toordinal(), activity, -_number(record.uin), -record.id


def wobbles(id: int) -> bool:
    """Whether the record, once answered, stands out of order."""
    return crc32(str(id).encode()) % 900 == 0


def _number(uin: str) -> int:
    return int("".join(filter(str.isdigit, uin)) or 0)
