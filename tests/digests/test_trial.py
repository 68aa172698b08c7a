"""The test of an address that bounced: it goes although nothing else does, and if it arrives the rest goes again."""

from datetime import timedelta

import pytest

from accounts import suppressions
from accounts.models import User
from alerts.digests import failing, trial
from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.digests.listen import listen
from alerts.digests.settle import stop_writing_to
from alerts.models import Change, Message, Schedule, Section
from tests.digests.told import MORNING, happen, heard
from tests.factories import make_person, make_subscription, move

ADDRESS = "sam.gale@example.org"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    person = make_person(ADDRESS)
    make_subscription(person, "foghorns", now=MORNING)
    suppressions.suppress(ADDRESS, "hard_bounce", MORNING - DAY)
    return person


@pytest.fixture
def reported(settings):
    """A provider that tells us what became of each mail."""
    settings.EMAIL_BACKEND, settings.WEBHOOKS = "anymail.backends.postmark.EmailBackend", ["postmark"]


def sent(person: User, at=MORNING) -> Message:
    """A test that a server accepted."""
    message = trial.ask(person, at)
    assert message
    values = {"state": "handoff", "handoff_at": at}
    Message.objects.filter(pk=message.pk).update(**values)
    Message.objects.filter(pk=message.pk).update(state="sent", settled_at=at)
    message.refresh_from_db()
    return message


def stopped() -> bool:
    return suppressions.suppressed(ADDRESS)


# ---- it goes


def test_it_reaches_a_real_server_although_nothing_else_would(sink, person):
    trial.ask(person, MORNING)
    assert deliver(MORNING).sent == 1
    ((address, raw),) = sink.accepted
    assert address == ADDRESS and b"Subject: A test from Hark: this address works again" in raw
    assert stopped(), "accepted is not delivered"


@pytest.mark.parametrize("reason", ["complaint", "blocked", "staff", "deleted"])
def test_it_never_goes_to_who_asked_us_not_to_write(sink, person, reason):
    trial.ask(person, MORNING)
    suppressions.Suppression.objects.update(reason=reason)
    assert deliver(MORNING).cancelled == 1 and sink.accepted == []
    assert trial.ask(person, MORNING + 2 * DAY) is None


def test_it_is_for_addresses_that_bounce_alone(person):
    suppressions.Suppression.objects.all().delete()
    assert trial.ask(person, MORNING) is None and not Message.objects.exists()


def test_one_goes_in_a_day(person):
    assert trial.ask(person, MORNING)
    assert trial.ask(person, MORNING + DAY - HOUR) is None
    assert trial.ask(person, MORNING + DAY)
    assert Message.objects.filter(kind="test").count() == 2


def test_another_bounce_meanwhile_does_not_take_it_back(person):
    test = trial.ask(person, MORNING)
    stop_writing_to(ADDRESS, "hard_bounce", MORNING)
    test.refresh_from_db()
    assert test.state == "pending"
    stop_writing_to(ADDRESS, "complaint", MORNING)
    test.refresh_from_db()
    assert test.state == "cancelled"


# ---- what comes of it


@pytest.mark.parametrize("event", ["delivered", "opened"])
def test_reported_as_delivered_the_address_is_written_to_again(reported, person, event):
    message = sent(person)
    assert trial.last(person, MORNING).outcome == "under way" and stopped()
    heard(message, event)
    assert not stopped() and failing.trouble(person) is None
    assert Change.objects.get(action="reached_again").object_id == person.pk


def test_one_catch_up_tells_what_came_meanwhile(reported, person):
    happen(heading="Foghorns: Repairs")
    Schedule.objects.update(next_due_at=MORNING)
    compose_due(MORNING)
    assert not Message.objects.filter(kind="digest").exists()
    heard(sent(person), "delivered")
    for day in (1, 2):
        compose_due(MORNING + day * DAY)
    assert Section.objects.get().away_for == "address"


def test_what_came_back_weighs_more_in_either_order(reported, person):
    message = sent(person)
    heard(message, "bounced", bounce="hard")
    heard(message, "delivered")
    assert stopped() and trial.last(person, MORNING).outcome == "failed"
    later = sent(person, MORNING + DAY)
    heard(later, "delivered", MORNING + DAY)
    heard(later, "bounced", MORNING + DAY, bounce="hard")
    assert stopped()


def test_other_mails_that_arrive_late_lift_nothing(reported, person):
    other = Message.objects.create(
        user=person,
        kind="change",
        to_address=ADDRESS,
        message_id="<o@x>",
        made_at=MORNING,
        state="sent",
        settled_at=MORNING,
    )
    heard(other, "delivered")
    assert stopped()


def test_a_test_of_before_says_nothing_of_a_bounce_since(reported, person):
    message = sent(person)
    heard(message, "delivered")
    suppressions.suppress(ADDRESS, "hard_bounce", MORNING + HOUR)
    heard(message, "opened", MORNING + 2 * HOUR)
    assert stopped()


def test_a_complaint_about_it_stays(reported, person):
    message = sent(person)
    heard(message, "delivered")
    heard(message, "complained")
    heard(message, "opened")
    assert suppressions.Suppression.objects.get().reason == "complaint"


def test_a_provider_that_reports_nothing_of_it_leaves_it_unheard_of(reported, person):
    sent(person)
    assert trial.take_silence(MORNING + 2 * DAY) == 0 and stopped()
    assert trial.last(person, MORNING + DAY).outcome == "unheard of"


def test_where_nobody_reports_a_day_of_silence_is_an_arrival(person):
    sent(person)
    listen(MORNING + DAY - HOUR)
    assert stopped()
    listen(MORNING + DAY)
    assert not stopped()
    listen(MORNING + DAY)
    assert Change.objects.filter(action="reached_again").count() == 1


def test_where_nobody_reports_one_that_the_server_refused_is_no_arrival(sink, person):
    move(person, "nobody@example.org")
    suppressions.suppress(person.email, "hard_bounce", MORNING - DAY)
    trial.ask(person, MORNING)
    assert deliver(MORNING).failed == 1
    listen(MORNING + 2 * DAY)
    assert suppressions.suppressed(person.email)
    assert trial.last(person, MORNING).outcome == "failed"


def test_silence_of_before_says_nothing_of_a_bounce_since(person):
    sent(person)
    suppressions.Suppression.objects.update(since=MORNING + HOUR)
    assert trial.take_silence(MORNING + DAY) == 0 and stopped()


def test_who_has_moved_is_not_tested_by_what_went_before(person):
    sent(person)
    move(person, "new@example.org")
    assert trial.last(person, MORNING) is None
