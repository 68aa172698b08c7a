"""What of a digest may be shown: its sections whose alert has not ended, with the hits whose items are not hidden."""

import hashlib

from alerts.digests.sections import hits
from alerts.models import Digest, Hit, Section


def sections(digest: Digest, ended_too: bool = False) -> list[tuple[Section, list[Hit]]]:
    """The sections with something to show, in order, with their hits by `seq`.

    The page of a digest also shows what was told of alerts that ended since (`ended_too`); an email never does.
    """
    told = digest.sections.select_related("subscription__user", "topic").order_by("position")
    if not ended_too:
        told = told.filter(subscription__ended_at__isnull=True)
    shown = [(section, list(hits(section))) for section in told]
    return [(section, found) for section, found in shown if found]


def fingerprint(shown: list[tuple[Section, list[Hit]]]) -> str:
    """A print of which events are told in which sections: two digests with the same print tell the same."""
    lines = [f"{section.pk}:{','.join(str(hit.event_id) for hit in found)}" for section, found in shown]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
