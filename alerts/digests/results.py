"""Results: what a reader sees of one item, or of one group of questions with one answer. Pure."""

import datetime
import difflib
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from alerts.digests import wording
from alerts.digests.facts import KEPT, Address, Fact, Partner, Told
from alerts.digests.grouping import reply
from alerts.digests.passage import Passage
from alerts.digests.snippet import WHOLE, snippet
from alerts.digests.why import Marks, found_in, passing, why
from alerts.models.choices import Kind
from alerts.query import Node, Reason

QUESTIONS_SHOWN = 5
"""Of several questions with one answer an email lists so many; the page lists all."""
ASKED_IN_A_LINE = 120
"""Characters of a question that stand for its heading where there is room for a line only."""
_Day = datetime.date | None
_Group = tuple[Fact, ...]
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Asked:
    """One question of a result; `matched` is False for one only answered together with it."""

    words: Passage
    matched: bool = True


@dataclass(frozen=True)
class Result:
    """One item or one group, ready to be shown under one alert; of a newsletter's item `sources` and an `excerpt`.

    `url` leads to all of it at `host`; where an item stands nowhere else it is `page`, Hark's own. `also` names the
    other alerts it matches; where it stands under none, `alerts` names them all. `name` is what it is called where
    nothing else of it stands.
    """

    kind: str
    heading: Passage
    name: str
    status: str
    more: str
    why: str
    also: tuple[str, ...]
    url: str
    page: str
    happened_on: datetime.date
    late: bool
    alerts: tuple[str, ...] = ()
    event_id: int = 0
    tag: str = ""
    asked_by: str = ""
    answered_by: str = ""
    questions: tuple[Asked, ...] = ()
    answer: Passage = field(default_factory=lambda: Passage(""))
    answer_words: int = 0
    whole: bool = False
    was: str = ""
    now: str = ""
    body: str = ""
    items: int = 1
    asker: str = ""
    sources: tuple[str, ...] = ()
    host: str = ""
    excerpt: Passage = field(default_factory=lambda: Passage(""))

    def __hash__(self) -> int:
        """Short, since it is looked up often: in one place there is hardly ever another result."""
        return hash((self.event_id, self.why))

    @cached_property
    def anchor(self) -> str:
        """Its place on a page."""
        return f"r{self.event_id}"

    @property
    def people(self) -> str:
        """Who asked and who answered, in one line."""
        return " ".join(line for line in (self.asked_by, self.answered_by) if line)

    @property
    def listed(self) -> tuple[Asked, ...]:
        """The questions that an email lists."""
        return self.questions[:QUESTIONS_SHOWN]

    @property
    def more_questions(self) -> int:
        """How many questions an email does not list."""
        return len(self.questions) - len(self.listed)

    @property
    def together(self) -> str:
        """How many questions have this one answer; '' where it is one."""
        return _together(len(self.questions))

    @property
    def alerts_matched(self) -> str:
        """Which alerts it matches, or which beside the one it stands under; '' where that says nothing."""
        named = self.alerts or self.also
        return f"{'Matches' if self.alerts else 'Also matches'}: {', '.join(named)}." if named else ""

    @property
    def answer_label(self) -> str:
        """What its answer is called."""
        return {Kind.HOLDING: "Holding answer", Kind.CORRECTED: "Answer now"}.get(Kind(self.kind), "Answer")

    @property
    def changes(self) -> tuple[tuple[str, str], ...]:
        """What a correction changed, each with its label; none where nothing is known of before."""
        labels = ("Was", "Now") if self.was and self.now else ("Removed", "Added")
        return tuple((label, words) for label, words in zip(labels, (self.was, self.now), strict=True) if words)

    @property
    def changes_url(self) -> str:
        """Where a correction's changes are all marked."""
        return f"{self.url}#{wording.place_of_correction(self.happened_on)}"

    @property
    def in_brief(self) -> str:
        """What stands after the name where there is nothing else."""
        said = [f"{words}." for words in (self.together, self.label) if words]
        return " ".join(part for part in (self.status, *said, self.alerts_matched if self.alerts else "") if part)

    @cached_property
    def from_parliament(self) -> bool:
        """Whether it is a written question, not an item of a newsletter."""
        return self.kind not in (Kind.PUBLISHED, Kind.REVISED)

    @property
    def label(self) -> str:
        """Whose words these are, where they are not Parliament's: the label and every source."""
        return "" if self.from_parliament else f"{wording.NEWSLETTER}: {wording.listed(self.sources)}"

    @property
    def way(self) -> str:
        """What the link to a newsletter's item is called: to its source, where that has it on the web."""
        return "Read it at the source" if self.host else "See this item on Hark"

    @property
    def named_source(self) -> str:
        """Every source of a newsletter's item, in words."""
        return wording.listed(self.sources)


def result(
    group: tuple[Fact, ...], told: Told, others: Iterable[Told], partners: Mapping[Address, Partner], late: bool
) -> Result:
    """The result of `group` under the alert `told`, whose words alone are marked; the `others` matched it too."""
    group, matched = _matched_first(group, told.items)
    before = _told_before(group, told), told.shown.get(group[0].item_id)
    made = _made(told.tree, group, matched, _beside(group, told, partners), *before, late)
    also = tuple(_also(other, group) for other in others)
    return naming(made, also) if also else made


def _matched_first(group: _Group, here: Container[int]) -> tuple[_Group, int]:
    """A group with what is about an item that is `here` first, each part as Parliament numbered it; and how many."""
    if len(group) == 1:
        return group, 1
    in_order = sorted(group, key=lambda fact: (fact.item_id not in here, _number(fact.address)))
    return tuple(in_order), sum(fact.item_id in here for fact in group)


@lru_cache(maxsize=KEPT)
def naming(made: Result, also: tuple[str, ...], alerts: tuple[str, ...] = ()) -> Result:
    """The same result where other alerts are named, or all of them."""
    return replace(made, also=also, alerts=alerts)


@lru_cache(maxsize=KEPT)
def _made(
    tree: Node, group: _Group, matched: int, beside: tuple[Partner, ...], earlier: _Day, shown_on: _Day, late: bool
) -> Result:
    """The result for everybody whose alert has this `tree`; the first `matched` of the group are what it matches."""
    lead = group[0]
    marks, found = found_in(tree, group[:matched])
    asked = _asked(group, marks, beside)
    answer = Passage("") if earlier else Passage.of(lead.answer, marks[0]["answer"])
    was, now = _changed(lead.before, lead.answer) if lead.kind == Kind.CORRECTED else ("", "")
    return Result(
        **_alike(group),
        heading=Passage.of(wording.heading(lead), marks[0]["heading"] if lead.heading else ()),
        name=_name(lead, asked),
        tag=_tag(lead, len(asked), found if answer else []),
        more=wording.reply_sent(earlier) if earlier else wording.status_more(lead, shown_on),
        questions=tuple(asked),
        answer=answer if answer.words <= WHOLE else snippet(answer),
        answer_words=answer.words,
        whole=answer.words <= WHOLE,
        was=was,
        now=now,
        why=why(found, len(asked) > 1, tree),
        also=(),
        late=late,
    )


@lru_cache(maxsize=KEPT // 4)
def _alike(group: _Group) -> dict[str, object]:
    """What a result says to everybody, whatever their words."""
    lead = group[0]
    return {
        "kind": lead.kind,
        "status": wording.status(lead),
        "asked_by": _asked_by(group),
        "answered_by": _answered_by(lead),
        "url": lead.url,
        "page": lead.url,
        "event_id": lead.event_id,
        "body": wording.body(lead.body),
        "happened_on": lead.happened_on,
        "items": len(group),
        "asker": lead.asker.name if lead.asker else "",
    }


def _also(other: Told, group: tuple[Fact, ...]) -> str:
    """The name of another alert that the group matches; where it is only mentioned there, that too."""
    said = passing(other.tree, tuple(fact for fact in group if fact.item_id in other.items))
    return f"{other.title} ({said})" if said else other.title


def _told_before(group: tuple[Fact, ...], told: Told) -> datetime.date | None:
    """When this alert told the very answer of this group already, under another question."""
    lead = group[0]
    if lead.kind != Kind.ANSWERED or not (told.sent or told.replies):
        return None
    together = {address for fact in group for address in fact.partners} - {fact.address for fact in group}
    days = [told.sent[address] for address in together if address in told.sent]
    same = reply(lead.body, lead.happened_on, lead.answer)
    return max([*days, *([told.replies[same]] if same in told.replies else [])], default=None)


def _beside(group: tuple[Fact, ...], told: Told, partners: Mapping[Address, Partner]) -> tuple[Partner, ...]:
    """What was answered together with a group and did not match, as Parliament numbered it; none told before."""
    if not partners or not group[0].answer:
        return ()
    known = {fact.address for fact in group}
    others = sorted({address for fact in group for address in fact.partners} - known - set(told.sent), key=_number)
    return tuple(partners[address] for address in others if address in partners)


def _asked(group: tuple[Fact, ...], marks: list[Marks], beside: Iterable[Partner]) -> list[Asked]:
    """The questions of a group: those that matched, with their marks, then those only answered together with them."""
    matched = [Asked(Passage.of(fact.question, own["question"])) for fact, own in zip(group, marks, strict=False)]
    others = [Asked(Passage.of(told.question), False) for told in (*group[len(marks) :], *beside)]
    return [replace(asked, words=asked.words.without_opening()) for asked in matched + others if asked.words]


def _name(lead: Fact, asked: list[Asked]) -> str:
    """The heading; of a question that has none yet, by which it could not be told from others, what it asks too."""
    called = wording.heading(lead)
    if lead.heading or not asked:
        return called
    return f"{called}: {wording.shortened(asked[0].words.text.rstrip('.?'), ASKED_IN_A_LINE)}"


def _together(questions: int) -> str:
    return f"{questions} questions, one answer" if questions > 1 else ""


def _number(address: Address) -> tuple[str, int, str]:
    """Orders questions as Parliament numbered them."""
    uin, day = address
    return str(day or ""), len(uin), uin


def _asked_by(group: tuple[Fact, ...]) -> str:
    askers = list(dict.fromkeys(str(fact.asker) for fact in group if fact.asker))
    return f"{wording.people(askers)}." if askers else ""


def _answered_by(lead: Fact) -> str:
    """Who answered for which body; the body asked, since a minister's job can name another department."""
    if lead.answerer and lead.answer:
        return f"Answered by {lead.answerer.name}{f' for {wording.body(lead.body)}' if lead.body else ''}."
    return f"Asked of {wording.body(lead.body)}." if lead.body else ""


def _tag(lead: Fact, questions: int, found: list[Reason]) -> str:
    words = {Kind.HOLDING: "Holding answer", Kind.CORRECTED: "Corrected answer", Kind.WITHDRAWN: "Withdrawn"}
    tags = [words[lead.kind]] if lead.kind in words else []
    if questions > 1:
        tags.append(_together(questions))
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
