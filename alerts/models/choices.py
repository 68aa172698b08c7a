"""The small closed lists that several rows share."""

from django.db import models


class House(models.TextChoices):
    COMMONS = "Commons"
    LORDS = "Lords"


class Kind(models.TextChoices):
    """What happened to an item; the first five are a question's, the last two everything else's."""

    TABLED = "tabled"
    HOLDING = "holding"
    ANSWERED = "answered"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"
    REVISED = "revised"


class Away(models.TextChoices):
    """Why emails that would have come did not, and so what a catch-up is after."""

    PAUSED = "paused", "the alert was paused"
    HOLIDAY = "holiday", "all alerts were paused for a holiday"
    SKIPPED = "skipped", "the same, and what came meanwhile was to be left out"
    STOPPED = "stopped", "it was stopped, and that was taken back"
    ADDRESS = "address", "its person's address could not be written to"


class Frequency(models.TextChoices):
    AS_IT_HAPPENS = "as_it_happens", "as it happens"
    DAILY = "daily", "once a day"
    WEEKLY = "weekly", "once a week"
