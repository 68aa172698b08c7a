"""Readers of a kill test: several frequencies, zones, hours, words shared by several; and what they change meanwhile.

Everything goes through the doors that people use.
"""

import datetime
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from django.db import transaction
from django.test import Client

from accounts.models import User
from alerts.digests import links
from alerts.models import SignUp, Subscription
from alerts.models.choices import Frequency
from alerts.web.confirming import confirm
from alerts.web.subscriptions import Twin, edit
from config import clock
from tests.faults.stream import TOPICS

ZONES = ("Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")


class Readers:
    """The readers of one seed; `words` holds for each alert what it asks for, and after which `seq` it began to."""

    def __init__(self, seed: int):
        self.words: dict[int, list[tuple[int, str]]] = {}
        self._chance = random.Random(f"readers {seed}")
        self._client = Client()
        self._number = 0

    def join(self, number: int) -> None:
        """So many people, each with one to three alerts; every third gets one email for each of them."""
        for _ in range(number):
            self._number += 1
            address = f"reader{self._number}@example.org"
            for _ in range(self._chance.choice((1, 2, 3))):
                self._follow(address)
            User.objects.filter(email=address).update(combined=self._number % 3 > 0)

    def changes(self) -> Iterator[Callable[[], None]]:
        """What people do, one after the other, without end; each leave and each pause is taken back soon after."""
        while True:
            leaving, resting, busy = self._chance.sample(self._following(), 3)
            yield lambda who=leaving: self._post(links.stop(who.user, clock.now()), {"List-Unsubscribe": "One-Click"})
            yield lambda alert=resting: self._manage(alert, "pause")
            yield lambda who=leaving: self._undo(who.user)
            yield lambda alert=busy: self._manage(alert, "frequency", frequency=self._frequency())
            yield lambda alert=busy: self._edit(alert)
            yield lambda alert=resting: self._manage(alert, "resume")
            yield lambda: self.join(1)

    def come_back(self) -> None:
        """Whoever rests goes on."""
        for alert in Subscription.objects.filter(paused_at__isnull=False, ended_at=None).select_related("user"):
            self._manage(alert, "resume")

    def leave_for_good(self) -> User:
        """One of them stops everything, and stays away."""
        person = self._chance.choice(self._following()).user
        self._post(links.stop(person, clock.now()), {"List-Unsubscribe": "One-Click"})
        return person

    def _following(self) -> list[Subscription]:
        """One live alert of every person who has one."""
        live = Subscription.objects.live().select_related("user").order_by("user", "id").distinct("user")
        return list(live)

    def _follow(self, address: str) -> None:
        frequency = self._frequency()
        sign_up = SignUp.objects.create(
            email=address,
            email_as_typed=address,
            query=self._words(frequency),
            frequency=frequency,
            wants_tabled=self._chance.random() < 0.3,
            delivery_time=datetime.time(self._chance.randrange(24), self._chance.choice((0, 30))),
            delivery_weekday=self._chance.randrange(7),
            timezone=self._chance.choice(ZONES),
            asked_at=clock.now(),
            expires_at=clock.now() + datetime.timedelta(days=7),
        )
        with transaction.atomic():
            subscription = confirm(sign_up.uuid, clock.now()).subscription
            self.words.setdefault(subscription.pk, [(subscription.told_through, subscription.query)])

    def _edit(self, alert: Subscription) -> None:
        """What waits is told under the new words; what is told was told under the old ones."""
        with transaction.atomic():
            User.objects.locked(alert.user_id)
            alert.refresh_from_db()
            words = self._words(alert.frequency)
            with suppress(Twin):
                if edit(alert.user, alert.uuid, {"query": words}, "manage", clock.now()):
                    self.words[alert.pk].append((alert.told_through, words))

    def _words(self, frequency: str) -> str:
        """Half of the words are those that many others follow too."""
        one, other, third = self._chance.sample(TOPICS[:12] if self._chance.random() < 0.5 else TOPICS, 3)
        if frequency == Frequency.WEEKLY:
            return f"{one} AND ({other} OR {third})" if self._chance.random() < 0.3 else one
        return self._chance.choice((one, f"{one} OR {other}", f"{one} NOT {other}", f"question:{one} OR {third}"))

    def _frequency(self) -> str:
        return self._chance.choice((Frequency.DAILY, Frequency.DAILY, Frequency.WEEKLY, Frequency.AS_IT_HAPPENS))

    def _manage(self, alert: Subscription, action: str, **more: str) -> None:
        self._post(links.manage(alert.user, clock.now()), {"do": action, "alert": str(alert.uuid), **more})

    def _undo(self, person: User) -> None:
        ended = person.subscriptions.filter(ended_at__isnull=False)
        self._post(links.stop(person, clock.now()), {"do": "undo", "alert": [str(one.uuid) for one in ended]})

    def _post(self, link: str, form: dict[str, object]) -> None:
        answer = self._client.post(urlsplit(link).path, form)
        assert answer.status_code in (200, 302), f"{answer.status_code} for {form}"
