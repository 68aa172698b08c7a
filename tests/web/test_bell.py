"""Ringing the deliver worker after a mail was queued."""

import pytest

from alerts.models import Message
from config import celery_app
from tests.web.stories import ask


def test_a_queued_mail_rings_the_deliver_worker(client, broker, transactional_db):
    ask(client)
    with celery_app.connection_for_read() as connection:
        waiting = connection.SimpleQueue("deliver").get(block=True, timeout=5)
    assert waiting.headers["task"] == "alerts.tasks.deliver"


@pytest.mark.parametrize("address", ["redis+socket:///nowhere/at-all.sock", "redis://127.0.0.1:1/0"])
def test_a_dead_broker_costs_nobody_their_mail(client, transactional_db, monkeypatch, address):
    monkeypatch.setattr(celery_app.conf, "broker_url", address)
    monkeypatch.setattr(celery_app.conf, "broker_write_url", address)
    assert ask(client).status_code == 302
    assert Message.objects.count() == 1
