"""Counts the events that a faithful client must make of the captured nights, by rules stated here alone.

It shares no code with the client nor with the rehearsal server: it reads the files of a `nights/` folder and
the rules below, and nothing else. A replay is right when the client's events equal this count exactly.

The world of a night
    A *night* is one distinct `captured_at` of INDEX.tsv; the nights are played in order of time. What the
    source shows on a night is, for each month, the latest capture with `captured_at` not after that night;
    the list is the union of these. (An id standing in two months' files is one record: the one captured
    later, then of the later month.) The detail of an id answers 404 exactly if the id is not in that list.

The poll of a night
    Each night the client makes one poll that reads passes a, b, c and d completely, and the world stands
    still while it does. `today` is the London date of `captured_at`; `lc`, the last complete read, is the
    London date of the night before it in this play. On the first night there is no `lc`: each window starts
    at today - n.

        a   dateTabled          >= min(today - 4,  lc - 4)
        b   dateAnswered        >= min(today - 4,  lc - 4)      (set by a holding answer too)
        c   dateAnswerCorrected >= min(today - 14, lc - 14)
        d   dateTabled          >= min(today - 45, lc - 45)

    A record is *seen* on a night if any of the four windows holds it. A record in none of them is not seen:
    it is as if it were not there, whatever it did. No window has an upper end.

States, from the list record alone
    unanswered  answerIsHolding is null
    holding     answerIsHolding is true
    final       answerIsHolding is false; *corrected on D* besides if answerIsCorrection is true and
                dateAnswerCorrected is the date D

Events, from what was last seen of an id and what is seen now
    first sight, unanswered         tabled
    first sight, holding            holding alone (no tabled)
    first sight, final              answered alone (no tabled), also if it is already corrected: the event
                                    carries the corrected text, and there is none `corrected` for that date
    unanswered -> holding           holding
    unanswered or holding -> final  answered alone, also if it is already corrected (as at first sight: nobody
                                    was told the text that was put right)
    final -> final, corrected on D  corrected, if what was last seen was not corrected on D: the flag is new,
                                    or the correction is a further one with another date
    anything else                   no event: answer edited without the flag, holding answer edited or dated
                                    anew, question reworded, transferred, re-dated, heading assigned or
                                    changed, grouped, an answer taken back (final or holding -> unanswered,
                                    final -> holding)

    For one id `tabled`, `answered` and `withdrawn` happen once at most in the whole play, `holding` once
    for each dateHoldingAnswer, `corrected` once for each dateAnswerCorrected.

Withdrawn
    An id that was unanswered when last seen (holding is not unanswered), and whose last seen dateTabled
    lies in the window of pass d of this night, is *missing* this night if no pass sees it. It is withdrawn
    when it is missing on two consecutive nights and its detail answers 404 on the second. If the detail
    answers otherwise, the same is asked on every following night on which it is still missing. Being seen
    by any pass starts the count again from nothing. A withdrawn id that comes back makes no event by that
    and goes on as a known id.

Baseline
    The events of the first night are baseline; all later ones are live, also those of ids known since then.

Version
    '' for tabled, answered and withdrawn; dateHoldingAnswer for holding and dateAnswerCorrected for
    corrected, as yyyy-mm-dd. A client whose own version is another one (a hash of the text) compares by
    these dates.

Usage: python tests/replay/count.py NIGHTS_FOLDER
"""

import csv
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAYS = {"a": 4, "b": 4, "c": 14, "d": 45}


class Event(NamedTuple):
    id: int
    kind: str
    version: str
    baseline: bool


class Row(NamedTuple):
    """What the rules look at in one list record; dates are yyyy-mm-dd or ''."""

    tabled: str
    answered: str
    state: str
    held: str
    corrected: str


@dataclass
class Memory:
    """What a client knows at the end of a night."""

    last: dict[int, Row] = field(default_factory=dict)
    missing: dict[int, int] = field(default_factory=dict)
    told: set[tuple[int, str, str]] = field(default_factory=set)


def count(nights: Path) -> Counter[Event]:
    """Every event of the whole play with the times it happens, which by the rules is always 1."""
    memory, events, last_complete = Memory(), Counter(), None
    for captured_at, listed in worlds(Path(nights)):
        today = captured_at.astimezone(LONDON).date()
        windows = window_starts(today, last_complete)
        baseline = last_complete is None
        events.update(Event(*key, baseline) for key in poll(memory, listed, windows))
        last_complete = today
    return events


def worlds(nights: Path) -> Iterator[tuple[datetime, dict[int, Row]]]:
    """Each night with the list its source shows."""
    with (nights / "INDEX.tsv").open(encoding="utf-8") as index:
        captures = sorted(csv.DictReader(index, delimiter="\t"), key=lambda c: (c["captured_at"], c["month_tabled"]))
    months: dict[str, tuple[str, dict[int, Row]]] = {}
    for night in sorted({capture["captured_at"] for capture in captures}):
        for capture in captures:
            if capture["captured_at"] == night:
                months[capture["month_tabled"]] = (night, read(nights / capture["file"]))
        listed: dict[int, Row] = {}
        for month in sorted(months, key=lambda month: (months[month][0], month)):
            listed.update(months[month][1])
        yield datetime.fromisoformat(night), listed


def read(path: Path) -> dict[int, Row]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {entry["value"]["id"]: row(entry["value"]) for entry in json.load(file)}


def row(value: dict) -> Row:
    def day(name: str) -> str:
        return (value[name] or "")[:10]

    state = {None: "unanswered", True: "holding", False: "final"}[value["answerIsHolding"]]
    corrected = day("dateAnswerCorrected") if state == "final" and value["answerIsCorrection"] else ""
    held = day("dateHoldingAnswer") if state == "holding" else ""
    return Row(day("dateTabled"), day("dateAnswered"), state, held, corrected)


def window_starts(today: date, last_complete: date | None) -> dict[str, str]:
    oldest = min(today, last_complete or today)
    return {name: str(oldest - timedelta(days=days)) for name, days in DAYS.items()}


def poll(memory: Memory, listed: dict[int, Row], windows: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    """One night: the events in no order that matters; changes `memory`."""
    seen = {id_: row for id_, row in listed.items() if is_seen(row, windows)}
    for id_, now in seen.items():
        happened = development(memory.last.get(id_), now)
        if happened and (id_, *happened) not in memory.told:
            memory.told.add((id_, *happened))
            yield id_, *happened
    memory.last.update(seen)
    yield from withdrawals(memory, seen, listed, windows["d"])


def is_seen(row: Row, windows: dict[str, str]) -> bool:
    return (
        row.tabled >= windows["a"]
        or row.answered >= windows["b"]
        or row.corrected >= windows["c"]
        or row.tabled >= windows["d"]
    )


def development(before: Row | None, now: Row) -> tuple[str, str] | None:
    was = before.state if before else None
    if now.state == "unanswered":
        return None if before else ("tabled", "")
    if now.state == "holding":
        return ("holding", now.held) if was in (None, "unanswered") else None
    if was != "final":
        return "answered", ""
    if now.corrected and now.corrected != before.corrected:
        return "corrected", now.corrected
    return None


def withdrawals(
    memory: Memory, seen: dict[int, Row], listed: dict[int, Row], window: str
) -> Iterator[tuple[int, str, str]]:
    missing = {
        id_: memory.missing.get(id_, 0) + 1
        for id_, row in memory.last.items()
        if row.state == "unanswered" and row.tabled >= window and id_ not in seen
    }
    memory.missing = missing
    for id_, nights in missing.items():
        key = (id_, "withdrawn", "")
        if nights >= 2 and id_ not in listed and key not in memory.told:
            memory.told.add(key)
            yield key


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not (Path(arguments[0]) / "INDEX.tsv").is_file():
        print("Give the folder of captured nights: python tests/replay/count.py PATH (it holds INDEX.tsv)")
        return 2
    totals = Counter((event.baseline, event.kind) for event in count(Path(arguments[0])).elements())
    for (baseline, kind), number in sorted(totals.items(), reverse=True):
        print(f"{'baseline' if baseline else 'live':9}{kind:10}{number:7}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
