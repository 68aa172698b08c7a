"""Jobs that go through everything a little at a time."""

from django.db import models


class Walk(models.Model):
    """How far a job has come that looks at all rows of a table once a day, some in each tick.

    `place` is the last id that was looked at, empty once it is through.
    """

    name = models.CharField(max_length=20, unique=True)
    begun_at = models.DateTimeField()
    place = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {'through' if self.place is None else self.place}"
