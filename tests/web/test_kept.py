"""What somebody typed when their session had ended: it is back after signing in again, for them alone."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts import sessions
from accounts.models import Session, SignIn, User
from alerts.models import Message, Subscription
from tests.factories import make_person, make_subscription
from tests.web.stories import ADDRESS, code, enter, page, press_confirm, sign_in_link
from tests.web.test_my_alerts import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY = timedelta(days=1)
OTHER = "other@example.org"


@pytest.fixture
def alert(reader) -> Subscription:
    return make_subscription(reader, "foghorns", name="Foghorns at sea")


def hidden(html: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def value(html: str, field: str) -> str:
    """What stands in the field of this id; '' where nothing does."""
    found = re.search(rf'<input [^>]*id="{field}"[^>]*>', html)[0]
    return (re.search(r' value="([^"]*)"', found) or ("", ""))[1]


def post_too_late(reader: User, path: str, fields: dict[str, str]) -> str:
    """Open a form, have the session end, press its button; the page that answers."""
    client = enter(reader)
    whose = hidden(client.get(path).content.decode(), "whose")
    sessions.end(reader)
    return client.post(path, {**fields, "whose": whose}).content.decode()


def ask_again(asked: str, address: str = ADDRESS, client: Client | None = None) -> Message:
    """Type the address into the page that answered, and press its button."""
    fields = {"address": address, "next": hidden(asked, "next"), "kept": hidden(asked, "kept")}
    (client or Client()).post("/sign-in", fields)
    return Message.objects.latest("id")


def come_back(asked: str, address: str = ADDRESS) -> tuple[Client, str]:
    """Sign in from the page that answered, by the link of the mail in another browser; it, and where it leads."""
    client = Client()
    return client, press_confirm(client, sign_in_link(ask_again(asked, address)))["Location"]


def wanted(alert: Subscription, **changes: str) -> dict[str, str]:
    return {name: value for name, value in typed(alert, **changes).items() if value is not None}


def test_words_typed_into_an_alert_are_back_and_nothing_is_saved(reader, alert):
    path = f"/alerts/{alert.uuid}"
    changes = {"q": 'foghorns AND "Gull Point"', "name": 'My "own" <name>', "frequency": "weekly"}
    asked = post_too_late(reader, path, wanted(alert, **changes))
    assert "Your session has ended" in asked and "Gull Point" not in asked
    client, location = come_back(asked)
    html = client.get(location).content.decode()
    assert "what you typed is back" in html and "Gull Point" in html and "My &quot;own&quot; &lt;name&gt;" in html
    assert re.search(r'value="weekly"[^>]*checked', html)
    alert.refresh_from_db()
    assert (alert.query, alert.name, alert.frequency) == ("foghorns", "Foghorns at sea", "daily")


def test_the_code_in_the_same_browser_brings_it_back_too(reader, alert):
    asked = post_too_late(reader, "/alerts/new", wanted(alert, q="lamps"))
    client = Client()
    message = ask_again(asked, client=client)
    location = client.post("/sign-in/code", {"code": code(message)})["Location"]
    assert location.startswith("/alerts/new?typed=") and "lamps" in client.get(location).content.decode()


def test_a_mistake_that_was_typed_is_pointed_at(reader, alert):
    client, location = come_back(post_too_late(reader, "/alerts/new", wanted(alert, q='lamps AND "gull')))
    html = client.get(location).content.decode()
    assert "lamps AND &quot;gull" in html and "never closed" in html


@pytest.mark.parametrize(
    ("do", "fields", "seen"),
    [
        ("hours", {"hour": "18:30", "weekday": "4", "zone": "Europe/Paris"}, r"<option selected>18:30"),
        ("combined", {"combined": "each"}, r'value="each" checked'),
        ("parts", {"parts": "text"}, r'value="text" checked'),
    ],
)
def test_settings_that_were_chosen_are_back_and_nothing_is_saved(reader, do, fields, seen):
    before = User.objects.values().get()
    client, location = come_back(post_too_late(reader, "/settings", {"do": do, **fields}))
    assert re.search(seen, client.get(location).content.decode())
    assert User.objects.values().get() == before


def test_an_address_that_was_typed_is_back(reader):
    fields = {"do": "ask", "address": "harbour@pilots.example"}
    client, location = come_back(post_too_late(reader, "/settings/address", fields))
    assert 'value="harbour@pilots.example"' in client.get(location).content.decode()


def test_days_typed_for_a_holiday_are_back_and_nothing_is_saved(reader, alert):
    fields = {"do": "away", "first": "2026-03-12", "until": "2026-03-20", "meanwhile": "skip"}
    client, location = come_back(post_too_late(reader, "/alerts", fields))
    assert location.startswith("/alerts?typed=")
    html = client.get(location).content.decode()
    assert "what you typed is back" in html and 'href="#first"' in html
    assert (value(html, "first"), value(html, "until")) == ("2026-03-12", "2026-03-20")
    assert re.search(r'value="skip" checked', html) and not re.search(r'value="tell" checked', html)
    assert User.objects.get(pk=reader.pk).paused_from is None


def test_the_day_until_which_one_alert_was_to_be_paused_is_back_in_its_open_menu(reader, alert):
    other = make_subscription(reader, "lamps")
    fields = {"do": "pause", "alert": str(alert.uuid), "until": "2026-03-14"}
    client, location = come_back(post_too_late(reader, "/alerts", fields))
    html = client.get(location).content.decode()
    assert f'href="#until-{alert.uuid}"' in html and html.count('<details class="more" open>') == 1
    assert (value(html, f"until-{alert.uuid}"), value(html, f"until-{other.uuid}")) == ("2026-03-14", "")
    assert value(html, "until") == "", "the holiday is another form"
    alert.refresh_from_db()
    assert alert.paused_at is None


def test_days_that_cannot_be_are_still_in_the_form_that_refuses_them(reader, alert):
    client = enter(reader)
    html = client.post("/alerts", {"do": "away", "first": "2026-03-20", "until": "2026-03-12"}).content.decode()
    assert "There is a problem" in html
    assert (value(html, "first"), value(html, "until")) == ("2026-03-20", "2026-03-12")
    html = client.post("/alerts", {"do": "pause", "alert": str(alert.uuid), "until": "2028-01-01"}).content.decode()
    assert "There is a problem" in html and value(html, f"until-{alert.uuid}") == "2028-01-01"
    assert "what you typed is back" not in html


def test_an_address_mistyped_in_between_and_a_second_mail_lose_nothing(reader, alert, clock):
    asked = post_too_late(reader, "/alerts/new", wanted(alert, q="lamps"))
    client = Client()
    fields = {"next": hidden(asked, "next"), "kept": hidden(asked, "kept")}
    again = client.post("/sign-in", {"address": "someone", **fields}).content.decode()
    assert hidden(again, "kept") == fields["kept"]
    ask_again(again, client=client)
    clock.shift(120)
    client.post("/sign-in/code", {"again": "1"})
    clock.shift(20 * 60)
    late = sign_in_link(Message.objects.latest("id"))
    client.post(late, {"again": "1"})
    location = press_confirm(client, sign_in_link(Message.objects.latest("id")))["Location"]
    assert "lamps" in client.get(location).content.decode()


# ---- nobody else


def test_whoever_signs_in_instead_sees_none_of_it(reader, alert):
    make_person(OTHER)
    client, location = come_back(post_too_late(reader, f"/alerts/{alert.uuid}", wanted(alert, q="secret")), OTHER)
    assert location == "/alerts" and "secret" not in page(client)
    assert not SignIn.objects.exclude(typed=None).exists()


def test_the_address_of_what_was_kept_shows_it_to_nobody_else(reader, alert):
    client, location = come_back(post_too_late(reader, "/alerts/new", wanted(alert, q="secret")))
    assert "secret" in client.get(location).content.decode()
    assert "secret" not in enter(make_person(OTHER)).get(location).content.decode()
    assert "secret" not in client.get(location.replace("/alerts/new", "/settings")).content.decode()
    assert Client().get(location)["Location"].startswith("/sign-in")


def test_reading_it_twice_is_the_same_and_changes_nothing(reader, alert):
    client, location = come_back(post_too_late(reader, "/alerts/new", wanted(alert, q="lamps")))
    before = SignIn.objects.values().get()
    for _ in range(2):
        assert "lamps" in client.get(location).content.decode()
    assert SignIn.objects.values().get() == before


def test_nobody_puts_words_into_the_form_of_another(reader, alert):
    whose = hidden(enter(make_person(OTHER)).get("/alerts/new").content.decode(), "whose")
    asked = Client().post("/alerts/new", wanted(alert, q="planted") | {"whose": whose}).content.decode()
    assert come_back(asked)[1] == "/alerts"


@pytest.mark.parametrize("whose", ["", "forged"])
def test_a_form_that_does_not_say_whose_it_is_is_led_to_signing_in_as_ever(reader, alert, whose):
    answer = Client().post("/alerts/new", wanted(alert, q="lamps") | {"whose": whose})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=%2Falerts%2Fnew")


def test_a_forged_seal_opens_nothing(reader):
    Client().post("/sign-in", {"address": ADDRESS, "next": "/alerts/new", "kept": "x:y"})
    assert SignIn.objects.get().typed is None


def test_more_than_a_hand_types_is_not_kept(reader, alert):
    client = enter(reader)
    whose = hidden(client.get("/alerts/new").content.decode(), "whose")
    sessions.end(reader)
    assert client.post("/alerts/new", {"q": "x" * 5_001, "whose": whose}).status_code == 302


def test_buttons_that_are_no_forms_are_not_kept(reader, alert):
    client = enter(reader)
    sessions.end(reader)
    assert client.post("/alerts", {"do": "pause", "alert": str(alert.uuid)})["Location"] == "/sign-in?next=%2Falerts"


# ---- how long


def test_it_is_let_go_of_soon_after_nobody_can_sign_in_by_it(reader, alert, clock):
    ask_again(post_too_late(reader, "/alerts/new", wanted(alert, q="secret")))
    assert SignIn.objects.exclude(typed=None).exists()
    clock.shift(31 * 60)
    Client().post("/sign-in", {"address": "anybody@example.org"})
    assert not SignIn.objects.exclude(typed=None).exists()


def test_an_ended_session_is_one_that_is_over_too(reader, alert, clock):
    client = enter(reader)
    whose = hidden(client.get("/alerts/new").content.decode(), "whose")
    clock.shift(31 * DAY)
    assert Session.objects.exists()
    asked = client.post("/alerts/new", wanted(alert, q="lamps") | {"whose": whose}).content.decode()
    assert "Your session has ended" in asked
