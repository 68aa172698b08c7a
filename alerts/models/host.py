"""Machines that sources share."""

from django.db import models


class Host(models.Model):
    """One registrable host, whatever its subdomains, and the pace at which all sources on it together are asked.

    `gap` is the time between two requests; it doubles when the host asks us to slow down. `next_at` is when the next
    request may begin.
    """

    name = models.CharField(max_length=255, unique=True)
    gap = models.DurationField()
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
