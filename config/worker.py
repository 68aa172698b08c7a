"""Celery's worker, which says at once that it is asked to end: its children then begin nothing new."""

from celery.apps.worker import Worker

from alerts import stopping


class EndingWorker(Worker):
    """Celery's own signal of this comes only after the seconds in which tasks may finish."""

    def wait_for_soft_shutdown(self) -> None:
        """Have the children know, and wait for what they have begun."""
        stopping.ask()
        super().wait_for_soft_shutdown()
