"""Places: the words of a tree wanted in some zones only, or anywhere."""

from collections.abc import Iterable

from alerts.query.nodes import And, Field, In, Node, Not, Or, all_of, any_of

NEWSLETTER = Field("type", ("newsletter",))


def only_in(tree: Node, zones: tuple[str, ...]) -> Node:
    """What holds where `tree` does with all its words in these zones; what is left out is left out wherever it is."""
    match tree:
        case And(parts):
            return all_of(only_in(part, zones) for part in parts)
        case Or(parts):
            return together(only_in(part, zones) for part in parts)
        case Not() | Field() | In():
            return tree
        case leaf:
            return together(In(zone, leaf) for zone in zones)


def or_newsletters(tree: Node, whole: Node) -> Node:
    """The tree, or what the whole finds in newsletters: they have no answers."""
    return any_of((tree, all_of((whole, NEWSLETTER))))


def together(parts: Iterable[Node]) -> Node | None:
    """The parts joined by OR, what is asked of one zone together; None where there are none."""
    zones: dict[str, list[Node]] = {}
    others = []
    for part in parts:
        for one in part.children if isinstance(part, Or) else (part,):
            (zones.setdefault(one.zone, []) if isinstance(one, In) else others).append(one)
    joined = [In(zone, any_of(dict.fromkeys(one.child for one in found))) for zone, found in zones.items()]
    return any_of(dict.fromkeys(others + joined)) if others or joined else None


def anywhere(tree: Node) -> Node:
    """The same wherever its words stand; parts that are equal then are one."""
    match tree:
        case In(_, child):
            return child
        case Not():
            return tree
        case And(parts):
            flat = all_of(map(anywhere, parts))
            return all_of(dict.fromkeys(flat.children)) if isinstance(flat, And) else flat
        case Or(parts):
            flat = any_of(map(anywhere, parts))
            return any_of(dict.fromkeys(flat.children)) if isinstance(flat, Or) else flat
        case _:
            return tree


def asks_for_a_place(tree: Node) -> bool:
    """Whether any of its words are wanted in one zone."""
    match tree:
        case In():
            return True
        case And(parts) | Or(parts):
            return any(map(asks_for_a_place, parts))
        case Not(child):
            return asks_for_a_place(child)
        case _:
            return False
