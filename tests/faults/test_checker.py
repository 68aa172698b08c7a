"""The checker is held against a play in which nothing went wrong, and then against the same play spoilt."""

import datetime
import re
from dataclasses import replace

import pytest
from django.db.models import Count

from alerts.digests.compose import message_for
from alerts.models import Message, Section, Subscription
from alerts.tick import tick
from config import clock
from tests.faults.checker import Checker, Mail
from tests.faults.play import BEGIN, Play, set_clock, staged

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def played(settings, tmp_path):
    """A play of two days, told to its end by one process."""
    settings.EMAIL_BACKEND = "alerts.digests.outbox.OutboxBackend"
    settings.OUTBOX = tmp_path / "outbox"
    with staged({}, tmp_path, seed=5, days=10) as stage:
        play = Play(stage, lambda: [path.read_bytes() for path in settings.OUTBOX.glob("*.eml")])
        play.readers.join(6)
        for hours in range(0, 49, 6):
            set_clock(stage.clock_file, BEGIN + datetime.timedelta(hours=hours), 1)
            tick(clock.now())
        play.end()
        play.tell_the_rest(lambda: tick(clock.now()))
        yield play


def wrong(play: Play, mails: list[Mail]) -> str:
    checker = Checker(play.readers.words, mails)
    checker.check()
    return "\n".join(checker.wrong)


def test_the_checker_finds_a_quiet_play_right_and_sees_what_is_spoilt(played):
    report = played.check()
    assert report.wrong == []
    assert report.hits_told == report.hits_expected >= 20
    assert report.mails == report.messages >= 10

    mails = first, *others = [Mail.read(copy) for copy in played.arrived()]
    assert "never arrived" in wrong(played, others)
    assert "does not show" in wrong(played, [replace(first, marks=frozenset()), *others])
    assert "in one of its parts only" in wrong(played, [replace(first, differing=frozenset({"zq99999"})), *others])
    assert "which it is not about" in wrong(played, [replace(first, marks=first.marks | {"zq99999"}), *others])

    copies = played.arrived()
    played.arrived = lambda: [*copies, copies[0]]
    assert "arrived 2 times, 0 kills in its handoff" in played.check().wrong[0]

    given_up = Message.objects.exclude(digest=None).filter(state="sent").select_related("digest__user").first()
    Message.objects.filter(pk=given_up.pk).update(digest=None, passed_on=given_up.digest_id)
    message_for(given_up.digest, clock.now()).save()
    assert "by a message that had given it to another" in wrong(played, mails)

    twice = Subscription.objects.annotate(told=Count("sections")).filter(told__gt=1).first()
    earlier, later, *_ = twice.sections.order_by("from_seq")
    Section.objects.filter(pk=earlier.pk).update(to_seq=later.to_seq)
    assert re.search(r"lost set\(\), told too often {\d+: 2", wrong(played, mails))
    Section.objects.filter(pk__in=[earlier.pk, later.pk]).delete()
    assert re.search(r"lost {\d+", wrong(played, mails))
