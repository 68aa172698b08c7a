"""When a source's address changes: only after a permanent redirect was seen often, and for long."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.models import Source
from alerts.sources import guard
from alerts.sources.http import Response
from alerts.sources.trouble import SameAs

TIMES = 5
LONG = timedelta(hours=48)
LONGEST_ADDRESS = 500


@dataclass(frozen=True, slots=True)
class Move:
    """Where a permanent redirect has pointed, since when, and on how many polls in a row; '' for nowhere."""

    url: str = ""
    since: datetime | None = None
    times: int = 0

    def is_for_good(self, now: datetime) -> bool:
        """Whether to believe it: captive portals and hijackers send permanent redirects too, for a while."""
        return self.times >= TIMES and now - self.since >= LONG

    @property
    def fields(self) -> dict[str, object]:
        """The source's fields that say so."""
        return {"moved_url": self.url, "moved_at": self.since, "moved_times": self.times}


def seen(source: Source, response: Response, now: datetime) -> Move:
    """The move as it stands with this answer."""
    to = response.moved_to
    if not to or len(to) > LONGEST_ADDRESS or to == guard.target(source.url).url:
        return Move()
    if to == source.moved_url and source.moved_at:
        return Move(to, source.moved_at, source.moved_times + 1)
    return Move(to, now, 1)


def check_twin(source: Source, response: Response, move: Move, now: datetime) -> None:
    """Raises SameAs where the answer came from the address of another source, whose items would all come twice."""
    reached = {response.url, response.moved_to} - {source.url, guard.target(source.url).url, ""}
    twin = Source.objects.filter(url__in=reached).exclude(pk=source.pk).first()
    if twin:
        words = f"{source.name} leads to the same as {twin.name}. Nothing is taken from it: it would all come twice."
        raise SameAs(words, move.fields, move.is_for_good(now))
