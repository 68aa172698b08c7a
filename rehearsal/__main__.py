"""Runs a rehearsal Parliament: `python -m rehearsal --port N`."""

import argparse
import os
import signal
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

from config import clock
from rehearsal.loading import load
from rehearsal.nights import NightsError, NightsWorld
from rehearsal.play import ScriptedWorld
from rehearsal.script import ScriptError
from rehearsal.server import Server
from rehearsal.worlds import World


def main(arguments: list[str] | None = None) -> int:
    """Serves until it is told to stop (SIGINT, SIGTERM); 2 if it cannot start."""
    chosen = _options().parse_args(arguments)
    if chosen.clock:
        os.environ[clock.VARIABLE] = str(chosen.clock)
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        server = Server(*_world_and_time(chosen), host=chosen.host, port=chosen.port)
        began = server.now
        server.start()
    except (ScriptError, NightsError, clock.ClockError, ValueError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"Cannot listen on {chosen.host}:{chosen.port} ({error.strerror}). Choose another --port.")
    print(
        f"The rehearsal Parliament listens on {server.url} and it is {began:%A %-d %B %Y, %H:%M} there.",
        flush=True,
    )
    stopped.wait()
    server.stop()
    return 0


def _world_and_time(chosen: argparse.Namespace) -> tuple[World, datetime | None]:
    """The world, and the time it stands still at or None for the clock's."""
    if not chosen.nights:
        return ScriptedWorld(load(), chosen.start or _this_monday()), chosen.now
    world = NightsWorld(chosen.nights, chosen.details)
    return world, None if chosen.clock else chosen.now or world.times[0]


def _this_monday() -> date:
    today = clock.now().date()
    return today - timedelta(days=today.weekday())


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rehearsal", description=__doc__.split(":")[0] + ".")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--clock", type=Path, metavar="FILE", help="run by this clock file (see config/clock.py)")
    parser.add_argument("--start", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the Monday the play starts on")
    parser.add_argument("--nights", type=Path, metavar="FOLDER", help="replay captured nights instead of the play")
    parser.add_argument("--details", type=Path, metavar="FOLDER", help="full texts for the nights")
    parser.add_argument(
        "--now", type=_time, metavar="TIME", help="stand still at this ISO time; POST /rehearsal/now moves it"
    )
    return parser


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refuse(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
