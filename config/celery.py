"""The Celery application: a bell that rings the verbs of `alerts.tasks`; the database decides what is due."""

import os
from functools import cached_property

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Bells(Celery):
    """Celery with workers of our own."""

    @cached_property
    def Worker(self) -> type:
        """What `celery worker` makes, with the application bound to it."""
        return self.subclass_with_self("config.worker:EndingWorker")


app = Bells("hark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["alerts"])
