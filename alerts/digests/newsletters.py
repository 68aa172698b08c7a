"""Newsletters: the result of one text, whichever newsletters or feeds had it. Pure."""

from collections.abc import Iterable
from functools import cache, partial

from alerts.digests import wording
from alerts.digests.detail import Detail
from alerts.digests.facts import Fact, Told
from alerts.digests.passage import Passage
from alerts.digests.results import Result
from alerts.digests.snippet import excerpt
from alerts.digests.why import found_in, why_in_newsletter
from alerts.models.choices import Kind
from alerts.query import Node

EXCERPT = 30
"""Words of a publisher's text that an email or a list shows; its whole text is never shown."""


def newsletter_result(group: tuple[Fact, ...], told: Told, others: Iterable[Told], late: bool) -> Result:
    """The result of one text under the alert `told`: the newest item with it that matched, and every source of it."""
    lead = next(fact for fact in group if fact.item_id in told.items)
    sources = tuple(dict.fromkeys(fact.source for fact in (lead, *group)))
    return Result(
        kind=lead.kind,
        title=Passage.of(wording.heading(lead)).text,
        name=wording.heading(lead),
        status=wording.status(lead),
        more=wording.changed(told.shown.get(lead.item_id), lead.first_on) if lead.kind == Kind.REVISED else "",
        make_detail=cache(partial(_detail, told.tree, lead)),
        also=tuple(other.title for other in others),
        url=lead.url or lead.page,
        page=lead.page,
        event_id=lead.event_id,
        host=lead.host,
        happened_on=lead.happened_on,
        late=late,
        asker=sources[0],
        sources=sources,
    )


def _detail(tree: Node, lead: Fact) -> Detail:
    (marks,), found = found_in(tree, [lead])
    return Detail(
        heading=Passage.of(wording.heading(lead), marks["heading"] if lead.heading else ()),
        why=why_in_newsletter(found, tree),
        excerpt=excerpt(Passage.of(lead.text, marks["text"]), EXCERPT),
    )
