"""The topics this worker knows: its index, and how it is kept up with the rows."""

import gc
import threading

import structlog
from django.db import connection

from alerts.matching import snapshots
from alerts.matching.commonness import Commonness
from alerts.matching.compiled import CompiledIndex
from alerts.matching.features import of_names
from alerts.matching.index import TopicIndex
from alerts.matching.kept import plain_counts
from alerts.models import Event, Snapshot, Topic
from alerts.query import Node, QueryError, parse
from alerts.query.document import ZONES

log = structlog.get_logger()

SAMPLE = 1_000
_FEATURES = f"SELECT features FROM alerts_event WHERE features IS NOT NULL ORDER BY id DESC LIMIT {SAMPLE}"

_here = threading.local()


class KnownTopics:
    """An index of topics, and the version up to which it holds them all.

    It may be as old as it likes: whoever numbers an event asks for the topics that began after `version` under the
    counter's lock, under which alone topics begin. A topic retired meanwhile is matched in vain. It begins with the
    newest snapshot that can be mapped; what came since is beside it, until that is too much and there is a newer one.
    Where none can be mapped all topics are beside it, which is slower and finds the same.
    """

    def __init__(self):
        self._tried = snapshots.newest()
        self._begin(*snapshots.newest_loaded())

    def _begin(self, snapshot: Snapshot | None, compiled: CompiledIndex | None) -> None:
        self._snapshot = snapshot
        self.index = TopicIndex(sampled(), compiled)
        self._newest = _newest_of(snapshot) if snapshot else Topic(version=0)

    @property
    def version(self) -> int:
        """The version of the newest topic in the index."""
        return self._newest.version

    def refresh(self) -> None:
        """Take in the topics that began to be matched since the last time."""
        self._newest = _take_in(self.index, self.version) or self._newest

    def newer(self) -> TopicIndex:
        """Only the topics that began after this index; it stays as it is."""
        index = TopicIndex()
        _take_in(index, self.version)
        return index

    def renew(self) -> bool:
        """Begin anew with a newer snapshot where too much is beside this one; whether it did.

        A snapshot that cannot be mapped is tried once, and what is known stays until there is another.
        """
        if self.index.added < snapshots.burden(self._snapshot.topics if self._snapshot else 0):
            return False
        newest = snapshots.newest()
        if newest in (None, self._tried):
            return False
        self._tried = newest
        if compiled := snapshots.load(newest):
            self._begin(newest, compiled)
        return compiled is not None

    def is_of_this_database(self) -> bool:
        """False where the newest known topic never was or is younger: a backup was restored under this worker."""
        known = Topic.objects.filter(pk=self._newest.pk, key=self._newest.key).exclude(version__lt=self.version)
        return self.version == 0 or known.exists()


def known_topics() -> KnownTopics:
    """What this thread knows, up to date as far as is committed; loaded whole the first time only."""
    known = getattr(_here, "topics", None)
    anew = known is None or not known.is_of_this_database()
    if anew:
        _here.topics = known = KnownTopics()
    loaded = anew or known.renew()
    known.refresh()
    if loaded:
        _settle()
    return known


def _settle() -> None:
    """Let go of what was known before, and keep the collector from walking through what is known now."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _newest_of(snapshot: Snapshot) -> Topic:
    return Topic(pk=snapshot.newest_id, key=snapshot.newest_key, version=snapshot.version)


def _take_in(index: TopicIndex, version: int) -> Topic | None:
    """Add the topics that began after `version`; returns the newest of them."""
    newest = None
    begun = Topic.objects.matched().filter(version__gt=version).order_by("version")
    for newest in begun.only("key", "canonical", "version").iterator():
        if tree := tree_of(newest):
            index.add(newest.pk, tree)
    return newest


def tree_of(topic: Topic) -> Node | None:
    """What the topic asks for; None, and an error in the log, where its canonical text cannot be read any more."""
    try:
        return parse(topic.canonical).tree
    except QueryError as error:
        log.error("topic cannot be read", topic=topic.pk, position=error.position, problem=error.message)
        return None


def sampled() -> Commonness:
    """By the last thousand events that were percolated: the features of their texts as stored, and of their names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, ndoc FROM ts_stat(%s)", [_FEATURES])
        counts = plain_counts(cursor.fetchall())
    events = Event.objects.filter(features__isnull=False).order_by("-id").readable()
    for event in events.defer(*ZONES)[:SAMPLE]:
        counts.update(set(of_names(event.about)))
    return Commonness(counts)
