"""One bounded round of polling: its time, and what it brought."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.sources.step import Summary


@dataclass
class Round:
    """A round that began at `now` and begins nothing more after `seconds`."""

    now: datetime
    seconds: float
    summary: Summary = field(default_factory=Summary)
    began: float = field(default_factory=time.monotonic)

    @property
    def until(self) -> float:
        """The monotonic second after which nothing more is begun."""
        return self.began + self.seconds

    @property
    def moment(self) -> datetime:
        """The time it is, while `now` stands still."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    @property
    def is_over(self) -> bool:
        """Whether its time is up."""
        return time.monotonic() >= self.until
