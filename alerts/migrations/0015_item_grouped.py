"""The few items that have partners are found among all others without looking at each."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0014_lean_indexes")]

    operations = [
        migrations.AddIndex(
            "item",
            models.Index(condition=models.Q(("grouped_with", []), _negated=True), fields=["id"], name="item_grouped"),
        ),
    ]
