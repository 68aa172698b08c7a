"""Matches."""

from django.db import models

from alerts.models.event import Event
from alerts.models.topic import Topic


class Hit(models.Model):
    """A topic's match with an event, once; per topic, not per person, with the event's `seq`."""

    # Both indexes below begin with the topic.
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="hits", db_index=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="hits")
    seq = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "event"], name="hit_once")]
        indexes = [models.Index(fields=["topic", "seq"], name="hit_by_topic_and_seq")]

    def __str__(self) -> str:
        return f"topic {self.topic_id} × event {self.event_id}"
