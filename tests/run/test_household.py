"""No child outlives us, however we end; what dies is started again, ever more patiently."""

import os
import signal
import subprocess
import sys
import time

import pytest

from config import guardian
from config.guardian import Ward, is_alive
from config.processes import ROOT, Household
from config.services import FIRST_WAIT, LONGEST_WAIT, Service
from tests.run.started import wait_until

STUBBORN = [
    *(sys.executable, "-c"),
    "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)",
]
PARENT = [
    *(sys.executable, "-c"),
    "import subprocess, time; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); time.sleep(60)",
]


@pytest.fixture
def household():
    """A household of this test."""
    ours = Household()
    yield ours
    ours.close()


def is_gone(pid):
    return not is_alive(Ward(pid, "app", signal.SIGTERM, False))


def test_ending_a_child_ends_its_grandchildren(household):
    child = household.start("parent", PARENT, stdout=subprocess.PIPE)
    grandchild = int(child.process.stdout.readline())
    household.stop(child)
    assert is_gone(child.process.pid)
    assert is_gone(grandchild)


def test_a_child_that_dies_alone_takes_its_grandchildren_along(household):
    child = household.start("parent", PARENT, stdout=subprocess.PIPE)
    grandchild = int(child.process.stdout.readline())
    os.kill(child.process.pid, signal.SIGKILL)
    wait_until(lambda: child.exit_code is not None, lambda: "the child still runs")
    assert child.exit_code == -signal.SIGKILL
    household.forget(child)
    assert is_gone(grandchild)


def test_a_child_that_ignores_the_request_to_end_is_killed(household, monkeypatch):
    monkeypatch.setitem(guardian.GRACE, "app", 0.2)
    child = household.start("stubborn", STUBBORN, stdout=subprocess.PIPE)
    child.process.stdout.readline()
    household.stop(child)
    assert child.process.returncode == -signal.SIGKILL


def test_the_guardian_ends_children_and_removes_folders_of_a_killed_process(tmp_path):
    folder = tmp_path / "with a space"
    folder.mkdir()
    code = (
        "import sys, time; from config.processes import Household; h = Household();"
        "h.remove_at_end(sys.argv[1]); print(h.start('nap', ['sleep', '300']).process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, folder], cwd=ROOT, stdout=subprocess.PIPE) as main:
        nap = int(main.stdout.readline())
        assert not is_gone(nap)
        main.kill()
    wait_until(lambda: is_gone(nap) and not folder.exists(), lambda: "the nap goes on")


def test_waiting_doubles_with_each_death_up_to_a_limit(household):
    service = Service("short", lambda: household.start("short", ["false"]))
    waits = []
    for _ in range(9):
        service.start()
        wait_until(service.has_died, lambda: "false goes on")
        service.bury(household)
        waits.append(round(service.next_start - time.monotonic(), 1))
        assert not service.is_due()
    assert waits[:3] == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4]
    assert waits[-1] == LONGEST_WAIT


def test_a_service_that_cannot_even_be_started_is_put_off():
    service = Service("absent", lambda: None)
    assert service.put_off("no such program") == "absent: no such program; starting it again in 0.5 s (logs/absent.log)"
    assert not service.is_due()
