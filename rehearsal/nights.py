"""Captured nights of the real list, replayed: at any time the world is what was last captured before it."""

import csv
import gzip
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock

from rehearsal.posts import Feeds
from rehearsal.records import Member, Partner, Record
from rehearsal.worlds import State

SESSION_BEGAN = date(2024, 7, 9)


class NightsError(Exception):
    """A folder that holds no captured nights; the message says what was looked for."""


@dataclass(frozen=True)
class Capture:
    """One month of tabling dates as the list gave it at one time."""

    month: str
    captured_at: datetime
    path: Path


class NightsWorld:
    """The union of the latest capture of each month; needs INDEX.tsv in `nights`.

    Lists show the captured texts. A detail shows the full text (`details`, one file a month) where the captured
    record has a final answer and a full text is known, else the list text. Raises NightsError.
    """

    description = "It replays lists captured from the real service, as they stood night after night."

    def __init__(self, nights: Path | str, details: Path | str | None = None):
        self._captures = list(_index(Path(nights)))
        self._details = Path(details) if details else None
        self._files: dict[str, tuple[Capture, list[Record]]] = {}
        self._known: tuple[tuple[Capture, ...], State] | None = None
        self._lock = Lock()

    @property
    def times(self) -> list[datetime]:
        """Every capture time once, in order: the nights to play."""
        return sorted({capture.captured_at for capture in self._captures})

    def at(self, now: datetime) -> State:
        with self._lock:
            current = self._current(now)
            if self._known is None or self._known[0] != current:
                self._known = current, self._state(current)
            return self._known[1]

    def feeds_at(self, now: datetime) -> Feeds:
        """None: only lists were captured."""
        return {}

    def _current(self, now: datetime) -> tuple[Capture, ...]:
        """The latest capture of each month, the oldest first."""
        until = bisect_right(self._captures, now, key=lambda capture: capture.captured_at)
        latest = {capture.month: capture for capture in self._captures[:until]}
        return tuple(sorted(latest.values(), key=lambda capture: (capture.captured_at, capture.month)))

    def _state(self, current: tuple[Capture, ...]) -> State:
        rows: dict[int, Record] = {}
        for capture in current:
            rows.update((record.id, record) for record in self._records(capture))
        return State(rows.values(), Strangers(), SESSION_BEGAN)

    def _records(self, capture: Capture) -> list[Record]:
        """The records of a file; of each month only the file in use is kept."""
        kept = self._files.get(capture.month)
        if kept is None or kept[0] != capture:
            full = full_texts(self._details / f"{capture.month}.jsonl.gz") if self._details else {}
            with gzip.open(capture.path, "rt", encoding="utf-8") as file:
                records = [_whole(record_of(entry["value"]), full) for entry in json.load(file)]
            self._files[capture.month] = kept = capture, records
        return kept[1]


class Strangers(Mapping):
    """Members of whom the captures tell the number alone: `expandMember` still gets an object for each."""

    def __getitem__(self, id: int) -> Member:
        return Member(id, f"Member {id}", f"Member {id}", "Unknown", "909090", None, "Unknown")

    def __iter__(self) -> Iterator[int]:
        return iter(())

    def __len__(self) -> int:
        return 0


def record_of(value: dict) -> Record:
    """A record from the 30 fields of a list entry; its texts are those of the list."""
    return Record(
        id=value["id"],
        uin=value["uin"],
        date_tabled=_day(value["dateTabled"]),
        date_for_answer=_day(value["dateForAnswer"]),
        question_text=value["questionText"],
        asking_member_id=value["askingMemberId"],
        answering_body_id=value["answeringBodyId"],
        answering_body_name=value["answeringBodyName"],
        house=value["house"],
        member_has_interest=value["memberHasInterest"],
        is_named_day=value["isNamedDay"],
        is_withdrawn=value["isWithdrawn"],
        heading=value["heading"],
        answer_is_holding=value["answerIsHolding"],
        answer_is_correction=value["answerIsCorrection"],
        answering_member_id=value["answeringMemberId"],
        correcting_member_id=value["correctingMemberId"],
        date_answered=_day(value["dateAnswered"]),
        date_holding_answer=_day(value["dateHoldingAnswer"]),
        date_answer_corrected=_day(value["dateAnswerCorrected"]),
        answer_text=value["answerText"],
        grouped=tuple(
            Partner(partner["questionUin"], _day(partner["dateTabled"])) for partner in value["groupedQuestionsDates"]
        ),
        listed=(value["questionText"], value["answerText"]),
    )


@lru_cache(maxsize=4)
def full_texts(path: Path) -> dict[int, tuple[str, str]]:
    """Full question and answer by id; empty where the file is absent."""
    if not path.exists():
        return {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return {line["id"]: (line["question_text"], line["answer_text"]) for line in lines}


def _whole(record: Record, full: dict[int, tuple[str, str]]) -> Record:
    if record.answer_is_holding is not False or record.id not in full:
        return record
    question, answer = full[record.id]
    return replace(record, question_text=question, answer_text=answer)


def _index(nights: Path) -> Iterator[Capture]:
    """The captures in order of time."""
    index = nights / "INDEX.tsv"
    if not index.is_file():
        raise NightsError(f"{nights} holds no captured nights: there is no INDEX.tsv in it.")
    with index.open(encoding="utf-8") as file:
        lines = sorted(csv.DictReader(file, delimiter="\t"), key=lambda line: line["captured_at"])
    for line in lines:
        at = datetime.fromisoformat(line["captured_at"])
        yield Capture(line["month_tabled"], at, nights / line["file"])


def _day(midnight: str | None) -> date | None:
    return date.fromisoformat(midnight[:10]) if midnight else None
