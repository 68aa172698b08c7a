"""Settings: what is set for all emails, where one is signed in, and taking one's data along."""

import json
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.test import Client

from accounts import sessions
from accounts.models import Session, User
from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.models import Change, Message, Schedule
from tests.digests.told import happen
from tests.factories import NOW, make_person, make_subscription
from tests.web.stories import enter, page, shown, sign_in_link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def reader() -> User:
    return make_subscription(make_person("someone@example.org"), "foghorns", name="=Foghorns").user


def press(client: Client, do: str, **fields: str):
    return client.post("/settings", {"do": do, **fields})


def test_the_hour_the_day_and_the_zone_are_saved(reader):
    client = enter(reader)
    answer = press(client, "hours", hour="06:00", weekday="4", zone="Europe/Paris")
    assert answer["Location"] == "/settings?done=hours"
    reader.refresh_from_db()
    assert (f"{reader.delivery_time:%H:%M}", reader.delivery_weekday, reader.timezone) == ("06:00", 4, "Europe/Paris")
    assert "Choose an hour from the list" in press(client, "hours", hour="06:17").content.decode()


def test_emails_are_combined_or_one_for_each_alert(reader):
    press(enter(reader), "combined", combined="each")
    assert not User.objects.get().combined
    assert press(enter(reader), "combined", combined="neither").status_code == 404


def test_emails_come_as_plain_text_where_one_wants_that(reader, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.OUTBOX = "alerts.digests.outbox.OutboxBackend", tmp_path
    press(enter(reader), "parts", parts="text")
    happen(heading="Foghorns: Repairs")
    Schedule.objects.update(next_due_at=NOW)
    compose_due(NOW)
    assert deliver(NOW).sent == 1
    mail = message_from_bytes(next(tmp_path.glob("*.eml")).read_bytes(), policy=policy.default)
    assert mail.get_content_type() == "text/plain" and mail.get_body(("html",)) is None
    assert "Foghorns: Repairs" in mail.get_content() and mail["List-Unsubscribe"]
    press(enter(reader), "parts", parts="both")
    Client().post("/sign-in", {"address": reader.email})
    assert b"text/html" in bytes(Message.objects.latest("id").body)


def test_a_text_only_mail_goes_through_a_provider_too(reader, settings):
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    User.objects.update(text_only=True)
    happen(heading="Foghorns: Repairs")
    Schedule.objects.update(next_due_at=NOW)
    compose_due(NOW)
    assert deliver(NOW).sent == 1


def test_one_sees_where_one_is_signed_in_and_signs_out_there(reader):
    client = enter(reader)
    sessions.begin(reader, "Safari on iPhone", "198.51.100.0/24", NOW - timedelta(days=3))
    other = Session.objects.get(browser="Safari on iPhone")
    said = page(client, "/settings")
    assert "Safari on iPhone" in said and "network 198.51.100.0/24" in said
    press(client, "session", session=str(other.uuid))
    assert "Safari on iPhone" not in page(client, "/settings")
    enter(reader), enter(reader)
    press(client, "sessions")
    assert Session.objects.count() == 1 and client.get("/settings").status_code == 200


def test_nobody_ends_the_session_of_another(reader):
    intruder = enter(make_person())
    enter(reader)
    theirs = Session.objects.get(user=reader)
    press(intruder, "session", session=str(theirs.uuid))
    assert press(intruder, "session", session="nonsense").status_code == 404
    assert Session.objects.filter(pk=theirs.pk).exists()


def test_everything_we_know_is_there_to_take_along_and_nothing_of_others_or_secret(reader):
    make_subscription(make_person("other@example.org"), "trains")
    Client().post("/sign-in", {"address": reader.email})
    client = enter(reader)
    Client().post(sign_in_link(Message.objects.latest("id")), {"shown": shown()})
    press(client, "parts", parts="text")
    answer = client.get("/settings/export.json")
    known = json.loads(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="hark.json"'
    assert known["person"]["email"] == reader.email and known["person"]["text_only"]
    assert [alert["query"] for alert in known["alerts"]] == ["foghorns"]
    assert [change["action"] for change in known["changes"]] == ["text_only"]
    assert [mail["kind"] for mail in known["emails"]] == ["sign_in"] and len(known["sessions"]) == 2
    said = answer.content.decode()
    assert "trains" not in said and "other@example.org" not in said and "hash" not in said


def test_alerts_as_a_table_make_no_spreadsheet_compute(reader):
    table = enter(reader).get("/settings/export.csv").content.decode().splitlines()
    assert table[0].startswith("query,name,frequency") and table[1].startswith("foghorns,'=Foghorns,daily")


@pytest.mark.parametrize("address", ["/settings", "/settings/export.json", "/settings/export.csv"])
def test_who_is_not_signed_in_is_shown_nothing(reader, address):
    for answer in (Client().get(address), Client().post(address, {"do": "parts", "parts": "text"})):
        assert answer.status_code in (302, 405)
    assert not Change.objects.exists()
