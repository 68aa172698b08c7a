"""When writing to a mailbox that goes on refusing is over, and what its owner is told."""

from datetime import datetime, timedelta

import pytest

from accounts import suppressions
from accounts.models import Suppression, User
from alerts.digests import failing
from alerts.digests.deliver import deliver
from alerts.digests.listen import listen
from alerts.digests.outgoing import queue_confirm
from alerts.models import DeliveryEvent, Message, SignUp
from tests.digests.told import MORNING
from tests.factories import make_person

ADDRESS = "sam.gale@example.org"
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_person(ADDRESS)


def mailed(person: User, at: datetime, provider_id: str = "p") -> Message:
    number = Message.objects.count()
    return Message.objects.create(
        user=person,
        kind="change",
        to_address=person.email,
        message_id=f"<{number}@example.org>",
        made_at=at,
        settled_at=at,
        state=Message.State.SENT,
        provider_id=provider_id and f"{provider_id}{number}",
    )


def heard(message: Message, at: datetime, event_type: str = "bounced", bounce: str = "soft", key: str = "") -> None:
    DeliveryEvent.objects.create(
        dedup_key=f"{message.pk} {event_type} {key}",
        esp="Example",
        message=message,
        event_type=event_type,
        bounce=bounce if event_type == "bounced" else "",
        happened_at=at,
        received_at=at,
    )
    listen(at)


def refuse_on(person: User, *days: int) -> None:
    for day in days:
        heard(mailed(person, MORNING + day * DAY), MORNING + day * DAY)


@pytest.mark.parametrize(
    ("days", "stopped"),
    [
        ((0, 7), False),
        ((0, 1, 2, 3, 4, 5, 6), False),
        ((0, 3, 7), True),
        ((0, 7, 14), True),
        ((0, 40, 80), False),
        ((0, 34, 36, 43), True),
    ],
)
def test_three_mails_refused_over_a_week_and_no_more_than_five_are_enough(person, days, stopped):
    refuse_on(person, *days)
    assert suppressions.suppressed(ADDRESS) is stopped
    if stopped:
        assert Suppression.objects.get().reason == Suppression.Reason.SOFT_BOUNCES


def test_one_mail_that_bounced_three_times_counts_once(person):
    message = mailed(person, MORNING)
    for day in (0, 4, 8):
        heard(message, MORNING + day * DAY, key=str(day))
    assert not suppressions.suppressed(ADDRESS)


def test_a_mail_that_arrived_between_begins_the_count_anew(person):
    refuse_on(person, 0, 3)
    heard(mailed(person, MORNING + 5 * DAY), MORNING + 5 * DAY, "delivered")
    refuse_on(person, 9)
    assert not suppressions.suppressed(ADDRESS)


def test_what_arrived_before_and_is_heard_of_later_begins_nothing_anew(person):
    arrived = mailed(person, MORNING - DAY)
    refuse_on(person, 0, 3)
    heard(arrived, MORNING - DAY, "delivered")
    refuse_on(person, 9)
    assert suppressions.suppressed(ADDRESS)


def test_what_others_refused_is_not_this_ones(person):
    refuse_on(person, 0, 3)
    refuse_on(make_person("other@example.org"), 9)
    assert not Suppression.objects.exists()


@pytest.fixture
def outgoing():
    """Queues one email to an address, as the confirm mail of a new alert is."""

    def queue(address: str, at: datetime) -> None:
        values = {"email_as_typed": address, "query": "foghorns", "text_version": "1"}
        times = {"asked_at": at, "expires_at": at + 7 * DAY}
        queue_confirm(SignUp.objects.create(email=address, form_url="/", **values, **times), "123456", at)

    return queue


def test_a_full_mailbox_that_the_server_itself_reports_is_given_up_too(sink, outgoing):
    for day in (0, 3):
        outgoing("full@example.org", MORNING + day * DAY)
        assert deliver(MORNING + day * DAY).failed == 1
        listen(MORNING + day * DAY)
    assert not suppressions.suppressed("full@example.org")
    outgoing("full@example.org", MORNING + 8 * DAY)
    deliver(MORNING + 8 * DAY)
    listen(MORNING + 8 * DAY)
    assert suppressions.suppressed("full@example.org")


def test_a_server_that_blocks_our_host_for_weeks_silences_nobody(sink, outgoing):
    for day in (0, 3, 8, 12):
        outgoing("blocked@example.org", MORNING + day * DAY)
        assert deliver(MORNING + day * DAY).failed == 1
        listen(MORNING + day * DAY)
    assert not Suppression.objects.exists()


def test_over_smtp_an_accepted_mail_begins_the_count_anew(sink, outgoing, person):
    refuse_on(person, 0, 3)
    mailed(person, MORNING + 5 * DAY, provider_id="")
    refuse_on(person, 9)
    assert not suppressions.suppressed(ADDRESS)


# ---- the banner


def test_nobody_is_told_of_trouble_there_is_not(person):
    assert failing.trouble(person) is None
    refuse_on(person, 0, 3)
    assert failing.trouble(person) is None, "we still write"


def test_a_person_is_told_since_when_mail_has_failed_and_only_a_little_of_the_address(person):
    refuse_on(person, 0, 3, 9)
    assert failing.trouble(person) == failing.Trouble("s…e@example.org", MORNING, for_good=False)


def test_where_there_is_no_such_address_it_failed_at_once(person):
    suppressions.suppress(ADDRESS, Suppression.Reason.HARD_BOUNCE, MORNING)
    assert failing.trouble(person) == failing.Trouble("s…e@example.org", MORNING, for_good=True)


@pytest.mark.parametrize("reason", ["complaint", "blocked", "deleted", "staff"])
def test_who_was_stopped_for_another_reason_is_not_told_of_failures(person, reason):
    suppressions.suppress(ADDRESS, reason, MORNING)
    assert failing.trouble(person) is None
