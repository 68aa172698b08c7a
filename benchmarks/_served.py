"""What it takes to answer: the processor here and in the database, and the clock on the wall; and how it spreads."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time, time

from django.db import connection

from config import clock


def set_the_clock(path: Path, now: datetime) -> None:
    """Let pages be shown at this moment; the clock stands in a file that outlives the measuring."""
    path.write_text(json.dumps({"real": time(), "fictional": now.isoformat(), "rate": 1, "until": None}))
    os.environ[clock.VARIABLE] = str(path)


def timed(work: Callable) -> tuple[object, float, float, float]:
    """What comes out, and milliseconds: of this process, of the one of the database that serves it, by the clock."""
    wall, here, there = perf_counter(), process_time(), _database_seconds()
    out = work()
    times = process_time() - here, _database_seconds() - there, perf_counter() - wall
    return out, *(1000 * seconds for seconds in times)


def _database_seconds() -> float:
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9


def spread(times: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """For each series of milliseconds its middle, the value that one in twenty exceeds, and its highest."""
    spread = {}
    for what, values in times.items():
        ordered = sorted(values)
        at = {"p50": len(ordered) // 2, "p95": int(len(ordered) * 0.95), "max": -1}
        spread |= {f"{what}_{name}_ms": ordered[place] for name, place in at.items()}
    return spread
