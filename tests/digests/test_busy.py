"""An alert that finds too much for a daily email: headings only."""

from datetime import timedelta

import pytest

from alerts.digests.compose import compose_due
from alerts.digests.page import page
from alerts.digests.render import letter
from alerts.models import Digest
from tests.digests.told import MORNING, percolate
from tests.factories import make_event, make_person, make_subscription

pytestmark = pytest.mark.django_db


def told(weeks: list[int], today: int, frequency: str = "daily") -> Digest:
    """The digest of an alert that found so many in the weeks before, and so many today."""
    subscription = make_subscription(make_person(), "foghorns", now=MORNING, frequency=frequency)
    for number, size in enumerate(weeks, start=1):
        percolate(*(_event(n, MORNING - timedelta(days=7 * number)) for n in range(size)))
    subscription.told_through = sum(weeks)
    subscription.save()
    percolate(*(_event(n, MORNING) for n in range(today)))
    compose_due(MORNING)
    return Digest.objects.get()


def _event(number: int, moment):
    answer = f"The foghorn of station {number} is {number} years old."
    return make_event("answered", heading=f"Station {number}", answer=answer, happened_on=moment.date())


def said(digest: Digest) -> str:
    return " ".join(letter(digest, MORNING).text.split())


def test_over_a_hundred_a_week_are_headings_only_in_the_email_and_whole_on_its_page():
    """The week without any is one of recess."""
    digest = told([0, 230], today=12)
    assert "Headings only: this alert finds about 121 results a week. New: - Station 11." in said(digest)
    assert "Read the full answer" not in said(digest) and "years old" not in said(digest)
    (section,) = page(digest, {}).said.sections
    assert sum(len(block.results) for block in section.blocks) == 12 and not section.why_so_short


@pytest.mark.parametrize(
    ("weeks", "today", "frequency"), [([150], 12, "daily"), ([0, 230], 10, "daily"), ([0, 230], 12, "weekly")]
)
def test_fewer_or_on_a_day_with_few_or_once_a_week_are_told_as_ever(weeks, today, frequency):
    assert "Headings only" not in said(told(weeks, today, frequency))
