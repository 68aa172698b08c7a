"""The scripted world: the content of `world/` played on sitting days from a Monday on.

Whatever happens to a question on one day becomes visible at one moment between 09:00 and 18:00 London, always
the same for the same script and start; the questions of a group are answered in the same moment. What vanishes
stays in the lists of those who ask with `includeWithdrawn`, while its detail answers 404.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock

from rehearsal.cast import cast, partners
from rehearsal.days import moment, sitting_day
from rehearsal.posts import Feed, Feeds
from rehearsal.records import Partner, Record
from rehearsal.script import Question, Script
from rehearsal.worlds import State

DAYS_TO_HEADING = 2
DAYS_TO_ARRIVE = 2

Change = Callable[[Record], Record]


@dataclass(frozen=True)
class Development:
    """Something that happens to one question; `kind` is the script's word for it, the moment is in UTC."""

    moment: datetime
    kind: str
    key: str
    id: int


class ScriptedWorld:
    """A script played from a Monday; raises ValueError for another day.

    `developments` is all that ever becomes visible of questions, in order of time. `feeds` holds further feeds by name,
    put by hand; one with the name of a played feed takes its place.
    """

    description = (
        "Everything in it is invented: the members, the departments, the questions, the answers and the newsletters."
    )

    def __init__(self, script: Script, start: date):
        if start.weekday() != 0:
            raise ValueError(f"{start} is a {start:%A}; the play starts on a Monday.")
        self._members = {person.id: person.member for person in script.people.values()}
        firsts = cast(script, start)
        grouped = partners(script, firsts)
        self._lives = [
            Life(script, start, question, firsts[question.key], grouped.get(question.key, ()))
            for question in script.questions
        ]
        self._presses, self._start = script.presses, start
        self.feeds: dict[str, Feed | bytes] = {}
        self.developments = sorted(
            (development for life in self._lives for development in life.developments()),
            key=lambda development: development.moment,
        )
        self._moments = [development.moment for development in self.developments]
        self._known: tuple[int, State] | None = None
        self._lock = Lock()

    def at(self, now: datetime) -> State:
        happened = bisect_right(self._moments, now)
        with self._lock:
            if self._known is None or self._known[0] != happened:
                records = (life.at(now) for life in self._lives)
                self._known = happened, State((record for record in records if record), self._members)
            return self._known[1]

    def feeds_at(self, now: datetime) -> Feeds:
        return {press.publisher.key: press.at(now, self._start) for press in self._presses} | self.feeds


class Life:
    """One question from its first day to its last, as changes of one record."""

    def __init__(self, script: Script, start: date, question: Question, first: Record, grouped: tuple[Partner, ...]):
        self._script, self._start, self._question = script, start, question
        self._first, self._grouped = first, grouped
        arrival = self._seen_at(_arrival(question))
        steps = sorted(self._steps(), key=lambda step: step[0])
        self._steps_in_time = [(max(arrival, self._seen_at(day)), kind, change) for day, kind, change in steps]

    def at(self, now: datetime) -> Record | None:
        """The record as it stands at `now`, None before it is first seen."""
        happened = [change for seen_at, _, change in self._steps_in_time if seen_at <= now]
        record = self._first
        for change in happened:
            record = change(record)
        return record if happened else None

    def developments(self) -> Iterator[Development]:
        """All that becomes visible of it, in order of time."""
        for seen_at, kind, _ in self._steps_in_time:
            yield Development(seen_at, kind, self._question.key, self._first.id)

    def _seen_at(self, day: int) -> datetime:
        """One moment a day; on the day of the answer it is that of the answer, shared by its group."""
        question = self._question
        seed = f"answer {question.answer}" if day == question.answered else f"question {question.key}"
        return moment(sitting_day(self._start, day), f"{seed} {day}")

    def _steps(self) -> Iterator[tuple[int, str, Change]]:
        """Day, kind and change; in the order in which changes of one day are made."""
        question = self._question
        yield question.tabled, "tabled", lambda record: record
        if question.heading:
            yield _heading_day(question), "heading", lambda record: replace(record, heading=question.heading)
        if question.transferred:
            yield question.transferred.day, "transferred", self._transfer
        if question.reworded:
            text = question.reworded.text
            yield question.reworded.day, "reworded", lambda record: replace(record, question_text=text)
        if question.vanishes is not None:
            yield question.vanishes, "vanishes", lambda record: replace(record, is_withdrawn=True)
        yield from self._answers()

    def _answers(self) -> Iterator[tuple[int, str, Change]]:
        question = self._question
        if question.answered_by is None:
            return
        by, final = self._script.people[question.answered_by].id, self._script.answers.get(question.answer)
        corrector = self._script.people[question.corrected_by or question.answered_by].id
        if question.holding is not None:
            yield question.holding, "holding", lambda r: r.held(self._day(question.holding), question.holding_html, by)
        if question.answered is not None:
            yield (
                question.answered,
                "answered",
                lambda r: r.answered(self._day(question.answered), final, by, self._grouped),
            )
        if question.corrected is not None:
            yield (
                question.corrected,
                "corrected",
                lambda r: r.put_right(self._day(question.corrected), question.corrected_html, corrector),
            )

    def _transfer(self, record: Record) -> Record:
        change = self._question.transferred
        department = self._script.departments[change.department]
        return replace(
            record,
            answering_body_id=department.id,
            answering_body_name=department.name,
            question_text=change.text,
        )

    def _day(self, number: int) -> date:
        return sitting_day(self._start, number)


def _arrival(question: Question) -> int:
    """The day a question is first seen: a written one when tabled, an unreached oral one with its first answer."""
    if not question.unreached_oral:
        return question.tabled
    answers = [day for day in (question.holding, question.answered) if day is not None]
    return min(answers, default=question.tabled + DAYS_TO_ARRIVE)


def _heading_day(question: Question) -> int:
    """The day given, else two days on, but with the answer if that comes sooner."""
    if question.heading_from is not None:
        return question.heading_from
    usual = question.tabled + DAYS_TO_HEADING
    return usual if question.answered is None else min(usual, question.answered)
