"""The one row that puts everything in order."""

from django.db import models


class Counter(models.Model):
    """The last `seq` and the last topic version given; its row is the lock that makes them visible in commit order.

    `home` is the database it stands in, by what a restored copy does not share with it.
    """

    seq = models.BigIntegerField(default=0)
    topic_version = models.BigIntegerField(default=0)
    rung_through = models.BigIntegerField(default=0)
    home = models.CharField(max_length=80, default="", db_default="", blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="counter_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(rung_through__lte=models.F("seq")), name="counter_rings_the_past"
            ),
        ]

    def __str__(self) -> str:
        return f"seq {self.seq}"

    @classmethod
    def locked(cls) -> "Counter":
        """The row, locked to the end of the transaction; after the person's lock where both are taken."""
        return cls.objects.select_for_update().get(pk=1)

    @classmethod
    def current_seq(cls) -> int:
        """The last `seq` given, as far as it is committed."""
        return cls.objects.values_list("seq", flat=True).get(pk=1)

    def next_topic_version(self) -> int:
        """A new topic version; the lock on this row is the caller's."""
        self.topic_version += 1
        self.save(update_fields=["topic_version"])
        return self.topic_version
