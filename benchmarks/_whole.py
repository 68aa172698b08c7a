"""The whole language: Hark's index is compiled here, and measured in a process of its own."""

import json
import pickle
import subprocess
import sys
from pathlib import Path

from alerts.matching.compiled import CompiledIndex
from alerts.matching.compiler import compiled
from alerts.matching.index import TopicIndex
from alerts.matching.packing import mapped, pack
from alerts.query import Document, Node, canonical, matches, parse
from benchmarks._sets import Clock, kept_commonness, kept_topics

ADDED = 1_000
"""Topics that are added to the index, and dropped again."""
CHECKED, ASKED = 20, 100_000
"""Documents for which the evaluator is asked about every topic of the smallest set: so many, or fewer where that
would be more than so many questions."""


def measured(folder: Path, read: list[Document], added: list[Node]) -> dict[str, float]:
    """Compile the topics of a folder, and have a process of its own measure the index; leaves the file `index`."""
    clock = Clock()
    arrays = compiled(clock.outside(kept_topics(folder)), kept_commonness(folder))
    build = clock.passed()
    index, texts, more = folder / "index", folder / "read", folder / "more"
    with index.open("wb") as file:
        pack(arrays, file)
    texts.write_bytes(pickle.dumps(read))
    more.write_bytes(pickle.dumps(added))
    command = [sys.executable, "-m", "benchmarks._measure", *map(str, (index, texts, more))]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]).stdout
    facts = {"topics": len(arrays["topics"]), "build_s": build, "index_mb": index.stat().st_size / 1e6}
    return facts | {"parse_ms": _parsing(added)} | json.loads(said)


def agreed(folder: Path, read: list[Document]) -> int:
    """How many matches index and evaluator both find in some documents; stops the program where they differ."""
    index = TopicIndex(compiled=CompiledIndex(mapped(folder / "index")))
    topics = list(kept_topics(folder))
    count = 0
    for document in read[: min(CHECKED, max(1, ASKED // len(topics)))]:
        expected = {number for number, tree in topics if matches(tree, document)}
        if index.matching(document) != expected:
            raise SystemExit(f"index and evaluator differ on: {document}")
        count += len(expected)
    return count


def _parsing(trees: list[Node]) -> float:
    """Milliseconds to parse one query: what a build takes for each besides."""
    typed = list(map(canonical, trees))
    clock = Clock()
    for words in typed:
        parse(words)
    return clock.passed() / len(typed) * 1000
