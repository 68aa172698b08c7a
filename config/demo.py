"""The demo's time: fictional days of half a minute, which go on at the next start where they stopped."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config import clock
from config.instance import write_whole

DAY_SECONDS = 30
"""Real seconds of a fictional day."""
DAYS = 14
"""Fictional days the demo plays."""
LONDON = ZoneInfo("Europe/London")


def first_morning(now):
    """06:30 in London on the Monday of the week of `now`: before the first question of a sitting week."""
    here = now.astimezone(LONDON)
    monday = here.date() - timedelta(days=here.weekday())
    return datetime(monday.year, monday.month, monday.day, 6, 30, tzinfo=LONDON)


@dataclass
class DemoTime:
    """The demo's time in an instance folder: `clock.json` for Hark to read, `demo.json` to go on from next time."""

    folder: Path

    def __post_init__(self):
        self.clock = self.folder / "clock.json"
        self._notes = self.folder / "demo.json"

    def prepare(self, now):
        """Read where the demo stands, or begin it; until `go` its clock runs at the normal rate."""
        if not self._notes.exists():
            start = first_morning(now)
            self._write_notes(start=start, reached=start, until=start + timedelta(days=DAYS), filled=False)
        self._set_clock(now, rate=1)

    def go(self, now):
        """Let the demo's days pass from where its time stands."""
        self.note(now)
        self._set_clock(now, rate=86400 / DAY_SECONDS)

    def note(self, now):
        """Write down the fictional time reached; called every few seconds."""
        if self.clock.exists():
            self._write_notes(reached=clock.read(self.clock).at(now.timestamp()).astimezone(LONDON))

    @property
    def start(self):
        """The fictional time of the very beginning."""
        return self._time("start")

    @property
    def reached(self):
        """The fictional time last written down."""
        return self._time("reached")

    @property
    def until(self):
        """The fictional time from which it passes at the normal rate: the play is over."""
        return self._time("until")

    @property
    def is_over(self):
        """Whether the whole play has been played."""
        return self.reached >= self.until

    @property
    def is_filled(self):
        """Whether the back-fill of the days before has been completed."""
        return self._read_notes()["filled"]

    def mark_filled(self):
        """Write down that the back-fill is complete."""
        self._write_notes(filled=True)

    def _time(self, name):
        return datetime.fromisoformat(self._read_notes()[name])

    def _read_notes(self):
        return json.loads(self._notes.read_text()) if self._notes.exists() else {}

    def _write_notes(self, **changes):
        written = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in changes.items()}
        write_whole(self._notes, self._read_notes() | written)

    def _set_clock(self, now, rate):
        words = {"real": now.timestamp(), "fictional": self.reached.isoformat(), "rate": rate}
        write_whole(self.clock, words | {"until": self.until.isoformat()})


def explanation(demo_time):
    """What the demo is, in words for its start."""
    if demo_time.is_over:
        return "  the demo:  its two weeks are over, and nothing new comes in. `./run demo --fresh` begins again."
    return (
        "  the demo:  its sources are invented: a Parliament, a newsletter, and a feed whose items wait for staff;\n"
        f"             a day passes in {DAY_SECONDS} seconds, from {demo_time.reached:%A %-d %B, %H:%M}.\n"
        "             It goes on there at the next start; `./run demo --fresh` begins again."
    )
