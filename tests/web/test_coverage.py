"""The page of what is covered: sources, freshness and known gaps."""

import datetime

import pytest
from django.utils import timezone

from alerts.models import PollRun, Source
from alerts.models.poll_run import Pass
from alerts.web import coverage
from config import clock
from tests.factories import make_event, make_item, make_source
from tests.web.test_search import read_at, squeezed

pytestmark = pytest.mark.django_db


def page(client) -> str:
    return squeezed(client.get("/coverage"))


def test_before_anything_was_read_it_says_so(client):
    said = page(client)
    assert "about to begin" in said and "None yet." in said


def test_of_parliament_it_says_from_when_how_many_and_how_fresh(client):
    now = clock.now()
    source = make_source(last_ok_at=now - datetime.timedelta(minutes=6), last_new_item_at=now)
    make_item(source=source, tabled_on=datetime.date(2026, 1, 5))
    make_item(source=source, tabled_on=datetime.date(2026, 3, 1))
    said = page(client)
    assert "questions tabled on 5 January 2026 or later" in said and "2 questions" in said
    assert "Checked 6 min ago." in said and f"found {timezone.localtime(now):%H:%M}" in said


def test_of_each_newsletter_it_says_how_its_reading_goes(client):
    read_at("The Lamp Room", minutes=6)
    assert "The Lamp Room" in page(client)
    Source.objects.update(fail_count=1)
    assert "Checked 6 min ago." in page(client), "a feed may fail once in a while"
    Source.objects.update(last_ok_at=clock.now() - datetime.timedelta(hours=7))
    assert "It has been out of reach since" in page(client)
    assert "It has been out of reach" not in squeezed(client.get("/"))


def test_the_gaps_it_knows_are_the_long_silences_the_cut_texts_and_what_was_taken_down(client):
    source, now = make_source(), clock.now()
    for hours in (30, 21, 20.5, 2):
        ended = now - datetime.timedelta(hours=hours)
        PollRun.objects.create(
            source=source, pass_name=Pass.ANSWERED, window_from=ended.date(), started_at=ended, finished_at=ended
        )
    make_event("answered", cut=True)
    make_item(hidden_at=now, hidden_reason="published by mistake")
    said = page(client)
    newest_first = [(20.5, 2), (30, 21)]
    said_in_words = [
        " to ".join(coverage.moment(now - datetime.timedelta(hours=ago), now) for ago in gap) for gap in newest_first
    ]
    assert "".join(f"<li>{one}</li>" for one in said_in_words) in said
    assert "Of 1 question Parliament’s service did not give us the whole text; its page says so." in said
    assert "1 item was taken down" in said
    PollRun.objects.all().delete()
    assert "never out of reach" in page(client)
