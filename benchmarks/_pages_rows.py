"""The rows behind the pages: a year of questions, newsletters, people with alerts, ninety days of hits, emails told.

Of each text there are several: what takes time, to find the features of a text and the topics it matches, is done for
one question in ten, and the database copies its rows to other days.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db import connection, transaction

from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.digests.rendering import render_waiting
from alerts.matching import hits
from alerts.matching.index import TopicIndex
from alerts.matching.kept import kept
from alerts.models import Counter, Event, Issue, Item, Schedule, Source, Topic
from alerts.models.choices import Frequency, Kind
from alerts.query import Document, parse
from benchmarks._day_rows import NOW, settle, subscribe
from benchmarks._preview_rows import ninety_days

COPIES, LATELY = 10, 3
"""Rows of each text, and how many of them are of the last ninety days."""
NEWSLETTER_ITEMS, OF_AN_ISSUE = 400, 8
TOLD = 50
"""People who are told what came in three days."""

_ITEM = """
    INSERT INTO alerts_item ({columns}) SELECT {values} FROM alerts_item
    WHERE external_key LIKE 'past-%' AND external_key NOT LIKE '%+%'
"""
_OWN = {
    "uuid": "gen_random_uuid()",
    "external_key": "external_key || '+{copy}'",
    "uin": "(uin::int + {copy} * 1000000)::text",
    "tabled_on": "tabled_on - {days}",
    "first_seen_at": "first_seen_at - {days} * interval '1 day'",
    "changed_at": "changed_at - {days} * interval '1 day'",
    "grouped_with": """(
        SELECT COALESCE(jsonb_agg(jsonb_build_object(
            'uin', ((one ->> 'uin')::int + {copy} * 1000000)::text, 'tabled', (one ->> 'tabled')::date - {days}
        )), '[]') FROM jsonb_array_elements(grouped_with) one
    )""",
}
_EVENT = """
    INSERT INTO alerts_event ({columns}) SELECT {values} FROM alerts_event event
    JOIN alerts_item old ON old.id = event.item_id JOIN alerts_item new
    ON new.source_id = old.source_id AND new.external_key = old.external_key || '+{copy}'
"""
_MONTH = "'@month:' || to_char(event.happened_on{shift}, 'YYYY-MM')"
_OF_COPY = {
    "item_id": "new.id",
    "happened_on": "event.happened_on - {days}",
    "first_seen_at": "event.first_seen_at - {days} * interval '1 day'",
    "released_at": "event.released_at - {days} * interval '1 day'",
    "seq": "0",
    "baseline": "true",
    "features": f"ts_delete(event.features, {_MONTH.format(shift='')})"
    f" || array_to_tsvector(ARRAY[{_MONTH.format(shift=' - {days}')}])",
}
_HITS = """
    INSERT INTO alerts_hit (topic_id, event_id, seq) SELECT hit.topic_id, copy.id, 0 FROM alerts_hit hit
    JOIN alerts_event event ON event.id = hit.event_id JOIN alerts_item old ON old.id = event.item_id
    JOIN alerts_item new ON new.source_id = old.source_id AND new.external_key = old.external_key || '+{copy}'
    JOIN alerts_event copy ON copy.item_id = new.id AND copy.kind = event.kind
"""
_REVISIONS = """
    INSERT INTO alerts_revision (item_id, number, at, state, heading, question, answer_html, text_html, department_id,
        content_hash, cut)
    SELECT id, 1, changed_at, state, heading, question, '<p>' || replace(replace(answer, '<', '&lt;'), chr(10),
        '</p><p>') || '</p>', '', department_id, id::text, false FROM alerts_item WHERE answer != ''
"""


def prepare(documents: Sequence[Document], items: int, subscriptions: int, seed: int) -> None:
    """Make all rows; the tables are empty."""
    texts = documents[: max(1, items // COPIES)]
    ninety_days(texts, seed)
    newsletters(documents[-NEWSLETTER_ITEMS:])
    _copy()
    _run(_REVISIONS)
    subscribe(documents, subscriptions, seed, told_through=_seq_of_days_ago(3))
    _run("UPDATE alerts_subscription SET query = canonical FROM alerts_topic topic WHERE topic.id = topic_id")
    _run("UPDATE accounts_user SET confirmed_at = joined_at, email_as_typed = email")
    _hit()
    _tell()
    settle()


def newsletters(documents: Sequence[Document]) -> None:
    """Issues of one newsletter, of a few items each, over ninety days."""
    feed = {"kind": Source.Kind.ISSUES, "name": "The Lamp Room", "url": "https://lamproom.example/feed"}
    source = Source.objects.create(**feed, next_poll_at=NOW, baseline_at=NOW, last_ok_at=NOW)
    numbers = range(0, len(documents), OF_AN_ISSUE)
    issues = Issue.objects.bulk_create(_issue(source, number) for number in numbers)
    items = Item.objects.bulk_create(_item(source, issues, *one) for one in enumerate(documents))
    seq = Counter.current_seq()
    events = [_published(item, seq + number) for number, item in enumerate(items, start=1)]
    Event.objects.bulk_create(events)
    Counter.objects.update(seq=seq + len(events), rung_through=seq + len(events))


def _issue(source: Source, number: int) -> Issue:
    seen = {"first_seen_at": NOW, "changed_at": NOW}
    return Issue(
        source=source, external_key=str(number), title=f"Issue {number}", rule="headings", confidence=1, **seen
    )


def _item(source: Source, issues: Sequence[Issue], number: int, document: Document) -> Item:
    seen = NOW - timedelta(days=number // OF_AN_ISSUE)
    zones = {zone.name: zone.text for zone in document.zones}
    return Item(
        source=source,
        issue=issues[number // OF_AN_ISSUE],
        position=number % OF_AN_ISSUE + 1,
        external_key=f"letter-{number}",
        url=f"https://lamproom.example/{number}",
        heading=zones.get("heading", "")[:500],
        text=zones.get("answer") or zones["question"],
        state=Kind.PUBLISHED,
        first_seen_at=seen,
        changed_at=seen,
    )


def _published(item: Item, seq: int) -> Event:
    seen = item.first_seen_at
    event = Event(item=item, kind=Kind.PUBLISHED, heading=item.heading, text=item.text, seq=seq)
    event.happened_on, event.first_seen_at, event.released_at = seen.date(), seen, seen
    for name, value in kept(event, event.document).items():
        setattr(event, name, value)
    return event


def _copy() -> None:
    """Every question to other days, known before we watched; the index is made once all are there."""
    index = next(index for index in Event._meta.indexes if index.name == "event_by_features")
    with connection.schema_editor() as editor:
        editor.remove_index(Event, index)
    for copy in range(1, COPIES):
        days = copy if copy < LATELY else 90 * (copy // LATELY) + copy % LATELY
        _run(_statement(_ITEM, Item, "", _OWN), copy=copy, days=days)
        _run(_statement(_EVENT, Event, "event.", _OF_COPY), copy=copy, days=days)
    with connection.schema_editor() as editor:
        editor.add_index(Event, index)
    settle()


def _statement(insert: str, model: type, table: str, own: dict[str, str]) -> str:
    """Into a model's table, from itself: a copy of each column but for those with a value of their own."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join(own.get(column, f"{table}{column}") for column in columns)
    return insert.replace("{columns}", ", ".join(columns)).replace("{values}", values)


def _run(statement: str, **values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**values) if values else statement)


def _hit() -> None:
    """The hits of ninety days: of the questions by the index of topics, of their copies by the database."""
    index = TopicIndex()
    for topic in Topic.objects.only("canonical"):
        index.add(topic.pk, parse(topic.canonical).tree)
    with transaction.atomic():
        hits.insert(_found(index))
        for copy in range(1, LATELY):
            _run(_HITS, copy=copy)


def _found(index: TopicIndex) -> Iterator[hits.Found]:
    for event in Event.objects.filter(baseline=False).readable().defer("features").iterator(chunk_size=1_000):
        yield hits.Found(event.pk, event.seq, index.matching(event.document))


def _seq_of_days_ago(days: int) -> int:
    """What the last answer before then was numbered."""
    before = Event.objects.filter(kind=Kind.ANSWERED, happened_on__lt=NOW.date() - timedelta(days=days))
    return before.order_by("-seq").values_list("seq", flat=True)[0]


def _tell() -> None:
    """Some people are sent what came in three days, as an email that they are told daily."""
    due = Schedule.objects.filter(frequency=Frequency.DAILY).order_by("id").values_list("user", flat=True)[:TOLD]
    Schedule.objects.filter(user__in=list(due)).update(next_due_at=NOW)
    compose_due(NOW)
    render_waiting(NOW)
    deliver(NOW)
