"""The rows digests are made of: a week of answers, matched, and people with one to four alerts and 20 results each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random

from accounts.models import User
from alerts.matching.percolate import percolate_due
from alerts.models import Counter, Event, Hit, Schedule, Subscription, Topic
from alerts.models.choices import Frequency
from alerts.query import Document
from benchmarks._day_rows import NOW, copied, happen, settle, topics_of
from benchmarks._topics import Searches

RESULTS, MOST_ALERTS, WEEK = 20, 4, 7
TRIES = 10_000


def prepare(documents: Sequence[Document], people: int, topics: int, anew: float, seed: int) -> int:
    """Make all rows; returns how many topics are subscribed. `anew` is the share of alerts nobody had before."""
    copied(Topic, topics_of(Searches(documents, seed).distinct(topics), last=0))
    Counter.objects.update(topic_version=topics)
    happen(documents, released=False, days=WEEK)
    Event.objects.update(released_at=NOW, held_for="")
    while percolate_due(NOW).events:
        pass
    chosen = list(_chosen(_hits(), people, anew, Random(seed)))
    _subscribe(chosen)
    settle()
    return len({topic for alerts in chosen for topic in alerts})


def _hits() -> dict[int, frozenset[int]]:
    found = defaultdict(set)
    for topic, event in Hit.objects.values_list("topic", "event"):
        found[topic].add(event)
    return {topic: frozenset(events) for topic, events in found.items() if len(events) <= RESULTS}


def _chosen(hits: Mapping[int, frozenset[int]], people: int, anew: float, chance: Random) -> Iterator[tuple[int, ...]]:
    """Each person's topics, which together hit 20 events: topics nobody had before, or those of random earlier alerts.

    Of some sizes there are few topics: when all are had, people share them.
    """
    unused, had = defaultdict(list), defaultdict(list)
    for topic in sorted(hits):
        unused[len(hits[topic])].append(topic)
    for _ in range(people):
        for _ in range(TRIES):
            sizes = _sizes(chance)
            alerts = [_topic(unused[size], had[size], anew, chance) for size in sizes]
            if None not in alerts and len(frozenset().union(*map(hits.get, alerts))) == RESULTS:
                break
        else:
            raise SystemExit("too few topics for digests of 20 results: more --topics, or more --events")
        for size, topic in zip(sizes, alerts, strict=True):
            had[size].append(topic)
            if unused[size] and unused[size][-1] == topic:
                unused[size].pop()
        yield tuple(alerts)


def _sizes(chance: Random) -> list[int]:
    """How many results each of one to four alerts has."""
    cuts = sorted(chance.sample(range(1, RESULTS), chance.randrange(MOST_ALERTS)))
    return [end - start for start, end in zip([0, *cuts], [*cuts, RESULTS], strict=True)]


def _topic(unused: Sequence[int], had: Sequence[int], anew: float, chance: Random) -> int | None:
    if unused and (not had or chance.random() < anew):
        return unused[-1]
    return chance.choice(had) if had else None


def _subscribe(chosen: Sequence[Sequence[int]]) -> None:
    """People who heard of their alerts a week ago and are due now, the alerts by position."""
    known = dict(Topic.objects.values_list("pk", "canonical"))
    people = range(1, len(chosen) + 1)
    before = NOW - timedelta(days=WEEK)
    copied(User, ({"password": "!", "email": f"reader{n}@example.org", "joined_at": before} for n in people))
    weekly = {"frequency": Frequency.WEEKLY, "next_due_at": NOW, "last_sent_at": before}
    copied(Schedule, ({"user_id": person} | weekly for person in people))
    told = {"frequency": Frequency.WEEKLY, "told_through": 0, "last_told_at": before, "confirmed_at": before}
    copied(
        Subscription,
        (
            {"user_id": person, "topic_id": topic, "query": known[topic], "position": position} | told
            for person, alerts in zip(people, chosen, strict=True)
            for position, topic in enumerate(alerts)
        ),
    )
