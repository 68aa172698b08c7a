"""Words as written are kept beside stems; what was kept before lacks them, so nothing is known of those events."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0004_newsletters")]

    operations = [
        migrations.RemoveIndex("event", "event_by_stems"),
        migrations.RemoveIndex("event", "event_without_stems"),
        migrations.RunSQL("UPDATE alerts_event SET stems = NULL WHERE stems IS NOT NULL", migrations.RunSQL.noop),
        migrations.RenameField("event", "stems", "features"),
        migrations.AddIndex(
            "event", django.contrib.postgres.indexes.GinIndex(fields=["features"], name="event_by_features")
        ),
        migrations.AddIndex(
            "event",
            models.Index(condition=models.Q(("features__isnull", True)), fields=["id"], name="event_without_features"),
        ),
    ]
