"""Whatever the source does, nothing is lost, it is said in words, and the next good poll catches up."""

import json
from datetime import timedelta
from email.utils import format_datetime

import pytest

from alerts.models import Cursor, Event, Item, PollRun, Source
from alerts.models.poll_run import Pass
from alerts.sources.poll import ensure_parliament, poll
from alerts.sources.trouble import back_off
from rehearsal import faults
from rehearsal.shapes import detail
from tests.sources.stories import DAY, MONDAY, answered, event, item, parliament, record, told

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def stage(settings):
    with parliament(settings) as stage:
        yield stage


FAULTS = {
    "429": (faults.status(429), "Parliament's service asks us to slow down (status 429)."),
    "500": (faults.status(500), "Parliament's service has a fault of its own (status 500)."),
    "503": (faults.status(503), "Parliament's service has a fault of its own (status 503)."),
    "400": (faults.status(400), "Parliament's service refused what we asked (status 400)."),
    "404": (faults.status(404), "Parliament's service refused what we asked (status 404)."),
    "HTML": (faults.html(), "Parliament's service sent a web page where data should be."),
    "nothing": (faults.empty(), "Parliament's service sent an empty answer."),
    "no JSON": (faults.body(b"{'single': quotes"), "Parliament's service sent something that is not JSON."),
    "a list": (faults.body(b"[]"), "Parliament's service sent JSON of another kind than promised."),
    "no results": (faults.without_results(), "Parliament's service sent an answer without results (it says: An error"),
    "rows of nonsense": (
        faults.body(b'{"totalResults": 2, "results": [{"value": {"id": 5}}, 7]}'),
        "Parliament's service sent 2 of 2 rows that cannot be read (question 5:",
    ),
    "cut off": (faults.cut_off(), "Parliament's service cannot be read: the answer of 127.0.0.1 broke off"),
    "hung up": (faults.drop(), "Parliament's service cannot be reached: 127.0.0.1 closed the connection"),
    "a bomb": (faults.gzip_bomb(20), "Parliament's service cannot be read: 127.0.0.1 sent more than 10 MB."),
    "sent elsewhere": (faults.redirect("http://10.0.0.1/"), "Parliament's service cannot be read: 10.0.0.1 lies in"),
}


@pytest.mark.parametrize(("fault", "words"), FAULTS.values(), ids=FAULTS)
def test_a_bad_answer_moves_nothing_and_the_next_good_poll_catches_up(stage, fault, words):
    cursors = list(Cursor.objects.order_by("id").values())
    stage.world.put(record(), answered(record(2000002), MONDAY.date()))
    stage.server.faults.inject(fault, times=None)
    summary = stage.poll(HOUR)
    source = stage.read()
    assert source.last_error.startswith(words)
    assert source.last_error.endswith("nothing is lost.")
    assert (source.fail_count, source.last_error_at, source.last_ok_at) == (1, stage.now, MONDAY)
    assert summary.troubles == [source.last_error]
    assert list(Cursor.objects.order_by("id").values()) == cursors
    assert Event.objects.count() == 0
    stage.server.faults.lift()
    stage.poll(10 * DAY)
    assert sorted(told()) == [("10001", "tabled"), ("10002", "answered")]
    assert (stage.read().fail_count, stage.read().last_error) == (0, "")


def test_a_server_that_is_away_is_unreachable_in_words(stage):
    stage.world.put(record())
    with stage.server.down():
        stage.poll(HOUR)
        assert "cannot be reached: there is no connection to 127.0.0.1 (Connection refused)" in stage.read().last_error
    stage.poll(10 * DAY)
    assert told() == [("10001", "tabled")]


def test_without_a_network_the_words_say_so(settings, db):
    settings.PARLIAMENT_URL = "http://questions.invalid"
    ensure_parliament(MONDAY)
    words = poll(MONDAY).troubles[0]
    assert words == (
        "Parliament's service cannot be reached: the name questions.invalid is not known (is there a network?). "
        "We keep trying; nothing is lost."
    )


def test_a_source_in_trouble_is_left_alone_until_its_time(stage):
    stage.server.faults.inject(faults.status(500), times=None)
    stage.poll(HOUR)
    asked = len(stage.server.requests)
    wait = stage.read().next_poll_at - stage.now
    assert 4 * MINUTE <= wait <= 6 * MINUTE
    stage.tick(3 * MINUTE)
    assert stage.work().troubles == []
    assert len(stage.server.requests) == asked
    stage.tick(4 * MINUTE)
    stage.work()
    assert len(stage.server.requests) == asked + 1
    assert 8 * MINUTE <= stage.read().next_poll_at - stage.now <= 12 * MINUTE


def test_after_trouble_the_details_wait_too(stage):
    question = answered(record(), MONDAY.date())
    stage.world.put(question)
    stage.server.faults.inject(faults.status(429, 600), only=_detail_of(question))
    stage.poll(HOUR)
    assert stage.read().next_poll_at == stage.now + 10 * MINUTE
    stage.tick(9 * MINUTE)
    assert stage.work().details == 0
    stage.tick(2 * MINUTE)
    assert stage.work().details == 1
    assert item(question).detail_failures == 0


def test_parliament_is_never_left_alone_for_much_more_than_an_hour(stage):
    Source.objects.update(fail_count=30)
    stage.server.faults.inject(faults.status(500), times=None)
    stage.poll(HOUR)
    assert stage.read().next_poll_at - stage.now <= 72 * MINUTE


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_obeyed(stage, status, form):
    stage.tick(HOUR)
    asked = "7200" if form == "seconds" else format_datetime(stage.now + 2 * HOUR, usegmt=True)
    stage.server.faults.inject(faults.status(status, asked))
    stage.poll()
    assert stage.read().next_poll_at == stage.now + 2 * HOUR
    stage.tick(HOUR)
    assert stage.work().pages == 0


def test_back_off_doubles_to_a_day_and_never_rings_in_step():
    for failures, minutes in {1: 5, 2: 10, 3: 20, 9: 1280, 10: 1440, 500: 1440}.items():
        waits = {back_off(failures) for _ in range(50)}
        assert all(0.8 * minutes * MINUTE <= wait <= 1.2 * minutes * MINUTE for wait in waits)
        assert len(waits) > 40


def test_trouble_in_the_middle_of_a_window_goes_on_at_the_page_it_stopped_at(stage):
    stage.world.put(*(record(2000000 + n) for n in range(1, 251)))
    only = _page_asked(tabledWhenFrom=True, skip="200")
    stage.server.faults.inject(faults.html(), times=1, only=only)
    stage.poll(HOUR)
    run = PollRun.objects.get(finished_at=None, pass_name=Pass.TABLED)
    assert (run.next_skip, Item.objects.count()) == (200, 200)
    stage.server.requests.clear()
    stage.poll(HOUR)
    assert stage.server.requests[0].parameters["skip"] == ["200"]
    assert len(told()) == 250


def test_a_window_finished_days_after_it_was_begun_counts_from_its_beginning(stage):
    stage.world.put(*(record(2000000 + n) for n in range(1, 151)))
    stage.server.faults.inject(faults.html(), times=1, only=_page_asked(tabledWhenFrom=True, skip="100"))
    stage.poll(HOUR)
    stage.poll(10 * DAY)
    assert Cursor.objects.get(pass_name=Pass.TABLED).last_complete_on == MONDAY.date()
    missed = record(2000900, tabled=MONDAY.date() + 2 * DAY)
    stage.world.put(missed)
    stage.poll(HOUR)
    assert (missed.uin, "tabled") in told()


def test_one_bad_row_is_named_and_the_others_are_stored(stage):
    good, bad = record(), record(2000002)
    stage.world.put(good, bad)
    stage.server.faults.inject(_spoil(b'"uin":"10002"', b'"uin":null'), times=None)
    summary = stage.poll(HOUR)
    assert told() == [(good.uin, "tabled")]
    assert "1 of 2 questions could not be read" in summary.troubles[0]
    assert "question 2000002" in summary.troubles[0]
    assert Cursor.objects.get(pass_name=Pass.TABLED).last_complete_at == MONDAY
    stage.server.faults.lift()
    stage.poll(10 * DAY)
    assert sorted(told()) == [(good.uin, "tabled"), (bad.uin, "tabled")]
    assert stage.read().last_error == ""


def test_rows_that_move_between_pages_are_found_by_reading_again(stage):
    stage.world.put(*(record(2000000 + n) for n in range(1, 151)))
    moved = []

    def answer_one(request):
        """An unread question is answered while the first page is under way, and moves to the top."""
        if request.parameters.get("skip") == ["100"] and not moved:
            moved.append(True)
            stage.world.put(answered(record(2000001), MONDAY.date() + DAY, "<p>Four.</p>"))

    stage.server.before = answer_one
    summary = stage.poll(HOUR)
    assert moved
    assert summary.troubles == []
    assert Item.objects.count() == 150
    assert len(told(kind="tabled")) + len(told(kind="answered")) == 150
    assert PollRun.objects.filter(rereads=1).count() == 1


def test_a_list_that_never_comes_out_even_is_given_up_until_the_next_poll(stage):
    stage.world.put(record())
    stage.server.faults.inject(_spoil(b'{"totalResults":1,', b'{"totalResults":9,'), times=None)
    summary = stage.poll(HOUR)
    assert "8 of 9 questions could not be read" in summary.troubles[0]
    assert "was read 4 times" in summary.troubles[0]
    assert told() == [("10001", "tabled")]
    assert Cursor.objects.get(pass_name=Pass.TABLED).last_complete_at == MONDAY
    assert stage.read().next_poll_at > stage.now


def test_a_detail_that_fails_for_hours_is_released_on_the_cut_text_and_marked(stage):
    question = answered(record(), MONDAY.date())
    stage.world.put(question)
    stage.server.faults.inject(faults.status(500), times=None, only=_detail_of(question))
    stage.poll(HOUR)
    since = stage.now
    while not told():
        assert stage.now < since + DAY
        stage.poll(30 * MINUTE)
    assert stage.now - since >= 6 * HOUR
    released = event(question, "answered")
    assert released.cut and "babies" not in released.answer
    assert item(question).revisions.latest("number").cut
    assert item(question).detail_due is False


def test_four_failures_of_a_detail_release_nothing(stage):
    question = answered(record(), MONDAY.date())
    stage.world.put(question)
    stage.server.faults.inject(faults.status(500), times=4, only=_detail_of(question))
    for _ in range(4):
        stage.poll(3 * HOUR)
        assert told() == []
    stage.poll(3 * HOUR)
    assert "babies" in event(question, "answered").answer


def test_one_failing_detail_does_not_hold_up_the_others(stage):
    bad, good = answered(record(), MONDAY.date()), answered(record(2000002), MONDAY.date())
    stage.world.put(bad, good)
    stage.server.faults.inject(faults.status(500), times=None, only=_detail_of(bad))
    summary = stage.poll(HOUR)
    assert told() == [(good.uin, "answered")]
    assert summary.troubles == []


def test_details_that_all_fail_are_the_trouble_of_the_source(stage):
    stage.world.put(*(answered(record(2000000 + n), MONDAY.date()) for n in range(1, 9)))
    stage.server.faults.inject(faults.status(500), times=None, only=lambda request: "/questions/" in request.path)
    stage.poll(HOUR)
    assert "status 500" in stage.read().last_error
    assert sum(Item.objects.values_list("detail_failures", flat=True)) == 3


def test_a_detail_older_than_its_list_is_read_again_later(stage):
    question = record()
    stage.world.put(question)
    stage.poll(HOUR)
    final = answered(question, MONDAY.date())
    stage.world.put(final)
    stale = _stale_detail(question)
    stage.server.faults.inject(stale, times=1, only=_detail_of(question))
    stage.poll(HOUR)
    assert told() == [(question.uin, "tabled")]
    stage.poll(HOUR)
    assert "babies" in event(question, "answered").answer


def _page_asked(tabledWhenFrom: bool, skip: str):
    return lambda request: "tabledWhenFrom" in request.parameters and request.parameters["skip"] == [skip]


def _detail_of(question):
    return lambda request: request.path.endswith(f"/{question.id}")


def _spoil(good: bytes, bad: bytes):
    """The right answer with some bytes of it replaced."""

    def send(wire):
        body = wire.good_body().replace(good, bad)
        wire.send(faults.head(200, len(body), faults.JSON) + body)

    return send


def _stale_detail(question):
    """What a cache still has of a question."""
    return faults.body(json.dumps(detail(question, {})).encode())
