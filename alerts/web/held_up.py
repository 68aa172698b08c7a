"""Whether emails are held up, in words for whoever waits for one; the same whoever that is."""

import datetime

from django.db.models import Q

from alerts.digests import hold
from alerts.digests.outgoing import AT_ONCE
from alerts.models import Message

LATE = datetime.timedelta(minutes=5)
AN_HOUR = datetime.timedelta(hours=1)
SOON = "Emails are held up at the moment. Yours is kept, and we will send it within the hour"
LATER = "Emails are held up at the moment. Yours is kept, and we will send it as soon as they go again"


def held_up(now: datetime.datetime) -> str:
    """What to say of emails that somebody waits for; '' where they go out as they should."""
    found = hold.held(now)
    if found is not None:
        return SOON if found.until is not None and found.until <= now + AN_HOUR else LATER
    ready = Q(not_before__isnull=True) | Q(not_before__lte=now)
    waiting = Message.objects.filter(ready, state=Message.State.PENDING, priority=AT_ONCE, made_at__lte=now - LATE)
    return SOON if waiting.exists() else ""
