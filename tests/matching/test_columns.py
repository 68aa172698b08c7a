"""What stands in the columns of events is read once, and still nothing that is told of them is old."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.matching import columns
from alerts.matching.percolate import percolate_due
from alerts.matching.resident import Resident
from alerts.models import Event, Item
from tests.factories import NOW, make_event

pytestmark = pytest.mark.django_db


def read() -> tuple[dict[int, int], int]:
    """The number of each event, by its id, and how many questions that took."""
    with CaptureQueriesContext(connection) as asked:
        rows = columns.events([])
    return dict(zip(rows["id"].tolist(), rows["seq"].tolist(), strict=True)), len(asked)


def test_what_nobody_changes_any_more_is_read_once():
    numbered = make_event()
    percolate_due(NOW)
    waiting = make_event()
    unnumbered = {numbered.pk: 1, waiting.pk: columns.NO_SEQ}
    assert [read(), read()] == [(unnumbered, 2), (unnumbered, 2)]
    percolate_due(NOW)
    assert [read(), read()] == [({numbered.pk: 1, waiting.pk: 2}, asked) for asked in (2, 1)]


def test_what_is_hidden_or_released_meanwhile_counts_at_once():
    hidden, held = make_event(), make_event(released=False)
    percolate_due(NOW)
    assert set(read()[0]) == {hidden.pk}
    Item.objects.filter(pk=hidden.item_id).update(hidden_at=NOW)
    Event.objects.filter(pk=held.pk).update(released_at=NOW)
    assert set(read()[0]) == {held.pk}
    Item.objects.update(hidden_at=None)
    assert set(read()[0]) == {held.pk, hidden.pk}


ROW = np.dtype([("id", np.int64), ("value", np.int64)])


def rows(*ids: int) -> np.ndarray:
    return np.array([(number, 10 * number) for number in ids], ROW)


def test_rows_are_known_by_their_ids():
    resident = Resident(ROW, 4)
    resident.keep(rows(5, 2))
    resident.keep(rows(9, 5))
    known, others = resident.known(np.array([9, 1, 2, 12]))
    assert (known.tolist(), others.tolist()) == ([(9, 90), (2, 20)], [1, 12])


def test_only_so_many_rows_are_kept():
    resident = Resident(ROW, 3)
    resident.keep(rows(1, 2))
    resident.keep(rows(3, 4, 5, 6))
    assert resident.known(np.arange(1, 7))[1].tolist() == [1, 2, 3]
