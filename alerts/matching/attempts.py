"""Attempts to build the index on this machine: after each one that came to nothing the next waits longer.

What a build lacks, memory or room, it mostly lacks a minute later too, and trying takes it from everybody else.
"""

import json
import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings

log = structlog.get_logger()

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
NOTE = "attempts.json"


def another(now: datetime) -> bool:
    """Whether it is time for another attempt, which is then noted; `succeeded` ends the count.

    It is noted before it begins, so that one that is killed counts too. A machine that has no room for the note has
    none for a copy of the index either, and leaves building to others.
    """
    times, last = _noted()
    if last and last <= now < last + wait_after(times):
        return False
    if times:
        log.warning("index was not built", attempts=times, last=last.isoformat())
    try:
        _write(times + 1, now)
    except OSError as error:
        log.error("index cannot be built here", problem=f"{type(error).__name__}: {error}")
        return False
    return True


def succeeded() -> None:
    """An index was built."""
    with suppress(OSError):
        _path().unlink(missing_ok=True)


def wait_after(times: int) -> timedelta:
    """How long to wait after so many attempts in a row that came to nothing."""
    return min(FIRST_WAIT * 2 ** min(times - 1, 10), LONGEST_WAIT)


def _noted() -> tuple[int, datetime | None]:
    """How many attempts there were and when the last one began; a note that cannot be read is none."""
    try:
        note = json.loads(_path().read_text())
        return int(note["times"]), datetime.fromisoformat(note["last"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, None


def _write(times: int, now: datetime) -> None:
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(f".{os.getpid()}")
    new.write_text(json.dumps({"times": times, "last": now.isoformat()}))
    new.replace(path)


def _path() -> Path:
    return settings.INDEX_FOLDER / NOTE
