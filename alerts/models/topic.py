"""Saved searches in canonical form."""

from datetime import datetime

from django.db import models

from alerts.models.counter import Counter
from alerts.query import ANALYSIS_VERSION, Node, canonical, topic_key


class TopicQuerySet(models.QuerySet):
    def matched(self) -> "TopicQuerySet":
        """Topics that percolate matches: those with a version."""
        return self.filter(version__isnull=False)

    def unfilled(self) -> "TopicQuerySet":
        """Matched topics whose past is not completely searched yet, in the order they began."""
        return self.matched().filter(filled_at__isnull=True).order_by("version")

    def opened(self, tree: Node, now: datetime) -> "Topic":
        """The one topic of `tree`, matched from now on; made, revived or just found.

        Called inside the transaction that gives it its subscription, after the person's lock. It takes the counter's
        lock and holds it to the commit: so no event is numbered between this topic's version and its being seen by
        whoever numbers the next one, and `retire` cannot overlook the subscription.
        """
        counter = Counter.locked()
        topic = self.filter(key=topic_key(tree)).first() or Topic(key=topic_key(tree), made_at=now)
        if topic.version is None:
            topic.canonical, topic.analysis_version = canonical(tree), ANALYSIS_VERSION
            topic.begin(counter.next_topic_version())
        return topic


class Topic(models.Model):
    """A query in canonical form, shared by everybody who saved it.

    `version` is given under the counter's lock whenever the topic starts to be matched (made, revived, re-analysed);
    without one it is retired and not matched. The back-fill of its last 90 days goes through the event ids:
    `filled_to` is the last id done, `filled_at` when the end was reached; compose waits for that.
    """

    key = models.CharField(max_length=64, unique=True)
    canonical = models.TextField()
    analysis_version = models.PositiveSmallIntegerField()
    version = models.BigIntegerField(null=True, blank=True, unique=True)
    filled_to = models.BigIntegerField(default=0)
    filled_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version__isnull=True, retired_at__isnull=False)
                | models.Q(version__isnull=False, retired_at__isnull=True),
                name="topic_matched_or_retired",
            )
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(filled_at__isnull=True), name="topic_unfilled")]

    def __str__(self) -> str:
        return self.canonical

    def begin(self, version: int) -> None:
        """Be matched from `version` on, with the past still to be searched; the counter's lock is the caller's."""
        self.version, self.retired_at = version, None
        self.filled_to, self.filled_at = 0, None
        self.save()
