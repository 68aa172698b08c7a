"""The staff's view of every row."""

from alerts.admin import publications, reading, sending, subscribers

__all__ = ["publications", "reading", "sending", "subscribers"]
