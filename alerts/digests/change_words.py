"""A line of the log of what a person changed, in words for that person. Pure."""

import datetime

from alerts.digests.wording import day
from alerts.models import Change
from alerts.models.choices import Frequency

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
CHECK_IN_SCOPE = "check-in"
"""The scope of the link by which an alert that finds too much is narrowed."""
OF_ALERTS = {
    "paused": "was paused",
    "resumed": "was resumed",
    "ended": "was stopped",
    "undone": "was switched on again",
    "edited": "was edited",
}


def in_words(change: Change, title: str) -> str:
    """What happened, without a full stop; `title` is the name of the alert, where it was one."""
    before, after = change.before, change.after
    if change.action == "frequency":
        often = [Frequency(logged["frequency"]).label for logged in (after, before)]
        return f"“{title}” now comes {often[0]} (before: {often[1]})"
    if change.action == "hours":
        return f"Emails now come {_hours(after)} (before: {_hours(before)})"
    if change.action == "combined":
        return (
            "All alerts now come in one email" if after["combined"] else "Each alert now comes in an email of its own"
        )
    if change.action == "holiday":
        return _holiday(after)
    if change.scope == CHECK_IN_SCOPE:
        return f"“{title}” now matches the heading and question only"
    return f"“{title}” {OF_ALERTS[change.action]}"


def _hours(logged: dict) -> str:
    place = logged["timezone"].rpartition("/")[2].replace("_", " ")
    return f"at {logged['time']} {place} time, weekly ones on {WEEKDAYS[logged['weekday']]}"


def _holiday(logged: dict) -> str:
    if not logged:
        return "All alerts are on again"
    first, until = (day(datetime.date.fromisoformat(logged[end])) for end in ("first", "until"))
    skipped = ", and what comes meanwhile is left out" if logged["skip"] else ""
    return f"All alerts are paused from {first} until {until}{skipped}"
