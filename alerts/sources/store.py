"""The one place that writes what a source said: each page and each detail in one transaction.

A crash leaves either all of a page or none of it; a second time nothing is made twice. Every store checks the lease
inside its transaction, so that a step that was overtaken stores nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, Prefetch, Q, QuerySet

from alerts.models import Event, Item, PollRun, Revision, Source
from alerts.models.choices import Kind
from alerts.sources import question_rows as rows
from alerts.sources.developments import development
from alerts.sources.lease import LeaseLost
from alerts.sources.people import People
from alerts.sources.question_json import Page
from alerts.sources.question_values import Question, tells_the_same
from alerts.sources.trouble import back_off

FAILURES = 5
FAILING = timedelta(hours=6)
LONGEST_WAIT = timedelta(hours=1)
NEVER_LISTED = {"id", "uuid", "source", "external_key", "published_at", "text", "attachments", "first_seen_at"} | {
    "hidden_at",
    "hidden_reason",
}
LISTED = [field.name for field in Item._meta.concrete_fields if field.name not in NEVER_LISTED]
FAILING_FIELDS = ["detail_failures", "detail_failed_at", "detail_not_before"]
DETAILED = ["question", "answer", "attachments", "state", "changed_at", "detail_due", "due_kinds", *FAILING_FIELDS]

LAST_REVISIONS = (
    Revision.objects.order_by("item_id", "-number").distinct("item_id").only("item_id", "number", "content_hash", "cut")
)


@dataclass(frozen=True, slots=True)
class Known:
    """The little of a stored item that tells whether a row of a list is news."""

    id: int
    list_hash: str
    nights_missing: int

    def is_told_anew_by(self, question: Question) -> bool:
        """Whether the row says anything that is not stored, or ends an absence."""
        return bool(self.nights_missing) or self.list_hash != question.list_hash


def due_items(source: Source, now: datetime) -> QuerySet[Item]:
    """The items whose detail may be asked for now, news first, then the latest of the past."""
    ready = Q(detail_not_before=None) | Q(detail_not_before__lte=now)
    return Item.objects.filter(ready, source=source, detail_due=True).order_by("due_baseline", "-tabled_on", "id")


@dataclass(frozen=True, slots=True)
class Stored:
    """What one store brought."""

    new: int = 0
    released: int = 0
    left_out: int = 0


class Store:
    """Writes for one source, under the lease whose token `source` carries."""

    def __init__(self, source: Source, people: People, now: datetime):
        self.source, self.people, self.now = source, people, now
        self._lease_is_ours = Exists(Source.objects.filter(pk=source.pk, claim_token=source.claim_token))

    def due(self, most: int) -> list[Item]:
        """The first of the items whose detail may be asked for now, as the verbs below take them."""
        revisions = Prefetch("revisions", LAST_REVISIONS, to_attr="last_revisions")
        return list(due_items(self.source, self.now).prefetch_related(revisions)[:most])

    def page(self, run: PollRun, page: Page) -> Stored:
        """Stores a list page and moves the run past it; raises LeaseLost, having stored nothing."""
        questions = {question.id: question for question in page.questions}
        known = self._known(questions)
        news = [q for q in questions.values() if q.id not in known or known[q.id].is_told_anew_by(q)]
        old = known.keys() - {question.id for question in news}
        return self._page(run, page, news, [known[id_].id for id_ in old])

    def history(self, run: PollRun, page: Page, is_live: Callable[[Question], bool]) -> Stored:
        """Stores of a page of the back-fill only questions never met before.

        Those that `is_live`, and all that happens to known ones, the polls bring, as news.
        """
        questions = {question.id: question for question in page.questions}
        known = self._known(questions)
        past = [q for q in questions.values() if q.id not in known and not is_live(q)]
        stored = self._page(run, page, past, [item.id for item in known.values()])
        return replace(stored, left_out=len(questions) - len(known) - len(past))

    def detail(self, item: Item, question: Question) -> Stored:
        """Stores the full text of a due item and releases what waited for it."""
        item.due_kinds = _without_withdrawn(item.due_kinds)
        answer_html = rows.fill_full_texts(item, question)
        return self._settle(item, answer_html)

    def gone(self, item: Item) -> Stored:
        """Notes that a detail is not there: withdrawn, if the lists have missed it twice; else a failure."""
        if Kind.WITHDRAWN not in item.due_kinds:
            return self.failed(item)
        waiting = _without_withdrawn(item.due_kinds)
        item.state, item.changed_at = Kind.WITHDRAWN, self.now
        item.due_kinds = [*waiting, Kind.WITHDRAWN]
        return self._settle(item, rows.text_html(item), cut=bool(waiting))

    def failed(self, item: Item) -> Stored:
        """Notes that a detail could not be read; after 5 failures over 6 hours its events go out on the cut text."""
        item.detail_failures += 1
        item.detail_failed_at = item.detail_failed_at or self.now
        if item.detail_failures >= FAILURES and self.now - item.detail_failed_at >= FAILING:
            item.due_kinds = _without_withdrawn(item.due_kinds)
            return self._settle(item, rows.text_html(item), cut=True)
        item.detail_not_before = self.now + back_off(item.detail_failures, LONGEST_WAIT)
        self._update(item, FAILING_FIELDS)
        return Stored()

    def partner(self, question: Question) -> None:
        """Stores a question that is known only because another was answered together with it.

        No list has shown it, so it makes no event, and is news still when a list does.
        """
        self.people.meet([question])
        item = rows.new_item(self.source, question, self.now)
        rows.fill(item, question, self.people, self.now)
        answer_html = rows.fill_full_texts(item, question)
        with transaction.atomic():
            self._check_lease()
            if not Item.objects.filter(source=self.source, external_key=item.external_key).exists():
                item.save()
                self._revise([(item, answer_html)], {})

    def _page(self, run: PollRun, page: Page, news: list[Question], old: list[int]) -> Stored:
        self.people.meet(news)
        with transaction.atomic():
            self._advance(run, page)
            stored = self._take(news, run)
            Item.objects.filter(pk__in=old).exclude(seen_in_run=run.pk).update(seen_in_run=run.pk)
        run.next_skip, run.total_results = run.next_skip + page.rows, page.total
        return stored

    def _take(self, news: list[Question], run: PollRun) -> Stored:
        """Upserts the items of these questions and releases the events of those whose text is complete."""
        met = {int(item.external_key): item for item in self._items(question.id for question in news)}
        new = [rows.new_item(self.source, question, self.now) for question in news if question.id not in met]
        met |= {int(item.external_key): item for item in new}
        early = [event for question in news for event in self._look(met[question.id], question, run)]
        complete = {question.id: _take_kinds(met[question.id]) for question in news if not question.is_cut}
        self._upsert(met.values())
        texts = [(met[id_], rows.text_html(met[id_])) for id_ in complete]
        latest = self._revise(texts, self._last_revisions(item for item, _ in texts))
        events = early + [
            rows.event_of(met[id_], kind, latest[met[id_].pk], self.now, self._is_past(met[id_], kind))
            for id_, kinds in complete.items()
            for kind in kinds
        ]
        self._tell(events, len(new))
        return Stored(len(new), len(events))

    def _look(self, item: Item, question: Question, run: PollRun) -> list[Event]:
        """Puts a row of a list into its item, with what has to be fetched and told; gives what is told beforehand."""
        item.source = self.source
        kind = development(rows.sight(item), question)
        has_new_text = not tells_the_same(item.list_hash, question.list_hash)
        early = self._before_news(item) if kind and not run.baseline else []
        rows.fill(item, question, self.people, self.now)
        rows.fill_list_texts(item, question)
        item.seen_in_run, item.nights_missing = run.pk, 0
        item.due_kinds = [one for one in _without_withdrawn(item.due_kinds) if one != kind] + ([kind] if kind else [])
        if kind:
            item.due_baseline = run.baseline
        if has_new_text:
            # A group's partners are read with its details, also where its own text is complete.
            item.detail_due = question.is_cut or bool(question.partners)
            item.detail_failures, item.detail_failed_at, item.detail_not_before = 0, None, None
        return early

    def _before_news(self, item: Item) -> list[Event]:
        """The baseline events that still wait for a text, released as they are so that the news does not join them."""
        if not item.due_baseline:
            return []
        kinds, item.due_kinds = _without_withdrawn(item.due_kinds), []
        events = [rows.event_of(item, kind, None, self.now, baseline=True) for kind in kinds]
        for event in events:
            event.cut = True
        return events

    def _settle(self, item: Item, answer_html: str, cut: bool = False) -> Stored:
        """Stores an item whose text will not become more complete and releases its events."""
        kinds = _take_kinds(item)
        item.source, item.detail_due = self.source, False
        item.detail_failures, item.detail_failed_at, item.detail_not_before = 0, None, None
        with transaction.atomic():
            self._update(item, DETAILED)
            last = {one.item_id: one for one in item.last_revisions}
            revision = self._revise([(item, answer_html)], last, cut)[item.pk]
            self._tell([rows.event_of(item, kind, revision, self.now, self._is_past(item, kind)) for kind in kinds])
        return Stored(released=len(kinds))

    def _is_past(self, item: Item, kind: str) -> bool:
        """Whether the event is baseline; nobody can know of a withdrawal before the first poll."""
        return item.due_baseline and kind != Kind.WITHDRAWN

    def _known(self, ids: Iterable[int]) -> dict[int, Known]:
        found = Item.objects.filter(source=self.source, external_key__in=[str(id_) for id_ in ids])
        fields = ("external_key", "id", "list_hash", "nights_missing")
        return {int(key): Known(*values) for key, *values in found.values_list(*fields)}

    def _items(self, ids: Iterable[int]) -> list[Item]:
        keys = [str(id_) for id_ in ids]
        return list(Item.objects.filter(source=self.source, external_key__in=keys)) if keys else []

    def _upsert(self, items: Iterable[Item]) -> None:
        Item.objects.bulk_create(
            items, update_conflicts=True, unique_fields=["source", "external_key"], update_fields=LISTED
        )

    def _last_revisions(self, items: Iterable[Item]) -> dict[int, Revision]:
        found = LAST_REVISIONS.filter(item__in=[item.pk for item in items])
        return {revision.item_id: revision for revision in found}

    def _revise(
        self, texts: list[tuple[Item, str]], last: dict[int, Revision], cut: bool = False
    ) -> dict[int, Revision]:
        """The latest revision of each item by the item's id; a new one where text, department or state changed."""
        new = []
        for item, answer_html in texts:
            before = last.get(item.pk)
            now = rows.revision_of(item, answer_html, before.number + 1 if before else 1, self.now, cut)
            if before is None or before.content_hash != now.content_hash:
                last[item.pk] = now
                new.append(now)
        Revision.objects.bulk_create(new)
        return last

    def _tell(self, events: list[Event], new: int = 0) -> None:
        Event.objects.bulk_create(events, ignore_conflicts=True)
        if new:
            Source.objects.filter(pk=self.source.pk).update(last_new_item_at=self.now)

    def _advance(self, run: PollRun, page: Page) -> None:
        ours = PollRun.objects.filter(self._lease_is_ours, pk=run.pk, next_skip=run.next_skip, finished_at=None)
        moved = ours.update(next_skip=F("next_skip") + page.rows, total_results=page.total)
        if not moved:
            raise LeaseLost

    def _check_lease(self) -> None:
        ours = Source.objects.filter(pk=self.source.pk, claim_token=self.source.claim_token)
        if not ours.select_for_update().exists():
            raise LeaseLost

    def _update(self, item: Item, fields: list[str]) -> None:
        """Stores a due item as changed here; who holds the lease is alone with it, and without the lease nothing is."""
        ours = Item.objects.filter(self._lease_is_ours, pk=item.pk, detail_due=True)
        if not ours.update(**{name: getattr(item, name) for name in fields}):
            raise LeaseLost


def _take_kinds(item: Item) -> list[str]:
    """The kinds that wait, which wait no longer."""
    kinds, item.due_kinds = item.due_kinds, []
    return kinds


def _without_withdrawn(kinds: list[str]) -> list[str]:
    """The kinds without the question whether it was withdrawn, which any sight answers."""
    return [kind for kind in kinds if kind != Kind.WITHDRAWN]
