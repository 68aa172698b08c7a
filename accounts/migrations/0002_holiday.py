"""A holiday has a first day, and says whether what comes meanwhile is told afterwards or left out."""

from django.db import migrations, models

BEGIN_THOSE_THAT_ARE_ON = """
UPDATE accounts_user SET paused_from = LEAST(CURRENT_DATE, paused_until - 1) WHERE paused_until IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            "user",
            "paused_from",
            models.DateField(blank=True, help_text="First day of a holiday, without emails", null=True),
        ),
        migrations.AddField(
            "user",
            "skips_pause",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="What comes during the holiday is left out, not told afterwards",
            ),
        ),
        migrations.AlterField(
            "user",
            "paused_until",
            models.DateField(blank=True, help_text="First day after it, with emails again", null=True),
        ),
        migrations.RunSQL(BEGIN_THOSE_THAT_ARE_ON, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(paused_from__isnull=True, paused_until__isnull=True)
                | models.Q(
                    paused_from__isnull=False, paused_until__isnull=False, paused_from__lt=models.F("paused_until")
                ),
                name="user_holiday_has_days",
            ),
        ),
    ]
