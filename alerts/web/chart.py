"""The chart of thirteen weeks: bars for an inline SVG, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.digests.wording import plural, short_day
from alerts.matching.rhythm import Week, a_week

STEP, BAR, HEIGHT = 24, 18, 56
"""Pixels from bar to bar, of a bar, and of the highest one."""
STUB = 2
"""Pixels of a bar for a week without results, so that one sees that it was looked at."""


@dataclass(frozen=True)
class Bar:
    """One week as the SVG draws it, from its upper left corner."""

    x: int
    y: int
    height: int
    week: Week

    @property
    def span(self) -> str:
        """The days of the week."""
        return span(self.week)

    @property
    def words(self) -> str:
        """What the bar says, for a pointer that rests on it."""
        recess = ", recess" if self.week.recess else ""
        return f"{self.span}: {plural(self.week.results, 'result')}{recess}"


@dataclass(frozen=True)
class Chart:
    """Bars from the oldest week to the newest, and two lines that say what one would see."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    usual: str
    busiest: str
    has_recess: bool


def chart(weeks: Sequence[Week]) -> Chart | None:
    """None where nothing was found in any of the weeks."""
    most = max(weeks, key=lambda week: week.results)
    if not most.results:
        return None
    return Chart(
        bars=tuple(_bar(number, week, most.results) for number, week in enumerate(weeks)),
        width=STEP * len(weeks) - (STEP - BAR),
        height=HEIGHT,
        usual=_usual(a_week(weeks)),
        busiest=f"Busiest: {span(most)}, {most.results:,}",
        has_recess=any(week.recess for week in weeks),
    )


def span(week: Week) -> str:
    """`3 to 9 March`, `28 January to 3 February`."""
    start = str(week.begins.day) if week.begins.month == week.ends.month else short_day(week.begins)
    return f"{start} to {short_day(week.ends)}"


def _bar(number: int, week: Week, most: int) -> Bar:
    height = max(STUB, round(HEIGHT * week.results / most))
    return Bar(STEP * number, HEIGHT - height, height, week)


def _usual(results: float) -> str:
    if results >= 0.95:
        return f"About {round(results):,} in a sitting week"
    return "Less than one in a sitting week"
