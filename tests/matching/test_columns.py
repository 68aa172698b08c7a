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


def test_what_nobody_has_changed_is_read_once():
    numbered = make_event()
    percolate_due(NOW)
    waiting = make_event()
    unnumbered = {numbered.pk: 1, waiting.pk: columns.NO_SEQ}
    assert [read(), read()] == [(unnumbered, asked) for asked in (2, 1)]
    percolate_due(NOW)
    assert [read(), read()] == [({numbered.pk: 1, waiting.pk: 2}, asked) for asked in (2, 1)]


def test_another_event_by_the_same_id_is_another_event():
    """As where the database was made anew, or a backup was restored, under a process that goes on."""
    first = make_event(kind="answered")
    assert columns.events([])["kind"].tolist() == [columns.KINDS.index("answered")]
    first.delete()
    make_event(kind="tabled", id=first.pk)
    assert columns.events([])["kind"].tolist() == [columns.KINDS.index("tabled")]


def test_what_is_hidden_or_released_meanwhile_counts_at_once():
    hidden, held = make_event(), make_event(released=False)
    percolate_due(NOW)
    assert set(read()[0]) == {hidden.pk}
    Item.objects.filter(pk=hidden.item_id).update(hidden_at=NOW)
    Event.objects.filter(pk=held.pk).update(released_at=NOW)
    assert set(read()[0]) == {held.pk}
    Item.objects.update(hidden_at=None)
    assert set(read()[0]) == {held.pk, hidden.pk}


ROW = np.dtype([("id", np.int64), ("version", np.int64)])


def rows(*ids: int, version: int = 1) -> np.ndarray:
    return np.array([(number, version) for number in ids], ROW)


def known(resident: Resident, *ids: int, version: int = 1) -> tuple[list, list]:
    kept, others = resident.known(np.array(ids), np.full(len(ids), version))
    return kept["id"].tolist(), others.tolist()


def test_rows_are_known_by_their_ids_and_versions():
    resident = Resident(ROW, 4)
    resident.keep(rows(5, 2))
    resident.keep(rows(9, 5))
    assert known(resident, 9, 1, 2, 12) == ([9, 2], [1, 12])
    assert known(resident, 9, 2, version=2) == ([], [9, 2])
    resident.keep(rows(2, version=2))
    assert known(resident, 9, 2, version=2) == ([2], [9])


def test_only_so_many_rows_are_kept():
    resident = Resident(ROW, 3)
    resident.keep(rows(1, 2))
    resident.keep(rows(3, 4, 5, 6))
    assert known(resident, 1, 2, 3, 4, 5, 6) == ([4, 5, 6], [1, 2, 3])
