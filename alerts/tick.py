"""The chain from a source to an inbox. It is written here only; who finds nothing to do does nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection

from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.digests.listen import listen
from alerts.digests.passing_on import pass_on
from alerts.digests.rendering import render_waiting
from alerts.digests.ring import ring
from alerts.matching.build import rebuild
from alerts.matching.fill import fill
from alerts.matching.percolate import percolate_due
from alerts.matching.retire import retire
from alerts.retention.forget import forget
from alerts.sources.poll import poll
from alerts.web.checking_in import check_in_due
from alerts.web.leaving import erase_due
from alerts.web.subscriptions import resume_due

log = structlog.get_logger()

STEPS: dict[str, tuple[Callable[[datetime], object], ...]] = {
    "poll": (poll,),
    "percolate": (percolate_due, fill, retire, rebuild),
    "compose": (resume_due, ring, pass_on, compose_due, render_waiting, check_in_due),
    "deliver": (deliver, listen, erase_due),
    "forget": (forget,),
}
"""What is done in which order. Each verb is bounded, and may run twice, at once, or be killed at any line."""
CHAIN = ("poll", "percolate", "compose", "deliver")
"""The steps that each work for the next."""


@dataclass
class Round:
    """What the verbs of a round say they did, and what went wrong with those that failed, by the verb's name."""

    done: dict[str, object] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def tick(now: datetime) -> Round:
    """One bounded round of every verb; one that fails is logged and does not stop the others."""
    round = Round()
    for step in STEPS:
        take(step, now, round)
    return round


def take(step: str, now: datetime, round: Round) -> Round:
    """One step of the chain, added to `round`, which is returned."""
    for verb in STEPS[step]:
        name = verb.__name__
        try:
            round.done[name] = verb(now)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            log.exception("verb failed", verb=name)
            round.failed[name] = f"{type(error).__name__}: {error}"
            connection.close_if_unusable_or_obsolete()
    return round


def after(step: str) -> str | None:
    """The step that what this one found is for."""
    return dict(pairwise(CHAIN)).get(step)
