"""What a catch-up has to say about itself; a name for each change, so that a link can take it back."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models

AWAY = [
    ("paused", "the alert was paused"),
    ("holiday", "all alerts were paused for a holiday"),
    ("skipped", "the same, and what came meanwhile was to be left out"),
    ("stopped", "it was stopped, and that was taken back"),
    ("address", "its person's address could not be written to"),
]

WHEN_LAST_TOLD = """
UPDATE alerts_subscription SET last_told_at = told.at
FROM (
    SELECT section.subscription_id, max(digest.made_at) AS at
    FROM alerts_section section JOIN alerts_digest digest ON digest.id = section.digest_id GROUP BY 1
) told
WHERE told.subscription_id = alerts_subscription.id;
"""

# Who is told as it happens is looked at once a day from now on: those that nothing rang for, today.
LOOK_AT_THE_QUIET = """
UPDATE alerts_schedule SET next_due_at = GREATEST(now(), last_sent_at + interval '15 minutes')
WHERE frequency = 'as_it_happens' AND next_due_at IS NULL;
"""


def away_for() -> models.CharField:
    return models.CharField(blank=True, choices=AWAY, db_default="", default="", max_length=7)


class Migration(migrations.Migration):
    dependencies = [("alerts", "0010_snapshots"), ("accounts", "0002_holiday")]

    operations = [
        migrations.AddField(
            "change",
            "uuid",
            models.UUIDField(db_default=RandomUUID(), default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField("digest", "due_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("section", "first", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("section", "away_since", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("section", "away_for", away_for()),
        migrations.AddField("section", "left_behind", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "subscription",
            "last_told_at",
            models.DateTimeField(blank=True, help_text="When its last section was made", null=True),
        ),
        migrations.AddField("subscription", "away_since", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("subscription", "away_for", away_for()),
        migrations.AddConstraint(
            "subscription",
            models.CheckConstraint(
                condition=models.Q(away_since__isnull=True, away_for="")
                | (models.Q(away_since__isnull=False) & ~models.Q(away_for="")),
                name="subscription_away_for_a_reason",
            ),
        ),
        migrations.AlterField(
            "schedule",
            "next_due_at",
            models.DateTimeField(blank=True, help_text="Empty: as it happens, and no alert is on", null=True),
        ),
        migrations.RunSQL(WHEN_LAST_TOLD, migrations.RunSQL.noop),
        migrations.RunSQL(LOOK_AT_THE_QUIET, migrations.RunSQL.noop),
    ]
