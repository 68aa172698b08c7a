"""What is made of a frozen value is kept with it: made once, and let go of together."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Value = TypeVar("Value")
Made = TypeVar("Made")


def kept(make: Callable[[Value], Made]) -> Callable[[Value], Made]:
    """The same function, which asks a second time about the very same object only what it has said of it.

    No other object is ever given the answer, not even an equal one.
    """
    place = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def known(value: Value) -> Made:
        beside = vars(value)
        if place not in beside:
            beside[place] = make(value)
        return beside[place]

    return known
