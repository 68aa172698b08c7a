"""Did you mean …? What looks like a slip in an address is asked about once, and decided by who typed it."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import sessions
from accounts.models import AddressChange, SignIn, User
from alerts.models import Asked, Message, SignUp
from tests.factories import make_person, make_subscription
from tests.web.stories import ask, enter, form
from tests.web.test_signing_in import code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SLIP, MEANT = "Name@nhs.ent", "Name@nhs.net"
QUESTION = "Did you mean <strong>Name@nhs.net</strong>? You typed Name@nhs.ent."
ANSWERS = [("Send", SLIP), (f"Keep {SLIP}", SLIP), (f"Use {MEANT}", MEANT)]
FIELD = re.compile(r'<input (?=[^>]*name="([^"]+)")(?=[^>]*value="([^"]*)")(?![^>]*type="(?:checkbox|radio)")[^>]*>')


def fields(page: str) -> dict[str, str]:
    """What stands in the fields and hidden fields of the form that is asked about, as a browser sends it."""
    inner = re.search(r'<form [^>]*id="address-form".*?</form>', page, re.DOTALL)[0]
    sent = {name: unescape(value) for name, value in FIELD.findall(inner)}
    chosen = re.findall(
        r'<input type="(?:radio|checkbox)"[^>]* name="([^"]+)"(?: value="([^"]+)")?[^>]* checked', inner
    )
    return sent | {name: value or "on" for name, value in chosen}


def buttons(page: str) -> dict[str, dict[str, str]]:
    """What each button of the question sends, by its words, in their order."""
    found = re.findall(r'<button[^>]*? form="address-form"(?: name="([^"]+)" value="([^"]+)")?[^>]*>([^<]+)<', page)
    return {unescape(words): {name: unescape(value)} if name else {} for name, value, words in found}


def press(client: Client, path: str, page: str, words: str, **changed: str):
    return client.post(path, fields(page) | changed | buttons(page)[words])


@pytest.fixture
def asked(client) -> str:
    """The form for an alert, filled in but for a slip in the address, as it comes back."""
    typed = {"name": "My own", "frequency": "weekly", "wants_tabled": "on", "wants_corrected": None, "hour": "18:30"}
    return ask(client, address=SLIP, **typed).content.decode()


def test_the_form_for_an_alert_comes_back_with_the_question_and_all_that_was_typed(asked):
    assert QUESTION in asked and "There is a problem" not in asked
    assert "<title>Check your address: " in asked
    assert list(buttons(asked)) == ["Send", f"Use {MEANT}", f"Keep {SLIP}"]
    assert buttons(asked)["Send"] == {}, "the Enter key chooses nothing"
    typed = fields(asked)
    assert (typed["address"], typed["name"], typed["frequency"]) == (SLIP, "My own", "weekly")
    assert typed["wants_tabled"] == "on" and "wants_corrected" not in typed
    assert "<option selected>18:30</option>" in asked
    assert not SignUp.objects.exists() and not Message.objects.exists() and not Asked.objects.exists()


@pytest.mark.parametrize(
    ("words", "address"),
    ANSWERS,
    ids=["sent", "kept", "used"],
)
def test_the_answer_is_taken_at_its_word_and_at_once(client, asked, words, address):
    answer = press(client, "/subscribe", asked, words)
    assert answer["Location"] == "/check-email"
    sign_up = SignUp.objects.get()
    assert (sign_up.email, sign_up.email_as_typed, sign_up.name) == (address.lower(), address, "My own")
    assert address in client.get("/check-email").content.decode()


def test_another_slip_is_another_question_and_the_same_one_is_asked_once(client, asked):
    other = press(client, "/subscribe", asked, "Send", address="name@gmial.com").content.decode()
    assert "Did you mean <strong>name@gmail.com</strong>?" in other and fields(other)["questioned"] == "name@gmial.com"
    refused = press(client, "/subscribe", asked, f"Keep {SLIP}", q="").content.decode()
    assert "There is a problem" in refused and "Did you mean" not in refused
    mended = {"q": "foghorns", "shown": form()["shown"]}
    assert client.post("/subscribe", fields(refused) | mended)["Location"] == "/check-email"


def test_what_is_wrong_besides_is_said_at_the_same_time(client):
    page = ask(client, address=SLIP, frequency="hourly").content.decode()
    assert "There is a problem" in page and QUESTION in page
    assert client.post("/subscribe", fields(page) | {"frequency": "daily", "shown": form()["shown"]}).status_code == 302


@pytest.mark.parametrize("address", [MEANT, "name@nhs.uk", "name@mail.com", "someone@wick.example"])
def test_a_right_address_is_asked_nothing(client, reader, address):
    assert ask(client, address=address)["Location"] == "/check-email"
    assert client.post("/sign-in", {"address": address})["Location"] == "/sign-in/code"
    answer = enter(reader).post("/settings/address", {"do": "ask", "address": address})
    assert answer["Location"] == "/settings/address" and AddressChange.objects.get().new_address == address.lower()


@pytest.mark.parametrize(("words", "address"), ANSWERS)
def test_who_signs_in_is_asked_too(client, words, address):
    person = make_person(address.lower())
    page = client.post("/sign-in", {"address": SLIP, "next": "/settings"}).content.decode()
    assert QUESTION in page and not SignIn.objects.exists()
    assert press(client, "/sign-in", page, words)["Location"] == "/sign-in/code"
    assert SignIn.objects.get().user == person
    answer = client.post("/sign-in/code", {"code": code(Message.objects.get())})
    assert answer["Location"] == "/settings", "where one wanted to go is not lost"


@pytest.mark.parametrize(("words", "address"), ANSWERS)
def test_who_moves_is_asked_too(reader, words, address):
    client = enter(reader)
    page = client.post("/settings/address", {"do": "ask", "address": SLIP}).content.decode()
    assert QUESTION in page and not AddressChange.objects.exists()
    assert press(client, "/settings/address", page, words)["Location"] == "/settings/address"
    change = AddressChange.objects.get()
    assert (change.new_address, change.new_as_typed) == (address.lower(), address)
    page = client.get("/settings/address").content.decode()
    assert client.post("/settings/address", fields(page)).status_code == 302, "sent again, it is not asked about again"


def test_an_answer_that_comes_when_the_session_has_ended_is_kept(reader):
    client = enter(reader)
    page = client.post("/settings/address", {"do": "ask", "address": SLIP}).content.decode()
    sessions.end(reader)
    late = press(client, "/settings/address", page, f"Use {MEANT}").content.decode()
    client.post("/sign-in", fields(late) | {"address": reader.email})
    answer = client.post("/sign-in/code", {"code": code(Message.objects.latest("id"))})
    assert f'value="{MEANT}"' in client.get(answer["Location"]).content.decode()


def seen(path: str, sent: dict[str, str], client: Client) -> tuple[int, str, int]:
    """What somebody is shown who types it, and how often the database is asked."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(path, sent)
    page = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", answer.content.decode())
    return answer.status_code, page, len(captured)


@pytest.mark.parametrize("path", ["/subscribe", "/sign-in", "/settings/address"])
@pytest.mark.parametrize("known", [SLIP, MEANT])
def test_the_question_is_the_same_whether_either_address_is_known_or_not(reader, path, known):
    client = enter(reader) if path == "/settings/address" else Client()
    sent = form(address=SLIP) | {"do": "ask"}
    client.post(path, sent)  # what a process asks once
    unknown = seen(path, sent, client)
    make_subscription(User.objects.create_user(known.lower(), confirmed_at=reader.confirmed_at), sent["q"])
    assert seen(path, sent, client) == unknown
    assert QUESTION in unknown[1]
