"""One round of everything, as `manage.py tick` does it and as the tasks do it step by step."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import CommandError, call_command
from django.db import connection

from alerts import tick as ticking
from alerts.models import Message
from alerts.tick import STEPS, after, take, tick
from tests.factories import NOW, make_event, make_subscription

pytestmark = pytest.mark.django_db

VERBS = [
    "poll",
    "percolate_due",
    "fill",
    "retire",
    "rebuild",
    "resume_due",
    "ring",
    "pass_on",
    "compose_due",
    "render_waiting",
    "check_in_due",
    "deliver",
    "listen",
    "erase_due",
    "forget",
]


@pytest.fixture
def outbox(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.OUTBOX = "alerts.digests.outbox.OutboxBackend", tmp_path / "outbox"
    return settings.OUTBOX


@pytest.fixture
def broken(monkeypatch):
    """A function that makes one verb fail, as the database or a slip of ours would."""

    def break_verb(name: str, error: Exception) -> None:
        def failing(now):
            raise error

        failing.__name__ = name
        steps = {step: tuple(failing if verb.__name__ == name else verb for verb in STEPS[step]) for step in STEPS}
        monkeypatch.setattr(ticking, "STEPS", steps)

    return break_verb


def test_one_round_brings_a_released_event_into_the_outbox(outbox):
    make_subscription(words="foghorns", now=NOW)
    make_event(heading="Foghorns: Repairs")
    round = tick(NOW + timedelta(minutes=1))
    assert list(round.done) == VERBS
    assert round.failed == {}
    assert Message.objects.get().state == Message.State.SENT
    assert len(list(outbox.rglob("*.eml"))) == 1


def test_a_second_round_finds_nothing_to_do(outbox):
    make_subscription(now=NOW)
    make_event()
    for minute in (1, 2, 3):
        tick(NOW + timedelta(minutes=minute))
    assert len(list(outbox.rglob("*.eml"))) == 1


@pytest.mark.django_db(transaction=True)
def test_a_verb_that_fails_is_logged_and_stops_no_other(broken, caplog):
    broken("fill", ValueError("no ink"))
    round = tick(NOW)
    assert round.failed == {"fill": "ValueError: no ink"}
    assert list(round.done) == [verb for verb in VERBS if verb != "fill"]
    assert "verb failed" in caplog.text
    assert "no ink" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_costs_one_verb_and_not_the_round(monkeypatch):
    def losing(now):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setitem(STEPS, "poll", (losing,))
    round = tick(NOW)
    assert list(round.failed) == ["losing"]
    assert list(round.done) == VERBS[1:]


def test_the_time_limit_of_a_task_is_no_mere_failure(broken):
    broken("fill", SoftTimeLimitExceeded())
    with pytest.raises(SoftTimeLimitExceeded):
        take("percolate", NOW, ticking.Round())


def test_the_command_says_what_each_verb_did(capsys):
    call_command("tick")
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == VERBS


@pytest.mark.django_db(transaction=True)
def test_the_command_fails_and_says_so_when_a_verb_failed(broken, capsys):
    broken("percolate_due", ValueError("no ink"))
    with pytest.raises(CommandError, match="percolate_due: ValueError: no ink"):
        call_command("tick")
    assert "compose_due:" in capsys.readouterr().out


def test_each_step_is_for_the_next():
    assert [after(step) for step in STEPS] == [
        "percolate",
        "compose",
        "deliver",
        None,
        None,
    ]
