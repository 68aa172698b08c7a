"""Signing in by mail: one answer for every address, a link or a code that works once, and only when pressed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import sessions, suppressions
from accounts.models import Session, SignIn, Suppression, User
from alerts.digests.deliver import deliver
from alerts.models import Message
from alerts.web import limits, signing_in
from tests.factories import make_person, make_subscription
from tests.web.stories import ADDRESS, code, read, shown, sign_in, sign_in_link

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def reader() -> User:
    return make_subscription(make_person(ADDRESS)).user


def ask(client: Client, address: str = ADDRESS, **fields: str):
    return client.post("/sign-in", {"address": address, **fields})


def mail() -> Message:
    return Message.objects.latest("id")


def is_in(client: Client) -> bool:
    return "You are signed in as" in client.get("/sign-in").content.decode()


def test_the_mailed_link_opens_a_page_and_its_button_signs_in(client, reader):
    answer = ask(client)
    assert answer["Location"] == "/sign-in/code"
    assert ADDRESS in client.get("/sign-in/code").content.decode()
    elsewhere = Client()
    page = elsewhere.get(sign_in_link(mail()))
    assert "s…e@example.org" in page.content.decode() and ADDRESS not in page.content.decode()
    assert not Session.objects.exists(), "looking signs nobody in"
    answer = elsewhere.post(sign_in_link(mail()), {"shown": shown()})
    assert answer["Location"] == "/alerts" and is_in(elsewhere) and not is_in(client)


def test_the_mailed_code_signs_in_where_it_was_asked_for_and_nowhere_else(client, reader):
    ask(client)
    assert "not the code" in Client().post("/sign-in/code", {"code": code(mail())}).content.decode()
    assert client.post("/sign-in/code", {"code": code(mail())})["Location"] == "/alerts"
    assert is_in(client)


def test_five_wrong_codes_end_the_code_and_leave_the_link(client, reader):
    ask(client)
    right = code(mail())
    wrong = "000 000" if right != "000 000" else "000 001"
    for _ in range(4):
        assert "not the code" in client.post("/sign-in/code", {"code": wrong}).content.decode()
    assert "has ended" in client.post("/sign-in/code", {"code": wrong}).content.decode()
    assert "has ended" in client.post("/sign-in/code", {"code": right}).content.decode()
    assert not is_in(client)
    client.post(sign_in_link(mail()), {"shown": shown()})
    assert is_in(client)


def test_each_way_in_works_once(client, reader):
    ask(client)
    sign_in_by_link = {"shown": shown()}
    client.post(sign_in_link(mail()), sign_in_by_link)
    again = Client().post(sign_in_link(mail()), sign_in_by_link)
    assert "was used already" in again.content.decode()
    assert "has ended" in client.post("/sign-in/code", {"code": code(mail())}).content.decode()
    assert Session.objects.count() == 1
    assert client.get(sign_in_link(mail()))["Location"] == "/alerts", "whom it let in is led on"


def test_after_fifteen_minutes_a_new_mail_is_offered_to_the_address_nobody_types_again(client, reader):
    ask(client)
    old = mail()
    with time_machine.travel(datetime.now(UTC) + 15 * MINUTE, tick=False):
        answer = client.post(sign_in_link(old), {"shown": shown()})
        assert "This link has expired" in answer.content.decode() and not Session.objects.exists()
        answer = client.post(sign_in_link(old), {"again": "1"}, follow=True)
        assert "on its way" in answer.content.decode() and ADDRESS not in answer.content.decode()
        assert mail() != old and mail().to_address == ADDRESS
        client.post(sign_in_link(mail()), {"shown": shown()})
        assert is_in(client)


def test_a_program_that_presses_at_once_signs_nobody_in(client, reader):
    ask(client)
    for fields in ({}, {"shown": shown(0.2)}, {"shown": "forged"}):
        assert b"<h1>Sign in</h1>" in client.post(sign_in_link(mail()), fields).content
    assert not Session.objects.exists()


def test_another_site_cannot_press_the_button(reader):
    strict = Client(enforce_csrf_checks=True)
    signing_in.ask(ADDRESS, "", "", datetime.now(UTC))
    assert strict.post(sign_in_link(mail()), {"shown": shown()}).status_code == 403


def staff() -> None:
    User.objects.create_superuser(ADDRESS, "a-long-password", confirmed_at=datetime.now(UTC))


def leaving() -> None:
    make_person(ADDRESS, delete_after=datetime.now(UTC) + timedelta(days=7))


def blocked() -> None:
    make_person(ADDRESS)
    suppressions.suppress(ADDRESS, Suppression.Reason.BLOCKED, datetime.now(UTC))


def seen_for(prepare) -> tuple:
    """What a visitor sees of asking, of a wrong code, and of asking again; and how many statements each took."""
    prepare()
    client = Client()
    answer = ask(client)
    cookies = {name: (morsel["max-age"], morsel["samesite"]) for name, morsel in answer.cookies.items()}
    pages = [client.get("/sign-in/code"), client.post("/sign-in/code", {"code": "12"})]
    pages += [client.post("/sign-in/code", {"code": "12"}) for _ in range(5)]
    pages += [client.post("/sign-in/code", {"again": "1"}, follow=True)]
    said = [line for page in pages for line in page.content.decode().splitlines() if "csrfmiddlewaretoken" not in line]
    return answer.status_code, answer["Location"], answer.content, sorted(answer.headers), cookies, said


@pytest.mark.parametrize(
    ("prepare", "mails"),
    [
        (lambda: make_person(ADDRESS), 1),
        (lambda: make_person(ADDRESS, confirmed_at=None), 0),
        (lambda: make_person(ADDRESS, is_active=False), 0),
        (staff, 0),
        (leaving, 0),
        (blocked, 0),
    ],
)
def test_the_answer_is_the_same_whoever_the_address_belongs_to(prepare, mails):
    stranger = seen_for(lambda: None)
    assert not Message.objects.exists()
    SignIn.objects.all().delete()
    assert seen_for(prepare) == stranger
    assert Message.objects.count() == mails


def test_the_database_is_asked_as_much_for_a_stranger(client, reader):
    def statements(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            ask(client, address)
        return len(captured)

    assert abs(statements(ADDRESS) - statements("nobody@example.org")) <= 1, "but for the end of the savepoint"


def test_a_mailbox_is_mailed_a_minute_apart_and_five_times_an_hour(client, reader):
    start = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    sent = []
    for seconds in (0, 30, 60, 120, 180, 240, 300, 360, 3660):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            ask(client, "Someone+tag@example.org" if seconds == 30 else ADDRESS)
        sent.append(Message.objects.count())
    assert sent == [1, 1, 2, 3, 4, 5, 5, 5, 6]


def test_a_network_that_asks_too_often_is_told_when_to_try_again(client, reader):
    answers = [ask(client, f"nobody{number}@example.org") for number in range(limits.SIGN_INS_AN_HOUR + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [302, 429]
    assert "Try again in 60 minutes" in answers[-1].content.decode()
    assert 3500 < int(answers[-1]["Retry-After"]) <= 3600
    assert ask(Client(REMOTE_ADDR="203.0.113.9")).status_code == 302


def test_all_networks_together_have_a_limit_too(client, reader, monkeypatch):
    monkeypatch.setattr(limits, "EVERYBODYS_SIGN_INS_AN_HOUR", 3)
    clients = [Client(REMOTE_ADDR=f"203.0.113.{number}") for number in range(4)]
    assert [ask(one, "nobody@example.org").status_code for one in clients] == [302, 302, 302, 429]


def test_the_mail_is_one_of_service_before_all_digests_and_not_sent_late(client, reader, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.OUTBOX = "alerts.digests.outbox.OutboxBackend", tmp_path
    ask(client)
    message = mail()
    assert (message.kind, message.priority, message.user) == ("sign_in", 1, reader)
    assert b"List-" not in bytes(message.body) and "works once, for 15 minutes" in read(message)
    assert code(message).replace(" ", "") not in message.subject
    deliver(message.made_at + 15 * MINUTE)
    message.refresh_from_db()
    assert (message.state, message.reason) == ("cancelled", "its link and code are over")


def test_nothing_that_lets_anybody_in_is_stored(client, reader):
    sign_in(client)
    key = client.cookies[settings.SIGNED_IN_COOKIE_NAME].value
    link = sign_in_link(mail()).rpartition("/")[2]
    rows = str([*SignIn.objects.values_list(), *Session.objects.values_list()])
    assert key not in rows and link not in rows and code(mail()).replace(" ", "") not in rows


def test_the_cookie_is_for_the_server_alone_and_for_thirty_days(client, reader, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = sign_in(client).cookies[settings.SIGNED_IN_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["path"]) == (True, "Lax", True, "/")
    assert cookie["max-age"] == 30 * 24 * 3600


def test_a_session_ends_after_thirty_days_and_at_signing_out(client, reader):
    sign_in(client)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=29, hours=23)):
        assert is_in(client)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=30, hours=1)):
        assert not is_in(client)
    key = client.cookies[settings.SIGNED_IN_COOKIE_NAME].value
    assert client.post("/sign-out")["Location"] == "/sign-in?out"
    client.cookies[settings.SIGNED_IN_COOKIE_NAME] = key
    assert not is_in(client), "the key has ended, not only the cookie"


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"is_staff": True}, {"delete_after": datetime(2026, 3, 10, tzinfo=UTC)}]
)
def test_who_may_not_sign_in_any_more_is_not_signed_in_any_more(client, reader, change):
    sign_in(client)
    User.objects.update(**change)
    assert not is_in(client)


def test_a_mailed_link_does_not_open_the_admin(client, reader):
    sign_in(client)
    User.objects.update(is_staff=True, is_superuser=True)
    assert client.get("/admin/").status_code == 302


def test_signing_in_again_ends_what_was_before_in_that_browser(client, reader):
    make_person("other@example.org")
    sign_in(client, "other@example.org")
    sign_in(client)
    assert [session.user for session in Session.objects.all()] == [reader]


def test_the_browser_is_named_in_words(reader):
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    sign_in(Client(headers={"user-agent": windows}))
    session = Session.objects.get()
    assert (session.browser, session.network) == ("Firefox on Windows", "127.0.0.0/24")
    assert list(sessions.of(reader, datetime.now(UTC))) == [session]


HOSTILE = [
    "//evil.example",
    "/\\evil.example",
    "https:evil",
    "/alerts/../..//evil",
    "/alerts%0d%0aX: y",
    "/alerts\r\nX",
]


@pytest.mark.parametrize(
    "wished", [*HOSTILE, "javascript:alert(1)", "/admin/", "/alerts?x=//evil", "/alerts//evil", ""]
)
def test_signing_in_never_leads_off_the_site(client, reader, wished):
    ask(client, next=wished)
    assert client.post("/sign-in/code", {"code": code(mail())})["Location"] == "/alerts"


def test_signing_in_leads_to_the_page_that_was_wanted(client, reader):
    ask(client, next="/settings")
    assert client.post("/sign-in/code", {"code": code(mail())})["Location"] == "/settings"


def test_an_address_that_is_none_is_said_so(client):
    page = ask(client, "someone").content.decode()
    assert "<title>Error: " in page and "Enter an email address in the correct format" in page
    assert not SignIn.objects.exists()


def test_a_link_nobody_mailed_is_none(client):
    assert client.get("/sign-in/nothing").status_code == 404


def test_who_is_not_signed_in_is_led_to_signing_in_and_back(client, reader):
    answer = client.get("/alerts")
    assert answer["Location"] == "/sign-in?next=%2Falerts"
    sign_in(client)
    answer = client.get("/alerts")
    assert "foghorns" in answer.content.decode() and "no-store" in answer["Cache-Control"]
