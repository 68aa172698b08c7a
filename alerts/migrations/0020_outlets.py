"""Addresses at which whoever has them reads an alert: pages to share, and feeds."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

CLOSED_STAYS_CLOSED = """
CREATE FUNCTION hark_outlet_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at THEN
        RAISE EXCEPTION 'outlet % is closed for good', OLD.id;
    END IF;
    IF (NEW.uuid, NEW.subscription_id, NEW.kind, NEW.opened_at)
        IS DISTINCT FROM (OLD.uuid, OLD.subscription_id, OLD.kind, OLD.opened_at) THEN
        RAISE EXCEPTION 'outlet %: its address leads to one alert for good', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outlet_stays_closed BEFORE UPDATE ON alerts_outlet
    FOR EACH ROW EXECUTE FUNCTION hark_outlet_stays_closed();
"""
UNDO = "DROP TRIGGER outlet_stays_closed ON alerts_outlet; DROP FUNCTION hark_outlet_stays_closed();"


class Migration(migrations.Migration):
    dependencies = [("alerts", "0019_steady_features")]

    operations = [
        migrations.CreateModel(
            name="Outlet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(choices=[("page", "page to share"), ("feed", "feed")], max_length=4)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outlets",
                        to="alerts.subscription",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("subscription", "kind"),
                        name="outlet_open_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(CLOSED_STAYS_CLOSED, UNDO),
    ]
