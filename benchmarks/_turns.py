"""One engine in a process of its own, which takes its turns as it is told."""

import gc
import pickle
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any

from alerts.query import Document
from benchmarks._documents import fresh
from benchmarks._sets import Clock, kept_topics
from benchmarks.peers import opened
from benchmarks.peers.shared import fingerprint

CHANGED = 500
"""Topics that are added, and removed again, to see what one costs."""


@dataclass(frozen=True)
class Turn:
    """What some documents took from text to topics, in ms for each, and what each of them met."""

    ms: float
    reading_ms: float
    wall_ms: float
    prints: list[tuple[int, int]]


class Runner:
    """The engine, and what can be asked of it; lives in the process of its own."""

    def __init__(self, name: str, folder: Path):
        self._folder, self._engine = folder, opened(name, folder)
        self._documents = pickle.loads((folder / "documents").read_bytes())
        self._empty_mb = self._engine.megabytes()

    def about(self) -> dict[str, str | bool]:
        """What kind of engine it is."""
        return {name: getattr(self._engine, name) for name in ("title", "batch", "reads", "lasting")}

    def build(self) -> dict[str, float]:
        clock = Clock(self._engine.seconds)
        self._engine.build(clock.outside(kept_topics(self._folder)))
        return {"build_s": clock.passed()}

    def load(self) -> dict[str, float]:
        clock = Clock(self._engine.seconds)
        self._engine.load()
        gc.freeze()
        return {"load_ms": clock.passed() * 1000}

    def warm(self, count: int) -> None:
        """Read the first documents, so that most words are known."""
        self._engine.prepared(self._fresh(0, count))

    def memory(self) -> dict[str, float | None]:
        """What it holds beyond the programs and the documents."""
        return {"memory_mb": self._engine.megabytes() - self._empty_mb, "stored_mb": self._engine.stored()}

    def turn(self, start: int, count: int) -> Turn:
        """Match so many documents, from the one at `start`."""
        documents = self._fresh(start, count)
        clock, wall = Clock(self._engine.seconds), perf_counter()
        prepared = self._engine.prepared(documents)
        reading = clock.passed()
        found = self._engine.matching(prepared)
        taken = clock.passed(), reading, perf_counter() - wall
        return Turn(*(seconds * 1000 / len(found) for seconds in taken), list(map(fingerprint, found)))

    def finish(self) -> dict[str, float]:
        """What one topic more, and one less, costs; afterwards nothing is left of the engine."""
        first = 1 << 40
        more = [(first + number, tree) for number, (_, tree) in enumerate(islice(kept_topics(self._folder), CHANGED))]
        add = Clock(self._engine.seconds)
        self._engine.add(more)
        added, drop = add.passed(), Clock(self._engine.seconds)
        self._engine.drop([topic for topic, _ in more])
        dropped = drop.passed()
        self._engine.close()
        return {"add_ms": added * 1000 / len(more), "drop_ms": dropped * 1000 / len(more)}

    def _fresh(self, start: int, count: int) -> list[Document]:
        return list(map(fresh, self._documents[start : start + count]))


class Racer:
    """A runner seen from the process that tells it what to do; raises here what was raised there."""

    def __init__(self, name: str, folder: Path):
        spawning = get_context("spawn")  # a fork would have this process's memory
        self._line, theirs = spawning.Pipe()
        self._process = spawning.Process(target=_serve, args=(theirs, name, folder), daemon=True)
        self._process.start()
        theirs.close()
        self._answer()

    def ask(self, verb: str, *words: Any) -> Any:
        """What the runner's method of this name returns."""
        self._line.send((verb, words))
        return self._answer()

    def end(self) -> None:
        self._line.send(None)
        self._process.join()

    def _answer(self) -> Any:
        answer = self._line.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


def _serve(line: Connection, name: str, folder: Path) -> None:
    try:
        runner = Runner(name, folder)
        line.send(None)
        for verb, words in iter(line.recv, None):
            line.send(getattr(runner, verb)(*words))
    except EOFError:
        return  # whoever told us is gone
    except Exception as problem:
        line.send(problem)
