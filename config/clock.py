"""The time by which everything runs: the real one, or a fictional one that a demonstration sets going.

The environment variable HARK_CLOCK names a JSON file `{"real": epoch seconds, "fictional": ISO time with a zone,
"rate": fictional seconds a second, "until": ISO time or null}`. At the real time `real` it is `fictional`, and
time goes on at `rate`; once it is `until`, it goes on from there at the normal rate.
"""

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

VARIABLE = "HARK_CLOCK"


class ClockError(Exception):
    """The clock's file cannot be used; the message says which file, why and what to write."""


@dataclass(frozen=True)
class Clock:
    """A fictional time set going at a real one (epoch seconds)."""

    real: float
    fictional: datetime
    rate: float = 1.0
    until: datetime | None = None

    def at(self, real_seconds: float) -> datetime:
        """The fictional time, in UTC, at a real time."""
        passed = real_seconds - self.real
        moment = self.fictional + timedelta(seconds=passed * self.rate)
        if self.until is not None and moment > self.until:
            end = max(self.until, self.fictional)
            moment = end + timedelta(seconds=passed) - (end - self.fictional) / self.rate
        return moment.astimezone(UTC)


def now() -> datetime:
    """The time it is, aware and in UTC; raises ClockError if HARK_CLOCK names a file that cannot be used."""
    path = os.environ.get(VARIABLE)
    return _known(Path(path)).at(time.time()) if path else datetime.now(UTC)


def read(path: Path | str) -> Clock:
    """The clock of a file; raises ClockError."""
    try:
        values = json.loads(Path(path).read_text(encoding="utf-8"))
        until = values.get("until")
        clock = Clock(
            real=float(values["real"]),
            fictional=datetime.fromisoformat(values["fictional"]),
            rate=float(values.get("rate", 1.0)),
            until=datetime.fromisoformat(until) if until else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(path, error) from error
    if any(moment.tzinfo is None for moment in (clock.fictional, clock.until) if moment):
        raise _unusable(path, "a time has no zone")
    if clock.rate <= 0:
        raise _unusable(path, "its rate is not above 0")
    return clock


def _unusable(path: Path | str, why: object) -> ClockError:
    return ClockError(
        f"The clock file {path} cannot be used ({why}). Unset {VARIABLE}, or write into it: "
        '{"real": 1700000000, "fictional": "2031-01-06T08:00:00+00:00", "rate": 60, "until": null}'
    )


_remembered: dict[Path, tuple[int, Clock]] = {}


def _known(path: Path) -> Clock:
    """The clock of the file, read again only when the file has changed."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise _unusable(path, error) from error
    if path not in _remembered or _remembered[path][0] != changed:
        _remembered[path] = (changed, read(path))
    return _remembered[path][1]
