"""How often, at what hour, and how much that is: asking for it, confirming it, changing it."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from accounts.models import User
from alerts.digests import links
from alerts.digests.compose import compose_due
from alerts.digests.hours import Hours
from alerts.matching import past
from alerts.matching.percolate import percolate_due
from alerts.matching.rhythm import Mails
from alerts.models import Change, Digest, Message, Schedule, SignUp, Subscription
from alerts.models.choices import Frequency
from alerts.query import parse
from alerts.web import frequencies, volume
from alerts.web.volume import Volume, often
from tests.factories import make_event, make_person, make_subscription
from tests.web.stories import ADDRESS, WORDS, ask, link, person, press_confirm, read, subscribed

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
"""A Tuesday."""


@pytest.fixture(autouse=True)
def tuesday():
    """It is Tuesday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


def found_in_a_month(number: int, words: str = "neonatal") -> None:
    """So many questions that were answered this month."""
    for answer in range(number):
        make_event(heading=words, question=f"About {words}?", answer=f"Yes, {answer}.", happened_on=NOW.date())
    percolate_due(NOW)


def plain(page: bytes) -> str:
    """The words of a page, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split()).replace(" .", ".").replace(" ,", ",")


def manage(reader: User) -> str:
    return "/" + links.manage(reader, NOW).split("/", 3)[3]


# ---- how much


@pytest.mark.parametrize(
    ("a_week", "words"),
    [
        (412, "412 results a week"),
        (1200, "1,200 results a week"),
        (2.2, "2 results a week"),
        (1, "1 result a week"),
        (0.5, "2 results a month"),
        (0.23, "1 result a month"),
        (0.1, "5 results a year"),
        (0.0, ""),
    ],
)
def test_how_often_is_said_in_whole_numbers(a_week, words):
    assert often(a_week, "result") == words


def test_the_volume_is_what_comes_in_a_week_that_is_not_of_recess():
    make_subscription(words="neonatal")
    found_in_a_month(30)
    seen = volume.of_query(parse("neonatal"), NOW)
    assert seen == Volume(30, Mails(as_it_happens=1, daily=1, weekly=1))
    topic = Subscription.objects.get().topic_id
    assert volume.of_topics([topic, topic + 1], NOW) == {topic: seen}


def test_where_too_much_had_to_be_read_the_volume_is_that_of_the_days_that_were_read(monkeypatch):
    monkeypatch.setattr(past, "MOST_READ", 4)
    for days in range(6):
        make_event(
            heading="Neonatal care in hospitals", answer=f"{days}.", happened_on=NOW.date() - timedelta(days=days)
        )
    percolate_due(NOW)
    assert volume.of_query(parse('"neonatal care in hospitals"'), NOW).a_week == 7


@pytest.mark.parametrize(
    ("a_week", "refused", "warned", "too_much"),
    [(25, False, False, False), (26, False, True, False), (100, False, True, False), (101, True, True, False),
     (400, True, True, False), (401, True, False, True)],
)  # fmt: skip
def test_the_bounds_are_where_they_are_said_to_be(a_week, refused, warned, too_much):
    at_once, daily, weekly = frequencies.offers(Volume(a_week))
    assert (bool(at_once.refusal), bool(daily.warning), bool(frequencies.too_much(Volume(a_week)))) == (
        refused,
        warned,
        too_much,
    )
    assert not (daily.refusal or weekly.refusal or weekly.warning)
    assert ("Choose once a day" in at_once.refusal) is (refused and not too_much), "what cannot be had is not offered"


# ---- asking


def test_the_form_says_what_each_frequency_would_mean_for_these_words(client):
    found_in_a_month(9)
    page = plain(client.get("/subscribe", {"q": WORDS}).content)
    assert "As it happens about 1 email a week, at most every 15 minutes" in page
    assert "Once a day about 1 email a week, only when there is something" in page
    assert "Once a week about 1 email a week, only when there is something" in page


@pytest.mark.parametrize("words", ["", "nothing matches this", '"never closed'])
def test_where_nothing_is_known_nothing_is_estimated(client, words):
    page = plain(client.get("/subscribe", {"q": words}).content)
    assert "As it happens at most every 15 minutes" in page and "a week, only" not in page


def test_the_usual_hours_are_chosen_and_london_is(client):
    page = client.get("/subscribe").content.decode()
    assert "<option selected>07:30</option>" in page
    assert '<option value="0" selected>Monday</option>' in page
    assert '<option value="Europe/London" selected>London</option>' in page
    assert page.count("<option") > 400


@pytest.mark.parametrize(
    ("a_week", "frequency", "complaint"),
    [
        (101, "as_it_happens", "Not for this search: about 101 results a week would mean emails all day"),
        (101, "daily", ""),
        (401, "weekly", "This would match about 401 items a week. Please narrow it"),
    ],
)
def test_what_finds_too_much_is_refused_in_words(client, monkeypatch, a_week, frequency, complaint):
    """The bounds are tested above; here it is the form that must hold them."""
    monkeypatch.setattr("alerts.web.wanted_form.of_query", lambda query, now: Volume(a_week))
    answer = ask(client, frequency=frequency)
    assert SignUp.objects.exists() is not bool(complaint)
    if complaint:
        assert complaint in plain(answer.content)
        assert f'value="{ADDRESS}"' in answer.content.decode()


def test_a_search_that_finds_too_much_at_once_is_not_offered_as_it_happens(client, monkeypatch):
    monkeypatch.setattr(volume, "TOO_MUCH_AT_ONCE", 1)
    found_in_a_month(9)
    page = client.get("/subscribe", {"q": WORDS}).content.decode()
    assert 'value="as_it_happens" disabled' in page
    assert "would mean emails all day" in page


def test_words_that_find_too_much_say_so_before_the_button_is_pressed(client, monkeypatch):
    monkeypatch.setattr(volume, "TOO_MUCH", 1)
    found_in_a_month(9)
    assert "This would match about 9 items a week. Please narrow it." in plain(
        client.get("/subscribe", {"q": WORDS}).content
    )


@pytest.mark.parametrize("field", ["hour", "weekday", "zone"])
def test_an_hour_day_or_zone_that_is_not_in_the_list_is_an_error(client, field):
    page = ask(client, **{field: "Mars/Olympus"}).content.decode()
    assert "There is a problem" in page and "from the list" in page
    assert not SignUp.objects.exists()


def test_what_was_chosen_survives_an_error(client):
    page = ask(client, address="", frequency="as_it_happens", hour="18:30", weekday="4", zone="Asia/Kathmandu",
               wants_updated="on").content.decode()  # fmt: skip
    assert 'value="as_it_happens" checked' in page and 'name="wants_updated" checked' in page
    assert "<option selected>18:30</option>" in page and '<option value="4" selected>' in page
    assert '<option value="Asia/Kathmandu" selected>Kathmandu</option>' in page


def test_hours_left_as_usual_are_no_wish(client):
    ask(client, hour="07:30", weekday="0", zone="Europe/London")
    sign_up = SignUp.objects.get()
    assert (sign_up.delivery_time, sign_up.delivery_weekday, sign_up.timezone) == (None, None, "")


def test_updates_of_newsletters_can_be_asked_for(client):
    subscribed(client, wants_updated="on", wants_answered=None, wants_corrected=None)
    assert Subscription.objects.get().kinds == ["published", "revised"]


# ---- confirming


@pytest.mark.parametrize(
    ("typed", "asked", "done"),
    [
        ({"frequency": "as_it_happens"}, "Email me as it happens, at most every 15 minutes, about",
         "the first email comes within minutes of something coming in"),
        ({"frequency": "daily"}, "Email me once a day, at 07:30 London time, about",
         "Next check: tomorrow at 07:30 London time"),
        ({"frequency": "daily", "hour": "09:30"}, "Email me once a day, at 09:30 London time, about",
         "Next check: today at 09:30 London time"),
        ({"frequency": "weekly", "weekday": "4", "hour": "18:00", "zone": "America/New_York"},
         "Email me once a week, on Fridays at 18:00 New York time, about",
         "Next check: Fri 13 March at 18:00 New York time"),
    ],
)  # fmt: skip
def test_each_step_says_how_often_and_when(client, typed, asked, done):
    ask(client, **typed)
    path = link(Message.objects.get(), "confirm")
    assert asked in plain(client.get(path).content)
    press_confirm(client, path)
    assert done in plain(client.get("/confirmed").content)


def test_the_hours_of_a_new_person_are_those_they_asked_for(client):
    subscribed(client, frequency="weekly", weekday="2", hour="18:00", zone="Asia/Kathmandu")
    assert Hours.of(person()) == Hours(time(18), 2, "Asia/Kathmandu")
    assert Schedule.objects.get().next_due_at == datetime(2026, 3, 11, 12, 15, tzinfo=UTC)
    assert list(Change.objects.order_by("id").values_list("action", flat=True)) == ["hours", "confirmed"]


def test_a_known_person_keeps_their_hours_where_they_chose_none(client):
    reader = make_person(ADDRESS, delivery_time=time(18), timezone="Asia/Tokyo")
    make_subscription(reader, "trains")
    ask(client)
    path = link(Message.objects.get(), "confirm")
    page = plain(client.get(path).content)
    assert "once a day, at 18:00 Tokyo time" in page and "your other alerts move" not in page
    press_confirm(client, path)
    assert Hours.of(person()) == Hours.of(reader)


def test_new_hours_of_a_known_person_wait_for_the_confirmation_and_then_count_for_all(client):
    reader = make_person(ADDRESS)
    make_subscription(reader, "trains")
    Schedule.objects.update(next_due_at=datetime(2026, 3, 11, 7, 30, tzinfo=UTC))
    ask(client, hour="18:00")
    assert Hours.of(person()) == Hours.of(reader)
    path = link(Message.objects.get(), "confirm")
    assert "your other alerts move to that time too" in plain(client.get(path).content)
    press_confirm(client, path)
    assert person().delivery_time == time(18)
    assert Schedule.objects.get().next_due_at == datetime(2026, 3, 10, 18, 0, tzinfo=UTC)


def test_an_expired_sign_up_sent_anew_keeps_what_was_wished(client):
    ask(client, frequency="weekly", weekday="3")
    path = link(Message.objects.get(), "confirm")
    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        client.post(path, {"again": "1"})
    assert SignUp.objects.latest("id").delivery_weekday == 3


def test_who_asks_anew_with_another_frequency_is_told_which_one_they_have(client):
    make_subscription(make_person(ADDRESS), WORDS, frequency=Frequency.WEEKLY)
    ask(client, frequency="as_it_happens")
    assert "You already get this alert, once a week." in read(Message.objects.get())


# ---- changing


@pytest.fixture
def reader():
    """A person with a daily and a weekly alert, next due on Wednesday and on Monday."""
    reader = make_person(ADDRESS)
    make_subscription(reader, "trains")
    make_subscription(reader, "buses", frequency=Frequency.WEEKLY)
    Schedule.objects.filter(frequency="daily").update(next_due_at=datetime(2026, 3, 11, 7, 30, tzinfo=UTC))
    Schedule.objects.filter(frequency="weekly").update(next_due_at=datetime(2026, 3, 16, 7, 30, tzinfo=UTC))
    return reader


def test_the_page_says_how_often_each_alert_comes_and_when_next(client, reader):
    page = plain(client.get(manage(reader)).content)
    assert "Once a day. Next email tomorrow at 07:30 London time" in page
    assert "Once a week. Next email Mon 16 March at 07:30 London time" in page


def test_what_is_overdue_is_said_to_come_within_minutes(client, reader):
    Schedule.objects.filter(frequency="daily").update(next_due_at=NOW)
    assert "Once a day. Next email within minutes" in plain(client.get(manage(reader)).content)


def test_a_frequency_is_changed_by_a_button_and_kept_in_the_log(client, reader):
    alert = reader.subscriptions.get(query="trains")
    answer = client.post(manage(reader), {"do": "frequency", "alert": str(alert.uuid), "frequency": "as_it_happens"})
    assert answer["Location"] == manage(reader)
    alert.refresh_from_db()
    assert alert.frequency == "as_it_happens"
    assert "As it happens, at most every 15 minutes. Next email within minutes of something coming in" in plain(
        client.get(manage(reader)).content
    )
    change = Change.objects.get()
    assert (change.action, change.before, change.after) == (
        "frequency",
        {"frequency": "daily"},
        {"frequency": "as_it_happens"},
    )


def test_as_it_happens_is_refused_where_the_alert_finds_too_much(client, reader, monkeypatch):
    monkeypatch.setattr(volume, "TOO_MUCH_AT_ONCE", 1)
    found_in_a_month(9, "trains")
    alert = reader.subscriptions.get(query="trains")
    assert 'value="as_it_happens" disabled' in client.get(manage(reader)).content.decode()
    answer = client.post(manage(reader), {"do": "frequency", "alert": str(alert.uuid), "frequency": "as_it_happens"})
    assert "There is a problem" in plain(answer.content) and "would mean emails all day" in plain(answer.content)
    alert.refresh_from_db()
    assert alert.frequency == "daily"


def test_an_alert_that_has_come_to_find_too_much_keeps_its_frequency_until_it_is_changed(client, reader, monkeypatch):
    monkeypatch.setattr(volume, "TOO_MUCH_AT_ONCE", 1)
    make_subscription(reader, "canals", frequency=Frequency.AS_IT_HAPPENS)
    found_in_a_month(9, "canals")
    page = client.get(manage(reader)).content.decode()
    assert 'value="as_it_happens" checked' in page and "would mean emails all day" in page


def test_the_hours_of_all_emails_are_changed_at_once(client, reader):
    typed = {"do": "hours", "hour": "18:00", "weekday": "4", "zone": "Europe/Berlin"}
    assert client.post(manage(reader), typed)["Location"] == manage(reader)
    assert Hours.of(person()) == Hours(time(18), 4, "Europe/Berlin")
    page = plain(client.get(manage(reader)).content)
    assert "Next email today at 18:00 Berlin time" in page and "Next email Fri 13 March at 18:00 Berlin time" in page
    client.post(manage(reader), typed)
    change = Change.objects.get()
    assert (change.action, change.object_type, change.after["timezone"]) == ("hours", "user", "Europe/Berlin")


def test_hours_that_do_not_exist_change_nothing(client, reader):
    answer = client.post(manage(reader), {"do": "hours", "hour": "25:00", "weekday": "4", "zone": "Europe/Berlin"})
    assert "Choose an hour from the list" in plain(answer.content)
    assert Hours.of(person()) == Hours.of(reader)


def test_a_zone_that_is_not_in_the_list_may_stay(client, reader):
    User.objects.update(timezone="UTC")
    assert '<option value="UTC" selected>' in client.get(manage(reader)).content.decode()
    client.post(manage(reader), {"do": "hours", "hour": "18:00", "weekday": "4", "zone": "UTC"})
    assert Hours.of(person()) == Hours(time(18), 4, "UTC")


@pytest.mark.parametrize("typed", [{"frequency": "hourly"}, {}])
def test_a_frequency_that_does_not_exist_is_not_found(client, reader, typed):
    alert = reader.subscriptions.get(query="trains")
    assert client.post(manage(reader), {"do": "frequency", "alert": str(alert.uuid), **typed}).status_code == 404


def test_nobody_changes_the_frequency_of_anothers_alert(client, reader):
    theirs = make_subscription(words="canals")
    typed = {"do": "frequency", "alert": str(theirs.uuid), "frequency": "weekly"}
    assert client.post(manage(reader), typed).status_code == 404


def test_a_second_digest_of_one_day_is_not_promised(client, reader):
    found_in_a_month(1, "trains")
    compose_due(datetime(2026, 3, 11, 7, 30, tzinfo=UTC))
    assert Digest.objects.count() == 1
    with time_machine.travel(datetime(2026, 3, 11, 8, 0, tzinfo=UTC), tick=False):
        client.post(manage(reader), {"do": "hours", "hour": "18:00"})
        assert "Next email tomorrow at 18:00 London time" in plain(client.get(manage(reader)).content)
