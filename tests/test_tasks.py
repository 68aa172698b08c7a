"""The tasks ring each other through a real broker; the beat rings them all."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from alerts import tasks
from alerts.models import Counter, Message
from config import celery_app, clock, settings
from tests.factories import make_event, make_subscription

pytestmark = pytest.mark.django_db

SHORTER_THAN_USUAL = settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"] / 2
"""Seconds: what ordinary work with the broker would outlast."""


@pytest.fixture
def broker_url(settings):
    """A function that names another broker for the rest of the test."""
    usual = celery_app.conf.broker_write_url

    def name(url: str) -> None:
        celery_app.conf.broker_write_url = url

    yield name
    celery_app.conf.broker_write_url = usual


def test_nobody_else_rings_in_the_broker_of_a_test(broker):
    assert celery_app.conf.broker_write_url == broker


def test_beat_rings_every_task_there_is():
    rung = {entry["task"] for entry in celery_app.conf.beat_schedule.values()}
    assert rung == {name for name in celery_app.tasks if name.startswith("alerts.")}
    assert rung == {f"alerts.tasks.{step}" for step in tasks.tick.STEPS}


def test_what_percolate_finds_rings_for_compose(rung):
    make_subscription()
    make_event()
    tasks.percolate.apply(throw=True)
    assert Counter.current_seq() == 1
    assert rung() == {"percolate": ["alerts.tasks.compose"]}


def test_what_is_told_as_it_happens_goes_from_bell_to_bell(rung):
    """Nobody waits for the beat: percolate rings the step that sees who is due, and that one rings for delivery."""
    make_subscription(frequency="as_it_happens", now=clock.now())
    make_event(released_at=clock.now())
    tasks.percolate.apply(throw=True)
    assert rung() == {"percolate": ["alerts.tasks.compose"]}
    tasks.compose.apply(throw=True)
    assert rung()["deliver"] == ["alerts.tasks.deliver"]
    assert Message.objects.count() == 1


def test_a_digest_rings_for_its_delivery(rung):
    make_subscription()
    make_event(released_at=clock.now())
    tasks.percolate.apply(throw=True)
    tasks.compose.apply(throw=True)
    assert rung() == {"percolate": ["alerts.tasks.compose"], "deliver": ["alerts.tasks.deliver"]}


def test_who_finds_nothing_rings_for_nobody(rung):
    for step in (tasks.poll, tasks.percolate, tasks.compose, tasks.deliver):
        step.apply(throw=True)
    assert rung() == {}


@pytest.mark.parametrize("step", tasks.tick.STEPS)
def test_what_a_newer_process_sends_along_is_taken_no_notice_of(step, broker_url, tmp_path):
    broker_url(f"redis+socket://{tmp_path}/nobody.sock")
    assert getattr(tasks, step).apply(args=[7], kwargs={"since": "2031-03-10"}, throw=True).successful()


def test_nothing_fails_when_nobody_hears_the_bell(broker_url, caplog, tmp_path):
    broker_url(f"redis+socket://{tmp_path}/nobody.sock")
    make_subscription()
    make_event()
    tasks.percolate.apply(throw=True)
    assert Counter.current_seq() == 1
    assert "bell not heard" in caplog.text


def test_a_broker_that_hangs_is_not_waited_for(broker_url, caplog):
    with socket.socket() as silent, ThreadPoolExecutor(1) as pool:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        broker_url(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        pool.submit(tasks.ring, "deliver").result(SHORTER_THAN_USUAL)
    assert "bell not heard" in caplog.text
