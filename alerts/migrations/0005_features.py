from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("alerts", "0004_newsletters")]

    operations = [
        migrations.RenameField("event", "stems", "features"),
        migrations.RenameIndex("event", new_name="event_by_features", old_name="event_by_stems"),
        migrations.RenameIndex("event", new_name="event_without_features", old_name="event_without_stems"),
    ]
