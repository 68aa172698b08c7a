"""An alert may be paused until a day, and then goes on by itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0016_not_relevant")]

    operations = [
        migrations.AddField(
            "subscription",
            "paused_until",
            models.DateTimeField(blank=True, help_text="Goes on by itself then", null=True),
        ),
        migrations.AddConstraint(
            "subscription",
            models.CheckConstraint(
                condition=models.Q(paused_until__isnull=True) | models.Q(paused_at__lt=models.F("paused_until")),
                name="subscription_paused_until_later",
            ),
        ),
        migrations.AddIndex(
            "subscription",
            models.Index(
                condition=models.Q(paused_until__isnull=False),
                fields=["paused_until"],
                name="subscription_paused_until",
            ),
        ),
    ]
