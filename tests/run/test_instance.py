"""An instance is one folder, ours alone, used by one start at a time; its logs are followed calmly."""

import stat
import subprocess
import sys

import pytest

from config.embedded import Addresses
from config.instance import Instance, InUse, Unusable, environment
from config.logtail import LINES, LogTail
from config.processes import ROOT


@pytest.fixture
def instance(tmp_path):
    """A new instance."""
    return Instance(tmp_path / "an instance")


def test_its_keys_are_made_once_and_only_for_our_eyes(instance):
    keys, new = instance.secrets()
    assert new
    assert instance.secrets() == (keys, False)
    assert len(set(keys.values())) == 2
    assert stat.S_IMODE((instance.folder / "secrets.json").stat().st_mode) == 0o600


def test_only_one_process_takes_it_and_the_other_learns_who(instance):
    code = (
        "import sys, time; from pathlib import Path; from config.instance import Instance;"
        "Instance(Path(sys.argv[1])).take('demo'); print('taken', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, instance.folder], cwd=ROOT, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"taken\n"
        with pytest.raises(InUse, match=rf"\./run demo \(process {other.pid}\) is using .*an instance"):
            instance.take("")
        other.kill()
    instance.take("")


def test_an_announcement_of_a_process_that_is_gone_is_not_believed(instance):
    assert instance.joined() is None
    instance.announce({"HARK_PORT": "8000"})
    assert instance.joined() == {"HARK_PORT": "8000"}
    dead = subprocess.Popen(["true"])
    dead.wait()
    text = (instance.folder / "running.json").read_text()
    pid = text.split('"pid": ')[1].split(",")[0]
    (instance.folder / "running.json").write_text(text.replace(pid, str(dead.pid)))
    assert instance.joined() is None


def test_beginning_again_leaves_nothing_of_before(instance):
    before = instance.secrets()[0]
    (instance.outbox / "a mail.eml").write_text("Subject: hello\n\n")
    instance.empty()
    assert list(instance.outbox.iterdir()) == []
    assert instance.secrets()[0] != before


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unusable, match=r"Hark keeps its data in .*file/instance, which cannot be used"):
        Instance(tmp_path / "file" / "instance")


def test_children_find_our_servers_whatever_the_caller_has_set(instance, monkeypatch, tmp_path):
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/other")
    found = environment(instance, Addresses(tmp_path), 8123)
    assert "PGPORT" not in found
    assert found["DATABASE_URL"].startswith("postgresql://hark@:5432/hark?host=%2F")
    assert found["HARK_SITE_URL"] == "http://localhost:8123"


def test_warnings_of_all_children_are_shown_and_the_rest_is_not(tmp_path):
    log = tmp_path / "web.log"
    log.write_text("level=error event=before\n")
    tail = LogTail("web", log)
    with open(log, "a") as stream:
        stream.write("timestamp=1 level=info event=quiet\n[2026-01-01] [7] [ERROR] Worker failed to boot.\n")
        stream.write(
            "2026-01-01 UTC [9] FATAL:  the database is starting up\n2026-01-01 UTC [9] ERROR:  duplicate key\n"
        )
        stream.write(r'timestamp=1 level=warning event="source unreachable\nTraceback"' + "\nlevel=error event=hal")
    news = list(tail.news())
    assert [line.split(": ", 1)[1][:24] for line in news] == [
        "[2026-01-01] [7] [ERROR]",
        "2026-01-01 UTC [9] FATAL",
        "timestamp=1 level=warnin",
    ]
    assert "Traceback" not in news[-1]
    with open(log, "a") as stream:
        stream.write("f a line\n")
    assert list(tail.news()) == ["web: level=error event=half a line"]


def test_a_flood_of_errors_is_told_once(tmp_path):
    log = tmp_path / "worker.log"
    tail = LogTail("worker", log)
    log.write_text("level=error event=again\n" * 1000)
    news = list(tail.news())
    assert len(news) == LINES + 1
    assert news[-1] == f"worker: more of this in {log}"
