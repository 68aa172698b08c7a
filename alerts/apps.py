from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """From a source to an inbox: items, events, topics, hits, digests, messages."""

    name = "alerts"
