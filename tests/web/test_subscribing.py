"""Asking for an alert: the form, its errors, and one answer whoever the address belongs to."""

import datetime
import html
import re

import pytest
import time_machine

from accounts import suppressions
from accounts.models import Suppression, User
from alerts.models import Asked, Message, SignUp, Subscription, Topic
from alerts.web.controls import composed
from tests.factories import make_department, make_person, make_subscription
from tests.web.stories import ADDRESS, WORDS, ask, form, link, read, shown

pytestmark = pytest.mark.django_db


def test_asking_makes_a_sign_up_and_its_mail_and_nothing_else(client):
    answer = ask(client, q=WORDS, name="Births", frequency="weekly", wants_tabled="on", wants_corrected=None)
    sign_up = SignUp.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/check-email")
    assert (sign_up.query, sign_up.name, sign_up.email, sign_up.frequency) == (WORDS, "Births", ADDRESS, "weekly")
    assert (sign_up.wants_tabled, sign_up.wants_answered, sign_up.wants_corrected) == (True, True, False)
    message = Message.objects.get()
    assert (message.kind, message.state, message.to_address) == ("confirm", "pending", ADDRESS)
    assert WORDS in read(message)
    assert not User.objects.exists() and not Topic.objects.exists()


def test_the_address_is_kept_as_typed_and_written_to_in_its_canonical_spelling(client):
    ask(client, address=" Some.One@EXAMPLE.org ")
    sign_up = SignUp.objects.get()
    assert (sign_up.email, sign_up.email_as_typed) == ("some.one@example.org", "Some.One@EXAMPLE.org")
    assert "Some.One@EXAMPLE.org" in client.get("/check-email").content.decode()


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"q": "  "}, "Enter a word or phrase to follow"),
        ({"q": 'cancer AND "young people'}, "This quotation mark is never closed"),
        ({"address": "someone"}, "Enter an email address in the correct format, like name@example.com"),
        ({"address": "a@example.org, b@example.org"}, "Enter an email address in the correct format"),
        ({"address": ""}, "Enter an email address in the correct format"),
        ({"frequency": "hourly"}, "Choose how often to get emails"),
        ({"wants_answered": None, "wants_corrected": None}, "Choose at least one thing to be told about"),
    ],
)
def test_an_error_is_said_on_top_and_in_the_title_and_loses_nothing_typed(client, typed, complaint):
    sent = form(name="My own name", **typed)
    answer = client.post("/subscribe", sent)
    page = answer.content.decode()
    assert complaint in page
    assert "<title>Error: " in page and "There is a problem" in page
    assert 'value="My own name"' in page
    assert not SignUp.objects.exists()
    for field in ("q", "address"):
        if sent[field].strip():
            escaped = sent[field].replace('"', "&quot;")
            assert f'value="{escaped}"' in page


FILTERED = "foghorns house:lords dept:transport asked:fenwick"


def chips(page: str) -> dict[str, str]:
    """The filters that can be taken out, by the words they are taken out in."""
    found = re.findall(r'<button class="chip" name="without" value="([^"]+)">(.*?)</button>', page)
    return {re.sub(r"<[^>]*>", "", said).removesuffix(" ✕"): name for name, said in found}


def words(page: str) -> str:
    return html.unescape(re.search(r'id="q" name="q" value="([^"]*)"', page)[1])


def test_the_filters_of_a_search_stand_as_chips(client):
    make_department("Department for Transport")
    page = client.get("/subscribe", {"q": FILTERED}).content.decode()
    expected = {
        "Take out Department: Transport": "dept",
        "Take out Asked by: fenwick": "asked",
        "Take out House: Lords": "house",
    }
    assert chips(page) == expected
    assert page.index(">Send</button>") < page.index('name="without"'), "the Enter key presses the first button"
    for plain in ("foghorns", "foghorns NOT house:lords", '"foghorns', ""):
        assert not chips(client.get("/subscribe", {"q": plain}).content.decode())


def test_a_filter_is_taken_out_by_one_press_and_nothing_else_is_lost(client):
    typed = {"q": FILTERED, "name": "My own name", "frequency": "weekly"}
    page = ask(client, **typed, wants_tabled="on", wants_corrected=None, hour="18:30", without="house").content.decode()
    assert words(page) == "foghorns dept:transport asked:fenwick"
    assert "Take out House: Lords" not in chips(page) and len(chips(page)) == 2
    for kept in ('value="My own name"', f'value="{ADDRESS}"', 'value="weekly" checked', "<option selected>18:30"):
        assert kept in page, kept
    assert 'name="wants_tabled" checked' in page and 'name="wants_corrected">' in page
    assert "<title>Error: " not in page and not SignUp.objects.exists()


def test_words_typed_since_the_chips_were_shown_are_kept_when_one_is_taken_out(client):
    page = ask(client, q="(Sirens OR bells) house:lords", without="house").content.decode()
    assert words(page) == "(Sirens OR bells)"
    page = ask(client, q="sirens", without="house").content.decode()
    assert words(page) == "sirens"
    page = ask(client, q='"sirens house:lords', without="house").content.decode()
    assert words(page) == '"sirens house:lords' and "never closed" in page


def test_where_the_words_are_wanted_is_a_chip_too(client):
    placed, _ = composed("foghorns", "foghorns", {"where": "heading"})
    assert chips(client.get("/subscribe", {"q": placed}).content.decode()) == {"Take out Where: Heading only": "where"}
    assert words(ask(client, q=placed, without="where").content.decode()) == "foghorns"


@pytest.mark.parametrize("name", ["where", "nothing", "", "status"])
def test_what_is_no_filter_of_these_words_takes_nothing_out(client, name):
    assert words(ask(client, q=FILTERED, without=name).content.decode()) == FILTERED


def test_a_mistake_in_the_words_has_its_caret_and_a_repair_that_keeps_everything_else(client):
    typed = {"name": "My own name", "frequency": "weekly", "wants_tabled": "on", "wants_answered": None}
    page = ask(client, q='cancer AND "young people', **typed).content.decode()
    assert "\n" + '<span class="here">           ^</span>' in page
    assert page.index(">Send</button>") < page.index('name="repair"'), "the Enter key presses the first button"
    repaired = "cancer AND &quot;young people&quot;"
    assert f'name="repair" value="{repaired}"' in page
    page = ask(client, q='cancer AND "young people', repair='cancer AND "young people"', **typed).content.decode()
    assert "There is a problem" not in page and not SignUp.objects.exists()
    for kept in (f'value="{repaired}"', 'value="My own name"', f'value="{ADDRESS}"', 'value="weekly" checked'):
        assert kept in page
    assert 'name="wants_tabled" checked' in page and 'name="wants_answered" checked' not in page


def test_a_name_with_line_breaks_cannot_reach_a_header(client):
    ask(client, name="Births\r\nBcc: other@example.org")
    message = Message.objects.get()
    assert "\n" not in message.subject and SignUp.objects.get().name == "Births Bcc: other@example.org"


def seen_for(client, prepare) -> tuple:
    """What a visitor sees of asking, from the button to the next page."""
    prepare()
    answer = ask(client)
    page = client.get("/check-email").content.decode()
    cookies = {name: (morsel["max-age"], morsel["samesite"]) for name, morsel in answer.cookies.items()}
    return answer.status_code, answer["Location"], answer.content, sorted(answer.headers), cookies, page


def following(words: str) -> None:
    make_subscription(make_person(ADDRESS), words)


@pytest.mark.parametrize(
    ("prepare", "kinds"),
    [
        (lambda: make_person(ADDRESS), ["confirm"]),
        (lambda: following("trains"), ["confirm"]),
        (lambda: following(WORDS), ["already"]),
        (lambda: following("neonatal OR maternity"), ["already"]),
        (lambda: suppressions.suppress(ADDRESS, Suppression.Reason.BLOCKED, datetime.datetime.now(datetime.UTC)), []),
    ],
)
def test_the_answer_is_the_same_whoever_the_address_belongs_to(client, prepare, kinds):
    def without_secrets(seen):
        return [*seen[:-1], "".join(line for line in seen[-1].splitlines() if "csrfmiddlewaretoken" not in line)]

    stranger = without_secrets(seen_for(client, lambda: None))
    SignUp.objects.all().delete()
    Asked.objects.all().delete()
    assert without_secrets(seen_for(client, prepare)) == stranger
    assert list(Message.objects.values_list("kind", flat=True)) == kinds


def test_whoever_has_the_alert_already_gets_a_mail_that_leads_to_it(client):
    following(WORDS)
    ask(client)
    page = client.get(link(Message.objects.get(), "m"))
    assert WORDS in page.content.decode()


def test_what_fills_in_the_hidden_field_is_thanked_and_forgotten(client):
    answer = ask(client, website="https://spam.example/")
    assert answer["Location"] == "/check-email"
    assert not SignUp.objects.exists() and not Message.objects.exists()


@pytest.mark.parametrize("stamp", [lambda: shown(0), lambda: shown(25 * 3600), lambda: "", lambda: "forged"])
def test_a_form_sent_at_once_or_after_a_day_asks_for_the_button_again_and_keeps_everything(client, stamp):
    page = ask(client, shown=stamp()).content.decode()
    assert "press the button again" in page and f'value="{ADDRESS}"' in page
    assert not SignUp.objects.exists()


def asked_over(client, gaps: list[float], **typed: str) -> int:
    """How many mails come of asking again and again, with so many seconds in between."""
    moment = datetime.datetime(2026, 3, 10, 9, 0, tzinfo=datetime.UTC)
    for gap in gaps:
        moment += datetime.timedelta(seconds=gap)
        with time_machine.travel(moment, tick=False):
            ask(client, **typed | {"shown": shown()})
    return Message.objects.count()


def test_two_asks_within_a_minute_bring_one_mail(client):
    assert asked_over(client, [0, 59]) == 1
    assert SignUp.objects.count() == 2


def test_three_mails_a_day_and_no_fourth(client):
    assert asked_over(client, [0, 61, 61, 61]) == 3
    assert asked_over(client, [24 * 3600]) == 4


def test_six_mails_in_thirty_days_and_no_seventh(client):
    assert asked_over(client, [13 * 3600] * 8) == 6


def test_spellings_of_one_mailbox_share_their_limit(client):
    asked_over(client, [0], address="some.one@gmail.com")
    asked_over(client, [1], address="someone+hark@googlemail.com")
    assert Message.objects.count() == 1


def test_the_twenty_first_sign_up_of_a_network_in_an_hour_is_told_when_to_come_back(client):
    for number in range(20):
        assert ask(client, address=f"reader{number}@example.org").status_code == 302
    answer = ask(client, address="reader21@example.org")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    page = answer.content.decode()
    assert "Try again in 60 minutes" in page and 'value="reader21@example.org"' in page
    assert SignUp.objects.count() == 20
    assert client.post("/subscribe", form(address="b@example.org"), REMOTE_ADDR="192.0.2.9").status_code == 302


@pytest.mark.parametrize("behind_proxy", [False, True])
def test_who_types_addresses_into_a_forwarding_header_counts_as_one_network(client, settings, behind_proxy):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind_proxy else None
    for number in range(20):
        forwarded = f"198.51.100.{number}" + (", 203.0.113.7" if behind_proxy else "")
        sent = form(address=f"r{number}@example.org")
        assert client.post("/subscribe", sent, headers={"x-forwarded-for": forwarded}).status_code == 302
    last = form(address="last@example.org")
    assert client.post("/subscribe", last, headers={"x-forwarded-for": "8.8.8.8, 203.0.113.7"}).status_code == 429


def test_asking_makes_no_session(client):
    from django.contrib.sessions.models import Session

    ask(client)
    client.get("/check-email")
    assert not Session.objects.exists()


def test_nobody_is_subscribed_by_asking(client):
    ask(client)
    assert not Subscription.objects.exists()
