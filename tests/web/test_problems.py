"""What is wrong with a form is said on top, and each line of it leads to the field that says the same."""

import re
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from alerts.models import Subscription
from alerts.web import subscriptions, volume
from tests.factories import NOW, make_subscription
from tests.web.stories import ask, enter
from tests.web.test_frequencies import found_in_a_month, manage
from tests.web.test_my_alerts import typed
from tests.web.test_settings import press as set_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def alert(reader) -> Subscription:
    return make_subscription(reader, "foghorns", name="Foghorns at sea")


def by_link(reader: User, **fields: str) -> str:
    """The page of a mailed link, after a button was pressed."""
    return Client().post(manage(reader), fields).content.decode()


def summary(page: str) -> dict[str, str]:
    """What the summary says, by the ids that its lines lead to; '' for a line that leads nowhere."""
    assert page.count('class="problem"') == 1 and "<h2>There is a problem</h2>" in page
    assert "<title>Error: " in page
    said = re.search(r'<div class="problem".*?</div>', page, re.DOTALL)[0]
    lines = re.findall(r"<li>(?:<a href=\"#([^\"]+)\">)?([^<]+)(?:</a>)?</li>", said)
    return {at: unescape(words) for at, words in lines}


def says(page: str, at: str) -> str:
    """What a field that has the focus is described by, as one who cannot see it hears."""
    field = re.search(rf'<(?:input|select)[^>]* id="{at}"[^>]*>', page)[0]
    assert "disabled" not in field
    if 'type="radio"' in field:
        field = re.findall(r"<fieldset[^>]*>", page[: page.index(field)])[-1]
        assert 'role="radiogroup"' in field
    assert 'aria-invalid="true"' in field
    described = re.search(r'aria-describedby="([^"]+)"', field)[1].split()
    return unescape(" ".join(re.search(rf'id="{ident}"[^>]*>([^<]*)<', page)[1] for ident in described))


def assert_each_line_leads_to_its_field(page: str, *expected: str) -> None:
    assert list(summary(page)) == list(expected)
    for at, words in summary(page).items():
        assert words in says(page, at)


@pytest.mark.parametrize("where", ["signed in", "by link"])
@pytest.mark.parametrize(
    ("first", "until", "wrong"),
    [
        ("", "", ("first", "until")),
        ("", "2026-03-20", ("first",)),
        ("2026-03-20", "soon", ("until",)),
        ("2026-03-01", "2026-03-10", ("first", "until")),
        ("2026-03-10", "2026-03-10", ("until",)),
    ],
)
def test_days_away_that_cannot_be(reader, alert, where, first, until, wrong):
    sent = {"do": "away", "first": first, "until": until, "meanwhile": "skip"}
    page = by_link(reader, **sent) if where == "by link" else enter(reader).post("/alerts", sent).content.decode()
    assert_each_line_leads_to_its_field(page, *wrong)
    assert f'name="first" value="{first}"' in page and f'name="until" value="{until}"' in page
    assert 'value="skip" checked' in page, "nothing that was chosen is lost"


@pytest.mark.parametrize("where", ["signed in", "by link"])
def test_emails_come_again_tomorrow_at_the_earliest_wherever_one_says_so(reader, alert, where):
    page = Client().get(manage(reader)) if where == "by link" else enter(reader).get("/alerts")
    field = re.search(r'<input type="date" id="until"[^>]*>', page.content.decode())[0]
    assert 'min="2026-03-11"' in field


def test_a_pause_until_a_day_that_is_over(reader, alert):
    sent = {"do": "pause", "alert": str(alert.uuid), "until": "2026-03-10"}
    page = enter(reader).post("/alerts", sent).content.decode()
    assert_each_line_leads_to_its_field(page, f"until-{alert.uuid}")
    assert '<details class="more" open>' in page, "the field is to be seen"


def test_an_alert_that_was_stopped_meanwhile_has_no_field_to_lead_to(reader, alert):
    subscriptions.end(reader, [alert.uuid], Subscription.EndReason.PERSON, "signed-in", NOW)
    sent = {"do": "pause", "alert": str(alert.uuid), "until": "2026-03-10"}
    assert list(summary(enter(reader).post("/alerts", sent).content.decode())) == [""]


def test_a_frequency_that_would_be_too_much(reader, monkeypatch):
    monkeypatch.setattr(volume, "TOO_MUCH_AT_ONCE", 1)
    alert = make_subscription(reader, "trains")
    found_in_a_month(9, "trains")
    page = by_link(reader, do="frequency", alert=str(alert.uuid), frequency="as_it_happens")
    assert_each_line_leads_to_its_field(page, f"{alert.uuid}-daily")
    assert '<details class="change" open>' in page


@pytest.mark.parametrize("where", ["signed in", "by link"])
def test_hours_that_are_not_offered(reader, alert, where):
    sent = {"hour": "25:00", "weekday": "4", "zone": "Atlantic/Nowhere"}
    if where == "by link":
        page = by_link(reader, do="hours", **sent)
    else:
        page = set_up(enter(reader), "hours", **sent).content.decode()
    assert_each_line_leads_to_its_field(page, "hour", "zone")
    chosen = re.findall(r"<option(?: value=\"([^\"]+)\")? selected>([^<]+)", page)
    assert chosen == [("", "07:30"), ("4", "Friday"), ("Europe/London", "London")], "what was right is kept"


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        ({"q": ""}, "q"),
        ({"name": "long " * 30}, "name"),
        ({"frequency": "hourly"}, "frequency-daily"),
        ({"wants_answered": None, "wants_corrected": None}, "wants_tabled"),
    ],
)
@pytest.mark.parametrize("where", ["/subscribe", "/alerts"])
def test_an_alert_that_cannot_be(client, reader, alert, where, sent, at):
    if where == "/subscribe":
        page = ask(client, **sent).content.decode()
    else:
        page = enter(reader).post(f"/alerts/{alert.uuid}", typed(alert, **sent)).content.decode()
    assert_each_line_leads_to_its_field(page, at)


def test_an_address_that_is_none(client, reader):
    assert_each_line_leads_to_its_field(ask(client, address="someone").content.decode(), "address")
    assert_each_line_leads_to_its_field(client.post("/sign-in", {"address": "someone"}).content.decode(), "address")
    page = enter(reader).post("/settings/address", {"do": "ask", "address": "someone"}).content.decode()
    assert_each_line_leads_to_its_field(page, "address")


def test_a_wrong_code(client):
    assert_each_line_leads_to_its_field(client.post("/sign-in/code", {"code": "12"}).content.decode(), "code")
    assert_each_line_leads_to_its_field(client.post("/check-email", {"code": "12"}).content.decode(), "code")


def test_a_form_sent_in_no_time_is_sent_again_by_its_button(client):
    page = ask(client, shown="").content.decode()
    assert list(summary(page)) == ["send"] and '<button id="send">' in page


def test_as_many_alerts_as_one_may_have_is_no_fault_of_a_field(reader, alert, monkeypatch):
    monkeypatch.setattr(subscriptions, "MOST_ALERTS", 1)
    page = enter(reader).post("/alerts/new", typed(alert, q="sirens", seen="sirens")).content.decode()
    assert list(summary(page)) == [""]
