"""Topics are shared, and begin to be matched under the counter's lock."""

import pytest
from django.db import transaction

from alerts.models import Counter, Topic
from alerts.query import ANALYSIS_VERSION, parse
from tests.factories import NOW, make_topic

pytestmark = pytest.mark.django_db


def test_a_new_topic_gets_the_next_version_and_its_past_is_still_to_be_searched():
    topic = make_topic("foghorns AND sirens")
    assert (topic.canonical, topic.analysis_version) == ("foghorns sirens", ANALYSIS_VERSION)
    assert (topic.version, topic.filled_to, topic.filled_at, topic.made_at) == (1, 0, None, NOW)
    assert make_topic("bells").version == 2
    assert Counter.objects.get().topic_version == 2


@pytest.mark.parametrize("words", ["sirens foghorns", "(Foghorns AND sirens)", "the sirens, foghorns foghorns"])
def test_who_means_the_same_shares_the_topic(words):
    topic = make_topic("foghorns sirens")
    assert make_topic(words) == topic
    assert Topic.objects.get().version == 1


def test_what_means_something_else_is_another_topic():
    assert make_topic("foghorns") != make_topic('"foghorns"')


@pytest.mark.django_db(transaction=True)
def test_it_must_be_opened_inside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        Topic.objects.opened(parse("foghorns").tree, NOW)


def test_the_unfilled_come_in_the_order_they_began():
    first, second, third = (make_topic(words) for words in ("foghorns", "sirens", "bells"))
    Topic.objects.filter(pk=second.pk).update(filled_at=NOW)
    assert list(Topic.objects.unfilled()) == [first, third]
