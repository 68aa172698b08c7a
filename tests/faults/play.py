"""A play for the fault tests: a world that streams, its clock, readers; then what is left told, and all checked."""

import datetime
import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.db.models import F
from django.test import override_settings

import rehearsal
from accounts.models import User
from alerts.models import Counter as Numbers
from alerts.models import Digest, Event, Item, Message, Schedule, Section, Source, Subscription, Topic
from alerts.models.choices import Frequency, Kind
from alerts.moderation import unsettled
from alerts.sources.poll import ensure_parliament
from alerts.tick import tick
from config import clock
from tests.factories import make_person, make_source
from tests.faults.checker import Checker, Mail
from tests.faults.readers import Readers
from tests.faults.stream import FEED, Stream
from tests.workers import PATIENCE

LONDON = ZoneInfo("Europe/London")
DAY = datetime.timedelta(days=1)
BEGIN = datetime.datetime(2026, 3, 2, 6, 30, tzinfo=LONDON)
NEVER = BEGIN + 10_000 * DAY
QUESTIONS_A_DAY = 24
QUIET_RATE = 300
"""How fast time passes at the end: what was put off for a minute or two is not waited for long."""
ROUNDS = 5
"""So many weeks at most pass at the end until all is told."""
MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.MULTILINE | re.IGNORECASE)


def set_clock(path: Path, fictional: datetime.datetime, rate: float, until: datetime.datetime = NEVER) -> None:
    """Let fictional time pass at `rate` from now on, and at the normal rate after `until`."""
    words = {"real": time.time(), "fictional": fictional.isoformat(), "rate": rate, "until": until.isoformat()}
    path.with_suffix(".new").write_text(json.dumps(words))
    path.with_suffix(".new").replace(path)


@dataclass(frozen=True)
class Stage:
    """A world that is served and was polled once, so that all from `BEGIN` on is news."""

    seed: int
    world: Stream
    clock_file: Path
    environment: dict[str, str]


@contextmanager
def staged(environment: dict[str, str], folder: Path, seed: int, days: float) -> Iterator[Stage]:
    """A stage for so many days at most; processes work on it with its environment, which begins with the given one."""
    clock_file = folder / "clock.json"
    set_clock(clock_file, BEGIN, 1)
    world = Stream(seed, BEGIN - 4 * DAY, days=days, a_day=QUESTIONS_A_DAY)
    with patch.dict(os.environ, HARK_CLOCK=str(clock_file)), rehearsal.serve(world) as server:
        allowed = server.url.removeprefix("http://")
        fetching = {"PARLIAMENT_URL": server.url, "FETCH_ALLOW": frozenset({allowed}), "FETCH_RATE": 1000.0}
        own = {
            "HARK_CLOCK": str(clock_file),
            "HARK_INSTANCE": str(folder),
            "HARK_PARLIAMENT_URL": server.url,
            "HARK_FETCH_ALLOW": allowed,
            "HARK_FETCH_RATE": "1000",
            "HARK_POLL_SECONDS": "21600",
            "HARK_UNCERTAIN_SECONDS": "2",
        }
        with override_settings(**fetching):
            ensure_parliament(BEGIN)
            make_source(Source.Kind.FEED, url=f"{server.url}/feeds/{FEED}/", next_poll_at=BEGIN, baseline_at=None)
            tick(BEGIN)
            yield Stage(seed, world, clock_file, environment | own)


@dataclass
class Report:
    """What a run did and found; `wrong` tells each thing that is not as promised."""

    seed: int
    kills: dict[str, int] = field(default_factory=dict)
    kills_at_random: int = 0
    kills_at_points: dict[str, int] = field(default_factory=dict)
    kills_in_the_window: int = 0
    days: float = 0
    events: int = 0
    alerts: int = 0
    changes: int = 0
    hits_expected: int = 0
    hits_told: int = 0
    digests: int = 0
    sections: int = 0
    messages: int = 0
    cancelled: int = 0
    mails: int = 0
    duplicates: dict[str, int] = field(default_factory=dict)
    uncertain_for_good: int = 0
    ended_five_workers: int = 0
    sent_by_the_operator: int = 0
    seconds: float = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        return sum(self.kills.values())

    def as_json(self) -> dict[str, object]:
        return {"kills_in_all": self.killed, **asdict(self)}


class Play:
    """What happens on a stage; `arrived` gives the bytes of every copy of a mail that reached anybody, in order."""

    def __init__(self, stage: Stage, arrived: Callable[[], list[bytes]]):
        self.stage, self.arrived = stage, arrived
        self.report, self.readers = Report(stage.seed), Readers(stage.seed)
        self.in_the_window: Counter[str] = Counter()

    def end(self) -> None:
        """Nothing more is published."""
        self.stage.world.until = clock.now()
        self.report.days = round((clock.now() - BEGIN) / DAY, 1)

    def tell_the_rest(self, pause: Callable[[], None]) -> None:
        """Let weeks pass until everything is told, with `pause` between two looks."""
        for _ in range(ROUNDS):
            now = clock.now() + 8 * DAY
            set_clock(self.stage.clock_file, now, QUIET_RATE)
            self._wait_until_quiet(now, pause)
            # Who is told as it happens is not told of what was not for them.
            left = Subscription.objects.live().filter(told_through__lt=Numbers.current_seq())
            if not left.exclude(frequency=Frequency.AS_IT_HAPPENS).exists():
                return
        self.report.wrong.append(f"{ROUNDS} weeks were not enough to tell the rest")

    def check(self) -> Report:
        """Hold rows and mails against the evaluator, and every copy too many against the kills."""
        report, mails = self.report, [Mail.read(copy) for copy in self.arrived()]
        checker = Checker(self.readers.words, mails)
        checker.check()
        report.wrong += checker.wrong
        report.wrong += self._unseen({(checker.mark(event), event.kind): event for event in checker.events})
        report.events, report.alerts = len(checker.events), len(self.readers.words)
        report.hits_expected, report.hits_told = checker.due, checker.told
        report.sections = Section.objects.count()
        report.digests, report.messages, report.mails = Digest.objects.count(), Message.objects.count(), len(mails)
        report.cancelled = Message.objects.filter(state=Message.State.CANCELLED).count()
        report.wrong += self._unsent(checker.mails.keys())
        self._count_duplicates(Counter(mail.message_id for mail in mails))
        return report

    def _unseen(self, seen: dict[tuple[str, str], Event]) -> list[str]:
        """What was published and is no event; of an answer that was first seen corrected nobody is told twice."""
        missing = {known: at for known, at in self.stage.world.published(BEGIN).items() if known not in seen}
        for (mark, kind), at in list(missing.items()):
            answered = seen.get((mark, Kind.ANSWERED))
            if kind == Kind.CORRECTED and answered and answered.first_seen_at >= at:
                del missing[mark, kind]
        return [f"{kind} {mark} was not seen" for mark, kind in sorted(missing)]

    def _unsent(self, arrived: Iterable[str]) -> list[str]:
        """Messages that did not arrive and should have, and mails that should not; a cancelled one may have left."""
        states = {message.message_id: message for message in Message.objects.all()}
        missing = {known for known, message in states.items() if message.state != Message.State.CANCELLED}
        left = {known for known, message in states.items() if message.handoff_at}
        lost = [
            f"{known} ({states[known].kind}, {states[known].state}) never arrived" for known in missing - set(arrived)
        ]
        return lost + [f"{known} arrived and was never handed over" for known in set(arrived) - left]

    def _wait_until_quiet(self, end: datetime.datetime, pause: Callable[[], None]) -> None:
        patience = time.monotonic() + PATIENCE
        while self._operate() or waiting(end):
            if time.monotonic() > patience:
                self.report.wrong.append(f"still under way: {waiting(end)}")
                return
            pause()

    def _operate(self) -> bool:
        """Do what an operator does about messages that are uncertain for good, or ended five workers; if there are any.

        What arrived is taken as sent, and the others are sent again.
        """
        unsure, failed = Message.objects.filter(unsettled.FOR_STAFF), Message.objects.filter(state=Message.State.FAILED)
        found = unsure.count(), failed.count()
        if not any(found):
            return False
        self.report.uncertain_for_good += found[0]
        self.report.ended_five_workers += found[1]
        arrived = {MESSAGE_ID.search(copy)[1].decode() for copy in self.arrived()}
        staff = User.objects.filter(is_staff=True).first() or make_person("staff@example.org", is_staff=True)
        unsettled.take_as_sent(unsure.filter(message_id__in=arrived), staff, "it arrived", clock.now())
        for lost in (unsure, failed):
            self.report.sent_by_the_operator += unsettled.send_again(lost, staff, "it did not arrive", clock.now())
        return True

    def _count_duplicates(self, copies: Counter[str]) -> None:
        for message_id, number in copies.items():
            if number > 1:
                killed = self.in_the_window[message_id]
                reason = "killed between handoff and sent" if killed >= number - 1 else "no kill explains it"
                self.report.duplicates[reason] = self.report.duplicates.get(reason, 0) + number - 1
                if killed < number - 1:
                    self.report.wrong.append(f"{message_id} arrived {number} times, {killed} kills in its handoff")


def waiting(end: datetime.datetime) -> dict[str, int]:
    """What is still under way: sources not read since `end`, and rows of each kind that have not come to an end."""
    rows = {
        "sources": Source.objects.exclude(last_ok_at__gte=end),
        "details": Item.objects.filter(detail_due=True),
        "events": Event.objects.unpercolated(),
        "topics": Topic.objects.unfilled(),
        "bells": Numbers.objects.filter(rung_through__lt=F("seq")),
        "schedules": Schedule.objects.filter(next_due_at__lte=clock.now()),
        "messages": Message.objects.exclude(state__in=["sent", "failed", "cancelled"]),
    }
    return {name: found for name, query in rows.items() if (found := query.count())}
