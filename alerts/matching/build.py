"""Building: the index is compiled anew when too much has come since, by one process that ends when it is done."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from django.conf import settings
from django.db import connection

from alerts.matching import attempts, snapshots
from alerts.matching.compiler import compiled
from alerts.matching.known import sampled, tree_of
from alerts.models import Snapshot, Topic
from alerts.query import Node

log = structlog.get_logger()

LOCK = 4_736_001
"""The advisory lock of whoever builds; any number that nobody else uses."""
COMMAND = "build_index"


def rebuild(now: datetime) -> bool:
    """Have a process build the index if it is time and nobody does yet; whether one was started.

    It is not waited for. Where it fails, or is killed, nothing is lost but time: a later round starts another, after a
    longer wait each time, and what began since the last snapshot is matched beside it meanwhile.
    """
    if not is_due() or not _is_for_us(now):
        return False
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), COMMAND]
    subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)
    return True


def build(now: datetime) -> Snapshot | None:
    """Compile all topics and store the snapshot; None where somebody else is at it, or there are none."""
    with _alone() as alone:
        if not alone:
            return None
        snapshot = _build(now)
        attempts.succeeded()
        return snapshot


def is_due() -> bool:
    """Whether so many topics began since the newest snapshot that workers have much to keep beside it."""
    snapshot = snapshots.newest() or Snapshot(version=0, topics=0)
    burden = snapshots.burden(snapshot.topics)
    return Topic.objects.matched().filter(version__gt=snapshot.version)[:burden].count() == burden


def _build(now: datetime) -> Snapshot | None:
    """All that began up to the newest topic; what begins, or begins anew, meanwhile is newer and not in it."""
    last = Topic.objects.matched().order_by("version").last()
    if last is None:
        return None
    snapshot = snapshots.store(compiled(_trees(last.version), sampled()), last, now)
    log.info("index built", topics=snapshot.topics, version=snapshot.version, size=snapshot.size)
    return snapshot


def _trees(version: int) -> Iterator[tuple[int, Node]]:
    begun = Topic.objects.matched().filter(version__lte=version).order_by("id")
    for topic in begun.only("canonical").iterator():
        if tree := tree_of(topic):
            yield topic.pk, tree


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        [alone] = cursor.fetchone()
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _is_for_us(now: datetime) -> bool:
    """Whether nobody builds, and it is time for another attempt here, which is noted."""
    with _alone() as alone:
        return alone and attempts.another(now)
