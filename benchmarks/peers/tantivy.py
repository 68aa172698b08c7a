"""tantivy: a batch of documents is indexed in memory, and every query is run over it."""

from alerts.query import And, Or, Phrase, Term
from benchmarks.peers.engine import Absent
from benchmarks.peers.shared import OwnProcess, sides

try:
    import tantivy as library
except ImportError:
    raise Absent("tantivy: not installed (`./run bench matching` fetches it where there is a network)") from None

BORDER = "|"
"""A word that no query has, between paragraphs."""
HEAP = 200_000_000
"""Bytes: more than any batch takes, so that it becomes one segment, in the order of its documents."""


class Tantivy(OwnProcess):
    title, batch, reads, lasting = "tantivy", True, False, False

    def __init__(self, folder):
        self._queries = {}
        blanks = library.TextAnalyzerBuilder(library.Tokenizer.whitespace()).build()
        builder = library.SchemaBuilder()
        builder.add_text_field("stems", tokenizer_name="blanks", index_option="basic")
        builder.add_text_field("words", tokenizer_name="blanks", index_option="position")
        self._schema, self._blanks = builder.build(), blanks

    def build(self, topics):
        self.add(topics)

    def load(self):
        pass

    def prepared(self, documents):
        return [_document(document) for document in documents]

    def matching(self, prepared):
        searcher, limit = self._indexed(prepared), len(prepared)
        found = [set() for _ in prepared]
        for topic, query in self._queries.items():
            for _, address in searcher.search(query, limit, False).hits:
                found[address.doc].add(topic)
        return found

    def add(self, topics):
        for topic, tree in topics:
            # A constant score is a fifth quicker than one that nobody looks at.
            self._queries[topic] = library.Query.const_score_query(self._query(tree), 1.0)

    def drop(self, ids):
        for topic in ids:
            del self._queries[topic]

    def _indexed(self, prepared):
        index = library.Index(self._schema)
        index.register_tokenizer("blanks", self._blanks)
        writer = index.writer(HEAP, 1)
        for document in prepared:
            writer.add_document(document)
        writer.commit()
        index.reload()
        searcher = index.searcher()
        if searcher.num_segments != 1:
            raise RuntimeError("tantivy made more than one segment of a batch: raise HEAP")
        return searcher

    def _query(self, tree):
        match tree:
            case Term():
                return library.Query.term_query(self._schema, "stems", tree.stem, "basic")
            case Phrase((word,)):
                return library.Query.term_query(self._schema, "words", word, "basic")
            case Phrase(words):
                return library.Query.phrase_query(self._schema, "words", list(words))
            case Or(children):
                return self._joined((library.Occur.Should, child) for child in children)
            case And():
                wanted, refused = sides(tree)
                every = [(library.Occur.Must, child) for child in wanted]
                return self._joined(every + [(library.Occur.MustNot, child) for child in refused])

    def _joined(self, parts):
        return library.Query.boolean_query([(occur, self._query(child)) for occur, child in parts])


def _document(document):
    words = f" {BORDER} ".join(" ".join(paragraph.words) for paragraph in document.paragraphs)
    made = library.Document()
    made.add_text("stems", " ".join(sorted(document.stems)))
    made.add_text("words", words)
    return made
