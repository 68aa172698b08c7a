"""./run bench pages: how long the server takes over every page of the site, with a year of questions behind them."""

import argparse
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import perf_counter

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from alerts.models import Event, Hit, Item, Subscription  # noqa: E402
from benchmarks import _options  # noqa: E402
from benchmarks._day_rows import NOW  # noqa: E402
from benchmarks._documents import documents  # noqa: E402
from benchmarks._pages_addresses import Asked, Site  # noqa: E402
from benchmarks._pages_rows import prepare  # noqa: E402
from benchmarks._served import set_the_clock, spread, timed  # noqa: E402

SEED = 20_260_310
ITEMS, SUBSCRIPTIONS, COUNT = 100_000, 10_000, 48
SECONDS = 12
"""After which no more of one page is asked for."""


def main(words: list[str]) -> int:
    """Make the rows, measure, print a table, and write the numbers to a file if asked."""
    options = _asked(words)
    origin, found = documents(options.seed)
    call_command("migrate", verbosity=0)
    begun = perf_counter()
    with tempfile.TemporaryDirectory(prefix="hark-bench-") as folder:
        set_the_clock(Path(folder, "clock.json"), NOW)
        prepare(found, options.items, options.subscriptions, options.seed)
        facts = {"seed": options.seed, "documents": origin, **_counted(), "making_s": perf_counter() - begun}
        print(", ".join(f"{name} {value:,.0f}" for name, value in facts.items() if name != "documents"), flush=True)
        measured = measure(Site(found, options.count, options.seed))
    print(_table(measured))
    _options.give(facts | {"pages": measured}, options)
    return 0


def _asked(words: list[str]) -> argparse.Namespace:
    parser = _options.parser("pages", SEED)
    parser.add_argument("--items", type=int, default=ITEMS, help="questions of a year")
    parser.add_argument("--subscriptions", type=int, default=SUBSCRIPTIONS)
    parser.add_argument("--count", type=int, default=COUNT, help="addresses of each page, at most")
    return parser.parse_args(words)


def _counted() -> dict[str, int]:
    rows = {"items": Item, "events": Event, "subscriptions": Subscription, "hits": Hit}
    return {name: model.objects.count() for name, model in rows.items()}


def measure(site: Site) -> dict[str, dict[str, float]]:
    """For each page: milliseconds of this process, of the database's, of both, and by the clock; and kB it sends."""
    return {asked.name: _measured(asked) for asked in site.pages()}


def _measured(asked: Asked) -> dict[str, float]:
    """Each address once, after the first of them was opened to warm up."""
    _open(*asked.addresses[0])
    times, sizes, begun = defaultdict(list), [], perf_counter()
    for client, address in asked.addresses:
        size, here, there, wall = timed(lambda client=client, address=address: _open(client, address))
        for what, value in {"all": here + there, "here": here, "database": there, "wall": wall}.items():
            times[what].append(value)
        sizes.append(size)
        if perf_counter() - begun > SECONDS:
            break
    return {"times": len(sizes), "kb": max(sizes) / 1000, **spread(times)}


def _open(client: Client, address: str) -> int:
    """The bytes of the page. Raises RuntimeError where it is not there."""
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: status {answer.status_code}")
    return len(b"".join(answer.streaming_content) if answer.streaming else answer.content)


def _table(measured: dict[str, dict[str, float]]) -> str:
    """As Markdown, the slowest first; times of the processor, here and in the database, but for the last."""
    columns = ["all_p50_ms", "all_p95_ms", "all_max_ms", "here_p95_ms", "database_p95_ms", "wall_p95_ms"]
    head = ["asked", "p50", "p95", "max", "here p95", "database p95", "wall p95", "kB"]
    lines = [f"| ms | {' | '.join(head)} |", "|---|" + "---:|" * len(head)]
    for name, facts in sorted(measured.items(), key=lambda one: -one[1]["all_p95_ms"]):
        cells = [f"{facts['times']}", *(f"{facts[column]:.0f}" for column in columns), f"{facts['kb']:.0f}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
