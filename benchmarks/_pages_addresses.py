"""The addresses of every page of the site, many of each, and who asks for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from random import Random
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from accounts.models import User
from alerts.digests import links
from alerts.matching.listing import listing
from alerts.models import Digest, Item, Outlet, Source, Subscription
from alerts.query import Document
from alerts.web.listing import search_url
from alerts.web.record import record
from benchmarks import _pages_people as people
from benchmarks._day_rows import NOW
from benchmarks._preview_rows import Queries, in_turn

NOT_MEASURED = {
    "delivery-events": "providers post to it, and read nothing",
    "sign-out": "it is pressed, never read",
}
"""Addresses by their names, and why they are not asked for."""


@dataclass(frozen=True)
class Asked:
    """Addresses of one page, and the browser that asks for each."""

    name: str
    addresses: Sequence[tuple[Client, str]]


class Site:
    """The people, rows and queries that addresses are made of; `count` of each page at most."""

    def __init__(self, documents: Sequence[Document], count: int, seed: int):
        self._count, self._chance = count, Random(seed)
        forms = Queries(documents, seed).forms(-(-count // 12))
        self._queries = [query.typed for _, query in in_turn(forms)][:count]
        self._broad = forms["a broad word"][0]
        self._anybody = people.browser()
        told = User.objects.filter(digests__isnull=False).distinct().order_by("id")
        self._people = list(told[:count])
        self._digests = list(Digest.objects.order_by("id")[:count])
        self._busy = people.busy()
        self._alerts = list(Subscription.objects.filter(user__in=self._people).order_by("id")[:count])
        self._sign_ups = [people.sign_up(query, number) for number, query in enumerate(self._queries)]

    def pages(self) -> Iterator[Asked]:
        """Every page, by the name of its address and, after a comma, what is particular."""
        for of_a_kind in (self._searches, self._items, self._about_hark, self._links, self._own, self._outbox):
            yield from (Asked(name, list(islice(asked, self._count))) for name, asked in of_a_kind().items() if asked)

    def _all(self, addresses: Iterable[str]) -> list[tuple[Client, str]]:
        return [(self._anybody, address) for address in addresses]

    def _again(self, address: str, client: Client | None = None) -> list[tuple[Client, str]]:
        return [(client or self._anybody, address)] * self._count

    def _asking(self, address: str, **more: object) -> list[tuple[Client, str]]:
        return self._all(f"{address}?{urlencode({'q': query, **more})}" for query in self._queries)

    def _searches(self) -> dict[str, list[tuple[Client, str]]]:
        return {
            "landing": self._again("/"),
            "preview": self._asking("/preview"),
            "search": self._asking("/search"),
            "search, of older days": self._asking("/search", to=NOW.date() - timedelta(days=100)),
            "search, any page": self._all(self._any_page()),
            "subscribe": self._asking("/subscribe"),
        }

    def _any_page(self) -> Iterator[str]:
        """Of many results, from the first page to the last."""
        last = listing(self._broad, NOW).pages - 1
        for number in range(self._count):
            page = 1 + last * number // max(1, self._count - 1)
            yield search_url(self._broad.typed, page=page)

    def _items(self) -> dict[str, list[tuple[Client, str]]]:
        questions = Item.objects.filter(source__kind=Source.Kind.WRITTEN_QUESTIONS)
        grouped = questions.exclude(grouped_with=[])
        letters = Item.objects.exclude(source__kind=Source.Kind.WRITTEN_QUESTIONS)
        return {
            "item": self._all(self._pages_of(questions)),
            "item, with partners": self._all(self._pages_of(grouped)),
            "newsletter-item": self._all(self._pages_of(letters)),
        }

    def _pages_of(self, items) -> list[str]:
        """The pages of some items, with the words of a query marked."""
        known = list(items.values_list("pk", flat=True))
        chosen = items.in_bulk(self._chance.sample(known, min(self._count, len(known)))).values()
        return [
            f"{links.item_path(item)}?{urlencode({'hl': query})}"
            for item, query in zip(chosen, self._queries, strict=False)
        ]

    def _about_hark(self) -> dict[str, list[tuple[Client, str]]]:
        told = ("how-it-works", "coverage", "help", "privacy", "accessibility")
        pages = (*told, "styleguide", "healthz", "robots.txt")
        return {page.removesuffix(".txt"): self._again(f"/{page}") for page in pages}

    def _links(self) -> dict[str, list[tuple[Client, str]]]:
        """What emails lead to."""
        leaving = people.leaving()
        return {
            "confirm": self._all(map(links.confirm, self._sign_ups)),
            "confirmed": self._again("/confirmed"),
            "check-email": self._again("/check-email", people.asked(self._sign_ups[0])),
            "sign-in": self._again("/sign-in"),
            "sign-in-code": self._again("/sign-in/code"),
            "sign-in-link": self._again(f"/sign-in/{people.sign_in(self._people[0])}"),
            "manage": self._all(links.manage(person, NOW) for person in (*self._people, self._busy)),
            "unsubscribe": self._all(links.stop(one, NOW) for one in (*self._people, *self._alerts)),
            "address-link": self._again(f"/address/{people.moving(self._people[-1])}"),
            "check-in": self._all(people.check_in(alert) for alert in self._alerts),
            "shared": self._all(people.outlet(alert, Outlet.Kind.PAGE)[0] for alert in self._alerts),
            **dict(zip(("feed-atom", "feed-json"), self._feeds(), strict=True)),
            "undo": self._all(self._undo(alert) for alert in self._alerts),
            "stay": self._again(links.stay(leaving, NOW)),
            "digest": self._all(map(links.digest, self._digests)),
            "not-relevant": self._all(people.not_relevant(self._digests)),
        }

    def _feeds(self) -> list[list[tuple[Client, str]]]:
        feeds = [people.outlet(alert, Outlet.Kind.FEED) for alert in self._alerts]
        return [self._all(addresses) for addresses in zip(*feeds, strict=True)]

    def _undo(self, alert: Subscription) -> str:
        return links.undo(record("paused", alert.user, alert, "manage", NOW), alert.user, NOW)

    def _own(self) -> dict[str, list[tuple[Client, str]]]:
        """The pages of who is signed in."""
        browsers = {person.pk: people.browser(person) for person in self._people}
        busy, each = people.browser(self._busy), list(browsers.values())
        pages = {"my-alerts": "/alerts", "settings": "/settings", "leave": "/settings/delete"}
        pages["address"] = "/settings/address"
        pages |= {"export-json": "/settings/export.json", "export-csv": "/settings/export.csv"}
        return {
            "my-alerts, of thirty": self._again("/alerts", busy),
            "edit-alert": [(browsers[alert.user_id], f"/alerts/{alert.uuid}") for alert in self._alerts],
            "new-alert": [(busy, f"/alerts/new?{urlencode({'q': query})}") for query in self._queries],
            **{name: [(browser, page) for browser in each] for name, page in pages.items()},
        }

    def _outbox(self) -> dict[str, list[tuple[Client, str]]]:
        names = sorted(path.name for path in settings.OUTBOX.glob("*.eml"))[: self._count]
        return {
            "outbox": self._again("/outbox/"),
            "outbox-mail": self._all(f"/outbox/{name}/html" for name in names),
            "outbox-html": self._all(f"/outbox/{name}/body" for name in names),
            "outbox-raw": self._all(f"/outbox/{name}/raw" for name in names),
        }
