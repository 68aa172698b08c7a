"""Lexemes name the part of a text they stand in, so those kept before are of no use: they are made anew bit by bit.

What an event keeps beside its few short columns is moved out of their way, so that thousands of rows are read at once.
"""

from django.db import migrations, models

EMPTY = "UPDATE alerts_event SET features = NULL WHERE features IS NOT NULL"
NARROW_ROWS = "ALTER TABLE alerts_event SET (toast_tuple_target = 128)"
WIDE_ROWS = "ALTER TABLE alerts_event RESET (toast_tuple_target)"


class Migration(migrations.Migration):
    dependencies = [("alerts", "0012_holds_and_keys")]

    operations = [
        migrations.RunSQL(NARROW_ROWS, WIDE_ROWS),
        migrations.AddField("event", "same_key", models.BigIntegerField(blank=True, editable=False, null=True)),
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.AddIndex(
            "item",
            models.Index(fields=["id"], condition=models.Q(("hidden_at__isnull", False)), name="item_hidden"),
        ),
        migrations.RemoveIndex("event", "event_by_day"),
        migrations.AddIndex("event", models.Index(fields=["happened_on", "kind"], name="event_by_day")),
    ]
