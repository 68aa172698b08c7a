"""Retiring: a topic lives as long as somebody has it, paused it, or could take back its end."""

from datetime import timedelta

import pytest

from alerts.matching import retire as retiring
from alerts.matching.retire import retire
from alerts.models import Counter, Subscription
from tests.factories import NOW, make_subscription, make_topic

pytestmark = pytest.mark.django_db

A_MONTH_LATER = NOW + timedelta(days=31)


def end(subscription: Subscription, at) -> None:
    subscription.ended_at, subscription.end_reason = at, Subscription.EndReason.PERSON
    subscription.save()


def test_a_topic_nobody_has_is_retired_after_31_days():
    topic = make_topic()
    assert retire(A_MONTH_LATER - timedelta(seconds=1)) == 0
    assert retire(A_MONTH_LATER) == 1
    topic.refresh_from_db()
    assert (topic.version, topic.retired_at) == (None, A_MONTH_LATER)
    assert retire(A_MONTH_LATER) == 0


def test_a_live_or_paused_subscription_keeps_its_topic():
    make_subscription(words="foghorns")
    make_subscription(words="sirens", paused_at=NOW)
    assert retire(A_MONTH_LATER + timedelta(days=400)) == 0


def test_an_end_that_can_be_undone_keeps_the_topic():
    end(make_subscription(), NOW + timedelta(days=1))
    assert retire(A_MONTH_LATER) == 0
    assert retire(A_MONTH_LATER + timedelta(days=1)) == 1


def test_one_of_many_keeps_it_for_all():
    end(make_subscription(), NOW)
    make_subscription()
    assert retire(A_MONTH_LATER) == 0


def test_a_retired_topic_is_revived_with_a_new_version_and_its_past_to_be_searched_again():
    topic = make_subscription().topic
    end(topic.subscriptions.get(), NOW)
    retire(A_MONTH_LATER)
    revived = make_topic()
    assert revived.pk == topic.pk
    assert (revived.version, revived.retired_at) == (2, None)
    assert (revived.filled_to, revived.filled_at) == (0, None)
    assert Counter.objects.get().topic_version == 2


def test_a_round_is_bounded(monkeypatch):
    monkeypatch.setattr(retiring, "MOST", 2)
    for words in ("foghorns", "sirens", "bells"):
        make_topic(words)
    assert [retire(A_MONTH_LATER), retire(A_MONTH_LATER)] == [2, 1]
