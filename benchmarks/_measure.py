"""One index in a process of its own: how fast it loads, matches, takes in and drops topics, and what it holds.

    python -m benchmarks._measure INDEX DOCUMENTS TOPICS

INDEX is a file of arrays, DOCUMENTS and TOPICS are pickled. It prints JSON; times are the processor's, in ms.
"""

import gc
import json
import pickle
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time

from alerts.matching.compiled import CompiledIndex
from alerts.matching.index import TopicIndex
from alerts.matching.packing import mapped
from alerts.query import Document, Node, matches
from benchmarks._documents import fresh

WARM_UP = 0.5
"""The share of the documents that go before, as those of the days before would: then words are known."""


def main(index_path: str, documents_path: str, topics_path: str) -> None:
    read, topics = (pickle.loads(Path(path).read_bytes()) for path in (documents_path, topics_path))
    before = memory()
    load, index = _timed(lambda: TopicIndex(compiled=CompiledIndex(mapped(Path(index_path)))))
    gc.freeze()
    warm = int(len(read) * WARM_UP)
    for document in map(fresh, read[:warm]):
        index.matching(document)
    measured = [_matched(index, document) for document in map(fresh, read[warm:])]
    after = memory()
    print(
        json.dumps(
            {
                "load_ms": load,
                **spread([time for time, _ in measured]),
                "matches": sum(matches for _, matches in measured) / len(measured),
                "rss_mb": after["rss"],
                "private_mb": after["private"],
                "grown_mb": after["rss"] - before["rss"],
                **_changes(index, topics),
                **_parts(index_path, read[warm:]),
            }
        )
    )


def spread(times: Sequence[float]) -> dict[str, float]:
    """Mean, median and the time that only one document in a hundred takes longer than."""
    ordered = sorted(times)
    middle, last = len(ordered) // 2, int(len(ordered) * 0.99)
    return {"mean_ms": sum(ordered) / len(ordered), "p50_ms": ordered[middle], "p99_ms": ordered[last]}


def memory() -> dict[str, float]:
    """Megabytes of this process that are in memory, and those of them that are its own."""
    lines = (line.split() for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:])
    sizes = {line[0]: int(line[1]) / 1024 for line in lines}
    return {"rss": sizes["Rss:"], "private": sizes["Private_Clean:"] + sizes["Private_Dirty:"]}


def _matched(index: TopicIndex, document: Document) -> tuple[float, int]:
    """How long it took, and how many were found; what was found and analysed is let go, as a worker does."""
    time, found = _timed(lambda: index.matching(document))
    return time, len(found)


def _timed(work: Callable):
    begun = process_time()
    done = work()
    return (process_time() - begun) * 1000, done


def _changes(index: TopicIndex, topics: list[Node]) -> dict[str, float]:
    """What one topic more, and one less, costs; their trees are there already."""
    first = 1 << 40
    add, _ = _timed(lambda: [index.add(first + number, tree) for number, tree in enumerate(topics)])
    drop, _ = _timed(lambda: index.drop(range(first, first + len(topics))))
    return {"add_ms": add / len(topics), "drop_ms": drop / len(topics)}


def _parts(index_path: str, read: list[Document]) -> dict[str, float]:
    """What the time is spent on: reading the text, gathering and checking rows, ids, asking the evaluator."""
    compiled, again = CompiledIndex(mapped(Path(index_path))), list(map(fresh, read))
    for document in read:
        compiled.features(document)
    reading, features = _timed(lambda: [compiled.features(document) for document in again])
    gathering, found = _timed(lambda: [compiled.meeting(each) for each in features])
    decided = [_decided(compiled, *pair) for pair in zip(map(fresh, read), found, strict=True)]
    ids, asking, asked = map(sum, zip(*decided, strict=True))
    shares = {"reading_ms": reading, "gathering_ms": gathering, "ids_ms": ids, "evaluator_ms": asking, "asked": asked}
    return {name: share / len(read) for name, share in shares.items()}


def _decided(compiled: CompiledIndex, document: Document, found: tuple) -> tuple[float, float, int]:
    """What it took to know the topics that surely match, and then to ask the evaluator of others; and of how many."""
    (sure, unsure), topics = found, compiled.topics
    words, *_ = compiled.found(document)
    ids, known = _timed(lambda: set(topics.take(sure).tolist()))
    left = [place for place in unsure.tolist() if topics[place] not in known]
    asking, _ = _timed(lambda: [matches(compiled.tree(place), words) for place in left])
    return ids, asking, len(left)


if __name__ == "__main__":
    main(*sys.argv[1:])
