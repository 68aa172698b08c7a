"""The compiled index is shared through the database, and mapped by each worker from its machine's copy."""

import os
import resource
import subprocess
import sys
import weakref
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from alerts.matching import attempts, known, snapshots
from alerts.matching import build as building
from alerts.matching.build import build, is_due, rebuild
from alerts.matching.known import KnownTopics
from alerts.matching.percolate import percolate
from alerts.matching.retire import retire
from alerts.models import Counter, Event, Hit, Snapshot, SnapshotPart, Topic
from alerts.query import Document, parse
from tests.factories import NOW, make_event, make_topic
from tests.workers import PATIENCE, somebody_waits_for_a_lock, wait_until

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
FOGHORNS = Document.from_zones(heading="Foghorns")
WORK = """
import sys, django
django.setup()
from alerts.matching.known import known_topics
from alerts.matching.percolate import percolate
from alerts.models import Event
known = known_topics()
print(known.version, known.index.added, flush=True)
sys.stdin.readline()
print(percolate(Event.objects.filter(pk=int(sys.argv[1]))), flush=True)
"""


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, monkeypatch):
    """This machine's copies; nobody in the test knows any topics yet."""
    settings.INDEX_FOLDER = tmp_path / "index"
    monkeypatch.setattr(known, "_here", type(known._here)())
    return settings.INDEX_FOLDER


def found(document: Document = FOGHORNS) -> set[Topic]:
    """What a worker that starts now finds."""
    topics = KnownTopics()
    topics.refresh()
    return set(Topic.objects.filter(id__in=topics.index.matching(document)))


@pytest.fixture
def few(monkeypatch):
    """Two topics beside a snapshot are too many."""
    monkeypatch.setattr(snapshots, "FEWEST", 2)


def build_of(*typed: str, damaged: bool = False) -> None:
    """A snapshot with these topics more; or one whose parts do not make the file."""
    for words in typed:
        make_topic(words)
    snapshot = build(NOW)
    if damaged:
        snapshot.parts.update(content=b"not what it was")


def ids(*typed: str) -> set[int]:
    return {make_topic(words).id for words in typed}


@contextmanager
def files_no_larger_than(size: int):
    """As on a disk that is full, writing fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def lock_table(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {model._meta.db_table} IN EXCLUSIVE MODE")


def builder(environment: dict[str, str]) -> subprocess.Popen:
    command = [sys.executable, "manage.py", building.COMMAND]
    return subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)


def test_a_worker_maps_what_was_built_and_keeps_only_what_came_since_beside_it(folder):
    foghorns, _ = make_topic("foghorns"), make_topic("sirens")
    snapshot = build(NOW)
    later = make_topic("foghorns -sirens")
    topics = KnownTopics()
    topics.refresh()
    assert (snapshot.topics, topics.index.added) == (2, 1)
    assert topics.index.matching(FOGHORNS) == {foghorns.id, later.id}
    assert [path.name for path in folder.iterdir()] == [f"{snapshot.checksum}.index"]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_every_kind_of_query_comes_back_from_a_snapshot():
    typed = ('"loud foghorns"', "fogh*", "=Foghorns", "heading:foghorns", "foghorns NEAR/3 sound", "foghorns -sirens")
    topics = {make_topic(words) for words in typed}
    document = Document.from_zones(heading="Foghorns", text="The sound of loud foghorns")
    alone = found(document)
    build(NOW)
    assert found(document) == alone == topics


def test_a_snapshot_larger_than_a_part_is_put_together_again(monkeypatch):
    topic = make_topic("foghorns")
    monkeypatch.setattr(snapshots, "PART", 1_000)
    assert build(NOW).parts.count() > 3
    assert found() == {topic}


@pytest.mark.parametrize("damage", [b"", b"something else", None])
def test_a_copy_that_is_damaged_or_gone_is_fetched_again(folder, damage, caplog):
    topic = make_topic("foghorns")
    build(NOW)
    found()
    [path] = folder.iterdir()
    whole = path.read_bytes()
    path.unlink()
    if damage is not None:
        path.write_bytes(damage or whole[:-1] + bytes([whole[-1] ^ 1]))
    assert found() == {topic}
    assert path.read_bytes() == whole
    assert ("damaged" in caplog.text) == (damage is not None)


def test_where_no_copy_can_be_had_everything_is_matched_without(folder, caplog):
    topic = make_topic("foghorns")
    build(NOW)
    SnapshotPart.objects.update(content=b"not what it was")
    assert found() == {topic}
    assert "index cannot be mapped" in caplog.text
    assert list(folder.iterdir()) == []


def test_a_snapshot_of_another_layout_or_analysis_is_left_alone():
    topic = make_topic("foghorns")
    build(NOW)
    for change in ({"layout": 0}, {"layout": snapshots.LAYOUT, "analysis_version": 0}):
        Snapshot.objects.update(**change)
        topics = KnownTopics()
        topics.refresh()
        assert topics.index.added == 1
        assert topics.index.matching(FOGHORNS) == {topic.id}


def test_old_snapshots_and_old_copies_go(folder):
    for words in ("foghorns", "sirens", "bells", "buoys"):
        make_topic(words)
        build(NOW)
        found()
    assert Snapshot.objects.count() == len(list(folder.iterdir())) == snapshots.KEPT
    assert snapshots.newest().topics == 4


def test_what_a_snapshot_says_of_a_topic_no_longer_holds_once_it_begins_anew():
    topic = make_topic("foghorns")
    build(NOW)
    topic.canonical = "sirens"
    with transaction.atomic():
        topic.begin(Counter.locked().next_topic_version())
    assert found() == set()
    assert found(Document.from_zones(heading="Sirens")) == {topic}


def test_a_topic_retired_since_the_snapshot_gets_no_hits_and_a_revived_one_gets_them_again():
    topic = make_topic("foghorns")
    build(NOW)
    retire(NOW.replace(year=2027))
    percolate([make_event()])
    assert topic.hits.count() == 0
    make_topic("foghorns")
    percolate([make_event()])
    assert topic.hits.count() == 1


def test_a_snapshot_without_topics_is_not_made_and_unreadable_ones_are_left_out(caplog):
    assert build(NOW) is None
    Topic.objects.filter(pk=make_topic("sirens").pk).update(canonical='"')
    topic = make_topic("foghorns")
    assert build(NOW).topics == 1
    assert found() == {topic}
    assert "topic cannot be read" in caplog.text


def test_an_index_of_another_database_is_not_kept():
    make_topic("foghorns")
    build(NOW)
    topics = known.known_topics()
    assert topics.is_of_this_database()
    Topic.objects.update(key="another")
    assert not topics.is_of_this_database()


def test_it_is_time_to_build_when_too_many_have_come_since(monkeypatch):
    monkeypatch.setattr(snapshots, "FEWEST", 2)
    assert not is_due()
    make_topic("foghorns")
    assert not is_due()
    make_topic("sirens")
    assert is_due()
    build(NOW)
    assert not is_due()


def test_topics_that_only_end_are_no_reason_to_build(monkeypatch):
    monkeypatch.setattr(snapshots, "FEWEST", 2)
    for words in ("foghorns", "sirens", "bells", "buoys"):
        make_topic(words)
    build(NOW)
    topics = known.known_topics()
    assert retire(NOW.replace(year=2027)) == 4
    assert not is_due()
    percolate([make_event()])
    assert Hit.objects.count() == 0
    assert topics.index.topics == set(Topic.objects.exclude(canonical="foghorns").values_list("id", flat=True))
    assert not topics.renew()


def test_a_worker_with_much_beside_its_snapshot_takes_a_newer_one(few):
    make_topic("foghorns")
    topics = known.known_topics()
    make_topic("sirens")
    assert known.known_topics().index.added == 2
    build(NOW)
    assert known.known_topics() is topics
    assert topics.index.added == 0
    assert not topics.renew()


def test_of_the_index_it_had_before_nothing_is_kept(few):
    build_of("foghorns")
    before = weakref.ref(known.known_topics().index._compiled)
    build_of("sirens", "bells")
    known.known_topics()
    assert known.known_topics().index.added == 0
    assert before() is None


def test_a_worker_goes_on_with_what_it_has_until_there_is_a_snapshot_that_can_be_mapped(few, caplog):
    build_of("foghorns")
    topics = known.known_topics()
    build_of("sirens", "foghorns -bells", damaged=True)
    for _ in range(3):
        assert known.known_topics().index.added == 2
    assert topics.index.matching(FOGHORNS) == ids("foghorns", "foghorns -bells")
    assert caplog.text.count("index cannot be mapped") == 1
    build_of("buoys")
    known.known_topics()
    assert known.known_topics().index.added == 0
    assert topics.index.matching(FOGHORNS) == ids("foghorns", "foghorns -bells")


def test_a_worker_that_starts_takes_the_snapshot_before_one_that_cannot_be_mapped(few, caplog):
    build_of("foghorns")
    build_of("sirens", "foghorns -bells", damaged=True)
    assert known.known_topics().index.added == 2
    assert known.known_topics().index.matching(FOGHORNS) == ids("foghorns", "foghorns -bells")
    assert caplog.text.count("index cannot be mapped") == 1


def test_a_worker_without_room_for_a_copy_matches_without_and_says_so_once(folder, caplog):
    build_of("foghorns", "sirens")
    with files_no_larger_than(1_000):
        assert known.known_topics().index.added == 2
    assert known.known_topics().index.matching(FOGHORNS) == ids("foghorns")
    assert caplog.text.count("index cannot be mapped") == 1
    assert list(folder.iterdir()) == []


def test_a_worker_without_a_folder_matches_without(folder, caplog):
    folder.write_text("in the way")
    build_of("foghorns")
    assert known.known_topics().index.matching(FOGHORNS) == ids("foghorns")
    assert known.known_topics().index.added == 1
    assert caplog.text.count("index cannot be mapped") == 1


def test_what_others_are_still_writing_or_have_just_removed_is_in_nobodys_way(folder):
    folder.mkdir()
    writing, abandoned = folder / "one.part", folder / "two.part"
    for path in (writing, abandoned):
        path.write_text("half an index")
    os.utime(abandoned, (0, 0))
    (folder / "removed.index").symlink_to("nowhere")
    for words in ("foghorns", "sirens", "bells"):
        build_of(words)
        KnownTopics()
    assert (writing.exists(), abandoned.exists()) == (True, False)
    assert KnownTopics().index.added == 0
    assert len(list(folder.glob("*.index"))) == snapshots.KEPT


@pytest.mark.django_db(transaction=True)
def test_a_build_that_is_killed_leaves_nothing_and_the_next_one_builds(child_environment):
    topic = make_topic("foghorns")
    with transaction.atomic():
        lock_table(Snapshot)
        child = builder(child_environment)
        wait_until(somebody_waits_for_a_lock)
        assert build(NOW) is None
        child.kill()
        child.communicate(timeout=PATIENCE)
    wait_until(lambda: build(NOW) is not None)
    assert (Snapshot.objects.count(), SnapshotPart.objects.count()) == (1, 1)
    assert found() == {topic}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_build_at_once_one_does(child_environment):
    topic = make_topic("foghorns")
    with transaction.atomic():
        lock_table(Snapshot)
        first = builder(child_environment)
        wait_until(somebody_waits_for_a_lock)
        assert "nothing built" in builder(child_environment).communicate(timeout=PATIENCE)[0]
    assert "built: 1 topics" in first.communicate(timeout=PATIENCE)[0]
    assert Snapshot.objects.count() == 1
    assert found() == {topic}


@pytest.mark.django_db(transaction=True)
def test_one_process_builds_and_is_not_waited_for(monkeypatch, child_environment, folder):
    monkeypatch.setattr(snapshots, "FEWEST", 1)
    monkeypatch.setenv("DATABASE_URL", child_environment["DATABASE_URL"])
    topic = make_topic("foghorns")
    with building._alone(), closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [building.LOCK])
        assert cursor.fetchone() == (False,)
    assert rebuild(NOW)
    wait_until(lambda: snapshots.newest() is not None)
    assert not rebuild(NOW)
    assert found() == {topic}


@pytest.mark.django_db(transaction=True)
def test_builds_that_fail_wait_longer_each_time_and_lose_nothing(monkeypatch, child_environment, folder):
    monkeypatch.setattr(snapshots, "FEWEST", 1)
    monkeypatch.setenv("HARK_INDEX_FOLDER", str(folder))
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")
    topics = {make_topic("foghorns")}
    assert [minute for minute in range(7) if rebuild(NOW + minute * MINUTE)] == [0, 1, 3]
    topics.add(make_topic("foghorn*"))
    assert (snapshots.newest(), found()) == (None, topics)

    monkeypatch.setenv("DATABASE_URL", child_environment["DATABASE_URL"])
    assert rebuild(NOW + 7 * MINUTE)
    wait_until(lambda: snapshots.newest() is not None and not (folder / attempts.NOTE).exists())
    assert (snapshots.newest().topics, found()) == (2, topics)
    make_topic("foghorns OR sirens")
    assert rebuild(NOW + 7 * MINUTE), "one that succeeded makes the next one wait for nothing"


def test_between_attempts_that_fail_an_hour_passes_at_most(folder):
    tried = [minute for minute in range(200) if attempts.another(NOW + minute * MINUTE)]
    assert tried == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    assert attempts.another(NOW - 60 * MINUTE), "a clock that was put back makes nobody wait for it"
    (folder / attempts.NOTE).write_text("{")
    assert attempts.another(NOW - 60 * MINUTE), "nor does a note that cannot be read"
    attempts.succeeded()
    attempts.succeeded()
    assert attempts.another(NOW) and not attempts.another(NOW)


def test_a_machine_without_room_for_an_index_leaves_building_to_others(folder):
    folder.write_text("a file, where the folder should be")
    assert not attempts.another(NOW)


@pytest.mark.django_db(transaction=True)
def test_a_new_topic_is_matched_by_every_process_whose_index_is_old(child_environment, folder):
    make_topic("sirens")
    build(NOW)
    environment = child_environment | {"HARK_INDEX_FOLDER": str(folder)}
    events = [make_event(), make_event()]
    children = [_worker(event, environment) for event in events]
    try:
        assert [child.stdout.readline() for child in children] == ["1 0\n"] * 2
        with transaction.atomic():
            topic = Topic.objects.opened(parse("foghorns").tree, NOW)
            for child in children:
                child.stdin.write("go\n")
                child.stdin.flush()
            wait_until(lambda: somebody_waits_for_a_lock(2))
        assert [child.stdout.readline() for child in children] == ["1\n"] * 2
    finally:
        for child in children:
            child.kill()
            child.communicate(timeout=PATIENCE)
    assert sorted(topic.hits.values_list("seq", flat=True)) == [1, 2]


def _worker(event: Event, environment: dict[str, str]) -> subprocess.Popen:
    command = [sys.executable, "-c", WORK, str(event.pk)]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
