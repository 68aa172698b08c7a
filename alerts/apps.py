from django.apps import AppConfig
from django.core import checks


class AlertsConfig(AppConfig):
    """From a source to an inbox: items, events, topics, hits, digests, messages."""

    name = "alerts"

    def ready(self) -> None:
        """Have `manage.py check`, which each start runs, look at the webhooks."""
        from alerts.web import webhooks

        checks.register(webhooks.check)
