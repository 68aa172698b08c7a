"""What hour, weekday and time zone somebody wished for when they asked for an alert."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0007_feed_health")]

    operations = [
        migrations.AddField("signup", "delivery_time", models.TimeField(blank=True, null=True)),
        migrations.AddField(
            "signup",
            "delivery_weekday",
            models.PositiveSmallIntegerField(blank=True, help_text="0 is Monday", null=True),
        ),
        migrations.AddField("signup", "timezone", models.CharField(blank=True, max_length=64)),
        migrations.AddConstraint(
            "signup",
            models.CheckConstraint(
                condition=models.Q(("delivery_weekday__isnull", True), ("delivery_weekday__lte", 6), _connector="OR"),
                name="sign_up_weekday_exists",
            ),
        ),
    ]
