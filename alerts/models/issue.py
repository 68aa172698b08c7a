"""Issues of newsletters."""

from django.db import models

from alerts.models.source import Source


class Issue(models.Model):
    """One issue of a newsletter as its source shows it, from which items are split.

    `external_key` is that of the post; a publisher may put another issue into the same post, so an item belongs to
    the issue it was first seen in and is known again by its content alone. `rule` says how it was split, `confidence`
    (0 to 1) how sure that is; `body_html` is the whole sanitised text, for whoever checks the split.
    """

    class Rule(models.TextChoices):
        NUMBERED_HEADINGS = "numbered_headings", "headings with a number"
        HEADINGS = "headings", "headings of one level"
        NUMBERED_BOLD = "numbered_bold", "bold paragraphs with a number"
        NUMBERED_LINES = "numbered_lines", "short paragraphs with a number"
        BLOCKS = "blocks", "text blocks of the mailing program"
        WHOLE = "whole", "not split"

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="issues")
    external_key = models.CharField(max_length=80)
    url = models.URLField(max_length=1000, blank=True)
    title = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, help_text="Advice of the source; never ordered by")
    body_html = models.TextField(blank=True, help_text="Sanitised")
    body_hash = models.CharField(max_length=64)
    rule = models.CharField(max_length=17, choices=Rule.choices)
    confidence = models.FloatField()
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_key"], name="issue_one_per_external_key"),
            models.CheckConstraint(
                condition=models.Q(confidence__gte=0, confidence__lte=1), name="issue_confidence_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.external_key
