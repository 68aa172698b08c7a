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


class Frequency(models.TextChoices):
    AS_IT_HAPPENS = "as_it_happens", "as it happens"
    DAILY = "daily", "once a day"
    WEEKLY = "weekly", "once a week"
