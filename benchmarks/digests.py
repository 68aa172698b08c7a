"""./run bench digests: digests of 20 results composed, rendered and stored: how many a second on one core, and why."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks import _options  # noqa: E402
from benchmarks._digests_rows import prepare  # noqa: E402
from benchmarks._documents import documents  # noqa: E402
from benchmarks._topics import ANEW  # noqa: E402

SEED = 20_260_301
PEOPLE, EVENTS, TOPICS = 2_000, 3_000, 20_000
ROOT = Path(__file__).parents[1]


def main(words: list[str]) -> int:
    """Make the rows, measure, say what came out, and write the numbers to a file if asked."""
    options = _asked(words)
    origin, found = documents(options.seed)
    # What has one answer with others is told as one result with them, so of these there is one here.
    answers = {zone.text: document for document in found for zone in document.zones if zone.name == "answer"}
    week = list(answers.values())[: options.events]
    call_command("migrate", verbosity=0)
    topics = prepare(week, options.people, options.topics, options.anew, options.seed)
    print(f"{len(week):,} {origin}, answered; {options.people:,} people, {topics:,} topics.", flush=True)
    result = {"seed": options.seed, "origin": origin, "topics": topics, **measured()}
    print(_table(result))
    _options.give(result, options)
    return 0


def _asked(words: list[str]) -> argparse.Namespace:
    parser = _options.parser("digests", SEED)
    parser.add_argument("--people", type=int, default=PEOPLE, help="who get a digest each")
    parser.add_argument("--events", type=int, default=EVENTS, help="answers of the week, at most")
    parser.add_argument("--topics", type=int, default=TOPICS, help="topics from which alerts are chosen")
    parser.add_argument("--anew", type=float, default=ANEW, help="the share of alerts that nobody had before")
    return parser.parse_args(words)


def measured() -> dict[str, object]:
    """What a worker of its own says of all the digests."""
    command = [sys.executable, "-m", "benchmarks._digests_worker"]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout)


def _table(result: dict) -> str:
    number, times = result["digests"], result["times"]
    cpu = times["composing"][1] + times["rendering"][1]
    lines = [
        f"{number:,} digests of {result['results']:.1f} results and {result['bytes'] / 1000:.0f} kB:"
        f" {number / cpu:.0f} a second of one core, {result['statements'] / number:.1f} statements each",
        "",
        "| ms a digest | worker's CPU | server's CPU | wall |",
        "|---|---:|---:|---:|",
    ]
    for name, (wall, own, server) in times.items():
        lines.append(f"| {name} | {_ms(own, number)} | {_ms(server, number)} | {_ms(wall, number)} |")
    lines += ["", "| of composing and rendering | worker's CPU, ms a digest |", "|---|---:|"]
    lines += [f"| {part} | {_ms(took, number)} |" for part, took in result["parts"].items()]
    return "\n".join(lines)


def _ms(seconds: float, number: int) -> str:
    return f"{1000 * seconds / number:.2f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
