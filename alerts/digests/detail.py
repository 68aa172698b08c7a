"""Detail: what an email says of a result only where it shows it in full, made once somebody asks for it. Pure."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from alerts.digests import wording
from alerts.digests.facts import Fact, Partner
from alerts.digests.passage import Passage
from alerts.digests.snippet import WHOLE, snippet
from alerts.digests.why import Marks, found_in, why
from alerts.models.choices import Kind
from alerts.query import Node, Reason

_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Asked:
    """One question of a result; `matched` is False for one only answered together with it."""

    words: Passage
    matched: bool = True


@dataclass(frozen=True)
class Detail:
    """Everything that depends on the reader's words, which are marked in it, and the texts themselves.

    A result that stands as a heading only, as a quarter do in long emails, is never looked at so closely.
    """

    heading: Passage
    why: str
    tag: str = ""
    questions: tuple[Asked, ...] = ()
    answer: Passage = field(default_factory=lambda: Passage(""))
    answer_words: int = 0
    whole: bool = False
    was: str = ""
    now: str = ""
    excerpt: Passage = field(default_factory=lambda: Passage(""))


def detail(
    tree: Node, group: tuple[Fact, ...], matched: int, beside: tuple[Partner, ...], answer_known: bool
) -> Detail:
    """What is said to everybody whose alert has this `tree`, of whose group the first `matched` are what it matches.

    The answer is left out where the same alert told it already (`answer_known`).
    """
    lead = group[0]
    marks, found = found_in(tree, group[:matched])
    asked = _asked(group, marks, beside)
    answer = Passage("") if answer_known else Passage.of(lead.answer, marks[0]["answer"])
    was, now = _changed(lead.before, lead.answer) if lead.kind == Kind.CORRECTED else ("", "")
    return Detail(
        heading=Passage.of(wording.heading(lead), marks[0]["heading"] if lead.heading else ()),
        why=why(found, len(asked) > 1, tree),
        tag=_tag(lead, len(asked), found if answer else []),
        questions=tuple(asked),
        answer=answer if answer.words <= WHOLE else snippet(answer),
        answer_words=answer.words,
        whole=answer.words <= WHOLE,
        was=was,
        now=now,
    )


def _asked(group: tuple[Fact, ...], marks: list[Marks], beside: Iterable[Partner]) -> list[Asked]:
    """The questions of a group: those that matched, with their marks, then those only answered together with them."""
    matched = [Asked(Passage.of(fact.question, own["question"])) for fact, own in zip(group, marks, strict=False)]
    others = [Asked(Passage.of(told.question), False) for told in (*group[len(marks) :], *beside)]
    return [replace(asked, words=asked.words.without_opening()) for asked in matched + others if asked.words]


def together(questions: int) -> str:
    """How many questions have one answer; '' where it is one."""
    return f"{questions} questions, one answer" if questions > 1 else ""


def _tag(lead: Fact, questions: int, found: list[Reason]) -> str:
    words = {Kind.HOLDING: "Holding answer", Kind.CORRECTED: "Corrected answer", Kind.WITHDRAWN: "Withdrawn"}
    tags = [words[lead.kind]] if lead.kind in words else []
    if questions > 1:
        tags.append(together(questions))
    if found and all(reason.zone == "answer" for reason in found):
        tags.append("Mentioned in answer only")
    return " · ".join(tags)


def _changed(before: str, after: str) -> tuple[str, str]:
    """The first sentence that differs, as it was and as it is now; ('', '') where nothing is known of before."""
    if not before:
        return "", ""
    old, new = ([part for part in _SENTENCE.split(" ".join(text.split())) if part] for text in (before, after))
    for change, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if change != "equal":
            return (wording.shortened(" ".join(part), 400) for part in (old[a:b], new[c:d]))
    return "", ""
