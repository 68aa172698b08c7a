"""More of one word than anybody could read: one event copied to over 400 in each of thirteen weeks."""

from django.db import connection, models

from alerts.models import Event, Item

A_WEEK, WEEKS = 410, 13
COPY = "INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, %s) AS n WHERE id = %s"


def flood(event: Event) -> None:
    """Copy this event, which was percolated, to as many questions of their own with answers of their own."""
    own = {"uuid": "gen_random_uuid()", "external_key": "'flood' || n", "uin": "'F' || n"}
    _copy(Item, event.item_id, own)
    item = f"(SELECT id FROM alerts_item WHERE external_key = 'flood' || n AND source_id = {event.item.source_id:d})"
    _copy(Event, event.pk, {"item_id": item, "same_key": "n", "happened_on": f"happened_on - n %% {7 * WEEKS}"})


def _copy(model: type[models.Model], pk: int, changed: dict[str, str]) -> None:
    names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join(changed.get(name, f'"{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(COPY.format(table=model._meta.db_table, names=quoted, values=values), [A_WEEK * WEEKS, pk])
