"""Every real feed there is goes through the real poll, twice: items or words, and the second time nothing new."""

from collections import Counter

import pytest

from alerts.models import Event, Item, Source
from tests.shared_data import shared
from tests.sources.feed_stories import DAY, stage

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data, pytest.mark.slow]

COUNTS = {
    "mp-sites": {"feeds": 96, "with items": 77, "empty": 16, "in trouble": 3, "items": 966},
    "miniflux": {"feeds": 30, "with items": 13, "empty": 3, "in trouble": 14, "items": 263},
    "parliament": {"feeds": 1, "with items": 1, "empty": 0, "in trouble": 0, "items": 4},
    "personal-news-feed": {"feeds": 5, "with items": 2, "empty": 0, "in trouble": 3, "items": 45},
}


@pytest.fixture
def play(settings):
    with stage(settings) as play:
        yield play


def follow_all(play, folder):
    """A source for each file of the folder, served as it is."""
    root = shared(folder)
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        play.follow("-".join(path.relative_to(root).parts), path.read_bytes())


def counted(play):
    """How the sources stand."""
    items = Counter(Item.objects.values_list("source__name", flat=True))
    sources = [play.read(name) for name in play.sources]
    return {
        "feeds": len(sources),
        "with items": sum(source.name in items for source in sources),
        "empty": sum(source.name not in items and not source.last_error for source in sources),
        "in trouble": sum(source.fail_count > 0 for source in sources),
        "items": items.total(),
    }


def poll_twice(play):
    """Polls every source to its end, twice, the second time asking in full; gives how they stand."""
    for _ in range(2):
        before = Item.objects.count(), Event.objects.count(), Event.objects.filter(kind="revised").count()
        play.poll(8 * DAY)
        while Source.objects.filter(paused_at=None, next_poll_at__lte=play.now).exists():
            play.work()
    after = Item.objects.count(), Event.objects.count(), Event.objects.filter(kind="revised").count()
    assert after == before, "the second time something was new"
    assert not Event.objects.filter(baseline=False).exists()
    for source in Source.objects.exclude(last_error=""):
        assert "went wrong on our side" not in source.last_error, source.last_error
        assert source.last_error.endswith("nothing is lost."), source.last_error
    return counted(play)


@pytest.mark.parametrize("folder", COUNTS)
def test_every_real_feed_brings_items_or_words_and_a_second_time_nothing_new(play, folder):
    follow_all(play, f"feeds/{folder}")
    found = poll_twice(play)
    print(folder, found)
    assert found == COUNTS[folder]


def test_what_stands_in_six_feeds_at_once_is_six_items(play):
    follow_all(play, "feeds/mp-sites")
    poll_twice(play)
    by_address = Counter(Item.objects.exclude(url="").values_list("url", flat=True))
    assert sum(count == 6 for count in by_address.values()) == 6
    assert Item.objects.filter(heading="Without a title").count() == 1
