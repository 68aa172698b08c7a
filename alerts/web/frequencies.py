"""How often: what is offered for an alert, with what each means in emails; and the words for it elsewhere."""

import datetime
from dataclasses import dataclass

from alerts.digests.hours import Hours
from alerts.digests.wording import day
from alerts.models import Schedule
from alerts.models.choices import Frequency
from alerts.web.volume import Volume

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ONLY = "only when there is something"
AT_MOST = "at most every 15 minutes"


@dataclass(frozen=True)
class Offer:
    """One frequency: its label, what it means for this alert, a warning, and why it cannot be had where it cannot.

    `about` is only the number of emails, where that is known.
    """

    value: str
    label: str
    about: str
    rule: str
    warning: str = ""
    refusal: str = ""

    @property
    def detail(self) -> str:
        """The number of emails, and when one comes at all."""
        return ", ".join(filter(None, (self.about, self.rule)))


def offers(volume: Volume | None) -> list[Offer]:
    """The three frequencies, with estimates where we know how much the alert finds."""
    about = {value: f"about {said}" if said else "" for value, said in mails(volume).items()}
    rules = {Frequency.AS_IT_HAPPENS: AT_MOST, Frequency.DAILY: ONLY, Frequency.WEEKLY: ONLY}
    return [
        Offer(
            value,
            value.label.capitalize(),
            about[value],
            rules[value],
            warning=_warning(volume) if value == Frequency.DAILY else "",
            refusal=refusal(value, volume),
        )
        for value in Frequency
    ]


def mails(volume: Volume | None) -> dict[str, str]:
    """How many emails each frequency would make, in words; '' where that is none, or not known."""
    if volume is None:
        return dict.fromkeys(Frequency, "")
    return {
        Frequency.AS_IT_HAPPENS: volume.mails_as_it_happens,
        Frequency.DAILY: volume.mails_daily,
        Frequency.WEEKLY: volume.mails_weekly,
    }


def refusal(frequency: str, volume: Volume | None) -> str:
    """Why an alert that finds so much cannot be had this often; '' where it can."""
    if volume is None or frequency != Frequency.AS_IT_HAPPENS or not volume.is_too_much_at_once:
        return ""
    instead = "Narrow it" if volume.is_too_much else "Choose once a day, or narrow it"
    return f"Not for this search: about {volume.results} would mean emails all day. {instead}"


def too_much(volume: Volume | None) -> str:
    """Why an alert that finds so much cannot be had at all; '' where it can."""
    if volume is None or not volume.is_too_much:
        return ""
    return f"This would match about {volume.results.replace('result', 'item')}. Please narrow it"


def in_words(frequency: str, hours: Hours | None = None) -> str:
    """`once a week, on Mondays at 07:30`; without the hours `once a week`."""
    if frequency == Frequency.AS_IT_HAPPENS:
        return f"{Frequency.AS_IT_HAPPENS.label}, {AT_MOST}"
    label = Frequency(frequency).label
    if hours is None:
        return label
    at = f"at {hours.time:%H:%M} {place(hours.timezone)} time"
    return f"{label}, on {WEEKDAYS[hours.weekday]}s {at}" if frequency == Frequency.WEEKLY else f"{label}, {at}"


def next_email(schedule: Schedule | None, hours: Hours, now: datetime.datetime) -> str:
    """When the next email of this schedule may come, by the clock of the person: `tomorrow at 07:30 London time`."""
    if schedule is None or schedule.frequency == Frequency.AS_IT_HAPPENS or schedule.next_due_at is None:
        return "within minutes of something coming in"
    if schedule.next_due_at <= now:
        return "within minutes"
    due, today = schedule.next_due_at.astimezone(hours.zone), now.astimezone(hours.zone).date()
    days = {0: "today", 1: "tomorrow"}.get((due.date() - today).days, day(due.date()))
    return f"{days} at {due:%H:%M} {place(hours.timezone)} time"


def place(timezone: str) -> str:
    """The place a time zone is named after: *London*, *Buenos Aires*."""
    return timezone.rpartition("/")[2].replace("_", " ")


def _warning(volume: Volume | None) -> str:
    if volume is None or not volume.is_long or volume.is_too_much:
        return ""
    if volume.is_too_much_at_once:
        return f"About {volume.results}: this email lists headings only. Try once a week, or narrow it"
    return f"About {volume.results}: this email will be long. Try once a week, or narrow it"
