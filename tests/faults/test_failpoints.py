"""Failpoints: where they stand, how a process ends at one, and that production will not have them."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from alerts import failpoints

ROOT = Path(failpoints.__file__).resolve().parent.parent
PASS_TWO = "from alerts.failpoints import failpoint; failpoint('ring.rung'); failpoint('claim.committed', 7)"


def run(program: str, **environment: str) -> subprocess.CompletedProcess:
    given = {**os.environ, **environment}
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=given, capture_output=True, text=True)


def test_every_point_stands_at_one_line():
    texts = [path.read_text() for path in (ROOT / "alerts").rglob("*.py") if path.name != "failpoints.py"]
    assert sorted(re.findall(r'failpoint\("([a-z.]+)"', "\n".join(texts))) == sorted(failpoints.NAMES)


def test_a_process_ends_at_its_point_as_by_kill_9_and_the_points_it_passed_are_known(tmp_path):
    log = {"HARK_FAILPOINTS_LOG": str(tmp_path)}
    assert run(PASS_TWO, **log).returncode == 0
    assert run(PASS_TWO, HARK_FAILPOINTS="ring.rung=0 claim.committed=1", **log).returncode == -signal.SIGKILL
    assert run(PASS_TWO, HARK_FAILPOINTS="ring.rung=1", **log).returncode == -signal.SIGKILL
    passed = sorted(path.read_text().splitlines() for path in tmp_path.iterdir())
    assert passed == [["ring.rung "], ["ring.rung ", "claim.committed 7"], ["ring.rung ", "claim.committed 7"]]


def test_a_name_that_is_no_points_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"names ring\.rang; there are percolate\.numbered"):
        failpoints.chances("ring.rung=0.5 ring.rang=1")


@pytest.mark.parametrize("variable", [failpoints.VARIABLE, failpoints.LOG])
def test_production_does_not_start_with_failpoints(variable):
    ended = run("import config.settings", HARK_MODE="production", **{variable: ""})
    assert ended.returncode == 1
    assert "HARK_FAILPOINTS ends processes" in ended.stderr
