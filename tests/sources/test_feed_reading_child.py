"""A hostile feed costs its own reading: the child that reads it is bounded, replaced, and can open nothing."""

import multiprocessing
import os
import resource
import signal
import socket
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import run

import pytest

from alerts.sources import feed_child, feed_frames, feed_program
from alerts.sources.feed_child import FeedReader
from alerts.sources.feed_errors import FeedError, TooCostly
from alerts.sources.feed_reading import read_feed
from alerts.sources.feed_values import Feed
from alerts.sources.http import Response
from tests.sources.feed_bodies import ADDRESS, ENDLESS, HEAVY, LAUGHTER, atom, item, rss, with_doctype

ROOT = Path(__file__).parents[2]
GOOD = rss(item("The bridge reopens", guid="1", pubDate="Mon, 06 Jan 2031 12:00:00 GMT"), head="<ttl>60</ttl>")


def response(body, **headers):
    body = body.encode() if isinstance(body, str) else body
    return Response(200, headers, body, ADDRESS)


@pytest.fixture(scope="module")
def reader():
    with FeedReader() as reader:
        yield reader


@pytest.fixture
def hasty():
    """A reader that gives a feed a second and no more."""
    with FeedReader(seconds=1) as reader:
        yield reader


def outcome(reader, body):
    """The titles that a body gives, or the code of its error."""
    try:
        return [entry.title for entry in reader.read(response(body)).entries]
    except FeedError as error:
        return error.code


def pid(reader):
    return reader._child.pid


def test_the_child_gives_what_reading_gives(reader):
    for body in (GOOD, rss(), GOOD[: GOOD.rindex("</item>")], atom("<entry><title>ü \U0001f333</title></entry>")):
        assert reader.read(response(body)) == read_feed(body.encode(), {}, ADDRESS)


def test_the_header_counts_in_the_child_too(reader):
    body = rss(item("Мост")).encode("koi8-r")
    feed = reader.read(response(body, **{"content-type": "text/xml; charset=koi8-r"}))
    assert feed.entries[0].title == "Мост"


def test_an_error_comes_back_with_its_words_and_code(reader):
    with pytest.raises(FeedError, match="a web page, where a feed should be") as caught:
        reader.read(response("<html><p>Please sign in</p></html>"))
    assert caught.value.code == "not_a_feed"


def test_one_child_reads_many_feeds(reader):
    outcome(reader, GOOD)
    first = pid(reader)
    assert [outcome(reader, body) for body in (GOOD, "", GOOD)] == [
        ["The bridge reopens"],
        "empty",
        ["The bridge reopens"],
    ]
    assert pid(reader) == first


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_a_feed_that_would_take_for_ever_is_given_up_alone(hasty, body):
    assert outcome(hasty, GOOD) == ["The bridge reopens"]
    first = pid(hasty)
    with pytest.raises(TooCostly, match="too much time or memory") as caught:
        hasty.read(response(body))
    assert caught.value.code == "parse_timeout"
    assert outcome(hasty, GOOD) == ["The bridge reopens"]
    assert pid(hasty) != first


@pytest.mark.slow
@pytest.mark.parametrize("body", HEAVY.values(), ids=HEAVY)
def test_a_heavy_feed_is_read_or_given_up_within_bounds(reader, body):
    found = outcome(reader, body)
    assert found in ("parse_timeout", "broken_feed") or len(found) <= 2_000
    assert outcome(reader, GOOD) == ["The bridge reopens"]
    assert reader.largest <= feed_frames.MEMORY


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("body", LAUGHTER.values(), ids=LAUGHTER)
def test_entities_are_found_in_any_encoding_and_never_expanded(reader, body, encoding):
    # That the parser is not even asked shows in the memory: it would need hundreds of megabytes for these.
    assert outcome(reader, body.encode(encoding)) == "declares_entities"


def test_entities_do_not_hide_in_other_encodings(reader):
    for encoding in ("utf-7", "cp037", "utf-16"):
        body = with_doctype('<!ENTITY a "oak">', rss(item("&a;"))).replace("utf-8", encoding).encode(encoding)
        assert outcome(reader, body) in ("declares_entities", "not_a_feed")


@dataclass
class Bait:
    """A file with a secret word and a listener that nobody may visit."""

    file: Path
    listener: socket.socket
    bodies: dict[str, bytes] = field(default_factory=dict)

    @property
    def visited(self) -> bool:
        try:
            self.listener.accept()[0].close()
        except BlockingIOError:
            return False
        return True


@pytest.fixture
def bait(tmp_path, monkeypatch):
    """What a feed could be made to read, and the bodies that try: by entity, by document type, or by being its name."""
    file = tmp_path / "feed.xml"
    file.write_text(rss(item("Pomegranate")))
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        web = f"http://127.0.0.1:{listener.getsockname()[1]}/feed.xml"
        bait = Bait(file, listener)
        for address in (file.as_uri(), web):
            bait.bodies |= attempts(address)
        bait.bodies |= {name: name.encode() for name in ("feed.xml", str(file))}
        yield bait


def attempts(address):
    """Bodies that ask for what lies at an address."""
    kind = address.partition(":")[0]
    asking = rss(item("&word;"))
    return {
        f"an entity by {kind}": with_doctype(f'<!ENTITY word SYSTEM "{address}">', asking),
        f"a parameter entity by {kind}": with_doctype(f'<!ENTITY % more SYSTEM "{address}"> %more;', asking),
        f"a document type by {kind}": asking.replace("\n", f'\n<!DOCTYPE rss SYSTEM "{address}">\n'),
        f"an inclusion by {kind}": rss(
            f'<item><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{address}"/></item>'
        ),
        f"a style sheet by {kind}": rss(item()).replace(
            "\n", f'\n<?xml-stylesheet type="text/xsl" href="{address}"?>\n'
        ),
        f"an address of {kind}": address,
    }


def test_nothing_is_opened_whatever_a_body_names(reader, bait):
    for name, body in bait.bodies.items():
        body = body if isinstance(body, bytes) else body.encode()
        # Both ways: here the parser could open things, there it could not even if it tried.
        for read in (lambda body: read_feed(body, {}, ADDRESS), lambda body: reader.read(response(body))):
            try:
                said = repr(read(body))
            except FeedError as error:
                said = str(error)
            assert "Pomegranate" not in said, name
            assert not bait.visited, name


def test_the_program_can_open_nothing_once_it_has_begun(bait):
    port = bait.listener.getsockname()[1]
    tries = [
        f"open({str(bait.file)!r})",
        f"socket.create_connection(('127.0.0.1', {port}))",
        "os.pipe()",
        "os.open('.', 0)",
    ]
    for trial in tries:
        script = f"import os, socket; from alerts.sources import feed_program as p; p._load(); p._limit(); {trial}"
        done = run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 1
        assert "Too many open files" in done.stderr, done.stderr
    assert not bait.visited


def test_the_child_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "pomegranate")
    with FeedReader() as reader:
        outcome(reader, GOOD)
        assert b"pomegranate" not in Path(f"/proc/{pid(reader)}/environ").read_bytes()


def test_the_child_is_bounded_by_the_system(reader):
    outcome(reader, GOOD)
    assert resource.prlimit(pid(reader), resource.RLIMIT_AS)[1] == feed_frames.MEMORY
    assert 0 < resource.prlimit(pid(reader), resource.RLIMIT_CPU)[0] < 2 * feed_frames.SECONDS


def test_a_child_that_died_between_feeds_is_replaced(reader):
    outcome(reader, GOOD)
    os.kill(pid(reader), signal.SIGKILL)
    reader._child.wait()
    assert outcome(reader, GOOD) == ["The bridge reopens"]


class Interruption(Exception):
    """What a worker raises in the middle of things when its own time is up."""


@contextmanager
def interrupted_after(seconds):
    def interrupt(*_):
        raise Interruption

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        with pytest.raises(Interruption):
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_an_interrupted_reading_leaves_nothing_for_the_next(reader):
    outcome(reader, GOOD)
    with interrupted_after(0.3):
        reader.read(response(ENDLESS["50,000 attributes"]))
    assert outcome(reader, GOOD) == ["The bridge reopens"]


def test_an_interrupted_start_leaves_nothing_for_the_next():
    with FeedReader() as reader:
        with interrupted_after(0.02):
            reader.read(response(GOOD))
        assert outcome(reader, GOOD) == ["The bridge reopens"]


def test_what_its_parent_takes_is_not_the_childs():
    ballast = b"x" * (feed_frames.MEMORY // 2)
    with FeedReader() as reader:
        outcome(reader, GOOD)
        assert reader._child is not None
        assert 0 < reader.largest < len(ballast)


def test_a_closed_reader_leaves_no_child_and_can_go_on():
    with FeedReader() as reader:
        outcome(reader, GOOD)
        child = reader._child
    assert child.returncode == -signal.SIGKILL
    assert outcome(reader, GOOD) == ["The bridge reopens"]
    reader.close()
    reader.close()


def test_no_orphan_is_left_when_we_are_killed():
    script = (
        "import os, signal; from alerts.sources.feed_child import FeedReader;"
        "reader = FeedReader(); reader._have_child(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    # The child has the other end of our stderr: this returns only when it has ended too.
    done = run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, b"")


def test_a_worker_that_may_have_no_children_reads_too():
    def work():
        with FeedReader() as reader:
            os._exit(0 if outcome(reader, GOOD) == ["The bridge reopens"] else 1)

    worker = multiprocessing.get_context("fork").Process(target=work, daemon=True)
    worker.start()
    worker.join(60)
    assert worker.exitcode == 0


def test_a_program_that_does_not_start_is_our_fault_and_no_feeds(monkeypatch):
    monkeypatch.setattr(feed_child, "PROGRAM", "alerts.sources.no_such_program")
    with FeedReader() as reader, pytest.raises(RuntimeError, match="does not start"):
        reader.read(response(GOOD))


def test_a_fault_of_ours_is_seen_and_spares_the_next_feed(capsys):
    said = feed_frames.decoded(feed_program._answer({"no": "address"}, GOOD.encode()))
    assert said["error"] == ["a feed that we cannot read, by a fault of ours", "broken_feed"]
    assert "KeyError" in capsys.readouterr().err


def test_an_answer_that_is_too_long_is_none(monkeypatch):
    monkeypatch.setattr(feed_frames, "LARGEST_FRAME", 1_000)
    with FeedReader() as reader:
        assert outcome(reader, rss(item(description="x" * 2_000))) == "parse_timeout"
        assert isinstance(reader.read(response(GOOD)), Feed)
