"""No two emails as it happens within a quarter of an hour, held by the database."""

import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0008_sign_up_hours")]

    operations = [
        migrations.AddConstraint(
            "schedule",
            models.CheckConstraint(
                condition=~models.Q(frequency="as_it_happens")
                | models.Q(next_due_at__isnull=True)
                | models.Q(last_sent_at__isnull=True)
                | models.Q(next_due_at__gte=models.F("last_sent_at") + datetime.timedelta(minutes=15)),
                name="schedule_as_it_happens_apart",
            ),
        ),
    ]
