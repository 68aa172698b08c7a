"""Ring: whoever is told as it happens becomes due when one of their topics was hit.

Why nothing is missed, whoever else is at work and wherever a ring is killed. `seq` becomes visible in commit order,
together with the hits of its event; so everything up to the `seq` that is read first is there to be seen.

* A ring killed before its commit has moved neither a schedule nor the cursor. One that runs twice, or beside another,
  finds the people due already, and only one of them moves the cursor.
* A person being composed for is locked. The ring waits for that lock and then sets what compose has just emptied: a
  hit that came after compose had read the `seq` is told in the next email.
* An alert that begins to be told as it happens while a ring is under way (confirmed, resumed, undone, its frequency
  changed) is not seen by the ring; whoever does that wakes its person in the same transaction. It commits after the
  ring has read the `seq`, so compose then sees all the ring has gone through, and waits for the topic's past.
* Whom nothing rings for is looked at once a day all the same, by compose. That keeps `told_through` near to now, so
  that what an edit tells under new words is at most a day old; and it would find whatever a ring had overlooked.

Why there is no deadlock: people are locked in the order of their ids, the counter's row last, and nobody who holds
that row waits for a person. Whoever else locks several people leaves out those that are locked.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import DateTimeField, F, Q, Value
from django.db.models.functions import Greatest

from accounts.models import User
from alerts.failpoints import failpoint
from alerts.models import Counter, Schedule, Subscription
from alerts.models.choices import Frequency
from alerts.models.schedule import APART

MOST_EVENTS = 100
"""How many events are rung for in one transaction."""
ROUND_SECONDS = 30
"""After this no further transaction is begun, so that the task ends well within its limit."""


@dataclass(frozen=True)
class Rung:
    """How many people became due, and the `seq` up to which it was rung."""

    people: int = 0
    through: int = 0

    def __bool__(self) -> bool:
        return self.people > 0


class _Overtaken(Exception):
    """Somebody else has rung for these events; the transaction is given up."""


def ring(now: datetime) -> Rung:
    """Make due, for half a minute at most, whoever is told as it happens of what was numbered since the last ring."""
    people, ends = 0, time.monotonic() + ROUND_SECONDS
    while time.monotonic() < ends:
        counter = Counter.objects.get(pk=1)
        if counter.rung_through == counter.seq:
            break
        try:
            people += _ring_for(counter.rung_through, min(counter.seq, counter.rung_through + MOST_EVENTS), now)
        except _Overtaken:
            break
    return Rung(people, Counter.objects.get(pk=1).rung_through)


def wake(people: Iterable[int], now: datetime) -> int:
    """Have these people looked at as soon as 15 minutes have passed since their last email *as it happens*.

    Inside a transaction; each person is locked to its end. An earlier due time stays. Returns how many became due.
    """
    locked = User.objects.select_for_update().filter(pk__in=people).order_by("pk")
    due = Greatest(Value(now, output_field=DateTimeField()), F("last_sent_at") + APART)
    rung = Schedule.objects.filter(user__in=[person.pk for person in locked.only("pk")])
    later = Q(next_due_at=None) | Q(next_due_at__gt=due)
    return rung.filter(later, frequency=Frequency.AS_IT_HAPPENS).update(next_due_at=due)


def _ring_for(after: int, through: int, now: datetime) -> int:
    with transaction.atomic():
        people = wake(_hit(after, through), now)
        if not Counter.objects.filter(pk=1, rung_through=after).update(rung_through=through):
            raise _Overtaken
        failpoint("ring.rung")
    return people


def _hit(after: int, through: int) -> set[int]:
    """Who has a live alert *as it happens* on a topic that was hit by one of these events, of a kind they want."""
    hit = Subscription.objects.live().filter(
        frequency=Frequency.AS_IT_HAPPENS, topic__hits__event__seq__gt=after, topic__hits__event__seq__lte=through
    )
    found = hit.annotate(kinds_hit=ArrayAgg("topic__hits__event__kind", distinct=True)).order_by()
    return {one.user_id for one in found if not set(one.kinds).isdisjoint(one.kinds_hit)}
