"""What is made of a value is made once for it; and the garbage collector waits no longer than it is told to."""

import gc
from dataclasses import dataclass, replace

import pytest

from alerts.digests.kept import kept
from alerts.digests.uncollected import uncollected


@dataclass(frozen=True)
class Horn:
    name: str


def test_what_is_made_of_a_value_is_made_once_and_only_for_that_very_object():
    heard = []

    @kept
    def tone(horn: Horn) -> str:
        heard.append(horn)
        return f"The {horn.name} sounds."

    low = Horn("low horn")
    assert tone(low) is tone(low) and heard == [low]
    assert tone(replace(low, name="high horn")) == "The high horn sounds."
    assert tone(replace(low)) == tone(low) and len(heard) == 3


def test_two_things_made_of_one_value_are_two():
    @kept
    def loud(horn: Horn) -> str:
        return horn.name.upper()

    @kept
    def length(horn: Horn) -> int:
        return len(horn.name)

    low = Horn("low")
    assert (loud(low), length(low), loud(low)) == ("LOW", 3, "LOW")


def test_the_collector_works_again_after_a_batch_that_failed():
    assert gc.isenabled()
    with pytest.raises(ValueError, match="a lamp is out"), uncollected():
        assert not gc.isenabled()
        raise ValueError("a lamp is out")
    assert gc.isenabled()


def test_a_batch_within_a_batch_leaves_the_collector_waiting():
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
