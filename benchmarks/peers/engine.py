"""What every engine of the race can do."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol

from alerts.query import Document, Node

Topic = tuple[int, Node]
"""An id, and the query that is wanted."""


class Absent(Exception):
    """An engine that cannot run here; the words say why, and what brings it."""


class Engine(Protocol):
    """Topics that are kept, and documents that are held against them."""

    title: str
    batch: bool
    """Whether it indexes documents, many at once, and runs every query over them; else it takes each by itself."""
    reads: bool
    """Whether it analyses the text itself while matching; else it is given words, which is measured as reading."""
    lasting: bool
    """Whether what it builds is stored, and a new process only has to load it."""

    def build(self, topics: Iterable[Topic]) -> None:
        """Take in the topics of the whole race; called once, before all else."""

    def load(self) -> None:
        """Make ready to match what has been built."""

    def prepared(self, documents: Sequence[Document]) -> Any:
        """The documents in the form this engine takes; where it does not read itself, analysed by the language."""

    def matching(self, prepared: Any) -> Sequence[Collection[int]]:
        """The topics that each of these documents meets."""

    def add(self, topics: Sequence[Topic]) -> None:
        """Take in more topics, one by one."""

    def drop(self, ids: Sequence[int]) -> None:
        """Forget these topics, one by one."""

    def seconds(self) -> float:
        """Processor time so far of all processes that work for it."""

    def megabytes(self) -> float:
        """Memory that these processes hold now."""

    def stored(self) -> float | None:
        """Megabytes of its topics on disk; None where it stores nothing."""

    def close(self) -> None:
        """Leave nothing behind."""
