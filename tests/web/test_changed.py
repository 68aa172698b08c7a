"""What a manage link changed is mailed to the owner, with an undo that takes back exactly that."""

import re
from datetime import date, time, timedelta
from email import message_from_bytes, policy

import pytest
from django.conf import settings
from django.db import transaction

from accounts import suppressions, tokens
from accounts.models import User
from alerts.digests import changed, links
from alerts.digests.claim import claim
from alerts.digests.deliver import deliver
from alerts.digests.holiday import Holiday
from alerts.models import Change, Message, Schedule, Subscription
from tests.factories import NOW, make_person, make_subscription
from tests.web.stories import ADDRESS, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def reader() -> User:
    reader = make_person(ADDRESS)
    for words in ("trains", "buses"):
        make_subscription(reader, words)
    Schedule.objects.update(next_due_at=NOW + DAY)
    return reader


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def press(client, reader: User, do: str, words: str = "", **fields: str):
    """Press a button on the manage page."""
    if words:
        fields["alert"] = str(reader.subscriptions.get(query=words).uuid)
    answer = client.post(path(links.manage(reader, NOW)), {"do": do, **fields})
    assert answer.status_code in (200, 302)
    return answer


def undo_links(message: Message) -> list[str]:
    return [path(url) for url in re.findall(rf"{settings.SITE_URL}/undo/[\w-]+", read(message))]


def state(reader: User) -> dict:
    """All that a manage link could change."""
    fields = ("delivery_time", "delivery_weekday", "timezone", "combined", "paused_from", "paused_until", "skips_pause")
    alerts = reader.subscriptions.order_by("query")
    return {
        "person": User.objects.values_list(*fields).get(pk=reader.pk),
        "alerts": [(a.query, a.frequency, a.paused_at is None, a.ended_at, a.told_through) for a in alerts],
    }


CHANGES = [
    ("pause", {"words": "trains"}, "“trains” was paused"),
    ("stop", {"words": "trains"}, "“trains” was stopped"),
    ("frequency", {"words": "trains", "frequency": "weekly"}, "“trains” now comes once a week (before: once a day)"),
    (
        "hours",
        {"hour": "18:00", "weekday": "4", "zone": "Europe/Berlin"},
        "Emails now come at 18:00 Berlin time, weekly ones on Fridays "
        "(before: at 07:30 London time, weekly ones on Mondays)",
    ),
    ("combined", {"combined": "each"}, "Each alert now comes in an email of its own"),
    (
        "away",
        {"first": "2026-03-12", "until": "2026-03-20", "meanwhile": "skip"},
        "All alerts are paused from Thu 12 March until Fri 20 March, and what comes meanwhile is left out",
    ),
]


@pytest.mark.parametrize(("do", "fields", "words"), CHANGES)
def test_every_change_is_mailed_and_its_undo_puts_everything_back(client, reader, do, fields, words):
    before = state(reader)
    press(client, reader, do, **fields)
    assert state(reader) != before
    message = Message.objects.get()
    assert (message.kind, message.to_address, message.subject[:20]) == ("change", ADDRESS, words[:20])
    html = message_from_bytes(bytes(message.body), policy=policy.default).get_body(("html",)).get_content()
    for part in (" ".join(read(message).split()), html):
        assert f"{words}." in part.replace("<br>", " ")
    [url] = undo_links(message)
    assert url in html

    page = client.get(url).content.decode()
    assert "Undo this change?" in page and words in page and ADDRESS not in page
    assert state(reader) != before
    assert "<h1>Undone</h1>" in client.post(url).content.decode()
    assert state(reader) == before
    assert (
        "Nothing to undo" in client.post(url).content.decode() and "Nothing to undo" in client.get(url).content.decode()
    )
    assert state(reader) == before
    assert Message.objects.count() == 1, "an undo is not mailed about"
    assert list(Change.objects.order_by("id").values_list("scope", flat=True)) == ["manage", "undo"]


@pytest.mark.parametrize(
    ("first", "then", "words"),
    [("pause", "resume", "“trains” was resumed"), ("stop", "undo", "“trains” was switched on again")],
)
def test_what_was_paused_or_stopped_before_is_so_again_after_the_undo(client, reader, clock, first, then, words):
    press(client, reader, first, "trains")
    clock.shift(timedelta(hours=1))
    deliver(NOW + DAY)
    press(client, reader, then, "trains")
    message = Message.objects.latest("id")
    assert words in read(message)
    client.post(undo_links(message)[0])
    trains = reader.subscriptions.get(query="trains")
    assert (trains.paused_at is not None) == (first == "pause") and (trains.ended_at is not None) == (first == "stop")


def test_the_end_of_a_holiday_can_be_taken_back_while_there_is_one_left(client, reader, clock):
    User.objects.update(paused_from=date(2026, 3, 9), paused_until=date(2026, 3, 20))
    press(client, reader, "back")
    url = undo_links(Message.objects.get())[0]
    assert "All alerts are on again" in client.get(url).content.decode()
    clock.shift(10 * DAY)
    assert "Nothing to undo" in client.get(url).content.decode(), "it would be over"
    clock.shift(-8 * DAY)
    client.post(url)
    assert Holiday.of(User.objects.get()) == Holiday(date(2026, 3, 9), date(2026, 3, 20))


def test_what_was_changed_again_since_is_left_alone(client, reader):
    press(client, reader, "frequency", "trains", frequency="weekly")
    press(client, reader, "frequency", "trains", frequency="as_it_happens")
    first, second = undo_links(Message.objects.get())
    assert "changed again" in client.post(first).content.decode()
    assert reader.subscriptions.get(query="trains").frequency == "as_it_happens"
    client.post(second)
    assert reader.subscriptions.get(query="trains").frequency == "weekly"


def test_an_alert_stopped_again_since_stays_stopped(client, reader, clock):
    press(client, reader, "stop", "trains")
    url = undo_links(Message.objects.get())[0]
    client.post(url)
    clock.shift(MINUTE)
    client.post(path(links.stop(reader, NOW)), {"List-Unsubscribe": "One-Click"})
    assert "Nothing to undo" in client.post(url).content.decode()
    assert not reader.subscriptions.filter(ended_at=None).exists()


def test_changes_within_minutes_share_an_email_and_the_next_ones_get_another(client, reader, clock):
    for number in range(3):
        press(client, reader, "pause" if number != 1 else "resume", "trains")
        clock.shift(MINUTE / 2)
    message = Message.objects.get()
    assert message.subject == "3 changes to your alerts" and len(undo_links(message)) == 3
    assert message.not_before == NOW + changed.GATHERED
    assert claim(NOW + 2 * MINUTE) is None
    assert deliver(NOW + changed.GATHERED).sent == 1
    press(client, reader, "stop", "buses")
    assert Message.objects.count() == 2
    assert read(Message.objects.latest("id")).count("Undo:") == 1


def test_a_change_while_a_worker_has_the_email_gets_its_own(client, reader):
    press(client, reader, "pause", "trains")
    assert claim(NOW + changed.GATHERED) == Message.objects.get()
    press(client, reader, "pause", "buses")
    first, second = Message.objects.order_by("id")
    assert "trains" in read(first) and "buses" not in read(first)
    assert "buses" in read(second) and "trains" not in read(second)


def test_a_very_busy_hand_gets_the_newest_changes_listed(client, reader):
    for number in range(25):
        press(client, reader, "resume" if number % 2 else "pause", "trains")
    text = read(Message.objects.get())
    assert text.count("Undo:") == 20 and "And 5 earlier changes" in text


def test_what_changes_nothing_or_fails_is_not_mailed_about(client, reader):
    press(client, reader, "resume", "trains")
    press(client, reader, "combined", combined="one")
    press(client, reader, "back")
    press(client, reader, "hours", hour="never")
    press(client, reader, "away", first="2026-03-01", until="2026-03-02")
    client.get(path(links.manage(reader, NOW)))
    assert not Message.objects.exists() and not Change.objects.exists()


def test_a_change_and_its_email_are_there_both_or_neither(client, reader, monkeypatch):
    monkeypatch.setattr(settings, "MAIL_DOMAIN", "line\nbreak")
    with pytest.raises(ValueError, match="control characters"), transaction.atomic():
        press(client, reader, "stop", "trains")
    assert reader.subscriptions.filter(ended_at=None).count() == 2


def test_nobody_suppressed_is_written_to(client, reader):
    suppressions.suppress(ADDRESS, "hard_bounce", NOW)
    press(client, reader, "pause", "trains")
    assert not Message.objects.exists()


def test_a_name_with_line_breaks_makes_one_subject(client, reader):
    Subscription.objects.filter(query="trains").update(name="Trains\r\nBcc: everybody@example.org")
    press(client, reader, "pause", "trains")
    parsed = message_from_bytes(bytes(Message.objects.get().body), policy=policy.default)
    assert parsed["Bcc"] is None and parsed["To"] == ADDRESS
    assert parsed["List-Unsubscribe"] is None, "it is no subscribed mail"


def test_the_undo_link_works_for_thirty_days(client, reader, clock):
    press(client, reader, "pause", "trains")
    url = undo_links(Message.objects.get())[0]
    clock.shift(30 * DAY - MINUTE)
    assert "Undo this change?" in client.get(url).content.decode()
    clock.shift(2 * MINUTE)
    assert "This link has expired" in client.get(url).content.decode()
    assert "Check your inbox" in client.post(url).content.decode(), "a link to the alerts is mailed, nothing is undone"
    assert reader.subscriptions.get(query="trains").paused_at is not None


def test_after_signing_out_everywhere_the_undo_link_has_ended(client, reader):
    press(client, reader, "pause", "trains")
    User.objects.update(token_version=1)
    url = undo_links(Message.objects.get())[0]
    assert "This link has expired" in client.get(url).content.decode()
    assert "Check your inbox" in client.post(url).content.decode()
    assert reader.subscriptions.get(query="trains").paused_at is not None


def test_only_what_a_manage_link_changed_has_an_undo_link(client, reader):
    client.post(path(links.stop(reader, NOW)), {"List-Unsubscribe": "One-Click"})
    change = Change.objects.first()
    assert not Message.objects.exists()
    for uuid in (change.uuid, reader.uuid):
        assert client.post(f"/undo/{tokens.make('undo', uuid, NOW)}").status_code == 404
    assert not reader.subscriptions.filter(ended_at=None).exists()


def test_the_delivery_time_is_back_too(client, reader):
    press(client, reader, "hours", hour="18:00")
    client.post(undo_links(Message.objects.get())[0])
    assert User.objects.get().delivery_time == time(7, 30)
    assert {due.time() for due in Schedule.objects.values_list("next_due_at", flat=True)} == {time(7, 30)}
