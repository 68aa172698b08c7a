"""The notes on top of an email: what its reader must know about it before reading it."""

import datetime
from collections.abc import Iterable, Sequence

from django.db.models import Q

from alerts.digests import wording
from alerts.digests.mail import one_line
from alerts.models import Digest, PollRun, Section, Source
from alerts.models.choices import Away, Frequency
from alerts.models.poll_run import SILENCE

LATE = datetime.timedelta(hours=3)
"""An email made so long after it was due says so."""
_AFTER = {
    Away.PAUSED: "your pause",
    Away.HOLIDAY: "your pause",
    Away.STOPPED: "the time it was stopped",
    Away.ADDRESS: "the time we could not write to you",
}


def notes(digest: Digest, sections: Sequence[Section], troubled: Iterable[Source]) -> list[str]:
    """The notes of this email, each a sentence or two; `troubled` as below."""
    found = [_first(digest, sections), _catch_up(sections), _skipped(sections), _late(digest), _passed_on(digest)]
    return [note for note in (*found, *_of_sources(digest, troubled)) if note]


def _first(digest: Digest, sections: Sequence[Section]) -> str:
    """Who did not ask for an alert hears of it first in the email that tells it first."""
    new = [section for section in sections if section.first]
    if not new:
        return ""
    on = wording.short_day(min(confirmed_on(section, digest) for section in new))
    what = "this alert" if len(sections) == 1 else wording.listed([f"“{section.title}”" for section in new])
    if len(new) == len(sections) > 1:
        what = "these alerts"
    it = "it" if len(new) == 1 else "them"
    return f"This is your first email about {what}. You confirmed {it} on {on}. Not you? Use the link at the end."


def confirmed_on(section: Section, digest: Digest) -> datetime.date:
    """The day an alert was confirmed, where its person lives."""
    return section.subscription.confirmed_at.astimezone(digest.user.zone).date()


def _catch_up(sections: Iterable[Section]) -> str:
    away = {section.away_for for section in sections if section.away_for in _AFTER}
    if not away:
        return ""
    covered = wording.listed(list(dict.fromkeys(_AFTER[Away(reason)] for reason in sorted(away))))
    reach = ", of 30 days at most: what is older was left out" if any(s.left_behind for s in sections) else ""
    return f"This covers {covered}{reach}."


def _skipped(sections: Iterable[Section]) -> str:
    """For who comes back and wanted to be told nothing of what came meanwhile."""
    if not any(section.away_for == Away.SKIPPED for section in sections):
        return ""
    return "What came during your pause was left out, as you chose. This covers what came since."


def _late(digest: Digest) -> str:
    if digest.frequency == Frequency.AS_IT_HAPPENS or digest.due_at is None or digest.made_at - digest.due_at < LATE:
        return ""
    return f"This email is late: it was due on {_moment(digest.due_at, digest)}. Nothing is lost."


def _passed_on(digest: Digest) -> str:
    """For who could not be written to when it was made."""
    if digest.passed_on_at is None:
        return ""
    return f"This email is of {_moment(digest.made_at, digest)}. It comes late because we could not write to you then."


def troubled_sources(now: datetime.datetime) -> list[Source]:
    """The sources that cannot be read now, and Parliament's that once could not, by name."""
    silent = Q(fail_count__gt=0, last_ok_at__lt=now - SILENCE)
    recovered = Q(fail_count=0, kind=Source.Kind.WRITTEN_QUESTIONS, last_error_at__isnull=False)
    return list(Source.objects.filter(silent | recovered, paused_at__isnull=True).order_by("name"))


def _of_sources(digest: Digest, troubled: Iterable[Source]) -> Iterable[str]:
    """Of sources that cannot be read now; of Parliament's, when they could not since the email before this one."""
    since = digest.since or digest.made_at - datetime.timedelta(days=1)
    for source in troubled:
        if source.fail_count:
            yield (
                f"We could not read {one_line(source.name)} since {_moment(source.last_ok_at, digest)}. "
                "What is missing here comes in a later email."
            )
        elif since <= source.last_error_at <= digest.made_at and (
            silences := PollRun.objects.silences(source, since - SILENCE, digest.made_at)
        ):
            yield was_late(*max(silences, key=lambda one: one[1] - one[0]), digest)


def was_late(start: datetime.datetime, end: datetime.datetime, digest: Digest) -> str:
    """That Parliament could not be read for a time, which is over."""
    first, last = (_moment(moment, digest) for moment in (start, end))
    last = last.removeprefix(f"{first.rpartition(' ')[0]} ")
    return f"Parliament’s data was late from {first} to {last}. Everything has been caught up below."


def _moment(moment: datetime.datetime, digest: Digest) -> str:
    """`Tue 10 March, 14:05`, where the reader lives."""
    local = moment.astimezone(digest.user.zone)
    return f"{wording.day(local.date())}, {local:%H:%M}"
