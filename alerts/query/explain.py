"""The explanation: what each node of a query says about a document, and which of its words made it true."""

from dataclasses import dataclass

from alerts.query.canonical import written
from alerts.query.document import Document
from alerts.query.evaluate import matches
from alerts.query.nodes import And, In, Leaf, Node, Not, Or, children

#: A leaf that made a query true, and the document narrowed to where it was asked for.
Credit = tuple[Leaf, Document]


@dataclass(frozen=True)
class Explanation:
    """A node, whether it holds, and the explanations of the nodes below it."""

    node: Node
    verdict: bool
    children: tuple["Explanation", ...] = ()

    @property
    def label(self) -> str:
        """The node as it could be typed."""
        return written(self.node)


def explain(tree: Node, document: Document) -> Explanation:
    """The verdict of every node; that of the root is whether the query finds the document.

    What stands below a zone is held against this zone alone; a side of NEAR has the verdict it has by itself.
    """
    narrowed = document.only(tree.zone) if isinstance(tree, In) else document
    below = tuple(explain(child, narrowed) for child in children(tree))
    return Explanation(tree, _verdict(tree, below, document), below)


def credited(tree: Node, document: Document) -> tuple[Credit, ...]:
    """The leaves whose presence made the query true, each with the document narrowed to the zone it was asked for in.

    Each once, from left to right; none where the query is false.
    """
    holds, behind = _behind(tree, document)
    return tuple({(leaf, id(narrowed)): (leaf, narrowed) for leaf, narrowed in behind}.values()) if holds else ()


def _verdict(tree: Node, below: tuple[Explanation, ...], document: Document) -> bool:
    match tree:
        case And():
            return all(child.verdict for child in below)
        case Or():
            return any(child.verdict for child in below)
        case Not():
            return not below[0].verdict
        case In():
            return below[0].verdict
        case leaf:
            return matches(leaf, document)


def _behind(tree: Node, document: Document) -> tuple[bool, list[Credit]]:
    """The verdict of a node and the leaves behind it: those of the children that agree with their parent; below a NOT
    they are the ones that disagree with it.

    From a true root this reaches a leaf below an even number of NOTs only where it is present, and one below
    an odd number only where it is absent.
    """
    below = children(tree) if isinstance(tree, And | Or | Not | In) else ()
    if not below:
        holds = matches(tree, document)
        return holds, [(tree, document)] if holds else []
    narrowed = document.only(tree.zone) if isinstance(tree, In) else document
    known = [_behind(child, narrowed) for child in below]
    verdicts = [holds for holds, _ in known]
    holds = any(verdicts) if isinstance(tree, Or) else all(verdicts)
    if isinstance(tree, Not):
        holds = not holds
    agreeing = holds != isinstance(tree, Not)
    return holds, [credit for verdict, credits in known if verdict == agreeing for credit in credits]
