"""./run bench preview: how long the preview of a query takes, with ninety days of questions."""

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from alerts.matching.preview import Preview, preview  # noqa: E402
from alerts.models import Event  # noqa: E402
from alerts.query import Query  # noqa: E402
from benchmarks import _options  # noqa: E402
from benchmarks._day_rows import NOW, settle  # noqa: E402
from benchmarks._documents import documents  # noqa: E402
from benchmarks._preview_rows import Queries, in_turn, ninety_days  # noqa: E402
from benchmarks._served import set_the_clock, spread, timed  # noqa: E402

SEED = 20_260_310
QUESTIONS = 30_000
QUERIES = 25
"""Of each form."""


def main(words: list[str]) -> int:
    """Make the rows, measure, print a table, and write the numbers to a file if asked."""
    options = _asked(words)
    origin, found = documents(options.seed)
    found = found[: options.questions]
    call_command("migrate", verbosity=0)
    begun = perf_counter()
    ninety_days(found, options.seed)
    settle()
    events = Event.objects.count()
    print(f"{len(found):,} {origin}, {events:,} events, in {perf_counter() - begun:.0f} s.", flush=True)
    with tempfile.TemporaryDirectory(prefix="hark-bench-") as folder:
        set_the_clock(Path(folder, "clock.json"), NOW)
        measured = measure(in_turn(Queries(found, options.seed).forms(options.queries)))
    print(_table(measured))
    facts = {"seed": options.seed, "documents": origin, "questions": len(found), "events": events}
    _options.give(facts | {"forms": measured}, options)
    return 0


def _asked(words: list[str]) -> argparse.Namespace:
    parser = _options.parser("preview", SEED)
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="questions of ninety days")
    parser.add_argument("--queries", type=int, default=QUERIES, help="queries of each form")
    return parser.parse_args(words)


def measure(queries: Iterable[tuple[str, Query]]) -> dict[str, dict[str, float]]:
    """For each form, and for all: milliseconds of the preview and of the page, and what was found."""
    client, times, results = (
        Client(headers={"host": "localhost"}),
        defaultdict(lambda: defaultdict(list)),
        defaultdict(list),
    )
    for name, query in queries:
        found, *spent = _timed(lambda query=query: preview(query, NOW))
        _, *page = _timed(lambda query=query: _page(client, query))
        for form in (name, "all"):
            for what, value in zip(("preview", "preview_wall", "page", "page_wall"), (*spent, *page), strict=True):
                times[form][what].append(value)
            results[form].append(found)
    return {form: spread(times[form]) | _found(results[form]) for form in [*dict.fromkeys(times)][::-1]}


def _page(client: Client, query: Query) -> None:
    answer = client.get("/preview", {"q": query.typed})
    if answer.status_code != 200:
        raise RuntimeError(f"{query.typed}: status {answer.status_code}")


def _timed(work: Callable) -> tuple[object, float, float]:
    """What comes out, milliseconds of the processor here and in the database, and milliseconds by the clock."""
    out, here, there, wall = timed(work)
    return out, here + there, wall


def _found(results: list[Preview]) -> dict[str, float]:
    counts = sorted(found.last_90_days for found in results)
    at_least = sum(found.over for found in results)
    return {
        "queries": len(results),
        "results_p50": counts[len(counts) // 2],
        "results_max": counts[-1],
        "at_least": at_least,
    }


def _table(measured: dict[str, dict[str, float]]) -> str:
    """As Markdown; times of the processor."""
    columns = [f"{what}_{name}_ms" for what in ("preview", "page") for name in ("p50", "p95", "max")]
    columns += ["preview_wall_p95_ms", "page_wall_p95_ms"]
    head = [*(name.removesuffix("_ms").replace("_", " ") for name in columns), "results", "at most", "“at least”"]
    lines = [f"| ms | {' | '.join(head)} |", "|---|" + "---:|" * len(head)]
    for form, facts in measured.items():
        cells = [f"{facts[column]:.0f}" for column in columns]
        cells += [f"{facts[name]:,}" for name in ("results_p50", "results_max", "at_least")]
        lines.append(f"| {form} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
