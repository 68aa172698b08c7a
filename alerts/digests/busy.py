"""Alerts that find so much that their daily email is headings only, as whoever chose it was told."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import BigIntegerField, Case, Count, F, When

from alerts.digests.facts import Fact
from alerts.models import Hit, Section
from alerts.models.choices import Frequency

TOO_MANY = 100
"""Results a week over which a daily email shows headings only."""
FEW = 10
"""So many on one day are told in full all the same: as many as any alert is."""
WEEKS = 4


def a_week(sections: Iterable[tuple[Section, tuple[Fact, ...]]]) -> dict[int, int]:
    """How many results a week alerts find that find too many, by the id of the section; all others are left out.

    It is what their topics found in each of the four weeks before, on average; weeks without any are recess. Only
    sections of daily emails with more than a few are looked at, in one query.
    """
    asked = [one for one, facts in sections if len(facts) > FEW and one.digest.frequency == Frequency.DAILY]
    if not asked:
        return {}
    last = max(section.digest.made_at for section in asked).date()
    found: dict[int, list[int]] = defaultdict(lambda: [0] * WEEKS)
    for topic, day, results in _found(asked, last):
        found[topic][min((last - day).days // 7, WEEKS - 1)] += results
    busy = {topic: sum(weeks) // sum(map(bool, weeks)) for topic, weeks in found.items() if any(weeks)}
    return {one.pk: busy[one.topic_id] for one in asked if busy.get(one.topic_id, 0) > TOO_MANY}


def _found(sections: Iterable[Section], last: datetime.date) -> Iterable[tuple[int, datetime.date, int]]:
    """Topic, day and results of each of these days with some; questions with one long answer are one."""
    one_answer = Case(When(event__same_key__gt=0, then=F("event__same_key")), default=-F("event"))
    rows = Hit.objects.filter(
        topic__in={section.topic_id for section in sections},
        event__happened_on__gt=last - datetime.timedelta(weeks=WEEKS),
        event__happened_on__lte=last,
        event__item__hidden_at__isnull=True,
    )
    results = Count(one_answer, distinct=True, output_field=BigIntegerField())
    return rows.values_list("topic", "event__happened_on").annotate(results=results).order_by()
