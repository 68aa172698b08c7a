"""Sitting days as dates, and the time of day at which a thing becomes visible."""

from datetime import UTC, date, datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
OPENS = time(9)
OPEN_SECONDS = 9 * 3600


def sitting_day(start: date, number: int) -> date:
    """The date of a sitting day counted from a Monday; week-ends are skipped, negative numbers lie before."""
    weeks, days = divmod(number, 5)
    return start + timedelta(weeks=weeks, days=days)


def moment(day: date, seed: str) -> datetime:
    """A time between 09:00 and 18:00 London of the day, in UTC, always the same for the same seed."""
    opening = datetime.combine(day, OPENS, LONDON)
    return (opening + timedelta(seconds=crc32(seed.encode()) % OPEN_SECONDS)).astimezone(UTC)
