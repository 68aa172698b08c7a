"""The features of events that were numbered while only stems were kept; words as written are features too now.

Each batch is a transaction of its own. Whoever stops this begins again; a second time changes nothing.
"""

from django.db import migrations, transaction

from alerts.matching.lexemes import stored
from alerts.query import Document

MOST_EVENTS = 500
ZONES = ("heading", "question", "answer", "text")


def recompute(apps, schema_editor):
    numbered = apps.get_model("alerts", "Event").objects.filter(seq__isnull=False).order_by("id").only(*ZONES)
    last = 0
    while events := list(numbered.filter(id__gt=last)[:MOST_EVENTS]):
        with transaction.atomic():
            for event in events:
                _recompute(numbered, event)
        last = events[-1].id


def _recompute(numbered, event):
    document = Document.from_zones(**{zone: getattr(event, zone) for zone in ZONES})
    numbered.filter(pk=event.pk).update(features=stored(document))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("alerts", "0005_features")]

    operations = [migrations.RunPython(recompute, migrations.RunPython.noop)]
