"""The staff's view of every row."""

from alerts.admin import developments, publications, reading, sending, subscribers

__all__ = ["developments", "publications", "reading", "sending", "subscribers"]
