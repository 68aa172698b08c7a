"""Reading feeds in a process of its own, with hard limits: a hostile feed costs us its own reading and nothing else.

A plain subprocess, since workers are daemons and may not have children of the other kind. It keeps no orphan behind:
its stdin closes when we end, however we end, and then it ends too.
"""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Timer

from alerts.sources.feed_errors import FeedError, TooCostly
from alerts.sources.feed_frames import MEMORY, READY, SECONDS, decoded, encoded, receive, send, unpacked
from alerts.sources.feed_values import Feed
from alerts.sources.http import Response

PROGRAM = "alerts.sources.feed_program"
ROOT = Path(__file__).resolve().parents[2]
# No secret of ours is any business of a process that reads what strangers wrote.
ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")
MEANINGFUL_HEADERS = ("content-type",)
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


class FeedReader:
    """Reads one feed after another in one child process, started when first needed; close it, or use it in a `with`.

    `largest` is the most memory in bytes that the children were seen to take.
    """

    def __init__(self, seconds: float = SECONDS):
        self._seconds = seconds
        self._child: Popen | None = None
        self.largest = 0

    def __enter__(self) -> "FeedReader":
        return self

    def __exit__(self, *exc) -> None:
        self.close()

    def close(self) -> None:
        """Ends the child; reading starts a new one."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):
                pipe.close()
        child.wait()

    def read(self, response: Response) -> Feed:
        """The feed in a response; raises FeedError, and TooCostly for one that takes more than 20 s or 400 MB."""
        self._have_child()
        headers = {name: response.headers.get(name) or "" for name in MEANINGFUL_HEADERS}
        answer = self._ask(encoded({"url": response.url, "headers": headers}), response.body)
        taken = _memory_of(self._child.pid)
        self.largest = max(self.largest, taken)
        if taken > MEMORY // 2:
            # What it has kept for itself would be missing when the next feed is read.
            self.close()
        if "error" in answer:
            raise FeedError(*answer["error"])
        return unpacked(answer["feed"])

    def _ask(self, *frames: bytes) -> dict:
        try:
            with self._in_time(self._seconds) as child:
                send(child.stdin, *frames)
                return decoded(receive(child.stdout))
        except (EOFError, OSError):
            self.close()
            raise TooCostly from None
        except BaseException:
            # A half-read answer must not be taken for the next one.
            self.close()
            raise

    def _have_child(self) -> None:
        if self._child is not None and self._child.poll() is None:
            return
        self.close()
        environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
        command = [sys.executable, "-P", "-m", PROGRAM]
        # In a session of its own an interrupt from the keyboard is for us alone.
        self._child = Popen(command, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True)
        ready = False
        try:
            with self._in_time(SECONDS) as child:
                ready = receive(child.stdout) == READY
        except (EOFError, OSError):
            pass
        except BaseException:
            # Its greeting must not be taken for an answer.
            self.close()
            raise
        if not ready:
            self.close()
            raise RuntimeError(f"{' '.join(command)} does not start; what it wrote to stderr says why")

    @contextmanager
    def _in_time(self, seconds: float) -> Iterator[Popen]:
        """The child, to be killed if the block takes too long."""
        late = []
        child = self._child
        timer = Timer(seconds, lambda: (late.append(True), child.kill()))
        timer.daemon = True
        timer.start()
        try:
            yield child
        finally:
            timer.cancel()
            timer.join()
            if late:
                self.close()


def _memory_of(pid: int) -> int:
    """The most memory in bytes that a process has taken since its program began; 0 where the system does not say.

    What a process may ask about itself goes on from its parent's memory, which counts for nothing here.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = PEAK.search(status)
    return int(found[1]) * 1024 if found else 0
