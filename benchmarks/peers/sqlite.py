"""SQLite FTS5: a batch of documents is indexed in memory, and every stored query is run over it."""

import sqlite3

from alerts.query import And, Or, Phrase, Term
from benchmarks.peers.engine import Absent
from benchmarks.peers.shared import AS_WRITTEN, OwnProcess, sides, written

BORDER = "|"
"""A word that no query has, between paragraphs."""
TOKENS = f"ascii tokenchars '{AS_WRITTEN}.{BORDER}'"
"""Our words are cut and folded already: a blank is between any two. Whatever is not ASCII is part of a word."""
BATCH = f"""CREATE VIRTUAL TABLE batch
    USING fts5(stems, words, content='', columnsize=0, tokenize="{TOKENS}")"""
ONE_SEGMENT = 1 << 28
"""Bytes that are collected before FTS5 writes a segment: more than any batch has."""


class SQLite(OwnProcess):
    title, batch, reads, lasting = "SQLite FTS5", True, False, True

    def __init__(self, folder):
        self._file = folder / "topics.sqlite"
        self._database = sqlite3.connect(":memory:")
        self._database.execute("ATTACH ? AS saved", (str(self._file),))
        try:
            self._database.execute(BATCH)
        except sqlite3.OperationalError:
            raise Absent("SQLite: Python's was built without FTS5") from None
        self._database.execute("INSERT INTO batch(batch, rank) VALUES ('hashsize', ?)", (ONE_SEGMENT,))

    def build(self, topics):
        self._database.execute("CREATE TABLE saved.topics (id INTEGER PRIMARY KEY, query TEXT)")
        rows = ((topic, query(tree)) for topic, tree in topics)
        with self._database:
            self._database.executemany("INSERT INTO saved.topics VALUES (?, ?)", rows)

    def load(self):
        self._database.execute("SELECT 1 FROM saved.topics LIMIT 1").fetchone()

    def prepared(self, documents):
        return [(number, *_texts(document)) for number, document in enumerate(documents)]

    def matching(self, prepared):
        run = self._database.execute
        with self._database:
            run("INSERT INTO batch(batch) VALUES ('delete-all')")
            self._database.executemany("INSERT INTO batch(rowid, stems, words) VALUES (?, ?, ?)", prepared)
        found = [set() for _ in prepared]
        # CROSS JOIN has SQLite take the queries one by one on the outside, which is the only order FTS5 knows.
        for topic, number in run(
            "SELECT topics.id, batch.rowid FROM saved.topics CROSS JOIN batch WHERE batch MATCH topics.query"
        ):
            found[number].add(topic)
        return found

    def add(self, topics):
        for topic, tree in topics:
            with self._database:
                self._database.execute("INSERT INTO saved.topics VALUES (?, ?)", (topic, query(tree)))

    def drop(self, ids):
        for topic in ids:
            with self._database:
                self._database.execute("DELETE FROM saved.topics WHERE id = ?", (topic,))

    def stored(self):
        return self._file.stat().st_size / 1e6


def query(tree) -> str:
    """The query in the words of FTS5."""
    match tree:
        case Term():
            return f'"{tree.stem}"'
        case Phrase(words):
            return f'"{" ".join(written(words))}"'
        case Or(children):
            return f"({' OR '.join(map(query, children))})"
        case And():
            wanted, refused = sides(tree)
            found = " AND ".join(map(query, wanted))
            return f"(({found}) NOT ({' OR '.join(map(query, refused))}))" if refused else f"({found})"


def _texts(document) -> tuple[str, str]:
    words = f" {BORDER} ".join(" ".join(written(paragraph.words)) for paragraph in document.paragraphs)
    return " ".join(sorted(document.stems)), words
