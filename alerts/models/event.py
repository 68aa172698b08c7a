"""Developments of items: what saved searches are matched against."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from alerts.models.about import about
from alerts.models.choices import House, Kind
from alerts.models.department import Department
from alerts.models.item import Item, Revision
from alerts.models.member import Member
from alerts.query import About, Document

_AROUND = (
    *("item__source__name", "department__name", "answering_member__name"),
    *("asking_member__name", "asking_member__party", "asking_member__party_abbreviation"),
)
"""What is read of the rows around an event."""


class EventQuerySet(models.QuerySet):
    def unpercolated(self) -> "EventQuerySet":
        """Released events that no percolate has numbered yet, oldest first."""
        return self.filter(seq__isnull=True, released_at__isnull=False).order_by("id")

    def waiting(self) -> "EventQuerySet":
        """Events that wait for a moderator: neither released nor rejected, oldest first."""
        return self.filter(released_at__isnull=True, rejected_at__isnull=True).order_by("first_seen_at", "id")

    def readable(self) -> "EventQuerySet":
        """With all that `document` and `about` read, in two queries however many events there are."""
        own = [field.name for field in self.model._meta.concrete_fields if field.name != "features"]
        related = self.select_related("item__source", "department", "asking_member", "answering_member")
        return related.only(*own, *_AROUND).prefetch_related("department__names")


class Event(models.Model):
    """One development of an item, with its own frozen text, never changed once released.

    `seq` is given in the transaction that inserts the event's hits, under the counter's lock, so it becomes visible
    in commit order. A baseline event gets `seq` 0, below every `told_through`: counted, never told. With it come its
    `features`, by which the past is searched, and `same_key`, which equal answers and equal texts share (0 where there
    is nothing to compare); both are made anew where a migration emptied them. `version` is ''
    for tabled, answered, withdrawn and published, the source's own date for holding and corrected (a text edited
    between two readings is no second development), a content hash for revised, and `again-N` where a retraction was
    taken back. `happened_on` is the day a reader is shown. `cut`: released on the cut text. `held_for` is why it
    waits, or waited, for a moderator, who releases or rejects it.
    Database triggers hold the freezing.
    """

    class Held(models.TextChoices):
        REVIEW = "review", "its source is under review"
        BURST = "burst", "one of many old items that came at once"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    version = models.CharField(max_length=64, blank=True)
    revision = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="events")
    heading = models.CharField(max_length=500, blank=True)
    question = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    text = models.TextField(blank=True)
    house = models.CharField(max_length=7, choices=House.choices, blank=True)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    asking_member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answering_member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    happened_on = models.DateField()
    first_seen_at = models.DateTimeField()
    days_late = models.IntegerField(default=0, help_text="Days from its date to when we first saw it")
    cut = models.BooleanField(default=False)
    baseline = models.BooleanField(default=False)
    held_for = models.CharField(max_length=6, choices=Held.choices, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    rejected_at = models.DateTimeField(null=True, blank=True)
    seq = models.BigIntegerField(null=True, blank=True)
    features = SearchVectorField(null=True, blank=True, editable=False)
    same_key = models.BigIntegerField(null=True, blank=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "kind", "version"], name="event_happens_once"),
            models.UniqueConstraint(fields=["seq"], condition=models.Q(seq__gt=0), name="event_seq_once"),
            models.CheckConstraint(
                condition=models.Q(seq__isnull=True) | models.Q(released_at__isnull=False),
                name="event_released_before_seq",
            ),
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=False) | ~models.Q(held_for=""),
                name="event_waits_for_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True) | models.Q(rejected_at__isnull=True),
                name="event_released_or_rejected",
            ),
            models.CheckConstraint(
                condition=models.Q(seq__isnull=True)
                | models.Q(baseline=True, seq=0)
                | models.Q(baseline=False, seq__gt=0),
                name="event_baseline_is_seq_0",
            ),
        ]
        indexes = [
            models.Index(
                fields=["first_seen_at", "id"],
                condition=models.Q(released_at__isnull=True, rejected_at__isnull=True),
                name="event_waiting",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(seq__isnull=True, released_at__isnull=False),
                name="event_unpercolated",
            ),
            models.Index(fields=["happened_on", "kind"], name="event_by_day"),
            # Without a pending list: while one is put away, a search may find an event by what is not in it.
            GinIndex(fields=["features"], name="event_by_features", fastupdate=False),
            models.Index(fields=["id"], condition=models.Q(features__isnull=True), name="event_without_features"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_on}"

    @property
    def document(self) -> Document:
        """The event as the language sees it: what queries are held against and highlighted in."""
        zones = {"heading": self.heading, "question": self.question, "answer": self.answer, "text": self.text}
        return Document.from_zones(**zones, about=self.about)

    @property
    def about(self) -> About:
        """What is known of the event besides its text: names as they are now, the rest as it was released."""
        return about(self, self.item.source, self.kind)
