"""My alerts, as the page shows them: whatever their number, the database is asked as often."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import get_text_list

from accounts.models import User
from alerts.digests import holiday, links
from alerts.digests.hours import Hours
from alerts.models import Section, Subscription
from alerts.models.choices import Kind
from alerts.web import frequencies, outlets, subscriptions, volume
from alerts.web.chart import Chart, chart
from alerts.web.volume import Volume

TOLD = {
    Kind.TABLED: "tabled",
    Kind.ANSWERED: "answered",
    Kind.CORRECTED: "corrected",
    Kind.PUBLISHED: "published",
    Kind.REVISED: "updated",
}


@dataclass(frozen=True)
class Sent:
    """The last email that told an alert: when it was made, and its page."""

    at: datetime.datetime
    url: str


@dataclass(frozen=True)
class Row:
    """One alert: how and when it comes, what it tells of and finds, what it told last, and how others may read it.

    `is_counted` is False while its past is still being searched.
    """

    alert: Subscription
    how_often: str
    next_email: str
    tells: str
    this_week: int
    last_90_days: int
    chart: Chart | None
    volume: Volume | None
    sent: Sent | None
    outlets: outlets.Open

    @property
    def is_counted(self) -> bool:
        return self.alert.topic.filled_at is not None


def rows(person: User, now: datetime.datetime, stopped: bool) -> Iterator[Row]:
    """The person's alerts that have not ended, in their order; where all email is `stopped` none has a next one."""
    alerts, hours, away = subscriptions.live(person), Hours.of(person), holiday.on(person, now)
    found = volume.weeks_of_topics([alert.topic_id for alert in alerts], now)
    schedules = {schedule.frequency: schedule for schedule in person.schedules.all()}
    sent, opened = _last_sent(alerts), outlets.open_of(alerts)
    for alert in alerts:
        weeks, known = found.get(alert.topic_id, ((), None))
        yield Row(
            alert,
            frequencies.in_words(alert.frequency),
            "" if away or stopped else frequencies.next_email(schedules.get(alert.frequency), hours, now),
            get_text_list([TOLD[kind] for kind in alert.kinds if kind in TOLD], "or"),
            weeks[-1].results if weeks else 0,
            sum(week.results for week in weeks),
            chart(weeks) if weeks else None,
            known,
            sent.get(alert.pk),
            opened.get(alert.pk, outlets.Open()),
        )


def _last_sent(alerts: list[Subscription]) -> dict[int, Sent]:
    """By the alert's id; only what has left."""
    told = Section.objects.filter(subscription__in=alerts, digest__message__handoff_at__isnull=False)
    last = told.order_by("subscription_id", "-digest__made_at").distinct("subscription_id").select_related("digest")
    return {section.subscription_id: Sent(section.digest.made_at, links.digest(section.digest)) for section in last}
