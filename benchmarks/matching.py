"""./run bench matching: what a document takes to be held against up to a million saved searches, by Hark and others.

What it does goes to the error output as it does it; the tables, in Markdown, are all that it prints.
"""

import argparse
import json
import pickle
import shutil
import sys
import tempfile
from itertools import islice
from pathlib import Path

from alerts.query import Document
from benchmarks._chart import chart
from benchmarks._documents import documents
from benchmarks._race import WARM, race
from benchmarks._sets import TopicSet, keep_commonness, keep_topics, kept_topics, sets
from benchmarks._tables import markdown
from benchmarks._topics import Searches
from benchmarks._whole import ADDED, agreed, measured
from benchmarks.peers import HARK, NAMES, SHARING
from benchmarks.peers.shared import expressible, fits

SEED = 20_260_301
SIZES = (10_000, 100_000, 1_000_000)
HARDER = 1_000_000
READ, BATCH, ROUNDS = 4_000, 1_000, 5
SECONDS = 60
"""Of a race, after which no further round is begun once there were enough."""


def main(words: list[str]) -> int:
    """Measure, print tables, and write numbers and chart to files if asked."""
    options = _options(words)
    origin, found = documents(options.seed)
    raced = options.batch * options.rounds
    read, known, runs = found[-READ:], found[: -READ - raced], found[-READ - raced : -READ]
    _say(f"{len(found):,} {origin}; {READ:,} are matched, {raced:,} raced, the topics are made of the others.")
    results = {"seed": options.seed, "origin": origin, "documents": len(found), "batch": options.batch, "sets": {}}
    for number, each in enumerate(sets(options.sizes, options.apart, options.distinct, options.often)):
        with tempfile.TemporaryDirectory(prefix="hark-bench-") as folder:
            results["sets"][each.name] = _one_set(Path(folder), each, (known, read, runs), options, check=number == 0)
    print(markdown(results))
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=1) + "\n")
    if options.chart:
        Path(options.chart).write_text(chart(results))
    return 0


def _one_set(folder: Path, each: TopicSet, documents, options, *, check: bool) -> dict:
    known, read, runs = documents
    keep_commonness(folder, known)
    _say(f"{each.name}: {keep_topics(folder, enumerate(each.trees(known, options.seed), start=1)):,} topics")
    added = list(islice(Searches(known, options.seed + 1).distinct(ADDED), ADDED))
    result = {"subscriptions": each.size, "usual": each.usual}
    if not each.apart:
        result["whole"] = measured(folder, read, added)
        _say(f"  the whole language: {_said(result['whole'])}")
    if check and "whole" in result:
        result["agreed"] = agreed(folder, read)
        _say(f"  agrees with the evaluator on {result['agreed']:,} matches")
    if options.peers:
        result["race"] = _race(folder, SHARING if each.apart else HARK, read, runs, options)
        for title, one in result["race"]["engines"].items():
            _say(f"  {title}: {_said(one)}")
    return result


def _race(folder: Path, ours: str, read: list[Document], runs: list[Document], options) -> dict:
    """Race the engines over those topics that all of them understand, and documents that all of them can hold."""
    shared = folder / "shared"
    shared.mkdir()
    shutil.copy(folder / "commonness", shared)
    topics = keep_topics(shared, ((topic, tree) for topic, tree in kept_topics(folder) if expressible(tree)))
    fitting = [document for document in runs if fits(document)]
    unfit = len(runs) - len(fitting)
    (shared / "documents").write_bytes(pickle.dumps(read[:WARM] + fitting + fitting[:unfit]))
    _say(f"  the race, with the {topics:,} queries that all engines understand:")
    return {"topics": topics, "unfit": unfit} | race(
        shared, ours, options.peers, options.batch, options.rounds, SECONDS
    )


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench matching")
    parser.add_argument("--json", metavar="FILE", help="write the numbers to a file")
    parser.add_argument("--chart", metavar="FILE", help="draw them, as SVG")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="numbers of subscriptions")
    parser.add_argument("--apart", type=int, default=HARDER, help="subscriptions with a query each; 0 leaves it out")
    parser.add_argument("--distinct", type=int, default=HARDER, help="number of distinct queries; 0 leaves it out")
    parser.add_argument("--often", type=int, default=HARDER, help="subscriptions to common words too; 0 leaves it out")
    parser.add_argument("--peers", nargs="+", choices=NAMES, default=NAMES, help="engines to race against")
    parser.add_argument("--no-peers", dest="peers", action="store_const", const=(), help="race against none")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of a race, at most (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=BATCH, help="documents of a round (default: %(default)s)")
    return parser.parse_args(words)


def _said(result: dict) -> str:
    return ", ".join(f"{name} {value:,.4g}" for name, value in result.items() if isinstance(value, int | float))


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
