"""What the styleguide's tables are made of: components, each in its states."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class State:
    """A component as it is in one situation: the template and what it is given."""

    name: str
    template: str
    given: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Component:
    """A part that pages are made of, what it is for, and its states; none where this page has it itself.

    `within` is the class of what it stands in on every page, where its looks come from that.
    """

    name: str
    purpose: str
    states: tuple[State, ...] = ()
    within: str = ""


def each(template: str, states: dict[str, dict[str, object]]) -> tuple[State, ...]:
    """States that one template has, by their names, with what it is given in each."""
    return tuple(State(name, template, given) for name, given in states.items())
