"""Feeds that changed hands: a lapsed domain may carry somebody else's advertisements under the old address."""

import structlog

from alerts.models import Source
from alerts.sources.changes import note
from alerts.sources.feed_values import Feed
from alerts.sources.publisher import Publisher

FEWEST = 10

log = structlog.get_logger()


def looks_taken_over(source: Source, feed: Feed, known: int) -> bool:
    """Whether a feed of ten entries or more has another title than before and not one entry that was there before."""
    is_renamed = bool(source.feed_title and feed.title) and source.feed_title != feed.title
    return source.baseline_at is not None and is_renamed and len(feed.entries) >= FEWEST and known == 0


def put_under_review(publisher: Publisher, feed: Feed) -> None:
    """From now on everything waits for a moderator, and the source says why; in the publisher's transaction."""
    source, now = publisher.source, publisher.now
    notice = (
        f"It may be in other hands: it was called “{source.feed_title:.60}”, is now called “{feed.title:.60}”, and "
        f"shows nothing that was there before. What it brings waits for a moderator."
    )
    before, source.review = source.review, Source.Review.REVIEW
    Source.objects.filter(pk=source.pk).update(review=source.review, notice=notice)
    note(source, "put under review", now, notice, before={"review": before}, after={"review": source.review})
    log.error("source_taken_over", source=source.name, url=source.url, notice=notice)
