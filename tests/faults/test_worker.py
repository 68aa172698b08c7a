"""kill -9 of Celery's worker, whole or one child, while beat rings: the bells bring everything back to work."""

import random
import signal
import threading
import time
from collections import Counter
from itertools import pairwise

import pytest

from alerts.models import Digest, Message, Subscription
from alerts.models.choices import Frequency
from alerts.models.schedule import APART
from config import clock
from tests.digests.told import waiting_digest
from tests.faults.play import BEGIN, DAY, Play, set_clock, staged
from tests.faults.worker import Worker
from tests.workers import PATIENCE

KILLS = 12
SEED = 20260302
DAY_SECONDS = 8
MEAN_LIFE = 0.8
"""Seconds that a worker lives on average once it takes work."""

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_worker_killed_twelve_times_loses_nothing_and_doubles_nothing(child_environment, tmp_path):
    chance = random.Random(SEED)
    environment = child_environment | {"HARK_TICK_SECONDS": "0.5", "HARK_LEASE_SECONDS": "4"}
    with staged(environment, tmp_path, SEED, days=60) as stage, Worker(stage.environment, tmp_path / "logs") as worker:
        play = Play(stage, lambda: [file.read_bytes() for file in (tmp_path / "outbox").glob("*.eml")])
        play.readers.join(8)
        worker.wait_for_children()
        set_clock(stage.clock_file, BEGIN, DAY.total_seconds() / DAY_SECONDS, until=BEGIN + 4 * DAY)
        for _ in range(KILLS):
            worker.wait_for_children()
            time.sleep(chance.uniform(0, 2 * MEAN_LIFE))
            worker.kill_everything() if chance.random() < 0.5 else worker.kill_a_child(chance)
        worker.tend_while(lambda: clock.now() < BEGIN + 4 * DAY)
        play.end()
        play.tell_the_rest(worker.tend)
        report = play.check()

    assert report.wrong == []
    assert report.hits_told == report.hits_expected >= 50
    assert report.mails == report.messages == Message.objects.filter(state=Message.State.SENT).count()
    for subscription in Subscription.objects.filter(frequency=Frequency.AS_IT_HAPPENS):
        made = Digest.objects.filter(user=subscription.user, frequency=Frequency.AS_IT_HAPPENS).order_by("made_at")
        moments = sorted(set(made.values_list("made_at", flat=True)))
        assert all(later - earlier >= APART for earlier, later in pairwise(moments))


def test_a_worker_asked_to_end_finishes_the_mail_that_is_leaving_and_claims_no_other(child_environment, sink, tmp_path):
    leaving = threading.Event()

    def slowly(_: str) -> None:
        leaving.set()
        time.sleep(1)

    sink.at_data = slowly
    sink.accepted.clear()
    for _ in range(5):
        waiting_digest()
    own = {
        "HARK_TICK_SECONDS": "0.5",
        "HARK_EMAIL_BACKEND": "alerts.digests.smtp.EmailBackend",
        "HARK_EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "HARK_INSTANCE": str(tmp_path),
        "REMAP_SIGTERM": "SIGQUIT",
    }
    with Worker(child_environment | own, tmp_path / "logs") as worker:
        assert leaving.wait(PATIENCE)
        asked = worker.processes.pop("worker")
        asked.send_signal(signal.SIGTERM)
        assert asked.wait(PATIENCE) == 0
    states = Counter(Message.objects.values_list("state", flat=True))
    assert set(states) == {Message.State.SENT, Message.State.PENDING}
    assert states[Message.State.SENT] == len(sink.accepted)
