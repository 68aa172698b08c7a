"""A worker on its day: a process of its own percolates what comes in, and says what its time was spent on.

    python -m benchmarks._day_worker LUMPS EACH

So many times it releases the next so many events that are held, and percolates them. It prints "ready", then JSON:
times in seconds, of each part on the wall, of its own processor and of its server process's.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from alerts.matching import percolate as percolating  # noqa: E402
from alerts.matching.known import known_topics  # noqa: E402
from alerts.matching.percolate import Percolated, percolate_due  # noqa: E402
from alerts.models import Event  # noqa: E402
from benchmarks._day_rows import NOW  # noqa: E402

WAITING, CHECKING, COMMITTING = "waiting for the lock", "foreign keys", "commit"
Clock = tuple[float, float, float]
"""Seconds: on the wall, of this process's processor, of its server process's."""


def main(lumps: int, each: int) -> None:
    begun = perf_counter()
    known_topics()
    loading = perf_counter() - begun
    print("ready", flush=True)
    spent, done, longest = Spent(), Percolated(), 0.0
    for _ in range(lumps):
        _release(each)
        before = spent.all[0]
        with spent.watched():
            while (found := percolate_due(NOW)).events:
                done += found
        longest = max(longest, spent.all[0] - before)
    facts = {"events": done.events, "hits": done.hits, "loading_index_s": loading, "longest_lump_s": longest}
    print(json.dumps(facts | spent.said()))


def _release(each: int) -> None:
    held = Event.objects.waiting().values_list("id", flat=True)[:each]
    Event.objects.filter(id__in=list(held)).update(released_at=timezone.now())


def clock() -> Clock:
    """What the clocks say now; a difference of two of them is what was spent between."""
    connection.ensure_connection()
    ran = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return perf_counter(), process_time(), int(ran) / 1e9


def since(begun: Clock) -> Clock:
    """What was spent since then."""
    return tuple(now - then for now, then in zip(clock(), begun, strict=True))


class Spent:
    """Where the time of a worker goes, as seen from around what it calls."""

    def __init__(self):
        self.all: list[float] = [0.0, 0.0, 0.0]
        self._parts: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        self._held: list[float] = []
        self._statements, self._first_visible = 0, 0.0
        self._begun = self._locked_at = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Count what happens inside."""
        match, commit = percolating._match, connection.commit
        percolating._match = lambda *given: self._timed("matching", match, *given)
        connection.commit = lambda: self._commit(commit)
        begun = clock()
        self._begun = begun[0]
        try:
            with connection.execute_wrapper(self._execute):
                yield
        finally:
            _add(self.all, since(begun))
            percolating._match, connection.commit = match, commit

    def said(self) -> dict[str, object]:
        """All of it; `between` is what this process does between the parts."""
        sums = [sum(times) for times in zip(*self._parts.values(), strict=True)]
        between = [whole - part for whole, part in zip(self.all, sums, strict=True)]
        return {
            "first_visible_s": self._first_visible,
            "statements": self._statements,
            "transactions": len(self._held),
            "lock_held_longest_s": max(self._held),
            "lock_held_mean_s": sum(self._held) / len(self._held),
            "parts": {**self._parts, "between": between, "all": self.all},
        }

    def _timed(self, part: str, work: Callable, *given):
        begun = clock()
        try:
            return work(*given)
        finally:
            _add(self._parts[part], since(begun))

    def _execute(self, execute, sql, params, many, context):
        self._statements += 1
        part = _part(" ".join(sql.replace('"', "").split()), bool(self._locked_at))
        done = self._timed(part, execute, sql, params, many, context)
        if part == WAITING:
            self._locked_at = perf_counter()
        return done

    def _commit(self, commit: Callable) -> None:
        """The foreign keys are looked at first: a commit would do it, and nobody would see how long it takes."""
        if not self._locked_at:
            return commit()
        with connection.connection.cursor() as cursor:
            self._timed(CHECKING, cursor.execute, "SET CONSTRAINTS ALL IMMEDIATE")
        self._timed(COMMITTING, commit)
        self._held.append(perf_counter() - self._locked_at)
        self._locked_at = 0.0
        self._first_visible = self._first_visible or perf_counter() - self._begun


def _add(sums: list[float], times: Clock) -> None:
    sums[:] = [whole + part for whole, part in zip(sums, times, strict=True)]


def _part(sql: str, locked: bool) -> str:
    if "FROM alerts_counter" in sql and "FOR UPDATE" in sql:
        return WAITING
    if sql.startswith("INSERT INTO alerts_hit"):
        return "inserting hits"
    if sql.startswith("UPDATE"):
        return "numbering"
    if locked:
        return "looking under the lock"
    return "loading events" if "FROM alerts_event" in sql or "alerts_departmentname" in sql else "keeping up"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
