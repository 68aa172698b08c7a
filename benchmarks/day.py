"""./run bench day: a day's events against a million saved searches, through the database: how long, and why."""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from alerts.digests.ring import ring  # noqa: E402
from alerts.matching.fill import fill  # noqa: E402
from alerts.models import Counter, Topic  # noqa: E402
from alerts.query import parse  # noqa: E402
from benchmarks._day_rows import DAYS, NOW, happen, settle, subscribe  # noqa: E402
from benchmarks._day_table import costs, sizes  # noqa: E402
from benchmarks._day_worker import Clock, clock, since  # noqa: E402
from benchmarks._documents import documents  # noqa: E402

SEED = 20_260_301
SUBSCRIPTIONS, PAST, EVENTS, LUMPS = 1_000_000, 30_000, 600, 20
ASKED = (
    "fluoridation",
    "hospital",
    '"dental appointments"',
    "sewage AND lakes",
    "school* NEAR funding",
    "minister NOT hospital",
)
"""What people save while the worker is busy: rare and common words, and what only the evaluator can tell."""
ROOT = Path(__file__).parents[1]


def main(words: list[str]) -> int:
    """Make the rows, measure, say what came out, and write the numbers to a file if asked."""
    options = _options(words)
    result = prepared(options)
    for name, facts in measured(options):
        result[name] = facts
        print(f"{name}: {_said(facts)}", flush=True)
    print(_table(result))
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=1))
    return 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench day")
    parser.add_argument("--json", metavar="FILE", help="write the numbers to a file")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--subscriptions", type=int, default=SUBSCRIPTIONS)
    parser.add_argument("--events", type=int, default=EVENTS, help=f"events of the day, at least {LUMPS}")
    parser.add_argument("--past", type=int, default=PAST, help=f"events of the {DAYS} days before")
    return parser.parse_args(words)


def prepared(options: argparse.Namespace) -> dict[str, object]:
    """Make the rows and build the index; what there is then, and how many seconds it took."""
    origin, found = documents(options.seed)
    known, today = found[: -2 * options.events], found[-2 * options.events :]
    past = known[-options.past :]
    print(f"{len(past):,} {origin} of the past, {options.subscriptions:,} subscriptions.", flush=True)
    begun = perf_counter()
    call_command("migrate", verbosity=0)
    happen(past, released=True)
    topics = subscribe(known, options.subscriptions, options.seed)
    happen(today, released=False)
    settle()
    made = perf_counter()
    subprocess.run([sys.executable, "manage.py", "build_index"], check=True, cwd=ROOT)
    facts = {"seed": options.seed, "documents": origin, "subscriptions": options.subscriptions, "past": len(past)}
    return facts | {"topics": topics, "making_s": made - begun, "building_s": perf_counter() - made}


def measured(options: argparse.Namespace):
    """Each measurement by its name, one after the other; people confirm their alerts while the stream comes in."""
    yield "lump", _done_by(_worker(1, options.events))
    yield "table", sizes()
    yield "ring", _rung()
    worker = _worker(LUMPS, options.events // LUMPS)
    for asked in ASKED:
        yield f"fill {asked}", _filled(asked)
    yield "stream", _done_by(worker)
    yield "costs", costs()


def _worker(lumps: int, each: int) -> subprocess.Popen:
    """A worker that has loaded its index and begins."""
    command = [sys.executable, "-m", "benchmarks._day_worker", str(lumps), str(each)]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    worker.stdout.readline()
    return worker


def _done_by(worker: subprocess.Popen) -> dict[str, object]:
    said, _ = worker.communicate()
    if worker.returncode:
        raise SystemExit("the worker failed")
    return json.loads(said)


def _filled(asked: str) -> dict[str, float]:
    """How long somebody waits who has just confirmed: their topic is opened, and its past is searched to the end."""
    begun = clock()
    with transaction.atomic():
        topic = Topic.objects.opened(parse(asked).tree, NOW)
    opened = since(begun)[0]
    while Topic.objects.unfilled().filter(pk=topic.pk).exists():
        fill(NOW)
    return {"hits": topic.hits.count(), "opened_s": opened, **_named(since(begun))}


def _rung() -> dict[str, float]:
    counter = Counter.objects.get()
    begun = clock()
    rung = ring(NOW)
    return {"events": counter.seq - counter.rung_through, "people": rung.people, **_named(since(begun))}


def _named(times: Clock) -> dict[str, float]:
    return dict(zip(("wall_s", "cpu_s", "server_cpu_s"), times, strict=True))


def _said(facts: dict[str, object]) -> str:
    return ", ".join(f"{name} {value:,.4g}" for name, value in facts.items() if name != "parts")


def _table(result: dict) -> str:
    """What the time was spent on, for the two ways in which a day may come in: seconds."""
    head = "| | wall | worker's CPU | server's CPU |\n|---|---:|---:|---:|"
    return "\n".join(f"\n{way}:\n\n{head}\n{_rows(result[way]['parts'])}" for way in ("lump", "stream"))


def _rows(parts: dict[str, list[float]]) -> str:
    return "\n".join(
        f"| {part} | " + " | ".join(f"{time:.2f}" for time in times) + " |" for part, times in parts.items()
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
