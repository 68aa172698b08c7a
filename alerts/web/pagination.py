"""Pagination: the ways from one page of a list to the others."""

from collections.abc import Callable
from dataclasses import dataclass

AROUND = 2
"""Pages named on each side of the one that is open."""


@dataclass(frozen=True)
class Step:
    """A page that is named: its number and address; `is_gap` where pages before it are left out."""

    number: int
    url: str
    is_current: bool
    is_gap: bool


@dataclass(frozen=True)
class Pagination:
    """The addresses of the page before and the page after, '' where there is none, and the pages that are named."""

    previous: str
    next: str
    steps: tuple[Step, ...]


def pagination(number: int, pages: int, address: Callable[[int], str]) -> Pagination | None:
    """The ways from page `number` of so many; None where there is only one."""
    if pages < 2:
        return None
    near = range(max(2, number - AROUND), min(pages - 1, number + AROUND) + 1)
    named = [1, *near, pages]
    steps = tuple(
        Step(one, address(one), one == number, one - before > 1)
        for before, one in zip([0, *named], named, strict=False)
    )
    return Pagination(
        previous=address(number - 1) if number > 1 else "",
        next=address(number + 1) if number < pages else "",
        steps=steps,
    )
