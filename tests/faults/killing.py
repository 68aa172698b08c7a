"""The kill test: a company polls, percolates, composes and delivers while its processes are killed, until so many are.

Questions stream in all the while, a day in a few seconds, and readers come, change what they wish, and leave. Most
kills come at random moments, the others at failpoints. When enough are dead the power is cut: the rest are killed at
once. Then no more comes in, nobody dies any more, and time goes on until everything is told.
"""

import json
import math
import queue
import random
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from alerts.failpoints import VARIABLE
from alerts.models import Message
from config import clock
from tests.digests.provider import Provider
from tests.digests.sink import Sink
from tests.faults.company import Company, Death
from tests.faults.play import BEGIN, DAY, Play, Report, Stage, set_clock, staged

WORKERS = {"poll": 1, "percolate": 2, "compose": 2, "deliver": 3}
DAY_SECONDS = 10
"""Of processor time that all of them take together: on a busy machine a day is longer, and not fuller. A night's lists
of six weeks must be read in it beside all else, or polls fall behind further each day.
"""
READERS = 16
MEAN_LIFE = {"poll": 0.3, "percolate": 0.25, "compose": 0.12, "deliver": 0.2}
"""Seconds of processor time after which a process is killed at a random moment, on average; of its first 0.1 s who
percolates has nothing but the topics to show for.
"""
LOOK_SECONDS = 0.05
KILLS_A_CHANGE = 15
"""After so many kills a reader changes something."""
FAILPOINTS = {
    "poll": "",
    "percolate": "percolate.numbered=0.15 percolate.committed=0.1 fill.advanced=0.2",
    "compose": "ring.rung=0.2 compose.composed=0.06 compose.committed=0.06",
    "deliver": "claim.committed=0.03 handoff.begins=0.04 handoff.committed=0.06 mail.accepted=0.06 sent.committed=0.03",
}
LEASES = {"poll": "0.3", "deliver": "3"}
"""Seconds; who takes over after a poll is there at once, who delivers must not lose a lease to a busy machine."""
IN_THE_WINDOW = ("handoff.begins", "handoff.committed", "mail.accepted")


def run_by_smtp(
    environment: dict[str, str], sink: Sink, folder: Path, seed: int, kills: int, say: Callable[[str], None]
) -> Report:
    """A whole run whose mails go to `sink`, which keeps every copy; `say` is told how it gets on."""
    environment |= {
        "HARK_EMAIL_BACKEND": "alerts.digests.smtp.EmailBackend",
        "HARK_EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
    }
    with staged(environment, folder, seed, days=30 + kills / 5) as stage:
        return run(stage, folder, lambda: [content for _, content in sink.accepted], kills, say)


def run_with_keys(
    environment: dict[str, str], provider: Provider, folder: Path, seed: int, kills: int, say: Callable[[str], None]
) -> Report:
    """A whole run whose mails go to a provider that makes one copy of what comes twice under one key."""
    environment |= {
        "HARK_EMAIL_BACKEND": "alerts.digests.resend.EmailBackend",
        "HARK_ANYMAIL": json.dumps({"RESEND_API_KEY": "k", "RESEND_API_URL": provider.url}),
    }
    with staged(environment, folder, seed, days=30 + kills / 5) as stage:
        return run(stage, folder, lambda: [as_bytes(mail) for mail in provider.accepted], kills, say)


def as_bytes(mail: dict) -> bytes:
    """The email that Resend would make of this request."""
    made = EmailMessage()
    made["Message-ID"] = mail["headers"]["Message-ID"]
    made.set_content(mail["text"])
    made.add_alternative(mail["html"], subtype="html")
    return made.as_bytes()


def run(
    stage: Stage, folder: Path, arrived: Callable[[], list[bytes]], kills: int, say: Callable[[str], None]
) -> Report:
    """Kill so many on this stage, tell the rest, and check it all."""
    began = time.monotonic()
    with Company(stage.environment, folder / "company", stage.seed) as company:
        killing = Killing(stage, arrived, company, say)
        killing.kill(kills)
        killing.tell_the_rest(lambda: killing.wait(0.2))
    report = killing.check()
    report.wrong += company.failures
    report.seconds = round(time.monotonic() - began)
    return report


class Killing(Play):
    """A play whose processes, `company`, are killed."""

    def __init__(self, stage: Stage, arrived: Callable[[], list[bytes]], company: Company, say: Callable[[str], None]):
        super().__init__(stage, arrived)
        self._company, self._say = company, say
        self._chance = random.Random(f"kills {stage.seed}")
        self.names = [f"{step}-{number}" for step, workers in WORKERS.items() for number in range(workers)]
        self._at_random: set[str] = set()
        self._pids: dict[str, int | None] = {}
        self._worked = dict.fromkeys(self.names, 0.0)
        self._lives = dict.fromkeys(self.names, math.inf)
        self._worked_before = 0.0

    def kill(self, kills: int) -> None:
        """Let the company work, and kill until so many are dead; at the end all of them at once."""
        self.readers.join(READERS)
        self._order(FAILPOINTS)
        changes = self.readers.changes()
        while self.report.killed < kills - len(self.names):
            self.wait(LOOK_SECONDS)
            self._let_time_pass()
            for name in self.names:
                if self._worked[name] > self._lives[name]:
                    self._lives[name] = math.inf
                    self._kill(name)
            if self.report.killed // KILLS_A_CHANGE > self.report.changes:
                next(changes)()
                self.report.changes += 1
                self._say(f"{self.report.killed} kills, {clock.now():%d %B %H:%M}, {len(self.arrived())} mails")
        self.end()
        self.readers.come_back()
        self.readers.leave_for_good()
        self._order({})
        for name in self.names:
            self._kill(name)
        self.wait(0.5)

    def _let_time_pass(self) -> None:
        """Set the clock by what all have worked, and draw a life for those who are new."""
        for name in self.names:
            pid, worked = self._company.alive.get(name), self._company.worked(name)
            if pid != self._pids.get(name):
                self._worked_before += self._worked[name]
                self._pids[name] = pid
                self._lives[name] = self._chance.expovariate(1 / MEAN_LIFE[name.partition("-")[0]])
            self._worked[name] = worked
        days = (self._worked_before + sum(self._worked.values())) / DAY_SECONDS
        set_clock(self.stage.clock_file, max(clock.now(), BEGIN + days * DAY), 1)

    def _order(self, failpoints: dict[str, str]) -> None:
        for name in self.names:
            step = name.partition("-")[0]
            environment = {VARIABLE: failpoints.get(step, ""), "HARK_LEASE_SECONDS": LEASES.get(step, "3")}
            self._company.order(name, step, **environment)

    def _kill(self, name: str) -> None:
        if name in self._company.alive:
            self._at_random.add(name)
            self._company.kill(name)

    def wait(self, seconds: float) -> None:
        """Take in deaths for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                self._take_in(self._company.deaths.get(timeout=left))
            except queue.Empty:
                return

    def _take_in(self, death: Death) -> None:
        report = self.report
        if not death.killed:
            report.wrong.append(f"{death.name} ended by itself ({death.code})")
            return
        point, about = death.last
        report.kills[death.step] = report.kills.get(death.step, 0) + 1
        if death.name in self._at_random or not point:
            self._at_random.discard(death.name)
            report.kills_at_random += 1
        else:
            report.kills_at_points[point] = report.kills_at_points.get(point, 0) + 1
        message = Message.objects.filter(pk=about).first() if point in IN_THE_WINDOW else None
        if message and _left_unclear(message):
            report.kills_in_the_window += 1
            self.in_the_window[message.message_id] += 1


def _left_unclear(message: Message) -> bool:
    """Whether it was being handed over; where its death is heard of late, the lease may be over since."""
    return message.state in (Message.State.HANDOFF, Message.State.UNCERTAIN) or message.resends > 0
