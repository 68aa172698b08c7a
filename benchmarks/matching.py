"""./run bench matching: how long a document takes to be held against 10,000, 100,000 and a million saved searches."""

import argparse
import json
import pickle
import subprocess
import sys
import tempfile
from collections import Counter
from itertools import islice
from pathlib import Path
from time import process_time

from alerts.matching.commonness import Commonness
from alerts.matching.compiled import CompiledIndex
from alerts.matching.compiler import compiled
from alerts.matching.features import features
from alerts.matching.index import TopicIndex
from alerts.matching.packing import mapped, pack
from alerts.query import Document, canonical, matches, parse
from benchmarks._documents import documents
from benchmarks._topics import Searches

SEED = 20_260_301
SIZES = (10_000, 100_000, 1_000_000)
DISTINCT = 1_000_000
READ, SAMPLE, ADDED = 4_000, 1_000, 1_000
CHECKED = 20
"""Documents for which the evaluator is asked about every topic of the smallest set."""
COLUMNS = ("mean_ms", "p50_ms", "p99_ms", "matches", "asked", "rss_mb", "private_mb", "load_ms", "add_ms", "drop_ms")
PARTS = ("reading_ms", "gathering_ms", "evaluator_ms", "ids_ms")


def main(words: list[str]) -> int:
    """Measure, print a table, and write the numbers to a file if asked."""
    options = _options(words)
    origin, found = documents(options.seed)
    read, known = found[-READ:], found[:-READ]
    print(f"{len(found):,} {origin}; {READ:,} of them are matched, the topics are made of the others.", flush=True)
    commonness = Commonness(Counter(name for document in known[:SAMPLE] for name in features(document)))
    sets = [(f"{size:,} subscriptions", size, False) for size in options.sizes]
    sets += [(f"{options.distinct:,} distinct queries", options.distinct, True)] * (options.distinct > 0)
    results = {}
    with tempfile.TemporaryDirectory(prefix="hark-bench-") as folder:
        for number, (name, size, distinct) in enumerate(sets):
            results[name] = _measured(Path(folder), known, read, commonness, size, distinct, options.seed)
            print(f"{name}: {_said(results[name])}", flush=True)
            if number == 0:
                print(f"  agrees with the evaluator on {_agreed(Path(folder), known, read, options):,} matches")
    print(_table(results))
    if options.json:
        Path(options.json).write_text(
            json.dumps({"seed": options.seed, "documents": origin, "sets": results}, indent=1)
        )
    return 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench matching")
    parser.add_argument("--json", metavar="FILE", help="write the numbers to a file")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="numbers of subscriptions")
    parser.add_argument("--distinct", type=int, default=DISTINCT, help="number of distinct queries; 0 leaves it out")
    return parser.parse_args(words)


def _topics(known: list[Document], size: int, distinct: bool, seed: int):
    searches = Searches(known, seed)
    return searches.distinct(size) if distinct else searches.saved(size)


def _measured(folder, known, read, commonness, size, distinct, seed) -> dict[str, float]:
    """Compile the topics of a set, and have a process of its own measure the index."""
    clock = _Clock()
    arrays = compiled(enumerate(clock.outside(_topics(known, size, distinct, seed)), start=1), commonness)
    build = clock.passed()
    index, texts, more = folder / "index", folder / "documents", folder / "topics"
    with index.open("wb") as file:
        pack(arrays, file)
    texts.write_bytes(pickle.dumps(read))
    added = list(islice(Searches(known, seed + 1).distinct(ADDED), ADDED))
    more.write_bytes(pickle.dumps(added))
    command = [sys.executable, "-m", "benchmarks._measure", *map(str, (index, texts, more))]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1]).stdout
    facts = {"topics": len(arrays["topics"]), "build_s": build, "index_mb": index.stat().st_size / 1e6}
    return facts | {"parse_ms": _parsing(added)} | json.loads(said)


class _Clock:
    """The processor's time, without what an iterator takes to give its items."""

    def __init__(self):
        self._outside, self._begun = 0.0, process_time()

    def outside(self, items):
        items = iter(items)
        while True:
            begun = process_time()
            item = next(items, None)
            self._outside += process_time() - begun
            if item is None:
                return
            yield item

    def passed(self) -> float:
        return process_time() - self._begun - self._outside


def _parsing(trees) -> float:
    """Milliseconds to parse one query: what a build takes for each besides."""
    typed = list(map(canonical, trees))
    begun = process_time()
    for words in typed:
        parse(words)
    return (process_time() - begun) / len(typed) * 1000


def _agreed(folder, known, read, options) -> int:
    """How many matches index and evaluator both find in some documents; fails where they differ."""
    index = TopicIndex(compiled=CompiledIndex(mapped(folder / "index")))
    size = options.sizes[0] if options.sizes else options.distinct
    trees = list(_topics(known, size, not options.sizes, options.seed))
    agreed = 0
    for document in read[:CHECKED]:
        expected = {number for number, tree in enumerate(trees, start=1) if matches(tree, document)}
        if index.matching(document) != expected:
            raise SystemExit(f"index and evaluator differ on: {document}")
        agreed += len(expected)
    return agreed


def _said(result: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:,.4g}" for name, value in result.items())


def _table(results: dict[str, dict[str, float]]) -> str:
    head = ["", "topics", "build_s", "index_mb", *COLUMNS, *PARTS]
    rows = [[name, *(f"{result[column]:,.4g}" for column in head[1:])] for name, result in results.items()]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
