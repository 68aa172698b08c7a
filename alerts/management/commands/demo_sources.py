"""Makes the newsletters of the demonstration sources of this instance."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from alerts.models import Source
from alerts.sources.written_questions import OFFICIAL
from config import clock


@dataclass(frozen=True)
class Newsletter:
    """A feed of the rehearsal; its path there is what it is known by, whatever port the rehearsal has."""

    path: str
    name: str
    kind: Source.Kind
    review: Source.Review


NEWSLETTERS = (
    Newsletter("/feeds/friday-bearings/", "Friday Bearings (invented)", Source.Kind.ISSUES, Source.Review.TRUSTED),
    Newsletter("/feeds/small-hours/", "Small Hours (invented)", Source.Kind.FEED, Source.Review.REVIEW),
)


class Command(BaseCommand):
    """A newsletter of issues whose items go out at once, and a feed of items that wait for a moderator."""

    help = "Make the demonstration's newsletters, or find them made (embedded mode with a rehearsal only)."

    def handle(self, *args: object, **options: object) -> None:
        """Make what is missing; what staff changed of a source since stays changed."""
        if not settings.EMBEDDED or settings.PARLIAMENT_URL == OFFICIAL:
            raise CommandError("These newsletters are of a rehearsal. Start one with ./run demo.")
        for newsletter in NEWSLETTERS:
            ensure(newsletter, clock.now())


def ensure(newsletter: Newsletter, now: datetime) -> Source:
    """The source of this newsletter at the rehearsal's address of today; due at once when it is new."""
    url = settings.PARLIAMENT_URL + newsletter.path
    source = Source.objects.filter(kind=newsletter.kind, url__endswith=newsletter.path).first()
    if source is None:
        fields = {"kind": newsletter.kind, "name": newsletter.name, "review": newsletter.review}
        return Source.objects.create(url=url, next_poll_at=now, **fields)
    if source.url != url:
        source.url = url
        source.save(update_fields=["url"])
    return source
