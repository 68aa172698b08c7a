"""Editing an alert: what waits is told as the alert is then, nothing is told twice, and nothing that is long past."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from alerts.digests.compose import compose_due
from alerts.digests.ring import ring
from alerts.matching.fill import fill
from alerts.models import Change, Digest, Schedule, Subscription, Topic
from alerts.models.choices import Frequency
from alerts.query import QueryError
from alerts.web import preferences, subscriptions
from tests.digests.told import happen, headings, told
from tests.factories import make_person, make_subscription

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 11, 7, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert() -> Subscription:
    """A daily alert on foghorns, due tomorrow morning."""
    alert = make_subscription(make_person(), "foghorns", now=NOON)
    Schedule.objects.update(next_due_at=MORNING)
    return alert


def edit(alert: Subscription, now: datetime = NOON, **wished) -> Change | None:
    return subscriptions.edit(alert.user, alert.uuid, wished, "manage", now)


def serve(now: datetime = MORNING) -> list[list[tuple[str, list[str]]]]:
    """The past of new topics is searched, those due are told; what all digests tell."""
    fill(now)
    ring(now)
    compose_due(now)
    return [told(digest) for digest in Digest.objects.order_by("id")]


def test_new_words_tell_what_waits_and_keep_the_alert(alert):
    happen(heading="Foghorns: Repairs")
    happen(heading="Lamps: Repairs")
    change = edit(alert, query="lamps", name="Lights")
    assert serve() == [[("Lights", ["Lamps: Repairs"])]]
    assert Subscription.objects.get().pk == alert.pk
    assert (change.action, change.before, change.after) == (
        "edited",
        {"topic_id": alert.topic_id},
        {"topic_id": Subscription.objects.get().topic_id},
    ), "the log does not hold what was typed"


def test_what_was_told_under_the_old_words_is_not_told_under_the_new_ones(alert):
    happen(heading="Lamps and foghorns")
    assert serve() == [[("foghorns", ["Lamps and foghorns"])]]
    edit(alert, MORNING + HOUR, query="lamps")
    happen(heading="Lamps: Repairs")
    assert serve(MORNING + DAY)[1:] == [[("lamps", ["Lamps: Repairs"])]]


def test_the_digest_waits_until_the_past_of_new_words_is_searched(alert):
    happen(heading="Lamps: Repairs")
    edit(alert, query="lamps")
    assert not compose_due(MORNING)
    assert serve(MORNING + HOUR / 2) == [[("lamps", ["Lamps: Repairs"])]]


def test_words_that_mean_the_same_keep_the_topic_and_its_past(alert):
    edit(alert, query="FOGHORNS ")
    assert Subscription.objects.get().topic == alert.topic
    assert Subscription.objects.get().query == "FOGHORNS "
    assert Topic.objects.count() == 1


def test_words_of_another_alert_of_the_person_are_refused_and_name_it(alert):
    other = make_subscription(alert.user, "lamps", now=NOON)
    with pytest.raises(subscriptions.Twin) as refused:
        edit(alert, query="lamps", name="Lights")
    assert refused.value.alert == other
    alert.refresh_from_db()
    assert (alert.query, alert.name) == ("foghorns", "") and not Change.objects.exists()


def test_words_that_cannot_be_read_change_nothing(alert):
    with pytest.raises(QueryError):
        edit(alert, query='"foghorns', frequency=Frequency.WEEKLY)
    assert Subscription.objects.get().frequency == Frequency.DAILY


def test_new_kinds_are_told_of_what_waits_and_not_of_what_was_looked_at(alert):
    happen("tabled", heading="Foghorns: Long ago")
    serve()
    happen("tabled", heading="Foghorns: Repairs")
    edit(alert, MORNING + HOUR, wants_tabled=True)
    assert serve(MORNING + DAY) == [[("foghorns", ["Foghorns: Repairs"])]]


def test_new_words_of_an_alert_told_as_it_happens_are_looked_at_at_once(alert):
    edit(alert, query="lightships", frequency=Frequency.AS_IT_HAPPENS)
    serve(NOON)
    happen(heading="Lamps: Repairs")
    serve(NOON + HOUR)
    edit(alert, NOON + HOUR, query="lamps")
    assert serve(NOON + HOUR) == [[("lamps", ["Lamps: Repairs"])]]


def test_an_ended_alert_or_anothers_is_not_edited(alert):
    stranger = make_subscription(make_person(), "trains", now=NOON)
    assert subscriptions.edit(alert.user, stranger.uuid, {"query": "buses"}, "manage", NOON) is None
    subscriptions.end(alert.user, None, "person", "manage", NOON)
    assert edit(alert, query="buses") is None
    assert set(Subscription.objects.values_list("query", flat=True)) == {"foghorns", "trains"}


def test_nothing_wished_otherwise_leaves_no_line(alert):
    assert edit(alert, query="foghorns", wants_answered=True) is None
    assert not Change.objects.exists()


STEP = st.one_of(
    st.sampled_from(["pause", "resume", "end", "undo", "apart", "together"]),
    st.sampled_from([{"frequency": frequency} for frequency in Frequency]),
    st.sampled_from([{"query": "lamps"}, {"query": "foghorns"}, {"query": "lamps OR foghorns"}]),
)


@pytest.mark.slow
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=set(Phase) - {Phase.shrink},
)
@given(steps=st.lists(st.tuples(st.integers(1, 30), STEP), min_size=4, max_size=12))
def test_whatever_is_done_to_an_alert_each_event_is_told_once(steps):
    """Each event matches every one of the words, so each is told once, in order, all within the 30 days."""
    Digest.objects.all().delete()
    User.objects.all().delete()
    now, numbers = NOON, itertools.count(1)
    alert = make_subscription(make_person(), "foghorns", now=now)
    deeds = {
        "pause": lambda: subscriptions.pause(alert.user, alert.uuid, "manage", now),
        "resume": lambda: subscriptions.resume(alert.user, alert.uuid, "manage", now),
        "end": lambda: subscriptions.end(alert.user, None, "person", "manage", now),
        "undo": lambda: subscriptions.undo(alert.user, [alert.uuid], "manage", now),
        "apart": lambda: preferences.change_combined(alert.user, False, "manage", now),
        "together": lambda: preferences.change_combined(alert.user, True, "manage", now),
    }
    for hours, step in steps:
        happen(heading=f"Lamps and foghorns {next(numbers)}", released_at=now)
        now += timedelta(hours=hours)
        serve(now)
        deeds[step]() if isinstance(step, str) else edit(alert, now, **step)
        serve(now)
    deeds["undo"](), deeds["resume"]()
    for _ in range(9):
        now += DAY
        serve(now)
    sections = alert.sections.order_by("from_seq")
    found = [heading for section in sections for heading in headings(section)]
    assert found == [f"Lamps and foghorns {number}" for number in range(1, next(numbers))]
