"""Forget: what was kept long enough is let go of, rule by rule, a batch at a time."""

import datetime
import time

from alerts.models import Forgetting
from alerts.retention.rules import RULES, Rule

ROUND_SECONDS = 30
"""After this no further batch is begun, so that the task ends well within its limit."""
LOOK_AGAIN = datetime.timedelta(hours=1)
"""How soon a rule that had nothing left is looked at again."""


def forget(now: datetime.datetime) -> int:
    """Let go of what is older than its rule allows, for half a minute at most; of how many rows.

    It may run twice, at once, or be killed at any line: a batch is one transaction, and what is left is found again.
    """
    done, ends = 0, time.monotonic() + ROUND_SECONDS
    clear = dict(Forgetting.objects.filter(clear_at__isnull=False).values_list("rule", "clear_at"))
    for rule in RULES:
        if rule.name not in clear or not now - LOOK_AGAIN < clear[rule.name] <= now:
            done += _forget(rule, now, ends)
    return done


def late(now: datetime.datetime) -> datetime.timedelta:
    """How much longer than its rule allows the oldest row of all is kept; under two hours where all is well."""
    oldest = [(rule, rule.oldest(now - rule.age)) for rule in RULES]
    return max((now - since - rule.age for rule, since in oldest if since), default=datetime.timedelta())


def _forget(rule: Rule, now: datetime.datetime, ends: float) -> int:
    done = 0
    while time.monotonic() < ends:
        gone = rule.batch(now - rule.age, now)
        if gone is None:
            Forgetting.objects.update_or_create(rule=rule.name, defaults={"clear_at": now})
            break
        done += gone
    return done
