"""The blocks an issue of a newsletter is made of, whatever program wrote it."""

from dataclasses import dataclass
from enum import Enum, auto


class BlockKind(Enum):
    """What a block is; a list or a quotation is one block with all that is in it."""

    HEADING = auto()
    PARAGRAPH = auto()
    LIST = auto()
    QUOTE = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a whole list or a whole quotation, outside of any other.

    `html` is clean and complete, a heading's `<p><strong>`; `text` is its words. `level` is a heading's, from 1, and 0
    for all else. `is_bold` and `is_link` say that all its words are; `size` is that of its first letters in pixels, 0
    where it is not said. `indent` counts the blanks before a line of plain text. `mailer` numbers the text block of a
    mailing program it stands in, None outside of any. `after_rule` where a line was drawn before it. `points` are the
    HTML of a list's own points, numbered from `start` (None where they have no numbers).
    """

    kind: BlockKind
    html: str
    text: str
    level: int = 0
    is_bold: bool = False
    is_link: bool = False
    size: int = 0
    indent: int = 0
    mailer: int | None = None
    after_rule: bool = False
    points: tuple[str, ...] = ()
    start: int | None = None

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @property
    def line(self) -> str:
        """Its text in one line."""
        return " ".join(self.text.split())
