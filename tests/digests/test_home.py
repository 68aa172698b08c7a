"""A database that was brought here from elsewhere holds all sending, once, until somebody releases it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from alerts.digests import home
from alerts.digests.deliver import Delivered, deliver
from alerts.models import Counter, Hold, Message
from alerts.moderation import restored
from tests.digests.told import MORNING, waiting_digest

HOUR = timedelta(hours=1)
ELSEWHERE = "1234567890/00000001/16384/16999"

pytestmark = pytest.mark.django_db


def test_a_database_that_stayed_where_it_was_holds_nothing(outbox):
    waiting_digest()
    assert deliver(MORNING).sent == 1
    assert (Counter.objects.get().home, Hold.objects.count()) == (home.here(), 0)


def test_one_that_nobody_ever_looked_at_is_at_home_here():
    Counter.objects.update(home="")
    home.look(MORNING)
    assert (Counter.objects.get().home, Hold.objects.count()) == (home.here(), 0)


def test_one_from_elsewhere_holds_all_until_staff_take_the_hold_away_and_then_no_more(outbox):
    waiting_digest()
    Counter.objects.update(home=ELSEWHERE)
    for hours in (0, 1, 100):
        assert deliver(MORNING + hours * HOUR) == Delivered()
    hold = Hold.objects.get()
    assert (hold.cause, hold.since, hold.until, hold.reason) == ("restored", MORNING, None, home.REASON)
    hold.delete()
    assert deliver(MORNING + 101 * HOUR).sent == 1
    assert not Hold.objects.exists()


def test_any_user_of_the_database_may_look():
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE ordinary; SET LOCAL ROLE ordinary")
        assert home.here()
        cursor.execute("RESET ROLE")


def test_releasing_leaves_to_its_worker_what_that_has_in_hand():
    message = waiting_digest()
    hold = home.hold_all("by hand", MORNING)
    in_hand = {"state": "claimed", "claim_token": message.uuid, "attempts": 1}
    Message.objects.update(**in_hand, lease_until=datetime.now(UTC) + HOUR)
    assert restored.release(MORNING, MORNING + HOUR) == 0
    assert not Hold.objects.filter(pk=hold.pk).exists()


def test_a_release_without_a_hold_does_nothing():
    message = waiting_digest()
    with pytest.raises(CommandError, match="No sending is held for a restored backup"):
        call_command("restored", "--release", "--sent-before", "2027-01-01 00:00")
    message.refresh_from_db()
    assert message.state == Message.State.PENDING


@pytest.mark.parametrize("words", ["yesterday", "2026-13-01 10:00", "09:30"])
def test_a_time_that_is_none_releases_nothing(words):
    home.hold_all("by hand", MORNING)
    with pytest.raises(CommandError, match="Write it like '2026-11-22 09:30', in UTC"):
        call_command("restored", "--release", "--sent-before", words)
    with pytest.raises(CommandError, match="add --release"):
        call_command("restored", "--sent-before", words)
    assert Hold.objects.exists()


def test_a_release_says_what_still_holds_all_sending(capsys):
    call_command("restored")
    Hold.objects.create(cause="staff", since=MORNING, reason="the cable is cut")
    call_command("restored", "--release")
    assert "still held. staff: the cable is cut" in capsys.readouterr().out
