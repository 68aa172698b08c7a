"""Recomputes with the evaluator alone who was to be told what, and reads from the mails what they were told."""

import email
import email.policy
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from django.test import Client

from alerts.models import Digest, Event, Item, Message, Section, Subscription
from alerts.models.choices import Kind
from alerts.query import matches, parse

MARK = re.compile(r"\bz[qp]\d{5}\b")
COUNTED = re.compile(r"\bSee all |\band [\d,]+ more\b|\bquestions, one answer\.")
"""By what a mail says that there is more than it shows: results, older items, questions of one result."""
PAGE = re.compile(r"\S+/d/\S+")


@dataclass(frozen=True)
class Mail:
    """A digest's email as it arrived: the marks of what it shows, and the link to its page where it counts more.

    `differing` are the marks that only one of its two parts shows.
    """

    message_id: str
    marks: frozenset[str]
    page: str = ""
    differing: frozenset[str] = frozenset()

    @classmethod
    def read(cls, content: bytes) -> "Mail":
        """The mail of these bytes."""
        parsed = email.message_from_bytes(content, policy=email.policy.default)
        text, html = (parsed.get_body((kind,)).get_content() for kind in ("plain", "html"))
        marks = frozenset(MARK.findall(text))
        page = PAGE.search(text).group() if COUNTED.search(" ".join(text.split())) else ""
        return cls(str(parsed["Message-ID"]), marks, page, marks.symmetric_difference(MARK.findall(html)))


class Checker:
    """Holds the rows and the mails of a play against what the evaluator says; `words` as the readers keep them.

    `wrong` tells what is not as promised, a line each.
    """

    def __init__(self, words: Mapping[int, list[tuple[int, str]]], mails: Iterable[Mail]):
        self.words, self.mails = words, {mail.message_id: mail for mail in mails}
        self.wrong: list[str] = []
        self.due = self.told = 0
        self.events = list(Event.objects.filter(seq__isnull=False).readable().select_related("item").order_by("seq"))
        self._documents = {event.id: event.document for event in self.events}
        self._marks = {event.item_id: self.mark(event) for event in self.events}
        self._matched: dict[str, list[Event]] = {}
        self._together = _partners({event.item: self._marks[event.item_id] for event in self.events})

    @staticmethod
    def mark(event: Event) -> str:
        """The word by which one sees that an email shows this event's item."""
        return MARK.search(f"{event.question} {event.heading}").group()

    def check(self) -> None:
        """Look at every alert's events, and at every digest's mail."""
        sections: dict[int, list[Section]] = {}
        for section in Section.objects.select_related("digest__message", "subscription").order_by("from_seq"):
            sections.setdefault(section.subscription_id, []).append(section)
        for subscription in Subscription.objects.filter(pk__in=self.words):
            self._check_alert(subscription, sections.get(subscription.pk, []))
        for digest in Digest.objects.prefetch_related("sections", "passed_on_by").select_related("message"):
            self._check_mail(digest)

    def _check_alert(self, subscription: Subscription, sections: list[Section]) -> None:
        """Each event that was due stands in exactly one section; of an alert that ended what came before its end."""
        last = subscription.told_through if subscription.ended_at else self.events[-1].seq
        asked = [*self.words[subscription.pk], (last, "")]
        due = [
            event
            for (after, words), (through, _) in pairwise(asked)
            for event in self._wanted(words, subscription.kinds)
            if after < event.seq <= through
        ]
        told = Counter(event.id for section in sections for event in self._inside(section))
        self.due += len(due)
        self.told += len(told)
        if told != Counter(event.id for event in due):
            lost = {event.id for event in due} - told.keys()
            more = {event: times for event, times in told.items() if times > 1 or event not in {e.id for e in due}}
            self.wrong.append(f"alert {subscription.pk} ({subscription.query}): lost {lost}, told too often {more}")

    def _check_mail(self, digest: Digest) -> None:
        """The mail shows the items of its sections' events, or else counts them and its page shows them.

        Beside them it may show what was answered together with them. A message that gave its digest to another never
        arrived.
        """
        if any(former.message_id in self.mails for former in digest.passed_on_by.all()):
            self.wrong.append(f"digest {digest.pk} arrived by a message that had given it to another")
        if digest.message.state == Message.State.CANCELLED:
            return
        mail = self.mails.get(digest.message.message_id)
        if mail is None:
            self.wrong.append(f"digest {digest.pk} ({digest.message.state}) never arrived")
            return
        if mail.differing:
            self.wrong.append(f"digest {digest.pk} shows {set(mail.differing)} in one of its parts only")
        items = {event.item_id for section in digest.sections.all() for event in self._inside(section)}
        meant = {self._marks[item] for item in items}
        if (missing := meant - mail.marks) and (missing := missing - marks_of_page(mail)):
            self.wrong.append(f"digest {digest.pk} does not show {missing}")
        beside = {mark for known in meant for mark in self._together.get(known, ())}
        if mail.marks - meant - beside:
            self.wrong.append(f"digest {digest.pk} shows {mail.marks - meant - beside}, which it is not about")

    def _inside(self, section: Section) -> list[Event]:
        """The events that a section tells."""
        wanted = self._wanted(section.query, section.kinds)
        return [event for event in wanted if section.from_seq < event.seq <= section.to_seq]

    def _wanted(self, words: str, kinds: list[str]) -> list[Event]:
        """The events that words match, of these kinds; what corrects an answer that they match is one of them."""
        if words not in self._matched:
            tree = parse(words).tree
            found = {event.id: event for event in self.events if matches(tree, self._documents[event.id])}
            answered = {event.item_id for event in found.values() if event.kind == Kind.ANSWERED}
            corrects = [e for e in self.events if e.kind == Kind.CORRECTED and e.item_id in answered]
            found |= {event.id: event for event in corrects}
            self._matched[words] = sorted(found.values(), key=lambda event: event.seq)
        return [event for event in self._matched[words] if event.kind in kinds and event.seq > 0]


def marks_of_page(mail: Mail) -> set[str]:
    """What the digest's page shows, to which a mail leads that counts more than it shows; nothing for others."""
    if not mail.page:
        return set()
    page = Client().get(urlsplit(mail.page).path)
    assert page.status_code == 200, mail.page
    return set(MARK.findall(page.content.decode()))


def _partners(items: Mapping[Item, str]) -> dict[str, set[str]]:
    """What was answered together with each, which a mail shows beside it also where its own event comes later."""
    by_address = {(item.uin, str(item.tabled_on)): mark for item, mark in items.items()}
    named = {mark: [(one["uin"], one["tabled"]) for one in item.grouped_with] for item, mark in items.items()}
    return {mark: {by_address[one] for one in together if one in by_address} for mark, together in named.items()}
