"""What readers say was not for them."""

from django.db import models

from alerts.models.event import Event
from alerts.models.item import Item
from alerts.models.subscription import Subscription


class NotRelevant(models.Model):
    """A reader's word that an item was not relevant to an alert, said once for each; it changes nothing else.

    `query` are the alert's words as they were when the item was told, and `event` what was told of it.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="not_relevant")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="not_relevant")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    query = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "not relevant"
        constraints = [models.UniqueConstraint(fields=["subscription", "item"], name="not_relevant_said_once")]

    def __str__(self) -> str:
        return f"{self.item} for {self.query}"
