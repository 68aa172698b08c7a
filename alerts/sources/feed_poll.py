"""Reading one feed: asked for when its host may be, made into values in a process of its own, stored at once."""

from datetime import datetime

from django.db import transaction

from alerts.models import Source
from alerts.sources import feed_items, feed_settle, hosts, issues, moves, takeover, trouble
from alerts.sources.feed_child import FeedReader
from alerts.sources.feed_errors import FeedError, TooCostly
from alerts.sources.feed_fetch import fetch, is_unchanged
from alerts.sources.feed_values import Feed
from alerts.sources.fetch_errors import FetchError
from alerts.sources.http import Response
from alerts.sources.moves import Move
from alerts.sources.publisher import Publisher
from alerts.sources.rounds import Round

PLANS = {Source.Kind.FEED: feed_items.plan, Source.Kind.ISSUES: issues.plan}


class Feeds:
    """Reads feeds during one round; the process that parses them lives as long as the round needs one."""

    def __init__(self) -> None:
        self._reader = FeedReader()

    def __enter__(self) -> "Feeds":
        return self

    def __exit__(self, *exc) -> None:
        self._reader.close()

    def read(self, source: Source, round: Round) -> datetime | None:
        """Reads a feed to its end, or gives when its host may be asked; raises Trouble and LeaseLost."""
        try:
            turn = hosts.reserve(source.url, round.moment)
        except FetchError as error:
            raise trouble.no_answer(source.name, error) from error
        if turn:
            return turn
        round.summary.feeds += 1
        response = fetch(source, round.now)
        move = moves.seen(source, response, round.now)
        moves.check_twin(source, response, move, round.now)
        if is_unchanged(source, response):
            feed_settle.unchanged(source, response, move, round.now)
        else:
            store(source, response, self._parsed(source, response), move, round)
        return None

    def _parsed(self, source: Source, response: Response) -> Feed:
        try:
            return self._reader.read(response)
        except TooCostly as error:
            raise trouble.TooCostly(f"{source.name} sent {error}. {trouble.REASSURANCE}") from error
        except FeedError as error:
            raise trouble.bad_body(source.name, error) from error


def store(source: Source, response: Response, feed: Feed, move: Move, round: Round) -> None:
    """Stores what the feed says, all of it or nothing, and what spares us the next reading with it."""
    plan = PLANS[source.kind](source, feed, round.now)
    publisher = Publisher(source, round.now)
    with transaction.atomic():
        publisher.locked()
        if takeover.looks_taken_over(source, feed, len(plan.known)):
            takeover.put_under_review(publisher, feed)
        plan.write(publisher)
        words = feed_settle.stored(source, response, feed, move, publisher.stored.new > 0, round.now)
    round.summary.add(publisher.stored)
    round.summary.troubles += [words] if words else []
