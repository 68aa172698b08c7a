"""The past is read week by week, wherever it was stopped, and nobody is ever told of it."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from alerts.models import Event, Item, PollRun
from alerts.models.poll_run import Pass
from alerts.sources.backfill import backfill, next_list, weeks
from rehearsal import faults
from tests.sources.killing import killed_at
from tests.sources.stories import DAY, MONDAY, THAT_DAY, answered, item, parliament, record, told

pytestmark = pytest.mark.django_db
WEEK = 7 * DAY
OLD = [answered(record(1990000 + n, tabled=THAT_DAY - n * DAY), THAT_DAY - (n - 3) * DAY) for n in range(50, 120, 3)]
"""Questions tabled before all windows of the polls, every third day; some of them answered a little later."""


@pytest.fixture
def stage(settings):
    """A Parliament with a past, before the first poll."""
    with parliament(settings, *OLD, record(), first_poll=False) as stage:
        yield stage


def run(stage, days=90, most=50):
    """Calls the back-fill until it is done; gives its words."""
    words = []
    for _ in range(most):
        progress = backfill(stage.read(), days, stage.now)
        words.append(progress.words)
        if progress.done or progress.waits:
            return words
    raise AssertionError(words)


def test_ninety_days_are_searchable_and_never_told(stage):
    words = run(stage)
    wanted = {str(old.id) for old in OLD if old.date_answered >= THAT_DAY - 90 * DAY}
    assert len(wanted) > 12
    assert wanted <= set(Item.objects.values_list("external_key", flat=True))
    assert set(Event.objects.values_list("baseline", flat=True)) == {True}
    assert "babies" in item(OLD[0]).answer
    assert stage.read().baseline_at == MONDAY
    assert words[0].startswith("Reading what is new first: ")
    assert words[-1] == f"Done: {Item.objects.count()} questions are here."


def test_answers_given_in_the_period_are_read_though_tabled_before_it(stage):
    late = answered(record(1900001, tabled=date(2030, 3, 4)), THAT_DAY - 60 * DAY)
    stage.world.put(late)
    run(stage)
    assert item(late).state == "answered"


def test_a_second_time_it_reads_nothing_again(stage):
    run(stage)
    stage.server.requests.clear()
    assert len(run(stage)) == 1
    assert stage.server.requests == []


def test_more_days_read_only_what_is_missing(stage):
    run(stage, days=30)
    stage.server.requests.clear()
    run(stage, days=44)
    windows = {request.parameters["tabledWhenFrom"][0] for request in stage.server.requests if _is_list(request)}
    assert windows == {"2030-11-18", "2030-11-25"}


def test_killed_at_any_moment_it_goes_on_where_it_was(stage):
    with killed_at(None) as undisturbed:
        pass
    for statement in range(15, 1500, 61):
        with killed_at(statement) as undisturbed:
            run(stage)
        if undisturbed.statements < statement:
            break
    run(stage)
    assert Item.objects.filter(external_key__in=[str(old.id) for old in OLD]).count() >= 13
    assert PollRun.objects.filter(pass_name=Pass.BACKFILL, finished_at=None).count() == 0
    assert Event.objects.count() == Item.objects.count()
    assert Item.objects.filter(detail_due=True).count() == 0


def test_news_is_left_to_the_polls(stage):
    stage.poll()
    fresh = record(2000005)
    stage.world.put(fresh, answered(record(), THAT_DAY))
    run(stage)
    assert told() == []
    assert not Item.objects.filter(external_key=str(fresh.id)).exists()
    stage.poll(timedelta(hours=1))
    assert sorted(told()) == [("10001", "answered"), (fresh.uin, "tabled")]


def test_news_of_a_question_whose_past_is_still_without_its_text_is_told(stage):
    held = record(1990000, tabled=THAT_DAY - 50 * DAY).held(THAT_DAY - 40 * DAY, OLD[0].answer_text, by=990002)
    stage.world.put(held)
    stage.server.faults.inject(faults.status(500), times=None, only=lambda one: one.path.endswith(f"/{held.id}"))
    run(stage)
    assert item(held).due_kinds == ["holding"]
    stage.server.faults.lift()
    stage.world.put(answered(held, THAT_DAY + DAY))
    stage.poll(DAY)
    events = Event.objects.filter(item=item(held)).order_by("id").values_list("kind", "baseline", "cut")
    assert list(events) == [("holding", True, True), ("answered", False, False)]


def test_trouble_is_said_and_waited_for(stage):
    stage.poll()
    stage.server.faults.inject(faults.status(500), times=None)
    assert "has a fault of its own (status 500)" in run(stage)[-1]
    assert "Next try at" in run(stage)[-1]
    stage.server.faults.lift()
    stage.tick(timedelta(hours=2))
    assert run(stage)[-1].startswith("Done")


def test_weeks_cover_the_days_and_stay_the_same_from_day_to_day():
    wednesday = date(2031, 1, 8)
    assert weeks(7, wednesday) == [(date(2031, 1, 6), date(2031, 1, 12)), (date(2030, 12, 30), date(2031, 1, 5))]
    assert weeks(9, wednesday) == weeks(7, wednesday)
    assert len(weeks(10, wednesday)) == 3
    assert weeks(7, date(2031, 1, 6)) == weeks(7, wednesday)


def test_a_week_read_before_it_was_over_is_read_again_on_another_day(stage):
    run(stage, days=7)
    assert next_list(stage.read(), 7, stage.now) is None
    assert next_list(stage.read(), 7, stage.now + DAY) == (Pass.TABLED, date(2031, 1, 6), date(2031, 1, 12))


def test_the_command_says_in_words_how_it_goes(stage, monkeypatch, tmp_path):
    clock = tmp_path / "clock.json"
    clock.write_text('{"real": 0, "fictional": "2031-01-06T12:00:00+00:00", "rate": 1e-9}')
    monkeypatch.setenv("HARK_CLOCK", str(clock))
    said = StringIO()
    call_command("backfill", "--days", "90", stdout=said)
    lines = said.getvalue().splitlines()
    assert lines[0] == (f"Reading the last 90 days from {stage.server.url}. Ctrl-C stops it; the next time it goes on.")
    assert lines[-1] == f"Done: {Item.objects.count()} questions are here."


def test_the_command_refuses_a_number_of_days_that_is_none():
    with pytest.raises(CommandError, match="1 to 3660"):
        call_command("backfill", "--days", "0")


def _is_list(request):
    return "tabledWhenFrom" in request.parameters
