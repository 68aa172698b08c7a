"""Vocabulary: the features that topics ask for, numbered as they come, and the tables they are looked up in."""

import numpy as np

from alerts.matching.names import name_table
from alerts.matching.phrases import Steps
from alerts.matching.scoped import ANY_ENDING, AS_WRITTEN, NEXT_TO_EACH_OTHER, SCOPES, Scoped

ALWAYS, NEVER = 0, 1
"""The features that every document has, and none."""


class Vocabulary:
    """Numbers features. A million of them are held as whole numbers, since objects would take most of the memory."""

    def __init__(self):
        self._names: dict[str, int] = {}
        self._steps = Steps()
        self._of_names: dict[int, int] = {}
        self._of_phrases: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._of_names) + len(self._of_phrases) + 2

    def number(self, feature: Scoped) -> int:
        """The number of a feature, the same each time."""
        scope, name = SCOPES.index(feature.scope), feature.name
        if name[0] == NEXT_TO_EACH_OTHER:
            words = [self._name(AS_WRITTEN + word) for word in name[1:].split(" ")]
            return self._of_phrases.setdefault(self._steps.node(words) * len(SCOPES) + scope, len(self))
        return self._of_names.setdefault(self._name(name) * len(SCOPES) + scope, len(self))

    def arrays(self) -> dict[str, np.ndarray]:
        """From names, and from phrases, to the features that are asked for in each scope."""
        names, numbers = name_table(self._names)
        steps, nodes = self._steps.arrays(numbers)
        starts = [at for at, name in enumerate(self._names) if name[0] == AS_WRITTEN and name[-1] == ANY_ENDING]
        return {
            **names,
            **steps,
            "prefixes": np.sort(numbers[starts]).astype(np.int32),
            "scoped": _table(self._of_names, numbers, len(numbers) + 1),
            "phrase_scoped": _table(self._of_phrases, nodes, len(nodes)),
        }

    def _name(self, name: str) -> int:
        return self._names.setdefault(name, len(self._names))


def _table(features: dict[int, int], places: np.ndarray, rows: int) -> np.ndarray:
    """A row of features, one for each scope, at the place of what has that number."""
    keys = np.fromiter(features.keys(), np.int64, len(features))
    table = np.zeros((rows, len(SCOPES)), np.int32)
    table[places[keys // len(SCOPES)], keys % len(SCOPES)] = np.fromiter(features.values(), np.int32, len(features))
    return table
