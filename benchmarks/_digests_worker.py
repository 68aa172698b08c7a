"""A worker that composes all digests that are due and renders them, and says what its time was spent on.

    python -m benchmarks._digests_worker

It prints JSON. Times are seconds: on the wall, of its own processor and of its server process's; of the parts, of its
own alone, without what other parts within took.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time
from types import ModuleType

import django

django.setup()

from django.db import connection  # noqa: E402

from alerts.digests import compose, render, rendering  # noqa: E402
from alerts.models import Message  # noqa: E402
from benchmarks._day_rows import NOW  # noqa: E402
from benchmarks._day_worker import Clock, clock, since  # noqa: E402

PARTS: tuple[tuple[str, ModuleType, str], ...] = (
    ("composing", compose, "compose_due"),
    ("reading rows", render, "gathered"),
    ("reading rows", render, "troubled_sources"),
    ("reading rows", render, "notes"),
    ("arranging, marking, cutting", render, "place"),
    ("arranging, marking, cutting", render, "content"),
    ("text", render, "as_text"),
    ("HTML", render, "as_html"),
    ("MIME", rendering, "as_bytes"),
    ("storing and the rest", rendering, "render_waiting"),
)
STATEMENTS, MOST = "statements", 1_000_000


def main() -> None:
    """Compose, render and store all there is; print what it took."""
    spent = Spent()
    composing = spent.watch(lambda: compose.compose_due(NOW, limit=MOST))
    rendered = spent.watch(lambda: [*iter(lambda: rendering.render_waiting(NOW), 0)])
    times = {"composing": composing, "rendering": rendered}
    print(json.dumps({"times": times, "statements": spent.statements, "parts": spent.parts, **_made()}))


def _made() -> dict[str, float]:
    """How many digests there are now, of how many results and bytes; each has its bytes."""
    made = list(Message.objects.values_list("subject", "body"))
    if not all(body for _, body in made):
        sys.exit("a message has no bytes")
    results = [int(subject.split()[0]) for subject, _ in made]
    size = sum(len(body) for _, body in made)
    return {"digests": len(made), "results": sum(results) / len(made), "bytes": size / len(made)}


class Spent:
    """Where the processor's time goes, as seen from around what is called."""

    def __init__(self):
        self.parts: dict[str, float] = defaultdict(float)
        self.statements = 0
        self._within: list[float] = []

    def watch(self, work: Callable[[], object]) -> Clock:
        """Do the work with its parts timed; what it took in all."""
        with self._watching(), connection.execute_wrapper(self._execute):
            begun = clock()
            work()
            return since(begun)

    @contextmanager
    def _watching(self) -> Iterator[None]:
        known = [(module, name, getattr(module, name)) for _, module, name in PARTS]
        for part, module, name in PARTS:
            setattr(module, name, self._timed(part, getattr(module, name)))
        try:
            yield
        finally:
            for module, name, work in known:
                setattr(module, name, work)

    def _timed(self, part: str, work: Callable) -> Callable:
        def timed(*given, **named):
            begun = process_time()
            self._within.append(0.0)
            try:
                return work(*given, **named)
            finally:
                took = process_time() - begun
                self.parts[part] += took - self._within.pop()
                if self._within:
                    self._within[-1] += took

        return timed

    def _execute(self, execute, sql, params, many, context):
        self.statements += 1
        return self._timed(STATEMENTS, execute)(sql, params, many, context)


if __name__ == "__main__":
    main()
