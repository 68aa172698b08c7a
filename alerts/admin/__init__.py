"""The staff's view of every row."""

from alerts.admin import developments, matching, publications, reading, sending, subscribers

__all__ = ["developments", "matching", "publications", "reading", "sending", "subscribers"]
