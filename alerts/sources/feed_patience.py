"""How long a feed asks to be left alone, by any of the three ways there are to say it."""

import re
from datetime import timedelta

LONGEST = timedelta(hours=24)
PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBER = re.compile(r"[0-9]{1,9}")
SKIPPED = re.compile(r"<skip(hours|days)>(.{0,2000}?)</skip\1>", re.IGNORECASE | re.DOTALL)
HOUR_OR_DAY = re.compile(r"<(?:hour|day)>\s*(\w{1,9})\s*<", re.IGNORECASE)


def patience(raw: dict, text: str) -> timedelta | None:
    """The longest of what a feed asks, a day at most: its ttl in minutes, its update period, its longest skipped run.

    `raw` is what feedparser found in the head of the feed, `text` the feed: hours and days to skip are not in `raw`.
    None where it asks nothing.
    """
    asked = [timedelta(minutes=_number(raw.get("ttl"))), _update_period(raw), *_skipped(text)]
    return min(max(asked), LONGEST) or None


def _number(said: object) -> int:
    return int(said) if isinstance(said, str) and NUMBER.fullmatch(said.strip()) else 0


def _update_period(raw: dict) -> timedelta:
    """By the syndication module: so many times, once unless said, in each period, a day unless said."""
    period, times = raw.get("sy_updateperiod"), _number(raw.get("sy_updatefrequency"))
    if not isinstance(period, str):
        return PERIODS["daily"] / times if times else timedelta(0)
    return PERIODS.get(period.strip().lower(), timedelta(0)) / (times or 1)


def _skipped(text: str) -> list[timedelta]:
    """The longest run of skipped hours, and a day where a day is skipped."""
    asked = []
    for kind, block in SKIPPED.findall(text):
        said = {word.lower() for word in HOUR_OR_DAY.findall(block)}
        if kind.lower() == "days":
            asked.append(timedelta(days=1 if said & set(DAYS) else 0))
        else:
            # Some count the hours from 1 to 24.
            asked.append(timedelta(hours=_longest_run({int(word) % 24 for word in said if NUMBER.fullmatch(word)})))
    return asked


def _longest_run(hours: set[int]) -> int:
    """How many hours of `hours` follow one another, past midnight too."""
    longest = run = 0
    for hour in range(48):
        run = run + 1 if hour % 24 in hours else 0
        longest = max(longest, run)
    return min(longest, 24)
