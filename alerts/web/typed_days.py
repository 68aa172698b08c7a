"""The days in the forms that pause alerts: those that are set, or those that were typed and could not be saved."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from alerts.digests.holiday import Holiday


@dataclass(frozen=True)
class Days:
    """What stands in the form for all alerts, and the `day` in that for one `alert` (its uuid); as a browser sends it.

    `at` is the id of the form's first field where something typed is back.
    """

    first: str
    until: str = ""
    skip: bool = False
    alert: str = ""
    day: str = ""
    at: str = ""


def days(typed: Mapping[str, str], set_up: Holiday | None, today: datetime.date) -> Days:
    """By what was `typed`, else by the holiday that is set up, which may be on already."""
    pressed, until = typed.get("do"), typed.get("until", "")
    if pressed == "away":
        return Days(typed.get("first", ""), until, typed.get("meanwhile") == "skip", at="first")
    first = max(set_up.first, today) if set_up else today
    usual = Days(first.isoformat(), set_up.until.isoformat() if set_up else "", bool(set_up and set_up.skip))
    if pressed != "pause" or not until:
        return usual
    alert = typed.get("alert", "")
    return Days(usual.first, usual.until, usual.skip, alert, until, at=f"until-{alert}")
