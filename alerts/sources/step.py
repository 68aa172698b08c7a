"""One bounded step of work on one source: lists first, then the details they ask for."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from alerts.models import PollRun, Source
from alerts.sources import details, runs
from alerts.sources.people import People
from alerts.sources.question_json import Page
from alerts.sources.store import Store, Stored, due_items
from alerts.sources.written_questions import Api, Window


@dataclass
class Summary:
    """What one round brought; `unfinished` if it stopped with work left, `troubles` in words.

    Pages are of the lists of questions, feeds those that were asked for.
    """

    pages: int = 0
    feeds: int = 0
    details: int = 0
    new: int = 0
    released: int = 0
    unfinished: bool = False
    troubles: list[str] = field(default_factory=list)

    def add(self, stored: Stored) -> None:
        """Counts what was stored."""
        self.new += stored.new
        self.released += stored.released

    def __bool__(self) -> bool:
        return self.released > 0


class Step:
    """Works on a source until `until` (monotonic seconds), under the lease whose token the source carries."""

    def __init__(self, source: Source, now: datetime, api: Api, summary: Summary, until: float):
        self.source, self.now, self.api, self.summary = source, now, api, summary
        self.store = Store(source, People(), now)
        self._until = until

    def has_time(self) -> bool:
        """Whether another fetch may begin."""
        return time.monotonic() < self._until

    def poll(self) -> None:
        """Goes on with the open runs, or with a new poll if one is due, then with the details; raises Trouble."""
        open_runs = runs.open_runs(self.source)
        if not open_runs and self.source.next_poll_at <= self.now:
            open_runs = runs.start_poll(self.source, self.now)
        words = [self.read(run, Window(run.pass_name, run.window_from), self.store.page) for run in open_runs]
        if open_runs and all(run.finished_at for run in open_runs):
            self._settle(" ".join(filter(None, words)))
        self.read_details()

    def read(self, run: PollRun, window: Window, store: Callable[[PollRun, Page], Stored]) -> str:
        """Reads a run's pages from where it stands; gives words where it ended without all of them; raises Trouble."""
        words, left_out, unreadable = "", 0, []
        while run.finished_at is None and self.has_time():
            page = self.api.page(window, run.next_skip)
            stored = store(run, page)
            self.summary.pages += 1
            self.summary.add(stored)
            left_out += stored.left_out
            unreadable += page.unreadable
            if not page.rows or run.next_skip >= page.total:
                words = runs.finish(run, self.source, self.now, left_out)
                left_out = 0
        return f"{words} ({unreadable[0]})" if words and unreadable else words

    def read_details(self) -> None:
        """Reads details while there is time; raises Trouble."""
        reader = details.Details(self.api, self.store, self.has_time)
        try:
            reader.read()
        finally:
            self.summary.details += reader.read_so_far
            self.summary.released += reader.released
        left = bool(runs.open_runs(self.source)) or due_items(self.source, self.now).exists()
        self.summary.unfinished = self.summary.unfinished or left

    def _settle(self, words: str) -> None:
        """Records a poll read to its end, with words if something was missing."""
        self.source.next_poll_at = self.now + timedelta(seconds=settings.POLL_SECONDS)
        self.source.fail_count, self.source.last_ok_at = 0, self.now
        self.source.last_error = words[:500]
        if words:
            self.source.last_error_at = self.now
            self.summary.troubles.append(words)
        self.source.save(update_fields=["next_poll_at", "fail_count", "last_ok_at", "last_error", "last_error_at"])
