"""The accounts of the demonstration."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Consent, User
from alerts.models import Message, Schedule, Subscription
from alerts.web import subscriptions
from config import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(settings, tmp_path):
    """Runs the command and gives what it says."""
    settings.INSTANCE = tmp_path

    def run() -> str:
        said = StringIO()
        call_command("demo_accounts", stdout=said)
        return said.getvalue()

    return run


def test_it_makes_two_readers_with_confirmed_alerts_and_says_how_to_get_in(client, told):
    said = told()
    counts = {person.email: len(subscriptions.live(person)) for person in User.objects.filter(is_staff=False)}
    assert counts == {"demo@hark.example": 5, "press@hark.example": 2}
    assert Consent.objects.count() == 7 and not Message.objects.exists()
    assert {schedule.frequency for schedule in Schedule.objects.all()} == {"daily"}
    for link in re.findall(r"http://[^/]+(/m/\S+)", said):
        assert client.get(link).status_code == 200
    password = re.search(r"password (\S+):", said)[1]
    assert client.login(username="staff@hark.example", password=password)
    assert client.get("/admin/").status_code == 200
    assert "waits for a moderator" in client.get(re.search(r"what waits: http://[^/]+(/\S+)", said)[1]).content.decode()


def test_a_second_start_changes_nothing_and_says_the_same_password(told):
    first, subscribed = told(), list(Subscription.objects.values())
    second = told()
    password = r"password (\S+):"
    assert re.search(password, first)[1] == re.search(password, second)[1]
    assert list(Subscription.objects.values()) == subscribed


def test_an_alert_that_a_visitor_stopped_stays_stopped(told):
    told()
    demo = User.objects.get(email="demo@hark.example")
    subscriptions.end(demo, None, Subscription.EndReason.PERSON, "manage", clock.now())
    told()
    assert subscriptions.live(demo) == []


def test_a_lost_password_is_made_anew(client, told, settings):
    told()
    (settings.INSTANCE / "staff.json").unlink()
    password = re.search(r"password (\S+):", told())[1]
    assert client.login(username="staff@hark.example", password=password)


def test_the_password_is_for_the_owner_of_the_folder_alone(told, settings):
    told()
    assert (settings.INSTANCE / "staff.json").stat().st_mode & 0o077 == 0


def test_production_has_no_such_accounts(told, settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="production"):
        told()
    assert not User.objects.exists()
