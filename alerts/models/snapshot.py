"""The compiled index as all machines share it."""

from django.db import models


class Snapshot(models.Model):
    """An index of every topic that was matched up to `version`, as a file of `size` bytes with this checksum.

    It holds for one analysis and one layout of the file. `newest_id` and `newest_key` are those of the topic with
    that version: by them a worker notices that it holds the index of another database. Never changed, only replaced.
    """

    version = models.BigIntegerField()
    newest_id = models.BigIntegerField()
    newest_key = models.CharField(max_length=64)
    topics = models.PositiveIntegerField()
    analysis_version = models.PositiveSmallIntegerField()
    layout = models.PositiveSmallIntegerField()
    checksum = models.CharField(max_length=64)
    size = models.BigIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.topics} topics up to version {self.version}"


class SnapshotPart(models.Model):
    """A part of the file, a few megabytes of it; they are numbered from 0."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "number"], name="snapshot_part_once")]

    def __str__(self) -> str:
        return f"part {self.number} of snapshot {self.snapshot_id}"
