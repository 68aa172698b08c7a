"""The lease by which one step at a time works on a source; it goes by the database's clock."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from alerts.models import Source


class LeaseLost(Exception):
    """Somebody else works on the source by now: stop, and store nothing."""


@contextmanager
def lease(source_id: int) -> Iterator[Source | None]:
    """The source as it stands, ours for `settings.LEASE_SECONDS`, or None while somebody else has it.

    Its `claim_token` is what every store checks. The lease of a killed process ends by itself.
    """
    token, length = uuid.uuid4(), timedelta(seconds=settings.LEASE_SECONDS)
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    if not Source.objects.filter(free, pk=source_id).update(claim_token=token, lease_until=Now() + length):
        yield None
        return
    try:
        yield Source.objects.get(pk=source_id)
    finally:
        Source.objects.filter(pk=source_id, claim_token=token).update(claim_token=None, lease_until=None)
