"""Results: what a reader sees of one item, or of one group of questions with one answer. Pure."""

import datetime
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache, partial

from alerts.digests import wording
from alerts.digests.detail import Asked, Detail, detail, together
from alerts.digests.facts import KEPT, Address, Fact, Partner, Told
from alerts.digests.grouping import reply
from alerts.digests.passage import Passage
from alerts.digests.why import passing
from alerts.models.choices import Kind
from alerts.query import Node

QUESTIONS_SHOWN = 5
"""Of several questions with one answer an email lists so many; the page lists all."""
ASKED_IN_A_LINE = 120
"""Characters of a question that stand for its heading where there is room for a line only."""
_Day = datetime.date | None
_Group = tuple[Fact, ...]


@dataclass(frozen=True)
class Result:
    """One item or one group, ready to be shown under one alert; of a newsletter's item `sources` and an `excerpt`.

    `url` leads to all of it at `host`; where an item stands nowhere else it is `page`, Hark's own. `also` names the
    other alerts it matches; where it stands under none, `alerts` names them all. `name` is what it is called where
    nothing else of it stands.
    """

    kind: str
    title: str
    name: str
    status: str
    more: str
    make_detail: Callable[[], Detail] = field(repr=False)
    also: tuple[str, ...]
    url: str
    page: str
    happened_on: datetime.date
    late: bool
    alerts: tuple[str, ...] = ()
    event_id: int = 0
    asked_by: str = ""
    answered_by: str = ""
    body: str = ""
    items: int = 1
    asked: int = 0
    asker: str = ""
    sources: tuple[str, ...] = ()
    host: str = ""

    def __hash__(self) -> int:
        """Short, since it is looked up often: each is the only one with its detail, but for the alerts it names."""
        return hash(self.make_detail)

    @property
    def detail(self) -> Detail:
        """What is said of it in full, made when it is asked for first."""
        return self.make_detail()

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
        return self.detail.questions[:QUESTIONS_SHOWN]

    @property
    def more_questions(self) -> int:
        """How many questions an email does not list."""
        return self.asked - len(self.listed)

    @property
    def together(self) -> str:
        """How many questions have this one answer; '' where it is one."""
        return together(self.asked)

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
        was, now = self.detail.was, self.detail.now
        labels = ("Was", "Now") if was and now else ("Removed", "Added")
        return tuple((label, words) for label, words in zip(labels, (was, now), strict=True) if words)

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
    return Result(
        **_alike(group),
        more=wording.reply_sent(earlier) if earlier else wording.status_more(lead, shown_on),
        make_detail=cache(partial(detail, tree, group, matched, beside, bool(earlier))),
        asked=sum(bool(one.question) for one in (*group, *beside)),
        also=(),
        late=late,
    )


@lru_cache(maxsize=KEPT // 4)
def _alike(group: _Group) -> dict[str, object]:
    """What a result says to everybody, whatever their words."""
    lead = group[0]
    return {
        "kind": lead.kind,
        "title": Passage.of(wording.heading(lead)).text,
        "name": _name(group),
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


def _name(group: _Group) -> str:
    """The heading; of a question that has none yet, by which it could not be told from others, what it asks too."""
    called = wording.heading(group[0])
    asked = next((fact.question for fact in group if fact.question), "")
    if group[0].heading or not asked:
        return called
    said = Passage.of(asked).without_opening().text
    return f"{called}: {wording.shortened(said.rstrip('.?'), ASKED_IN_A_LINE)}"


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
