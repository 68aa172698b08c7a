"""My alerts: what the page says of each, what its buttons do, and that nobody reaches another's."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts import suppressions
from accounts.models import Suppression
from alerts.digests.compose import compose_due
from alerts.matching.percolate import percolate_due
from alerts.matching.preview import preview
from alerts.models import Change, Digest, Message, Schedule, Section, Subscription
from alerts.query import parse
from alerts.web import subscriptions
from alerts.web.subscriptions import resume_due
from tests.digests.told import happen, told
from tests.factories import NOW, make_event, make_person, make_subscription
from tests.web.stories import enter, page
from tests.web.test_safety import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

MORNING = datetime(2026, 3, 11, 7, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def alert(reader) -> Subscription:
    alert = make_subscription(reader, "foghorns", name="Foghorns at sea")
    Schedule.objects.update(next_due_at=MORNING)
    return alert


def press(client: Client, do: str, alert: Subscription | None = None, **fields: str):
    named = {"alert": str(alert.uuid)} if alert else {}
    return client.post("/alerts", {"do": do, **named, **fields})


def typed(alert: Subscription, **changes: str | None) -> dict[str, str]:
    """The form as it stands, with these changes; None leaves a box out."""
    fields = {"q": alert.query, "seen": alert.query, "name": alert.name, "frequency": alert.frequency, "do": "save"}
    boxes = dict.fromkeys(("wants_answered", "wants_corrected"), "on")
    return {name: value for name, value in (fields | boxes | changes).items() if value is not None}


def test_each_alert_says_how_it_comes_what_it_finds_and_what_it_told(reader, alert):
    for days in (1, 20, 40, 100):
        happen(heading=f"Foghorns: {days}", happened_on=NOW.date() - days * DAY)
    Schedule.objects.update(next_due_at=NOW)
    compose_due(NOW)
    Message.objects.update(state="sent", handoff_at=NOW, settled_at=NOW)
    said = page(enter(reader))
    for words in ("Foghorns at sea", "On Once a day. Next email tomorrow at 07:30 London time", "1 this week"):
        assert words in said
    assert "3 in 90 days" in said and "Last sent Tue 10 March" in said
    assert "Tells you when something is answered, corrected or published" in said


def test_the_counts_are_those_of_the_preview(reader, alert):
    """Of what is told together, too: three questions with one answer are one result."""
    other = make_subscription(reader, "foghorns AND lamps")
    for _ in range(3):
        make_event(heading="Foghorns", answer="The same long answer " * 20, happened_on=NOW.date() - 3 * DAY)
    make_event(heading="Lamps and foghorns")
    percolate_due(NOW)
    shown = re.findall(r"([\d,]+) in 90 days", page(enter(reader)))
    assert shown == [str(preview(parse(one.query), NOW).last_90_days) for one in (alert, other)] == ["2", "1"]


def test_pausing_resuming_and_deleting_are_one_press_each_and_deleting_can_be_taken_back(reader, alert):
    client = enter(reader)
    assert press(client, "pause", alert)["Location"] == "/alerts?done=pause"
    assert "Paused since Tue 10 March" in page(client, "/alerts?done=pause")
    press(client, "resume", alert)
    assert "On Once a day" in page(client)
    press(client, "stop", alert)
    said = page(client)
    assert "You have no alerts. Start with a word you would search for." in said and "Stopped on Tue 10 March" in said
    press(client, "undo", alert)
    assert Subscription.objects.get().ended_at is None
    assert set(Change.objects.values_list("scope", flat=True)) == {"signed-in"}
    assert not Message.objects.exists(), "whoever signs in is told nothing of their own doing"


def test_what_is_paused_until_a_day_goes_on_by_itself_and_tells_what_it_missed(reader, alert):
    client = enter(reader)
    press(client, "pause", alert, until="2026-03-14")
    assert "Paused until Sat 14 March" in page(client)
    happen(heading="Foghorns: Repairs")
    friday, saturday = datetime(2026, 3, 13, 23, 59, tzinfo=UTC), datetime(2026, 3, 14, 7, 30, tzinfo=UTC)
    assert not resume_due(friday)
    compose_due(friday)
    assert not Section.objects.exists()
    assert resume_due(saturday) == 1 and not resume_due(saturday)
    compose_due(saturday)
    assert told(Digest.objects.get()) == [("Foghorns at sea", ["Foghorns: Repairs"])]
    assert Section.objects.get().away_for == "paused"


@pytest.mark.parametrize("until", ["2026-03-10", "2026-03-01", "2028-01-01", "soon"])
def test_a_day_that_cannot_be_is_refused_in_words(reader, alert, until):
    answer = press(enter(reader), "pause", alert, until=until)
    assert "There is a problem" in answer.content.decode()
    assert Subscription.objects.get().paused_at is None


def test_all_alerts_are_paused_for_a_holiday_and_switched_on_again(reader, alert):
    client = enter(reader)
    press(client, "away", first="2026-03-10", until="2026-03-20", meanwhile="tell")
    assert "Paused until Fri 20 March." in page(client)
    press(client, "back")
    assert "Paused" not in page(client)


def test_an_edit_shows_what_the_new_words_find_before_it_is_saved(reader, alert):
    make_event(heading="Lamps: Repairs", question="To ask.", answer="No.")
    client, address = enter(reader), f"/alerts/{alert.uuid}"
    assert "1 result in the last 90 days" not in page(client, address)
    answer = client.post(address, typed(alert, q="lamps"))
    said = answer.content.decode()
    assert "Nothing is saved yet" in said and "<strong>1 result</strong>" in said
    assert Subscription.objects.get().query == "foghorns"
    assert client.post(address, typed(alert, q="lamps", seen="lamps"))["Location"] == "/alerts?done=saved"
    assert Subscription.objects.get().query == "lamps"
    assert "Saved. Changes apply to the next send, tomorrow at 07:30 London time." in page(client, "/alerts?done=saved")


LIVE = {"HX-Request": "true"}


def test_while_one_types_only_what_follows_the_words_is_sent_and_that_it_was_seen(reader, alert):
    make_event(heading="Lamps: Repairs", question="To ask.", answer="No.")
    client = enter(reader)
    for address in (f"/alerts/{alert.uuid}", "/alerts/new"):
        part = client.get(address, {"q": "lamps"}, headers=LIVE).content.decode()
        assert "<html" not in part and "<form" not in part and "<title>" in part
        assert '<input type="hidden" id="seen" name="seen" value="lamps" hx-swap-oob="true">' in part
        assert '<p id="announced" hx-swap-oob="innerHTML">1 result in the last 90 days</p>' in part
        assert "Lamps: Repairs" in re.sub("</?mark>", "", part) and "Now: 1 result in 90 days" in part
    assert not Change.objects.exists()


def test_a_preview_of_other_words_than_those_pressed_counts_for_nothing(reader, alert):
    client, address = enter(reader), f"/alerts/{alert.uuid}"
    client.get(address, {"q": "lamps"}, headers=LIVE)
    answer = client.post(f"{address}?q=lamps", typed(alert, q="lamps OR trains", seen="lamps"))
    assert "Nothing is saved yet" in answer.content.decode()
    assert Subscription.objects.get().query == "foghorns"


def test_whoever_types_on_when_the_session_is_over_is_not_shown_another_page_in_between(reader, alert):
    answer = Client().get(f"/alerts/{alert.uuid}", {"q": "lamps"}, headers=LIVE)
    assert (answer.status_code, answer.content) == (403, b"")


def test_name_frequency_and_developments_are_saved_at_once(reader, alert):
    fields = typed(alert, name="Horns", frequency="weekly", wants_tabled="on", wants_answered=None)
    enter(reader).post(f"/alerts/{alert.uuid}", fields)
    alert.refresh_from_db()
    assert (alert.name, alert.frequency, alert.wants_tabled, alert.wants_answered) == ("Horns", "weekly", True, False)
    assert alert.told_through == Subscription.objects.get().told_through


def test_words_that_cannot_be_read_lose_nothing_that_was_typed(reader, alert):
    address = f"/alerts/{alert.uuid}"
    answer = enter(reader).post(address, typed(alert, q='"lamps', seen='"lamps', name="Mine"))
    said = answer.content.decode()
    assert "<title>Error: " in said and 'value="Mine"' in said and "&quot;lamps" in said
    answer = enter(reader).post(address, typed(alert, q='"lamps', repair='"lamps"', name="Mine"))
    assert 'value="Mine"' in answer.content.decode()
    assert Subscription.objects.get().query == "foghorns"


def test_words_of_another_alert_are_refused_and_it_is_named(reader, alert):
    make_subscription(reader, "lamps", name="Lights")
    answer = enter(reader).post(f"/alerts/{alert.uuid}", typed(alert, q="lamps", seen="lamps"))
    assert "Another of your alerts finds the same: Lights." in answer.content.decode()
    answer = enter(reader).post("/alerts/new", typed(alert, q="lamps", seen="lamps"))
    assert "Another of your alerts finds the same: Lights." in answer.content.decode()
    assert Subscription.objects.count() == 2


def test_a_copy_opens_with_a_new_name_and_becomes_an_alert_without_a_mail(reader, alert):
    client = enter(reader)
    said = client.get(f"/alerts/new?from={alert.uuid}").content.decode()
    assert 'value="Foghorns at sea (copy)"' in said and 'value="foghorns"' in said
    wished = typed(alert, q="foghorns AND lamps", seen="foghorns AND lamps", name="Both", frequency="weekly")
    assert client.post("/alerts/new", wished)["Location"] == "/alerts?done=added"
    made = Subscription.objects.get(name="Both")
    assert (made.user, made.position, made.frequency) == (reader, 1, "weekly") and made.topic.version is not None
    assert Schedule.objects.filter(user=reader, frequency="weekly").exists() and not Message.objects.exists()


def test_who_is_signed_in_gets_an_alert_without_typing_the_address(reader):
    client = enter(reader)
    assert client.get('/subscribe?q="lamp+posts"')["Location"] == "/alerts/new?q=%22lamp+posts%22"
    assert "New alert" in page(client, "/alerts/new?q=lamps")


def test_a_new_alert_says_when_its_first_email_can_come_and_nothing_of_changes(reader, alert):
    said = page(enter(reader), "/alerts/new?q=lamps")
    assert "Its first email can come tomorrow at 07:30 London time." in said and "Cancel" in said
    assert "Changes apply" not in said and "Leave it as it is" not in said


def test_nobody_has_more_than_a_hundred(reader, alert, monkeypatch):
    monkeypatch.setattr(subscriptions, "MOST_ALERTS", 1)
    answer = enter(reader).post("/alerts/new", typed(alert, q="lamps", seen="lamps"))
    assert "the most you can have" in answer.content.decode()


def test_an_address_that_bounces_is_said_on_top(reader, alert):
    suppressions.suppress(reader.email, Suppression.Reason.HARD_BOUNCE, NOW)
    said = page(enter(reader))
    assert "Emails to s…e@example.org have failed since Tue 10 March. We have stopped." in said
    assert "the emails of the last 30 days that you missed are sent, and your next one has what matched since" in said
    assert "Next email" not in said, "none is to come"


def own_addresses(alert: Subscription) -> list[str]:
    return [f"/alerts/{alert.uuid}", f"/alerts/new?from={alert.uuid}"]


def test_nobody_reaches_the_alert_of_another(reader, alert):
    """By every address and every button, of a stranger who is signed in and of somebody who is not."""
    stranger = make_subscription(make_person(), "trains").user
    before = rows()
    intruder = enter(stranger)
    before["accounts_session"] = rows()["accounts_session"]
    for address in own_addresses(alert):
        assert intruder.get(address).status_code == 404
        assert Client().get(address)["Location"].startswith("/sign-in?next=")
    assert "oghorns" not in page(intruder)
    for do in ("pause", "resume", "stop", "undo", "frequency"):
        assert press(intruder, do, alert, frequency="weekly").status_code in (200, 404)
        assert press(Client(), do, alert)["Location"].startswith("/sign-in")
    assert intruder.post(f"/alerts/{alert.uuid}", typed(alert, name="Mine now")).status_code == 404
    assert Client().post(f"/alerts/{alert.uuid}", typed(alert, name="Mine now")).status_code == 302
    assert rows() == before


def test_an_ended_alert_is_not_edited(reader, alert):
    subscriptions.end(reader, None, "person", "signed-in", NOW)
    assert enter(reader).get(f"/alerts/{alert.uuid}").status_code == 404
