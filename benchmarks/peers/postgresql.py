"""PostgreSQL: a table of stored tsqueries, and one `query @@ document` over it for each document."""

import os
from collections import defaultdict
from pathlib import Path
from time import process_time

import psycopg

from alerts.query import And, Or, Phrase, Term
from benchmarks.peers.engine import Absent
from benchmarks.peers.shared import placed, resident, sides, written

TICKS = os.sysconf("SC_CLK_TCK")
TABLE = "peer_topics"


class PostgreSQL:
    title, batch, reads, lasting = "PostgreSQL", False, False, True

    def __init__(self, folder):
        if "DATABASE_URL" not in os.environ:
            raise Absent("PostgreSQL: no server (`./run bench matching` brings one)")
        self._connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        self._server = self._connection.info.backend_pid
        self._run = self._connection.execute
        # One core for everybody; and to compile a query anew costs more than it saves.
        self._run("SET max_parallel_workers_per_gather = 0")
        self._run("SET jit = off")

    def build(self, topics):
        self._run(f"DROP TABLE IF EXISTS {TABLE}")
        self._run(f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY, query tsquery NOT NULL)")
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {TABLE} FROM STDIN") as copy:
            for topic, tree in topics:
                copy.write_row((topic, query(tree)))
        self._run(f"VACUUM (ANALYZE, FREEZE) {TABLE}")

    def load(self):
        self._run(f"SELECT 1 FROM {TABLE} LIMIT 1")

    def prepared(self, documents):
        return list(map(_vector, documents))

    def matching(self, prepared):
        return [{topic for (topic,) in self._met(vector)} for vector in prepared]

    def add(self, topics):
        for topic, tree in topics:
            self._run(f"INSERT INTO {TABLE} VALUES (%s, %s::tsquery)", (topic, query(tree)))

    def drop(self, ids):
        for topic in ids:
            self._run(f"DELETE FROM {TABLE} WHERE id = %s", (topic,))

    def seconds(self):
        return process_time() + self._of_server()

    def megabytes(self):
        return resident("self") + resident(self._server)

    def stored(self):
        return self._run(f"SELECT pg_total_relation_size('{TABLE}')").fetchone()[0] / 1e6

    def close(self):
        self._run(f"DROP TABLE IF EXISTS {TABLE}")
        self._connection.close()

    def _met(self, vector):
        return self._run(f"SELECT id FROM {TABLE} WHERE query @@ %s::tsvector", (vector,), prepare=True, binary=True)

    def _of_server(self) -> float:
        """Processor time of the process that serves this connection: fields 14 and 15 of its stat (proc(5))."""
        after_name = Path(f"/proc/{self._server}/stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / TICKS


def query(tree) -> str:
    """The query as a tsquery."""
    match tree:
        case Term():
            return _quoted(tree.stem)
        case Phrase(words):
            return f"({' <-> '.join(map(_quoted, written(words)))})"
        case Or(children):
            return f"({' | '.join(map(query, children))})"
        case And():
            wanted, refused = sides(tree)
            return f"({' & '.join([*map(query, wanted), *('!' + query(child) for child in refused)])})"


def _vector(document) -> str:
    """The document as a tsvector; stems need no positions, since phrases are of words as written."""
    positions = defaultdict(list)
    for position, word in placed(document):
        positions[word].append(str(position))
    words = [f"{_quoted(word)}:{','.join(at)}" for word, at in positions.items()]
    return " ".join([*map(_quoted, document.stems), *words])


def _quoted(token: str) -> str:
    # No word has a backslash or an apostrophe: both are cut or dropped by the analysis.
    return f"'{token}'"
