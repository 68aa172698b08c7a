"""The newsletters of the demonstration."""

import pytest
from django.core.management import CommandError, call_command

import rehearsal
from alerts.models import Source
from alerts.sources.poll import ensure_parliament
from alerts.sources.written_questions import OFFICIAL
from config import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at(settings):
    """Names the port at which the rehearsal is, and makes the sources."""

    def start(port: int) -> None:
        settings.PARLIAMENT_URL = f"http://127.0.0.1:{port}"
        ensure_parliament(clock.now())
        call_command("demo_sources")

    start(4001)
    return start


def feeds():
    return Source.objects.exclude(kind="written_questions").order_by("kind")


def test_one_newsletter_goes_out_at_once_and_one_feed_waits_for_staff():
    rows = [(source.kind, source.review, source.url) for source in feeds()]
    assert rows == [
        ("feed", "review", "http://127.0.0.1:4001/feeds/small-hours/"),
        ("issues", "trusted", "http://127.0.0.1:4001/feeds/friday-bearings/"),
    ]
    assert all(source.next_poll_at <= clock.now() and source.baseline_at is None for source in feeds())


def test_the_rehearsal_serves_them():
    served = {f"/feeds/{press.publisher.key}/" for press in rehearsal.load().presses}
    assert {source.url.removeprefix("http://127.0.0.1:4001") for source in feeds()} == served


def test_a_second_start_at_another_port_finds_them_and_keeps_what_staff_changed(at):
    Source.objects.filter(kind="feed").update(review="trusted", name="Small Hours", etag='W/"abc"')
    before = {source.pk for source in feeds()}
    at(4002)
    assert {source.pk for source in feeds()} == before
    items, issues = feeds()
    assert items.url == "http://127.0.0.1:4002/feeds/small-hours/"
    assert issues.url == "http://127.0.0.1:4002/feeds/friday-bearings/"
    assert (items.review, items.name, items.etag) == ("trusted", "Small Hours", 'W/"abc"')
    assert Source.objects.filter(paused_at=None).count() == 3


@pytest.mark.parametrize(("name", "value"), [("EMBEDDED", False), ("PARLIAMENT_URL", OFFICIAL)])
def test_an_instance_without_a_rehearsal_gets_none(settings, name, value):
    feeds().delete()
    setattr(settings, name, value)
    with pytest.raises(CommandError, match=r"\./run demo"):
        call_command("demo_sources")
    assert not feeds().exists()
