"""The program from which working processes are forked: everything is loaded once, so that one more takes milliseconds.

Orders come in on stdin, one JSON object a line; births and deaths go out on stdout. An order names the process
(`name`), its `step` of the chain and its `environment`, and whether it works on until it is killed and is then
replaced at once (`forever`), or takes its step once. An order by a name that is known holds from the next birth on;
`kill` has it killed. When stdin closes, all end.
"""

import dataclasses
import datetime
import gc
import importlib
import json
import os
import random
import select
import signal
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.template import engines
from django.urls import get_resolver

django.setup()

from alerts import failpoints, tick  # noqa: E402
from alerts.digests import providers, templates  # noqa: E402
from config import clock  # noqa: E402
from tests.faults.company import FAILURES  # noqa: E402

IDLE_SECONDS = 0.05


def warm() -> None:
    """Load what a process would load with its first work; no connection is opened, for nobody can share one."""
    get_resolver().url_patterns  # noqa: B018
    for name in ("digest.txt", "digest.html"):
        engines[templates.ENGINE].get_template(name)
    assert connection.connection is None
    gc.collect()
    gc.freeze()


def settle_quickly() -> None:
    """Take leases shorter than settings can be, and have Resend asked again sooner; the environment says how soon."""
    settings.LEASE_SECONDS = float(os.environ.get("HARK_LEASE_SECONDS", settings.LEASE_SECONDS))
    soon = datetime.timedelta(seconds=settings.UNCERTAIN_SECONDS)
    providers.PROVIDERS["Resend"] = dataclasses.replace(providers.PROVIDERS["Resend"], repeat_after=soon)


class Zygote:
    """Forks a process for each order, and another where one that was to go on has ended."""

    def __init__(self, logs: Path):
        self._logs = logs
        self._orders: dict[str, dict] = {}
        self._names: dict[int, str] = {}
        self._births = 0
        self._woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Follow orders until there will be no more."""
        unread = b""
        while True:
            ready, _, _ = select.select([0, self._woken], [], [])
            if self._woken in ready:
                os.read(self._woken, 4096)
                self._reap()
            if 0 in ready:
                if not (more := os.read(0, 65536)):
                    return
                *lines, unread = (unread + more).split(b"\n")
                for line in lines:
                    self._follow(json.loads(line))

    def end(self) -> None:
        """kill -9 all there are."""
        for pid in self._names:
            os.kill(pid, signal.SIGKILL)

    def _follow(self, order: dict) -> None:
        name = order["name"]
        if order.get("kill"):
            for pid in [pid for pid, known in self._names.items() if known == name]:
                os.kill(pid, signal.SIGKILL)
            return
        known = name in self._names.values()
        self._orders[name] = order
        if not known:
            self._bear(order)

    def _reap(self) -> None:
        while self._names:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            name = self._names.pop(pid)
            self._tell(died=name, pid=pid, code=os.waitstatus_to_exitcode(status))
            order = self._orders[name]
            if order["forever"]:
                self._bear(order)

    def _bear(self, order: dict) -> None:
        self._births += 1
        pid = os.fork()
        if not pid:
            self._live(order)
        self._names[pid] = order["name"]
        self._tell(born=order["name"], pid=pid)

    def _live(self, order: dict) -> None:
        """The life of a process; it never returns."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            log = os.open(self._logs / f"{order['name']}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            for stream in (0, 1, 2):
                os.dup2(log, stream)
            random.seed(f"{order.get('seed')} {self._births}")
            os.environ.update(order["environment"])
            settle_quickly()
            importlib.reload(failpoints)
            self._work(order)
            code = 0
        finally:
            os._exit(code)

    def _work(self, order: dict) -> None:
        parent = os.getppid()
        while os.getppid() == parent:
            round = tick.take(order["step"], clock.now(), tick.Round())
            if round.failed:
                with open(self._logs / FAILURES, "a") as file:
                    file.write(json.dumps(round.failed) + "\n")
            if not order["forever"]:
                return
            if round.failed or not any(round.done.values()):
                time.sleep(IDLE_SECONDS)

    @staticmethod
    def _tell(**news: object) -> None:
        sys.stdout.write(json.dumps(news) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    warm()
    zygote = Zygote(Path(sys.argv[1]))
    try:
        zygote.run()
    finally:
        zygote.end()
