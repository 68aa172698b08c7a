"""Celery's tasks: each takes one step of the chain and rings for the next. Losing or doubling one costs time only."""

import structlog
from celery import Task, current_app, shared_task

from alerts import tick
from config import clock

log = structlog.get_logger()

POLL_SECONDS = 110
"""A step starts no fetch after 45 s, and one fetch may take 60."""
BROKER = {"socket_connect_timeout": 1, "socket_timeout": 1, "max_retries": 0}
"""A bell is rung once, and the broker has a second to answer."""


class Step(Task):
    """A task that needs no arguments and takes no notice of any: a newer process may send some to an older one."""

    def __call__(self, *args: object, **named: object) -> None:
        self.run()


@shared_task(base=Step, soft_time_limit=POLL_SECONDS)
def poll() -> None:
    """Read what the sources have published."""
    take("poll")


@shared_task(base=Step)
def percolate() -> None:
    """Match what is new against all topics, and what is old against new topics."""
    take("percolate")


@shared_task(base=Step)
def compose() -> None:
    """See who is due because something happened, and make the digests that are due."""
    take("compose")


@shared_task(base=Step)
def deliver() -> None:
    """Send what waits, and take in what providers told us."""
    take("deliver")


@shared_task(base=Step)
def forget() -> None:
    """Let go of what was kept long enough."""
    take("forget")


def take(step: str) -> None:
    """Take one step, and ring for the next one if this one made work for it: its summary is true."""
    round = tick.take(step, clock.now(), tick.Round())
    following = tick.after(step)
    if following and any(round.done.values()):
        ring(following)


def ring(step: str) -> None:
    """Have a worker take this step soon. Where nobody hears it, beat will ring within a minute; so it never fails."""
    try:
        with current_app.connection_for_write(transport_options=BROKER) as connection:
            current_app.send_task(f"{__name__}.{step}", connection=connection, retry=False)
    except Exception as error:
        log.warning("bell not heard", step=step, error=f"{type(error).__name__}: {error}")
