"""Celery's workers and beats as real processes, and ways to kill them."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from config import programs
from config.processes import ROOT
from tests.workers import PATIENCE


@dataclass
class Worker:
    """Workers and beats in groups of their own."""

    environment: dict[str, str]
    logs: Path
    beats: int = 1
    workers: int = 1
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def __enter__(self) -> "Worker":
        self.logs.mkdir(exist_ok=True)
        for name in self.names:
            self.start(name)
        return self

    @property
    def names(self) -> list[str]:
        """`worker` and `beat`, and where there are more of them `worker1`, `beat1`, `beat2`."""
        counted = [("worker", self.workers), ("beat", self.beats)]
        return [f"{name}{number or ''}" for name, many in counted for number in range(many)]

    def __exit__(self, *_) -> None:
        for process in self.processes.values():
            self._kill_group(process)

    def start(self, name: str) -> None:
        """Start the process of this name."""
        is_beat = name.startswith("beat")
        command = programs.beat(str(self.logs / f"{name}.ticks")) if is_beat else programs.worker()
        with open(self.logs / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def wait_for_children(self) -> None:
        """Wait until the worker has processes that take work."""
        patience = time.monotonic() + PATIENCE
        while not self.children():
            assert time.monotonic() < patience, "no worker has a child"
            self.tend()
            time.sleep(0.05)

    def tend_while(self, playing: Callable[[], bool]) -> None:
        """Let the play go on."""
        while playing():
            self.tend()

    def tend(self) -> None:
        """Start again what has ended, as ./run does: a worker ends when its new children are killed."""
        time.sleep(0.2)
        for name, process in list(self.processes.items()):
            if process.poll() is not None:
                self.start(name)

    def stop(self, name: str) -> None:
        """kill -9 the process of this name, which stays away until it is started."""
        self._kill_group(self.processes.pop(name))

    def children(self) -> list[int]:
        main = self.processes["worker"].pid
        try:
            return [int(pid) for pid in Path(f"/proc/{main}/task/{main}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def kill_everything(self) -> None:
        """kill -9 the worker with its children, and start it again."""
        self.stop("worker")
        self.start("worker")

    def kill_a_child(self, chance: random.Random) -> None:
        """kill -9 one of the processes that do the work, as soon as there is one."""
        self.wait_for_children()
        os.kill(chance.choice(self.children()), signal.SIGKILL)

    @staticmethod
    def _kill_group(process: subprocess.Popen) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
