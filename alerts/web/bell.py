"""Ringing the workers after something was queued; the sweep finds it anyway, a minute later."""

import structlog
from celery.exceptions import CeleryError
from kombu.exceptions import OperationalError

from config import celery_app

log = structlog.get_logger()
PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}
"""Seconds to give the broker: with it dead, a page is late by under two."""


def ring_deliver() -> None:
    """Wake the deliver worker; a broker that cannot be reached is logged and forgotten."""
    try:
        with celery_app.connection_for_write(transport_options=PATIENCE) as connection:
            celery_app.send_task("alerts.tasks.deliver", connection=connection, retry=False)
    except (CeleryError, OperationalError, OSError) as error:
        log.warning("the broker cannot be reached", error=type(error).__name__)
