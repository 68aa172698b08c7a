"""What a person would be sent next: composed and rendered as ever, and then given up, so that nothing of it remains."""

import datetime

from django.db import transaction

from accounts.models import User
from alerts.digests.compose import compose_one
from alerts.digests.mail import Letter
from alerts.digests.render import letter
from alerts.models import Digest, Schedule
from alerts.models.choices import Frequency


def upcoming(person: User, now: datetime.datetime) -> dict[str, list[Letter]]:
    """The next emails of a person as they would be if nothing more came in, by frequency; none where there is no news.

    They are rendered for the moment they are due. Nothing is stored, no `told_through` moves and nothing is sent; the
    person's row is locked meanwhile.
    """
    with transaction.atomic():
        found = {
            schedule.frequency: _letters(schedule, now)
            for schedule in Schedule.objects.filter(user=person).order_by("frequency")
        }
        transaction.set_rollback(True)
    return found


def _letters(schedule: Schedule, now: datetime.datetime) -> list[Letter]:
    at = max(now, schedule.next_due_at or now)
    if schedule.frequency == Frequency.AS_IT_HAPPENS:
        Schedule.objects.filter(pk=schedule.pk).update(next_due_at=at)
    known = set(Digest.objects.filter(user=schedule.user_id).values_list("pk", flat=True))
    compose_one(schedule.pk, at)
    made = Digest.objects.filter(user=schedule.user_id).exclude(pk__in=known).order_by("pk")
    written = [letter(digest, at) for digest in made]
    Digest.objects.filter(pk__in=made.values("pk")).delete()
    return [one for one in written if one is not None]
