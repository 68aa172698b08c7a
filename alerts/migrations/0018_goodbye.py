"""A kind of message: the account is being deleted."""

from django.db import migrations, models

KINDS = [
    ("confirm", "confirm an alert"),
    ("already", "already subscribed"),
    ("sign_in", "sign in"),
    ("digest", "digest"),
    ("change", "a change, with undo"),
    ("correction", "correction note"),
    ("check_in", "check-in"),
    ("goodbye", "the account is being deleted"),
]


class Migration(migrations.Migration):
    dependencies = [("alerts", "0017_paused_until")]

    operations = [migrations.AlterField("message", "kind", models.CharField(choices=KINDS, max_length=10))]
