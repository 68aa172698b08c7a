"""Ringing the workers after a mail was queued, and after a new topic."""

import pytest

from alerts.models import Message
from config import celery_app
from tests.web.stories import ask, link, press_confirm


def test_a_queued_mail_rings_for_its_delivery_and_a_new_alert_for_its_past(client, rung, transactional_db):
    ask(client)
    assert "alerts.tasks.deliver" in rung()["deliver"]
    press_confirm(client, link(Message.objects.get(), "confirm"))
    assert "alerts.tasks.percolate" in rung()["percolate"]


@pytest.mark.parametrize("address", ["redis+socket:///nowhere/at-all.sock", "redis://127.0.0.1:1/0"])
def test_a_dead_broker_costs_nobody_their_mail(client, transactional_db, monkeypatch, address):
    monkeypatch.setattr(celery_app.conf, "broker_write_url", address)
    assert ask(client).status_code == 302
    assert Message.objects.count() == 1
