"""The Celery application: a bell that rings the verbs of `alerts.tasks`; the database decides what is due."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("hark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["alerts"])
