"""What is wrong with a query: where, in a sentence, and what could be typed instead."""


class QueryError(Exception):
    """The typed text cannot be understood.

    `position` is the index of the character to point at (at most the length of the text), `message` a sentence
    that says what to do, `repaired` a query that can be offered instead, or None.
    """

    def __init__(self, position: int, message: str, repaired: str | None = None):
        super().__init__(position, message, repaired)
        self.position = position
        self.message = message
        self.repaired = repaired

    def __str__(self) -> str:
        return f"{self.message} (character {self.position + 1})"


class Refusal(Exception):
    """A QueryError in the making: its possible repairs, best first, have not been tried yet."""

    def __init__(self, position: int, message: str, *repairs: str):
        super().__init__(position, message, repairs)
        self.position = position
        self.message = message
        self.repairs = repairs
