"""Things a source published."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alerts.models.choices import House, Kind
from alerts.models.department import Department
from alerts.models.issue import Issue
from alerts.models.member import Member
from alerts.models.source import Source


class Item(models.Model):
    """One thing a source published, with one permanent identity there; holds the latest known values.

    A written question has `question` and `answer`, everything else `text`; all three are plain text with a line break
    at every paragraph border. `list_values` and `list_hash` are what the source's list last said; a change of the
    hash with a cut text sets `detail_due`. `due_kinds` are the developments seen in the list whose events wait for
    the complete text. `grouped_with` holds the `{"uin", "tabled"}` of the questions answered together with this one.
    `issue` is the issue of a newsletter it was first seen in, `position` its place there, from 1.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="items")
    issue = models.ForeignKey(Issue, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    external_key = models.CharField(max_length=80)
    url = models.URLField(max_length=1000, blank=True)
    uin = models.CharField(max_length=20, blank=True)
    house = models.CharField(max_length=7, choices=House.choices, blank=True)
    heading = models.CharField(max_length=500, blank=True)
    question = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    text = models.TextField(blank=True)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    asking_member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="asked")
    answering_member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="answered"
    )
    correcting_member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="corrected"
    )
    has_interest = models.BooleanField(default=False)
    is_named_day = models.BooleanField(default=False)
    tabled_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    holding_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    corrected_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, help_text="Advice of the source; never ordered by")
    state = models.CharField(max_length=9, choices=Kind.choices)
    grouped_with = models.JSONField(default=list, blank=True)
    attachments = models.JSONField(default=list, blank=True)

    list_values = models.JSONField(default=dict, blank=True)
    list_hash = models.CharField(max_length=64, blank=True)
    detail_due = models.BooleanField(default=False)
    detail_failures = models.PositiveSmallIntegerField(default=0)
    detail_failed_at = models.DateTimeField(null=True, blank=True, help_text="First of the failures in a row")
    detail_not_before = models.DateTimeField(null=True, blank=True)
    due_kinds = ArrayField(models.CharField(max_length=9, choices=Kind.choices), default=list, blank=True)
    due_baseline = models.BooleanField(default=False)
    seen_in_run = models.BigIntegerField(null=True, blank=True, help_text="The last poll run whose list held it")
    nights_missing = models.PositiveSmallIntegerField(default=0)

    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_key"], name="item_one_per_external_key")]
        indexes = [
            models.Index(fields=["tabled_on", "uin"], name="item_by_address"),
            models.Index(fields=["source", "detail_not_before"], condition=models.Q(detail_due=True), name="item_due"),
            models.Index(fields=["seen_in_run"], name="item_by_run"),
            models.Index(fields=["id"], condition=models.Q(hidden_at__isnull=False), name="item_hidden"),
            models.Index(fields=["id"], condition=~models.Q(grouped_with=[]), name="item_grouped"),
        ]

    def __str__(self) -> str:
        return f"{self.uin or self.external_key} {self.heading}".strip()


class Revision(models.Model):
    """One text of an item as it stood at a time; kept for each changed text, department or state."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=Kind.choices)
    heading = models.CharField(max_length=500, blank=True)
    question = models.TextField(blank=True)
    answer_html = models.TextField(blank=True, help_text="Sanitised")
    text_html = models.TextField(blank=True, help_text="Sanitised")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    cut = models.BooleanField(default=False, help_text="The complete text could not be had")

    class Meta:
        ordering = ["item", "number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="revision_numbered_once")]

    def __str__(self) -> str:
        return f"revision {self.number}"
