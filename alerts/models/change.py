"""Who changed what, and why."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models


class Change(models.Model):
    """One line of the append-only log: who changed what, when, from what to what, why, and by which link.

    It names rows by id and never holds an address. A database trigger refuses updates and deletes.
    """

    class Actor(models.TextChoices):
        PERSON = "person"
        STAFF = "staff"
        PROVIDER = "provider"
        SYSTEM = "system"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=8, choices=Actor.choices)
    actor_id = models.BigIntegerField(null=True, blank=True)
    object_type = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    action = models.CharField(max_length=40)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    scope = models.CharField(max_length=20, blank=True, help_text="The kind of signed link it came by")

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id"], name="change_by_object")]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"
