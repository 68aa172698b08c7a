"""Invented questions and what the stories of the sources' tests do with them."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import rehearsal
from alerts.models import Event, Item, Source
from alerts.sources.poll import Summary, ensure_parliament, poll
from rehearsal import FixedWorld, Member, Record, Server

MONDAY = datetime(2031, 1, 6, 12, tzinfo=UTC)
"""A Monday at noon in London, when the first poll of every story takes place."""
THAT_DAY = MONDAY.date()
DAY = timedelta(days=1)
ADA = Member(990001, "Ada Fenwick", "Fenwick, Ada", "Harbour Party", party_abbreviation="Harb", member_from="Saltwick")
BERT = Member(990002, "Bert Oakley", "Oakley, Bert", "Harbour Party", party_abbreviation=None, member_from="Life peer")
LONG_QUESTION = (
    "To ask the Secretary of State for Rehearsals, what steps she is taking to keep the lighthouse at Saltwick lit, "
    "with reference to the report of the Foghorn Committee on the state of lamps, lenses and stairs in the twelve "
    "lighthouses of the eastern shore, and whether the keeper's otters were consulted."
)
LONG_ANSWER = "".join(
    f"<p>{paragraph}</p>"
    for paragraph in [
        "The Department keeps the lamps of all twelve lighthouses in good order, as it has since the great storm.",
        "A survey of the lenses was made in the spring, and four of them were found to be older than the towers.",
        "The stairs at Saltwick are being mended by the joiners of the harbour, who began their work in November.",
        "The cost of the work is met from the harbour dues.",
        "Families with babies may visit the tower on Sundays; the otters stay outside.",
    ]
)


def record(id: int = 2000001, tabled: date = THAT_DAY, **fields) -> Record:
    """A question tabled on the Monday, short enough to be whole in the list."""
    values = {
        "uin": str(id - 1990000),
        "date_tabled": tabled,
        "date_for_answer": tabled + 4 * DAY,
        "question_text": "To ask the Secretary of State for Rehearsals, how many foghorns were mended in 2030.",
    }
    return Record(id=id, **(values | fields))


def answered(question: Record, day: date, html: str = LONG_ANSWER, **fields) -> Record:
    return question.answered(day, html, by=BERT.id, **fields)


class Parliament:
    """A rehearsal server with the source that polls it."""

    def __init__(self, server: Server, world: FixedWorld, source: Source):
        self.server, self.world, self.source = server, world, source
        self.now = MONDAY

    def poll(self, after: timedelta = timedelta(0)) -> Summary:
        """Polls until nothing is left to do, `after` some time and with the source due."""
        self.tick(after)
        Source.objects.filter(pk=self.source.pk, next_poll_at__gt=self.now).update(next_poll_at=self.now)
        return self.work()

    def work(self) -> Summary:
        """Polls what is due now until nothing is left to do."""
        total = Summary()
        while True:
            summary = poll(self.now)
            total.pages, total.details = total.pages + summary.pages, total.details + summary.details
            total.troubles += summary.troubles
            if summary.troubles or not summary.unfinished:
                return total

    def tick(self, after: timedelta) -> None:
        """Lets time pass."""
        self.now += after
        self.server.now = self.now

    def read(self) -> Source:
        """The source as it stands."""
        self.source.refresh_from_db()
        return self.source


@contextmanager
def parliament(settings, *records: Record, first_poll: bool = True):
    """A running rehearsal Parliament with these records, after its first poll."""
    settings.FETCH_RATE = 100_000
    world = FixedWorld(records, members=[ADA, BERT])
    with rehearsal.serve(world, now=MONDAY) as server:
        settings.PARLIAMENT_URL = server.url
        settings.FETCH_ALLOW = frozenset({f"127.0.0.1:{server.port}"})
        stage = Parliament(server, world, ensure_parliament(MONDAY))
        if first_poll:
            stage.poll()
        yield stage


def told(**wanted) -> list[tuple[str, str]]:
    """The live events as (UIN, kind), in the order in which they were made."""
    events = Event.objects.filter(baseline=False, released_at__isnull=False, **wanted).order_by("id")
    return list(events.values_list("item__uin", "kind"))


def item(question: Record) -> Item:
    return Item.objects.get(external_key=str(question.id))


def event(question: Record, kind: str) -> Event:
    return Event.objects.get(item__external_key=str(question.id), kind=kind)
