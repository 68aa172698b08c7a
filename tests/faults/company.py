"""A company of processes on one chain, forked from a zygote: who lives, who died of what, and where it stood then."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from config.processes import ROOT
from tests.workers import PATIENCE

FAILURES = "failures"
"""The file in the folder of logs that tells of verbs that raised."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Death:
    """How one process ended: the points it had passed, with the row each was about, the last one last."""

    name: str
    code: int
    passed: tuple[tuple[str, str], ...]

    @property
    def step(self) -> str:
        """Its step of the chain, where names are made of it and a number."""
        return self.name.partition("-")[0]

    @property
    def killed(self) -> bool:
        """Whether it was kill -9 that ended it, ours or a failpoint's."""
        return self.code == -signal.SIGKILL

    @property
    def last(self) -> tuple[str, str]:
        """The last point it passed and what that was about; two empty words if there was none."""
        return self.passed[-1] if self.passed else ("", "")


class Company:
    """The zygote as a child of ours; use it in a `with`."""

    def __init__(self, environment: dict[str, str], folder: Path, seed: object = 0):
        self._folder, self._seed = folder, seed
        self._points = folder / "points"
        self._points.mkdir(parents=True)
        self._environment = environment | {"HARK_FAILPOINTS_LOG": str(self._points)}
        self.alive: dict[str, int] = {}
        self.deaths: queue.Queue[Death] = queue.Queue()

    def __enter__(self) -> "Company":
        command = [sys.executable, "-m", "tests.faults.zygote", str(self._folder)]
        with open(self._folder / "zygote.log", "ab") as log:
            self._zygote = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return self

    def __exit__(self, *_) -> None:
        self._zygote.stdin.close()
        self._zygote.wait(PATIENCE)
        self._listener.join(PATIENCE)
        self._zygote.stdout.close()

    def order(self, name: str, step: str, forever: bool = True, **environment: str) -> None:
        """Have a process of this name take `step`, with this environment from its next birth on."""
        self._say(name=name, step=step, forever=forever, environment=environment, seed=self._seed)

    def kill(self, name: str) -> None:
        """kill -9 the process of this name, if it lives; the zygote does, since it knows which are its own."""
        self._say(name=name, kill=True)

    def take(self, step: str, failpoints: str = "") -> Death:
        """One process takes `step` once, and ends by itself or at one of these failpoints."""
        self.order(step, step, forever=False, HARK_FAILPOINTS=failpoints)
        return self.deaths.get(timeout=PATIENCE)

    def wait_for(self, names: list[str]) -> None:
        """Wait until all of these live."""
        patience = time.monotonic() + PATIENCE
        while not self.alive.keys() >= set(names):
            assert time.monotonic() < patience, f"{set(names) - self.alive.keys()} were not born"
            time.sleep(0.005)

    def worked(self, name: str) -> float:
        """The seconds of processor time the living process of this name has taken; 0 if there is none."""
        try:
            words = Path(f"/proc/{self.alive[name]}/stat").read_text().rpartition(")")[2].split()
        except (KeyError, FileNotFoundError, ProcessLookupError):
            return 0.0
        return (int(words[11]) + int(words[12])) / TICKS

    @property
    def failures(self) -> list[str]:
        """The verbs that raised, with what they raised."""
        told = self._folder / FAILURES
        return told.read_text().splitlines() if told.exists() else []

    def _say(self, **order: object) -> None:
        self._zygote.stdin.write(json.dumps(order).encode() + b"\n")
        self._zygote.stdin.flush()

    def _listen(self) -> None:
        for line in self._zygote.stdout:
            news = json.loads(line)
            if "born" in news:
                self.alive[news["born"]] = news["pid"]
            else:
                if self.alive.get(news["died"]) == news["pid"]:
                    del self.alive[news["died"]]
                self.deaths.put(Death(news["died"], news["code"], self._passed(news["pid"])))

    def _passed(self, pid: int) -> tuple[tuple[str, str], ...]:
        path = self._points / str(pid)
        if not path.exists():
            return ()
        lines = path.read_text().splitlines()
        path.unlink()
        return tuple((name, about) for name, _, about in (line.partition(" ") for line in lines))
