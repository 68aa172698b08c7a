import re
from email import policy
from email.parser import BytesParser

import pytest

from accounts import tokens
from accounts.suppressions import suppress
from alerts.digests.deliver import deliver
from alerts.digests.outgoing import queue_already, queue_confirm
from alerts.models import Message, SignUp
from tests.digests.told import MORNING
from tests.factories import make_subscription

WORDS = "maternity AND (inequalities OR safety)"

pytestmark = pytest.mark.django_db


def sign_up(**fields) -> SignUp:
    values = {
        "email": "new@example.org",
        "email_as_typed": "New@example.org",
        "query": WORDS,
        "name": "Maternity inequalities",
        "text_version": "1",
        "form_url": "/",
        "asked_at": MORNING,
        "expires_at": MORNING.replace(day=18),
    }
    return SignUp.objects.create(**(values | fields))


def read(message: Message):
    return BytesParser(policy=policy.default).parsebytes(bytes(message.body))


def text_of(message: Message) -> str:
    return read(message).get_body(("plain",)).get_content()


def test_the_confirm_mail_says_what_was_asked_for_and_how_to_confirm():
    asked = sign_up()
    message = queue_confirm(asked, "482913", MORNING)
    assert (message.state, message.priority, message.user) == ("pending", 1, None)
    assert read(message)["Subject"] == message.subject == 'Confirm your alert: "Maternity inequalities"'
    text = text_of(message)
    assert "You asked for one email a day about" in text
    assert WORDS in text and "482 913" in text
    assert "Did not ask? Ignore this; nothing will be sent." in text
    link = re.search(r"http://localhost:8000/confirm/([\w-]+)", text)
    assert tokens.read(link[1], "confirm", MORNING).uuid == asked.uuid
    assert link[0] in read(message).get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("frequency", "words"),
    [
        ("as_it_happens", "You asked for an email as it happens, at most every 15 minutes, about"),
        ("daily", "You asked for one email a day about"),
        ("weekly", "You asked for one email a week about"),
    ],
)
def test_the_confirm_mail_says_how_often(frequency, words):
    assert words in text_of(queue_confirm(sign_up(frequency=frequency), "482913", MORNING))


def test_service_mail_carries_no_list_headers(outbox):
    queue_confirm(sign_up(), "482913", MORNING)
    queue_already(make_subscription(), sign_up(), MORNING)
    assert deliver(MORNING).sent == 2
    for path in outbox.glob("*.eml"):
        mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        assert not [name for name in mail if name.lower().startswith(("list-", "feedback"))]
        assert mail["Auto-Submitted"] == "auto-generated"


def test_who_has_the_alert_already_is_told_so_and_where_to_manage_it():
    had = make_subscription(words=WORDS, frequency="weekly")
    person = had.user
    message = queue_already(had, sign_up(email=person.email, frequency="daily"), MORNING)
    assert message.to_address == person.email
    text = text_of(message)
    assert "You already get this alert, once a week. Nothing has changed." in text
    link = re.search(r"http://localhost:8000/m/([\w-]+)", text)
    assert tokens.read(link[1], "manage", MORNING).uuid == person.uuid


@pytest.mark.parametrize("name", ["A name of quite some length, longer than any subject should ever be", ""])
def test_the_subject_stays_short(name):
    assert len(queue_confirm(sign_up(name=name), "482913", MORNING).subject) <= 60


def test_what_was_typed_stays_text():
    message = queue_confirm(sign_up(query='<b>"x"</b>\r\nBcc: a@example.org', name=""), "482913", MORNING)
    assert read(message)["Bcc"] is None
    assert "<b>&quot;x" not in text_of(message)
    assert "&lt;b&gt;" in read(message).get_body(("html",)).get_content()


def test_a_sign_up_confirmed_by_code_gets_no_late_confirm_mail(outbox):
    asked = sign_up()
    message = queue_confirm(asked, "482913", MORNING)
    SignUp.objects.update(confirmed_at=MORNING)
    assert deliver(MORNING).cancelled == 1
    message.refresh_from_db()
    assert message.reason == "confirmed or cancelled meanwhile"


def test_nobody_suppressed_is_asked_to_confirm(outbox):
    queue_confirm(sign_up(), "482913", MORNING)
    suppress("new@example.org", "blocked", MORNING)
    assert deliver(MORNING).cancelled == 1
    assert not outbox.exists()
