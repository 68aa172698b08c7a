"""Recomputes who was due what with the evaluator alone, and reads from the mails what they were told."""

import email
import email.policy
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from alerts.models import Digest, Event, Item, Subscription
from alerts.query import Document, matches, parse

MOST_IN_FULL = 10
"""So many results of an alert a mail shows in full."""
MOST_ASKED = 5
"""Of questions with one answer a mail lists so many."""


@dataclass(frozen=True)
class Mail:
    """One file of the outbox: the digest it is, and its words with no signs and no line breaks between them."""

    uuid: str
    words: str
    links: frozenset[str] = frozenset()


def words_of(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.replace("*", "").casefold()))


def read(path: Path) -> Mail:
    """The text part of a mail, as words."""
    parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    text = parsed.get_body(("plain",)).get_content()
    return Mail(path.stem, words_of(text), frozenset(re.findall(r"/q/(\S+)", text)))


def asked(event: Event) -> str:
    """The end of the question, which mails show in full but for its opening formula."""
    return words_of(event.question)[-60:]


def is_shown(event: Event, inside: list[Event], mail: Mail) -> bool:
    """Whether the mail asks this question, or says "and 1 more" of those that it asks with the same answer.

    Of many results the last are shown as a heading with its link.
    """
    alike = [e for e in inside if e.answer and (e.answer, e.happened_on) == (event.answer, event.happened_on)]
    if len(inside) > MOST_IN_FULL and any(link(e) in mail.links for e in [event, *alike]):
        return True
    return asked(event) in mail.words or (
        len(alike) > MOST_ASKED
        and sum(asked(e) in mail.words for e in alike) == MOST_ASKED
        and f"and {len(alike) - MOST_ASKED} more" in mail.words
    )


def partners(events: list[Event]) -> set[int]:
    """The items answered together with these, which a mail lists also where their own events come later."""
    named = {(one["uin"], one["tabled"]) for event in events for one in event.item.grouped_with}
    met = Item.objects.filter(uin__in=[uin for uin, _ in named])
    return {item.id for item in met if (item.uin, item.tabled_on.isoformat()) in named}


def link(event: Event) -> str:
    return f"{event.item.tabled_on}/{event.item.uin}"


def due(subscription: Subscription) -> set[int]:
    """The events this subscription was to be told, by the evaluator and the events' own frozen text."""
    tree = parse(subscription.query).tree
    events = Event.objects.filter(seq__gt=0, kind__in=subscription.kinds)
    found = {event.id for event in events if matches(tree, document(event))}
    corrected = events.filter(kind="corrected", item__events__kind="answered")
    answers = Event.objects.filter(kind="answered", item__in=corrected.values("item"))
    told_answers = {event.item_id for event in answers if matches(tree, document(event))}
    return found | {event.id for event in corrected if event.item_id in told_answers}


def document(event: Event) -> Document:
    return Document.from_zones(heading=event.heading, question=event.question, answer=event.answer, text=event.text)


def told(subscription: Subscription, mails: dict[str, Mail]) -> Counter:
    """How often each event that was due was told: in a digest whose range holds it and whose mail shows it.

    Raises AssertionError where a mail does not show an event of its range, or shows a question from outside it.
    """
    expected = {event.id: event for event in Event.objects.filter(id__in=due(subscription))}
    found: Counter = Counter()
    for digest in Digest.objects.filter(sections__subscription=subscription).select_related("message"):
        section = digest.sections.get(subscription=subscription)
        mail = mails[str(digest.message.uuid)]
        inside = [e for e in expected.values() if section.from_seq < e.seq <= section.to_seq]
        # Where an item developed twice meanwhile, its latest development stands for both.
        latest = {event.item_id: event for event in sorted(inside, key=lambda event: event.seq)}
        for event in inside:
            shown_by = latest[event.item_id]
            assert is_shown(shown_by, list(latest.values()), mail), f"digest {digest.id} does not show {shown_by.id}"
            found[event.id] += 1
        items = {event.item_id for event in inside}
        outside = [event for event in expected.values() if event.item_id not in items | partners(inside)]
        shown = {event.item_id for event in outside if asked(event) in mail.words}
        assert not shown, f"digest {digest.id} shows items {shown} that are not of its range"
    return found
