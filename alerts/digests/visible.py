"""What of a digest may be shown: its sections whose alert has not ended, with the hits whose items are not hidden."""

import hashlib
from collections.abc import Iterable

from alerts.digests.sections import Heard, hits
from alerts.models import Digest, Section

Shown = list[tuple[Section, list[Heard]]]
"""The sections with something to show, in order, each with what it tells by `seq`."""


_READ = (
    *("digest", "position", "query", "name", "kinds", "first", "away_for", "left_behind"),
    *("topic__canonical", "subscription__uuid", "subscription__confirmed_at"),
)
"""The columns by which sections are told; each further time would have to be read too, and takes long to read."""


def sections(digest: Digest, ended_too: bool = False) -> Shown:
    """What of one digest may be shown now.

    The page of a digest also shows what was told of alerts that ended since (`ended_too`); an email never does.
    """
    return sections_of([digest], ended_too)[digest.pk]


def sections_of(digests: Iterable[Digest], ended_too: bool = False) -> dict[int, Shown]:
    """The same for each of these digests by its id, in two queries however many there are."""
    known = {digest.pk: digest for digest in digests}
    told = (
        Section.objects.filter(digest__in=known)
        .select_related("subscription", "topic")
        .only(*_READ)
        .order_by("position")
    )
    if not ended_too:
        told = told.filter(subscription__ended_at__isnull=True)
    told = list(told)
    found = hits(told)
    shown: dict[int, Shown] = {digest: [] for digest in known}
    for section in told:
        section.digest = known[section.digest_id]
        if found[section.pk]:
            shown[section.digest_id].append((section, found[section.pk]))
    return shown


def fingerprint(shown: Shown) -> str:
    """A print of which events are told in which sections: two digests with the same print tell the same."""
    lines = [f"{section.pk}:{','.join(str(hit.event_id) for hit in found)}" for section, found in shown]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
