"""The second half of a poll: the full text of every item whose list text is cut, one fetch and one store each."""

from collections.abc import Callable
from datetime import date

from alerts.models import Item
from alerts.models.choices import Kind
from alerts.sources.developments import is_behind
from alerts.sources.question_values import Partner
from alerts.sources.store import Store, Stored
from alerts.sources.trouble import Away, SlowDown, Trouble
from alerts.sources.written_questions import Api

BATCH = 50
MOST_IN_A_ROW = 3


class Details:
    """Reads due details until there are none, time is up, or the source is in trouble."""

    def __init__(self, api: Api, store: Store, has_time: Callable[[], bool]):
        self._api, self._store, self._has_time = api, store, has_time
        self._in_a_row = 0
        self.read_so_far = self.released = 0

    def read(self) -> None:
        """Reads and stores one detail after the other; raises Trouble, with all before it stored."""
        while items := self._store.due(BATCH):
            for item in items:
                if not self._has_time():
                    return
                self.released += self._read_one(item).released
                self.read_so_far += 1

    def _read_one(self, item: Item) -> Stored:
        try:
            question = self._api.detail(item.external_key)
        except SlowDown:
            raise
        except Trouble as trouble:
            return self._failed(item, trouble)
        self._in_a_row = 0
        if question is None or question.is_withdrawn:
            return self._store.gone(item)
        if Kind.WITHDRAWN not in item.due_kinds and is_behind(question, item.state):
            return self._store.failed(item)
        self._read_partners(item)
        return self._store.detail(item, question)

    def _failed(self, item: Item, trouble: Trouble) -> Stored:
        """One detail may fail alone; several in a row, or no answer at all, is the source's trouble."""
        stored = self._store.failed(item)
        self._in_a_row += 1
        if isinstance(trouble, Away) or self._in_a_row >= MOST_IN_A_ROW:
            raise trouble
        return stored

    def _read_partners(self, item: Item) -> None:
        """Reads the questions answered together with this one that no list has shown us."""
        for partner in unknown_partners(item):
            try:
                question = self._api.partner(partner)
            except (SlowDown, Away):
                raise
            except Trouble:
                continue
            if question is not None:
                self._store.partner(question)


def unknown_partners(item: Item) -> list[Partner]:
    """The partners of the item's group of which there is no item; found by day and UIN, as a UIN alone is ambiguous."""
    partners = [Partner(one["uin"], date.fromisoformat(one["tabled"])) for one in item.grouped_with]
    if not partners:
        return []
    same = Item.objects.filter(source_id=item.source_id, uin__in=[partner.uin for partner in partners])
    known = set(same.values_list("uin", "tabled_on"))
    return [partner for partner in partners if (partner.uin, partner.tabled_on) not in known]
