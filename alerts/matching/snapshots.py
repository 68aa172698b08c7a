"""Snapshots: the compiled index in the database, and this machine's copy of it, from which every worker maps it."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from alerts.matching.compiled import CompiledIndex
from alerts.matching.packing import LAYOUT, mapped, pack
from alerts.models import Snapshot, SnapshotPart, Topic
from alerts.query import ANALYSIS_VERSION

log = structlog.get_logger()

PART = 4_000_000
"""Bytes of a part."""
KEPT = 2
"""The newest, and the one before it, which somebody may be reading."""

UNFINISHED = ".part"
ABANDONED = 3_600
"""Seconds after which nobody writes a copy any more."""

FEWEST, SHARE = 1_000, 0.02
"""Topics beside the compiled ones, and the share of them, that begin to be too many."""


class Damaged(Exception):
    """What was read is not what the checksum was made of."""


def burden(topics: int) -> int:
    """How many topics beside so many compiled ones are too many."""
    return max(FEWEST, int(topics * SHARE))


def newest() -> Snapshot | None:
    """The newest snapshot that this program can read."""
    return _readable().last()


def newest_loaded() -> tuple[Snapshot, CompiledIndex] | tuple[None, None]:
    """The newest snapshot that can be mapped here, and its index."""
    for snapshot in _readable().reverse():
        if compiled := load(snapshot):
            return snapshot, compiled
    return None, None


def store(arrays: Mapping[str, np.ndarray], newest_topic: Topic, now: datetime) -> Snapshot:
    """Keep these arrays, of the topics up to `newest_topic`, for all machines; older snapshots go."""
    with tempfile.TemporaryFile() as file, transaction.atomic():
        pack(arrays, file)
        snapshot = Snapshot.objects.create(
            version=newest_topic.version,
            newest_id=newest_topic.pk,
            newest_key=newest_topic.key,
            topics=len(arrays["topics"]),
            analysis_version=ANALYSIS_VERSION,
            layout=LAYOUT,
            checksum=_checksum(file),
            size=file.tell(),
            made_at=now,
        )
        for number, content in enumerate(_parts(file)):
            SnapshotPart.objects.create(snapshot=snapshot, number=number, content=content)
        kept = Snapshot.objects.order_by("-id").values("id")[:KEPT]
        Snapshot.objects.exclude(id__in=list(kept.values_list("id", flat=True))).delete()
    return snapshot


def load(snapshot: Snapshot) -> CompiledIndex | None:
    """Its index, mapped from this machine's copy, which is fetched where it is missing or damaged.

    None, and an error in the log, where it cannot be had: whoever asks goes on without, slower.
    """
    try:
        return CompiledIndex(mapped(_copy(snapshot)))
    except (Damaged, OSError) as error:
        log.error("index cannot be mapped", snapshot=snapshot.pk, problem=f"{type(error).__name__}: {error}")
        return None


def _readable() -> QuerySet:
    return Snapshot.objects.filter(analysis_version=ANALYSIS_VERSION, layout=LAYOUT).order_by("id")


def _copy(snapshot: Snapshot) -> Path:
    path = settings.INDEX_FOLDER / f"{snapshot.checksum}.index"
    with suppress(FileNotFoundError), path.open("rb") as file:
        if _checksum(file) == snapshot.checksum:
            return path
        log.warning("copy of the index is damaged", path=str(path))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _fetch(snapshot, path)
    _tidy(path.parent)
    return path


def _fetch(snapshot: Snapshot, path: Path) -> None:
    """Write the copy beside its place and move it there, whole and proven."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=UNFINISHED, delete=False) as file:
        try:
            for content in snapshot.parts.order_by("number").values_list("content", flat=True).iterator(chunk_size=1):
                file.write(content)
            if _checksum(file) != snapshot.checksum:
                raise Damaged("the parts in the database do not make the file")
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def _tidy(folder: Path) -> None:
    """Remove all but the newest copies, which leaves them to who has them mapped, and what a kill left unfinished."""
    copies = sorted(folder.glob("*.index"), key=_changed_at, reverse=True)
    unfinished = [path for path in folder.glob(f"*{UNFINISHED}") if time.time() - _changed_at(path) > ABANDONED]
    for path in copies[KEPT:] + unfinished:
        path.unlink(missing_ok=True)


def _changed_at(path: Path) -> float:
    """In seconds of the epoch; 0 for one that somebody else removed meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0


def _checksum(file: BinaryIO) -> str:
    """Of the whole file, at whose end it then stands."""
    file.seek(0)
    return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()


def _parts(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while content := file.read(PART):
        yield content
