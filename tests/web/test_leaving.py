"""Stopping, pausing, undoing: the stop link and the manage link."""

import datetime

import pytest
import time_machine
from django.test import Client

from accounts import tokens
from alerts.digests import links
from alerts.models import Change, Message, Schedule, Subscription
from alerts.web import subscriptions
from config import clock
from tests.factories import make_person, make_subscription
from tests.web.stories import ADDRESS, link

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


@pytest.fixture
def reader():
    """A person with two alerts."""
    reader = make_person(ADDRESS)
    for words in ("trains", "buses"):
        make_subscription(reader, words)
    return reader


@pytest.fixture
def strict():
    """A client that checks for cross-site posts, as a server does."""
    return Client(enforce_csrf_checks=True)


def live(reader) -> list[str]:
    return [one.query for one in subscriptions.live(reader)]


@pytest.mark.parametrize(
    "body",
    [
        {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"},
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"data": "", "content_type": "application/x-www-form-urlencoded"},
    ],
)
def test_one_click_of_a_mail_program_stops_the_whole_email_at_once_and_twice(strict, reader, body):
    url = path(links.stop(reader, clock.now()))
    for _ in range(2):
        answer = strict.post(url, **body, headers={"origin": "https://mail.example", "referer": ""})
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert not answer.cookies and "Location" not in answer
        assert live(reader) == []
    assert set(Subscription.objects.values_list("end_reason", flat=True)) == {"one_click"}
    assert Change.objects.filter(action="ended", scope="unsub").count() == 2


def test_one_click_for_one_alert_leaves_the_others(strict, reader):
    one = reader.subscriptions.get(query="trains")
    strict.post(path(links.stop(one, clock.now())), {"List-Unsubscribe": "One-Click"})
    assert live(reader) == ["buses"]


def test_one_click_for_an_account_that_is_gone_is_fine(strict, reader):
    url = path(links.stop(reader, clock.now()))
    reader.delete()
    assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "Nothing more to stop" in strict.get(url).content.decode()


def test_a_forged_stop_link_changes_nothing(strict, reader):
    manage_token = links.manage(reader, clock.now()).rsplit("/", 1)[1]
    good = links.stop(reader, clock.now()).rsplit("/", 1)[1]
    for token in (manage_token, good[:-3] + "xyz", "x", good + "A"):
        assert strict.post(f"/u/{token}", {"List-Unsubscribe": "One-Click"}).status_code == 404
        assert strict.get(f"/u/{token}").status_code == 404
    assert live(reader) == ["trains", "buses"]


def test_the_stop_link_works_for_years_and_after_signing_out_everywhere(strict, reader):
    url = path(links.stop(reader, clock.now() - 3650 * DAY))
    reader.token_version = 7
    reader.save()
    assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert live(reader) == []


def test_the_page_has_one_button_for_all_and_a_choice(strict, reader):
    url = path(links.stop(reader, clock.now()))
    page = strict.get(url).content.decode()
    assert "Stop all 2 alerts" in page and "s…e@example.org" in page and ADDRESS not in page
    assert live(reader) == ["trains", "buses"]
    trains = reader.subscriptions.get(query="trains")
    after = strict.post(url, {"do": "stop-one", "alert": str(trains.uuid)}).content.decode()
    assert live(reader) == ["buses"] and "You will not get <strong>trains</strong> again" in after
    strict.post(url, {"do": "stop"})
    assert live(reader) == []
    assert set(Subscription.objects.values_list("end_reason", flat=True)) == {"person"}


def test_undo_takes_it_back_where_it_was_for_thirty_days(strict, reader):
    url = path(links.stop(reader, clock.now()))
    Subscription.objects.update(told_through=17)
    strict.post(url, {"List-Unsubscribe": "One-Click"})
    trains = reader.subscriptions.get(query="trains")
    assert "Undo" in strict.get(url).content.decode()
    page = strict.post(url, {"do": "undo", "alert": str(trains.uuid)}).content.decode()
    trains.refresh_from_db()
    assert "It is on again" in page
    assert (trains.ended_at, trains.end_reason, trains.told_through) == (None, "", 17)
    with time_machine.travel(clock.now() + 31 * DAY):
        buses = reader.subscriptions.get(query="buses")
        strict.post(url, {"do": "undo", "alert": str(buses.uuid)})
        assert live(reader) == ["trains"]


def test_undo_leaves_an_alert_that_was_set_up_anew_alone(strict, reader):
    trains = reader.subscriptions.get(query="trains")
    strict.post(path(links.stop(trains, clock.now())), {"List-Unsubscribe": "One-Click"})
    twin = make_subscription(reader, "trains")
    strict.post(path(links.stop(trains, clock.now())), {"do": "undo"})
    assert reader.subscriptions.get(topic=trains.topic, ended_at=None) == twin


def test_undo_gives_a_due_time_back_where_it_is_gone(strict, reader):
    trains = reader.subscriptions.get(query="trains")
    strict.post(path(links.stop(reader, clock.now())), {"List-Unsubscribe": "One-Click"})
    Schedule.objects.all().delete()
    strict.post(path(links.stop(trains, clock.now())), {"do": "undo"})
    assert Schedule.objects.get().next_due_at > clock.now()


def test_what_staff_or_a_complaint_ended_its_reader_cannot_undo(strict, reader):
    trains = reader.subscriptions.get(query="trains")
    subscriptions.end(reader, [trains.uuid], Subscription.EndReason.COMPLAINT, "", clock.now())
    strict.post(path(links.stop(reader, clock.now())), {"do": "undo", "alert": str(trains.uuid)})
    assert live(reader) == ["buses"]


def test_pause_and_resume_keep_what_was_told(strict, reader):
    url = path(links.manage(reader, clock.now()))
    trains = reader.subscriptions.get(query="trains")
    Subscription.objects.update(told_through=9)
    for action, paused in (("pause", True), ("pause", True), ("resume", False)):
        assert strict.post(url, {"do": action, "alert": str(trains.uuid)})["Location"] == url
        trains.refresh_from_db()
        assert (trains.paused_at is not None, trains.told_through) == (paused, 9)
    assert list(Change.objects.order_by("id").values_list("action", flat=True)) == ["paused", "resumed"]


def test_one_person_cannot_touch_the_alerts_of_another(strict, reader):
    stranger = make_person("stranger@example.org")
    theirs = make_subscription(stranger, "canals")
    for action in ("stop", "pause", "resume", "undo"):
        answer = strict.post(path(links.manage(reader, clock.now())), {"do": action, "alert": str(theirs.uuid)})
        assert answer.status_code == 404
    for action in ("stop-one", "undo"):
        strict.post(path(links.stop(reader, clock.now())), {"do": action, "alert": str(theirs.uuid)})
    one = reader.subscriptions.get(query="trains")
    strict.post(path(links.stop(one, clock.now())), {"do": "stop-one", "alert": str(theirs.uuid)})
    theirs.refresh_from_db()
    assert (theirs.ended_at, theirs.paused_at) == (None, None)
    assert "canals" not in strict.get(path(links.manage(reader, clock.now()))).content.decode()


@pytest.mark.parametrize("scope", ["confirm", "unsub", "digest"])
def test_a_link_of_another_scope_opens_no_alerts(strict, reader, scope):
    assert strict.get(f"/m/{tokens.make(scope, reader.uuid, clock.now())}").status_code == 404


@pytest.mark.parametrize("how", ["thirty days", "signed out everywhere"])
def test_an_expired_manage_link_offers_to_mail_a_fresh_one(strict, reader, how):
    url = path(links.manage(reader, clock.now() - (31 * DAY if how == "thirty days" else 0 * DAY)))
    if how == "signed out everywhere":
        reader.token_version += 1
        reader.save()
    page = strict.get(url).content.decode()
    assert "This link has expired" in page and "trains" not in page and not Message.objects.exists()
    assert "Check your inbox" in strict.post(url).content.decode()
    message = Message.objects.get()
    assert message.to_address == ADDRESS
    assert "trains" in strict.get(link(message, "m")).content.decode()
    assert "Check your inbox" in strict.post(url).content.decode()
    assert Message.objects.count() == 1, "two within a minute are one"


def test_a_nonsense_button_is_not_found(strict, reader):
    url = path(links.manage(reader, clock.now()))
    assert strict.post(url, {"do": "stop", "alert": "nonsense"}).status_code == 404
    assert strict.post(url, {}).status_code == 404
