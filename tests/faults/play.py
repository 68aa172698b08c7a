"""A play for the kill tests: a rehearsal Parliament, a clock that runs, readers, and a worker that dies and returns."""

import datetime
import json
import os
import random
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import F

from alerts.models import Counter, Event, Item, Message, Schedule, Source, Topic
from alerts.models.choices import Frequency
from config import clock, programs
from config.processes import ROOT
from tests.factories import make_person, make_subscription

LONDON = ZoneInfo("Europe/London")
READERS = {
    "maternity OR neonatal": {},
    '"young people" NOT maternity': {},
    "flooding": {},
    "housing AND repairs": {"wants_tabled": True},
    "rail OR bus": {"wants_answered": False, "wants_tabled": True},
    '"Port Calder"': {},
    "flooding NOT neonatal": {"frequency": Frequency.AS_IT_HAPPENS},
}
"""Words, and what is asked for besides the usual; narrow enough that a digest of three days shows every result."""


def set_clock(path: Path, fictional: datetime.datetime, rate: float, until: datetime.datetime) -> None:
    """Let fictional time pass at `rate` from now on, and at the normal rate after `until`."""
    words = {"real": time.time(), "fictional": fictional.isoformat(), "rate": rate, "until": until.isoformat()}
    path.with_suffix(".new").write_text(json.dumps(words))
    path.with_suffix(".new").replace(path)


def subscribe_readers(now: datetime.datetime) -> None:
    """One person for each search, told of it alone: one as it happens, the others each morning at half past seven."""
    for words, wanted in READERS.items():
        make_subscription(make_person(combined=False), words, now=now, **wanted)
    Schedule.objects.update(next_due_at=now.astimezone(LONDON).replace(hour=7, minute=30))


@dataclass
class Worker:
    """The Celery worker and beat as real processes, in groups of their own."""

    environment: dict[str, str]
    logs: Path
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def __enter__(self) -> "Worker":
        self.start("beat", programs.beat(str(self.logs / "beat")))
        self.start("worker", programs.worker())
        return self

    def __exit__(self, *_) -> None:
        for process in self.processes.values():
            self._kill_group(process)

    def start(self, name: str, command: list[str]) -> None:
        with open(self.logs / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def wait_for_children(self) -> None:
        """Wait until the worker has processes that take work, 30 s at most."""
        patience = time.monotonic() + 30
        while not self.children() and time.monotonic() < patience:
            self.tend()
            time.sleep(0.05)

    def wait_until_drained(self, end: datetime.datetime, seconds: float) -> dict[str, int]:
        """Wait, `seconds` at most, until nothing is under way after `end`; what is left then, hopefully nothing."""
        patience = time.monotonic() + seconds
        while (left := waiting(end)) and time.monotonic() < patience:
            self.tend()
            time.sleep(0.3)
        return left

    def tend_until(self, end: datetime.datetime) -> None:
        """Let the play go on to its end."""
        while clock.now() < end:
            self.tend()
            time.sleep(0.2)

    def tend(self) -> None:
        """Start the worker again where it has ended, as ./run does: it ends when its new children are killed."""
        if self.processes["worker"].poll() is not None:
            self.start("worker", programs.worker())

    def children(self) -> list[int]:
        main = self.processes["worker"].pid
        try:
            return [int(pid) for pid in Path(f"/proc/{main}/task/{main}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def kill_everything(self) -> None:
        """kill -9 the worker with its children, and start it again."""
        self._kill_group(self.processes["worker"])
        self.start("worker", programs.worker())

    def kill_a_child(self, chance: random.Random) -> None:
        """kill -9 one of the processes that do the work, as soon as there is one."""
        self.wait_for_children()
        os.kill(chance.choice(self.children()), signal.SIGKILL)

    @staticmethod
    def _kill_group(process: subprocess.Popen) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def waiting(end: datetime.datetime) -> dict[str, int]:
    """What is still under way: sources not read since `end`, and rows of each kind that have not come to an end."""
    rows = {
        "sources": Source.objects.exclude(last_ok_at__gte=end),
        "details": Item.objects.filter(detail_due=True),
        "events": Event.objects.unpercolated(),
        "topics": Topic.objects.unfilled(),
        "bells": Counter.objects.filter(rung_through__lt=F("seq")),
        "schedules": Schedule.objects.filter(next_due_at__lte=clock.now()),
        "messages": Message.objects.exclude(state__in=["sent", "failed", "cancelled"]),
    }
    return {name: found for name, query in rows.items() if (found := query.count())}
