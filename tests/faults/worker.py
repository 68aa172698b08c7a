"""The Celery worker and beat as real processes, and ways to kill them."""

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


@dataclass
class Worker:
    """The Celery worker and beat as real processes, in groups of their own."""

    environment: dict[str, str]
    logs: Path
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def __enter__(self) -> "Worker":
        self.start("beat", programs.beat(str(self.logs / "beat")))
        self.start("worker", programs.worker())
        return self

    def __exit__(self, *_) -> None:
        for process in self.processes.values():
            self._kill_group(process)

    def start(self, name: str, command: list[str]) -> None:
        with open(self.logs / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def wait_for_children(self) -> None:
        """Wait until the worker has processes that take work, 30 s at most."""
        patience = time.monotonic() + 30
        while not self.children() and time.monotonic() < patience:
            self.tend()
            time.sleep(0.05)

    def tend_while(self, playing: Callable[[], bool]) -> None:
        """Let the play go on."""
        while playing():
            self.tend()

    def tend(self) -> None:
        """Start the worker again where it has ended, as ./run does: it ends when its new children are killed."""
        time.sleep(0.2)
        if self.processes["worker"].poll() is not None:
            self.start("worker", programs.worker())

    def children(self) -> list[int]:
        main = self.processes["worker"].pid
        try:
            return [int(pid) for pid in Path(f"/proc/{main}/task/{main}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def kill_everything(self) -> None:
        """kill -9 the worker with its children, and start it again."""
        self._kill_group(self.processes["worker"])
        self.start("worker", programs.worker())

    def kill_a_child(self, chance: random.Random) -> None:
        """kill -9 one of the processes that do the work, as soon as there is one."""
        self.wait_for_children()
        os.kill(chance.choice(self.children()), signal.SIGKILL)

    @staticmethod
    def _kill_group(process: subprocess.Popen) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
