"""The evaluator: every query is asked about every document. It is what all others must agree with."""

from alerts.query import matches
from benchmarks.peers.shared import OwnProcess


class Evaluator(OwnProcess):
    title, batch, reads, lasting = "evaluator", False, True, False

    def __init__(self, folder):
        self._topics = {}

    def build(self, topics):
        self._topics.update(topics)

    def load(self):
        pass

    def prepared(self, documents):
        return documents

    def matching(self, prepared):
        topics = self._topics.items()
        return [{topic for topic, tree in topics if matches(tree, document)} for document in prepared]

    def add(self, topics):
        for topic, tree in topics:
            self._topics[topic] = tree

    def drop(self, ids):
        for topic in ids:
            del self._topics[topic]
