"""Stopping, pausing, undoing: the stop link and the manage link."""

import datetime
import re

import pytest
import time_machine
from django.test import Client

from accounts import tokens
from alerts.digests import links
from alerts.digests.claim import claim
from alerts.digests.compose import compose_due
from alerts.digests.deliver import attempt, deliver
from alerts.digests.post import Post
from alerts.digests.rendering import fix_bytes
from alerts.models import Change, Message, Schedule, Subscription
from alerts.web import subscriptions
from alerts.web.record import record
from config import clock
from tests.digests.told import MORNING, happen, waiting_digest
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


@pytest.fixture
def outbox(settings, tmp_path):
    """The local outbox in a folder of its own."""
    settings.EMAIL_BACKEND = "alerts.digests.outbox.OutboxBackend"
    settings.OUTBOX = tmp_path / "outbox"
    settings.OUTBOX.mkdir()
    return settings.OUTBOX


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


def test_an_expired_undo_link_offers_to_mail_a_link_to_the_alerts(strict, reader):
    change = record("paused", reader, reader.subscriptions.first(), "manage", clock.now())
    url = path(links.undo(change, reader, clock.now() - 31 * DAY))
    assert "This link has expired" in strict.get(url).content.decode() and not Message.objects.exists()
    assert "Check your inbox" in strict.post(url).content.decode()
    assert "trains" in strict.get(link(Message.objects.get(), "m")).content.decode()


def test_a_nonsense_button_is_not_found(strict, reader):
    url = path(links.manage(reader, clock.now()))
    assert strict.post(url, {"do": "stop", "alert": "nonsense"}).status_code == 404
    assert strict.post(url, {}).status_code == 404


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("application/x-www-form-urlencoded; charset=iso-8859-1", b"List-Unsubscribe=One-Click"),
        ("application/x-www-form-urlencoded", b"List-Unsubscribe=\xff%ff"),
        ("text/plain", b"List-Unsubscribe=One-Click"),
        ("", b"List-Unsubscribe=One-Click"),
    ],
)
def test_a_mail_program_whose_post_is_no_form_is_obeyed_all_the_same(strict, reader, content_type, body):
    answer = strict.post(path(links.stop(reader, clock.now())), data=body, content_type=content_type)
    assert (answer.status_code, answer.content) == (200, b"You are unsubscribed.\n")
    assert live(reader) == []


def test_one_click_meets_no_redirect_session_or_cookie_on_its_way(settings, reader):
    """As in production: plain HTTP is sent to HTTPS everywhere else."""
    settings.SECURE_SSL_REDIRECT, settings.SECURE_REDIRECT_EXEMPT = True, [r"^u/"]
    url = path(links.stop(reader, clock.now()))
    client = Client(enforce_csrf_checks=True)
    assert client.get("/help").status_code == 301
    answer = client.post(url, {"List-Unsubscribe": "One-Click"}, headers={"origin": "https://mail.example"})
    assert answer.status_code == 200 and not answer.cookies and "Vary" not in answer
    assert live(reader) == []


def test_a_stop_link_with_a_slash_at_its_end_is_not_redirected(strict, reader):
    answer = strict.post(path(links.stop(reader, clock.now())) + "/", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 404 and live(reader) == ["trains", "buses"]


def test_the_page_of_one_alert_can_stop_everything_and_names_no_other(strict, reader):
    trains = reader.subscriptions.get(query="trains")
    url = path(links.stop(trains, clock.now()))
    page = strict.get(url).content.decode()
    assert "You have 1 other alert" in page and "Stop all emails" in page and "buses" not in page
    after = strict.post(url, {"do": "stop-all"}).content.decode()
    assert live(reader) == []
    assert "and your other alerts" in after and "buses" not in after
    named = re.findall(r'name="alert" value="([^"]+)"', after)
    strict.post(url, {"do": "undo", "alert": named})
    assert live(reader) == ["trains", "buses"]


def test_weekly_instead_brings_back_what_was_stopped_once_a_week(strict, reader):
    url = path(links.stop(reader, clock.now()))
    Subscription.objects.update(told_through=17)
    after = strict.post(url, {"do": "stop"}).content.decode()
    assert "Weekly instead" in after
    named = re.findall(r'name="alert" value="([^"]+)"', after)
    assert "Once a week from now on" in strict.post(url, {"do": "weekly", "alert": named[:2]}).content.decode()
    assert set(reader.subscriptions.values_list("frequency", "ended_at", "told_through")) == {("weekly", None, 17)}
    assert Schedule.objects.filter(frequency="weekly", next_due_at__gt=clock.now()).exists()


def test_weekly_is_not_offered_for_what_is_weekly(strict, reader):
    Subscription.objects.update(frequency="weekly")
    assert "Weekly instead" not in strict.post(path(links.stop(reader, clock.now())), {"do": "stop"}).content.decode()


def test_a_stop_link_changes_no_frequency_of_what_it_has_not_stopped(strict, reader):
    trains = reader.subscriptions.get(query="trains")
    strict.post(path(links.stop(reader, clock.now())), {"do": "weekly", "alert": str(trains.uuid)})
    assert set(reader.subscriptions.values_list("frequency", flat=True)) == {"daily"}


def test_why_is_asked_afterwards_and_kept_once_a_day(strict, reader):
    url = path(links.stop(reader, clock.now()))
    assert "Why?" not in strict.get(url).content.decode()
    assert "Why?" in strict.post(url, {"do": "stop"}).content.decode()
    for why in ("too-many", "done", "<script>"):
        strict.post(url, {"do": "why", "why": why})
    assert "Thank you" in strict.post(url, {"do": "why", "why": "done"}).content.decode()
    said = Change.objects.get(action="said_why")
    assert (said.object_type, said.object_id, said.after) == ("user", reader.pk, {"why": "too-many"})
    assert live(reader) == []


def test_undo_opens_the_alert_that_was_set_up_anew_even_where_it_is_paused(strict, reader):
    trains = reader.subscriptions.get(query="trains")
    url = path(links.stop(trains, clock.now()))
    strict.post(url, {"List-Unsubscribe": "One-Click"})
    twin = make_subscription(reader, "trains", paused_at=clock.now(), name="Trains again")
    assert "It is on again" in strict.post(url, {"do": "undo"}).content.decode()
    twin.refresh_from_db()
    assert twin.paused_at is None
    assert reader.subscriptions.filter(topic=trains.topic, ended_at=None).get() == twin


@pytest.mark.parametrize("claimed", [False, True])
def test_who_leaves_before_the_next_send_gets_nothing(strict, outbox, claimed):
    message = waiting_digest(ADDRESS)
    taken = claim(MORNING) if claimed else message
    if claimed:
        fix_bytes(taken, MORNING)
    strict.post(path(links.stop(message.user, MORNING)), {"List-Unsubscribe": "One-Click"})
    if claimed:
        assert attempt(taken, Post(), MORNING) == ("cancelled", False)
    else:
        assert deliver(MORNING).cancelled == 1
    message.refresh_from_db()
    assert (message.state, message.reason) == ("cancelled", "nothing left to tell")
    assert not list(outbox.iterdir())


def test_who_stops_one_alert_before_the_next_send_gets_the_others(strict, outbox):
    reader = make_person(ADDRESS)
    names = {"foghorns": "Horns we hear", "repairs": "What is mended", "four": "Things in fours"}
    horns, *_ = (make_subscription(reader, words, name=name, now=MORNING) for words, name in names.items())
    happen(heading="Foghorns: Repairs")
    compose_due(MORNING)
    message = claim(MORNING)
    fix_bytes(message, MORNING)
    strict.post(path(links.stop(horns, MORNING)), {"List-Unsubscribe": "One-Click"})
    assert attempt(message, Post(), MORNING) == ("sent", False)
    text = next(outbox.iterdir()).read_text()
    assert [name in text for name in names.values()] == [False, True, True]


# ---- holidays, and one email or several


def test_all_alerts_are_paused_for_a_holiday_and_the_page_says_until_when(strict, reader):
    url = path(links.manage(reader, clock.now()))
    today = clock.now().astimezone(reader.zone).date()
    back = today + 9 * DAY
    assert strict.post(url, {"do": "away", "first": str(today), "until": str(back)})["Location"] == url
    page = " ".join(strict.get(url).content.decode().split())
    assert f"Paused until <strong>{back:%a} {back.day} {back:%B}</strong>" in page
    assert "one catch-up on your return, of 30 days at most" in page and "Next email" not in page
    strict.post(url, {"do": "back"})
    assert "Paused until" not in strict.get(url).content.decode()
    assert list(Change.objects.order_by("id").values_list("action", flat=True)) == ["holiday", "holiday"]


@pytest.mark.parametrize(
    ("first", "until", "complaint"),
    [
        ("", "2999-01-06", "Enter the first day without emails, like"),
        ("soon", "2026-13-45", "Enter the day from which emails come again, like"),
        ("2020-01-01", "2020-02-01", "Choose a first day from today on"),
        ("2999-01-05", "2999-01-05", "Choose a return after the first day"),
        ("2999-01-05", "2999-01-06", "Choose a return within a year"),
    ],
)
def test_a_holiday_that_cannot_be_is_refused_in_words(strict, reader, first, until, complaint):
    page = strict.post(path(links.manage(reader, clock.now())), {"do": "away", "first": first, "until": until})
    assert complaint in page.content.decode() and "There is a problem" in page.content.decode()
    assert not Change.objects.exists()


def test_one_email_for_each_alert_is_chosen_on_the_page(strict, reader):
    url = path(links.manage(reader, clock.now()))
    assert strict.post(url, {"do": "combined", "combined": "sometimes"}).status_code == 404
    strict.post(url, {"do": "combined", "combined": "each"})
    reader.refresh_from_db()
    assert reader.combined is False
    assert re.search(r'value="each" checked', strict.get(url).content.decode())
    change = Change.objects.get()
    assert (change.action, change.before, change.after) == ("combined", {"combined": True}, {"combined": False})
