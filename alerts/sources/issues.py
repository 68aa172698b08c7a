"""A feed of newsletter issues: each is split into items, and those that are stored already are known by their words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db.models import Q

from alerts.models import Issue, Item, Source
from alerts.sources import feed_identity, feed_items
from alerts.sources.content import Content, address_of, content, heading_of, key_of, without_halves
from alerts.sources.feed_values import Entry, Feed
from alerts.sources.issue_pairing import Telling, normalised, paired
from alerts.sources.issue_split import Part, split
from alerts.sources.newsletter_html import cleaned
from alerts.sources.publisher import Publisher

REMEMBERED = timedelta(days=400)
MOST_REMEMBERED = 2000
"""Items of a newsletter that are compared with what it shows, those that changed last."""
KNOWN_FIELDS = ("id", "external_key", "heading", "text", "url", "state", "changed_at", "issue")


@dataclass
class IssuePlan:
    """What a feed of issues asks to be written; made before the transaction, as it splits and compares them all."""

    issues: list[Issue] = field(default_factory=list)
    items: feed_items.Plan = field(default_factory=feed_items.Plan)

    @property
    def known(self) -> list[tuple[Item, Content]]:
        """The stored items that it shows, with what they say now."""
        return self.items.known

    def write(self, publisher: Publisher) -> None:
        """Writes it in the publisher's transaction: the issues first, as new items belong to them."""
        for issue in self.issues:
            issue.save()
        self.items.write(publisher)


@dataclass(frozen=True)
class _Shown:
    """A post as the feed shows it now: its issue, which may be stored or new, and its items."""

    issue: Issue
    said: dict[str, object]
    contents: list[Content]


def plan(source: Source, feed: Feed, now: datetime) -> IssuePlan:
    """What is new and what is known of the issues; the oldest first.

    A post may hold another issue than before: its items are new then, and those of the former issue stay as they are.
    The last post of a feed that broke off within it waits until it is seen whole.
    """
    shown = _shown(source, [entry for entry in feed.entries if not entry.is_last_of_cut_off], now)
    contents = [content for post in shown for content in post.contents]
    stored = _remembered(source, [post.issue.external_key for post in shown], now)
    pairs = paired([_telling(one) for one in contents], [_told(item) for item in stored])
    known = [(stored[other], contents[at]) for at, other in sorted(pairs.items())]
    strangers = _once_each(contents[at] for at in range(len(contents)) if at not in pairs)
    seen_before = set(
        Item.objects.filter(source=source, external_key__in=strangers).values_list("external_key", flat=True)
    )
    new = [_dated(one) for key, one in strangers.items() if key not in seen_before]
    changed = [_updated(post, now) for post in shown if _says_more(post)]
    return IssuePlan(changed, feed_items.Plan(new=new, known=known))


def _shown(source: Source, entries: Sequence[Entry], now: datetime) -> list[_Shown]:
    """Each post once, the feed's last one first."""
    rows = Issue.objects.filter(source=source, external_key__in=feed_identity.keys(entries))
    issues = {issue.external_key: issue for issue in rows}
    found = feed_identity.identified(entries, {key: issue.url for key, issue in issues.items()})
    fresh = {key: Issue(source=source, external_key=key, first_seen_at=now) for key in found if key not in issues}
    return [_read(entry, (issues | fresh)[key]) for key, entry in reversed(found.items())]


def _read(entry: Entry, issue: Issue) -> _Shown:
    """A post with its items as values."""
    source_html, url = without_halves(entry.html), address_of(entry.link)
    found = split(source_html, without_halves(entry.title), url)
    parts = found.parts or (Part(entry.title, "", ""),)
    contents = [_content(part, place, issue, url, entry.published) for place, part in enumerate(parts, 1)]
    body = cleaned(source_html, url)
    said = {
        "url": url,
        "title": heading_of(entry.title, body) if entry.title.strip() else "",
        "published_at": contents[0].published,
        "body_html": body,
        "body_hash": key_of(entry.title, body),
        "rule": found.rule,
        "confidence": found.confidence,
    }
    return _Shown(issue, said, contents)


def _content(part: Part, position: int, issue: Issue, url: str, published: datetime | None) -> Content:
    """A part as an item: its key is of its words when it is first seen, its address its own or that of the issue."""
    said = content("", part.title, part.html, part.url or url, published, issue, position)
    return replace(said, external_key=key_of("part", normalised(said.heading), said.text))


def _remembered(source: Source, keys: list[str], now: datetime) -> list[Item]:
    """The stored items that parts may be: of the same posts, or lately seen or changed."""
    lately = Q(changed_at__gte=now - REMEMBERED) | Q(issue__external_key__in=keys)
    items = Item.objects.filter(lately, source=source).select_related("issue").order_by("-changed_at", "-id")
    only = [*KNOWN_FIELDS, "issue__external_key"]
    return list(items.only(*only)[:MOST_REMEMBERED])


def _telling(one: Content) -> Telling:
    return Telling(one.heading, one.text, one.issue.external_key if one.issue else "")


def _told(item: Item) -> Telling:
    return Telling(item.heading, item.text, item.issue.external_key if item.issue else "")


def _dated(new: Content) -> Content:
    """A new item as it is to be dated: what came into a post seen before did not come on the day of the post."""
    return replace(new, published=None) if new.issue.pk else new


def _once_each(contents: Iterable[Content]) -> dict[str, Content]:
    """Contents by their keys; what stands in two issues word for word is of the older one."""
    found: dict[str, Content] = {}
    for one in contents:
        found.setdefault(one.external_key, one)
    return found


def _says_more(post: _Shown) -> bool:
    """Whether the post is new, or says something else than what is stored of it."""
    return any(getattr(post.issue, name) != value for name, value in post.said.items()) or post.issue.pk is None


def _updated(post: _Shown, now: datetime) -> Issue:
    for name, value in post.said.items():
        setattr(post.issue, name, value)
    post.issue.changed_at = now
    return post.issue
