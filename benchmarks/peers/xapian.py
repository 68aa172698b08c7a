"""Xapian (Debian's python3-xapian): a batch of documents is indexed in memory, and every query is run over it."""

import importlib.util
import sys
from pathlib import Path

from alerts.query import And, Or, Phrase, Term
from benchmarks.peers.engine import Absent
from benchmarks.peers.shared import OwnProcess, placed, sides, written

SYSTEM = Path("/usr/lib/python3/dist-packages")
"""Where Debian and Ubuntu put the packages of the system's Python; an environment of one's own does not look there."""


def _library():
    """The package xapian, of this Python or of the system's where both are the same version."""
    place = SYSTEM / "xapian" / "__init__.py"
    spec = importlib.util.find_spec("xapian")
    if spec is None and place.exists():
        spec = importlib.util.spec_from_file_location("xapian", place, submodule_search_locations=[str(place.parent)])
    if spec is None:
        raise Absent("Xapian: not on this machine (on Debian or Ubuntu: apt install python3-xapian)")
    module = importlib.util.module_from_spec(spec)
    sys.modules["xapian"] = module
    try:
        spec.loader.exec_module(module)
    except ImportError:
        raise Absent("Xapian: the system's package is for another version of Python") from None
    return module


library = _library()


class Xapian(OwnProcess):
    title, batch, reads, lasting = "Xapian", True, False, False

    def __init__(self, folder):
        self._queries = {}

    def build(self, topics):
        self.add(topics)

    def load(self):
        pass

    def prepared(self, documents):
        return list(map(_document, documents))

    def matching(self, prepared):
        database, most = self._indexed(prepared), len(prepared)
        enquire = library.Enquire(database)
        enquire.set_weighting_scheme(library.BoolWeight())
        enquire.set_docid_order(library.Enquire.DONT_CARE)
        found = [set() for _ in prepared]
        for topic, query in self._queries.items():
            enquire.set_query(query)
            hits = enquire.get_mset(0, most)
            # Half the time of iterating over `hits`, which makes an object of each.
            for place in range(hits.size()):
                found[hits.get_docid(place) - 1].add(topic)
        return found

    def add(self, topics):
        for topic, tree in topics:
            self._queries[topic] = _query(tree)

    def drop(self, ids):
        for topic in ids:
            del self._queries[topic]

    def _indexed(self, prepared):
        database = library.WritableDatabase("", library.DB_BACKEND_INMEMORY)
        for document in prepared:
            database.add_document(document)
        return database


def _query(tree):
    match tree:
        case Term():
            return library.Query(tree.stem)
        case Phrase(words) if len(words) > 1:
            return library.Query(library.Query.OP_PHRASE, written(words), len(words))
        case Phrase(words):
            return library.Query(*written(words))
        case Or(children):
            return library.Query(library.Query.OP_OR, list(map(_query, children)))
        case And():
            wanted, refused = sides(tree)
            found = library.Query(library.Query.OP_AND, list(map(_query, wanted)))
            for child in refused:
                found = library.Query(library.Query.OP_AND_NOT, found, _query(child))
            return found


def _document(document):
    made = library.Document()
    for stem in document.stems:
        made.add_boolean_term(stem)
    for position, word in placed(document):
        made.add_posting(word, position)
    return made
