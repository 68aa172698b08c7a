"""What people do on the pages, for the tests: they type, press buttons and open their mail."""

import datetime
import re
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from accounts import sessions
from accounts.models import User
from alerts.models import Message, Subscription
from alerts.web import stamps
from config import clock

ADDRESS = "someone@example.org"
WORDS = "maternity OR neonatal"


def enter(person: User) -> Client:
    """A browser in which this person has just signed in."""
    client = Client()
    client.cookies[settings.SIGNED_IN_COOKIE_NAME] = sessions.begin(person, "", "", clock.now())
    return client


def page(client: Client, address: str = "/alerts") -> str:
    """The words of a page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def shown(seconds_ago: float = 30) -> str:
    """The hidden field of a form that was shown so many seconds ago."""
    moment = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=seconds_ago)
    with time_machine.travel(moment, tick=False):
        return stamps.stamp()


def form(**typed: str | None) -> dict[str, str]:
    """The subscribe form as a person fills it in; None leaves a box out, as browsers do with an empty one."""
    usual = {
        "q": WORDS,
        "name": "",
        "frequency": "daily",
        "wants_answered": "on",
        "wants_corrected": "on",
        "address": ADDRESS,
        "website": "",
        "shown": shown(),
    }
    return {name: value for name, value in (usual | typed).items() if value is not None}


def ask(client: Client, **typed: str | None) -> HttpResponse:
    """Fill in the subscribe form and press its button."""
    return client.post("/subscribe", form(**typed))


def read(message: Message) -> str:
    """The text part of a queued email, as its reader has it."""
    return message_from_bytes(bytes(message.body), policy=policy.default).get_body(("plain",)).get_content()


def link(message: Message, page: str) -> str:
    """The path of the mailed link to a page like `confirm` or `m`."""
    found = re.search(rf"{re.escape(settings.SITE_URL)}(/{page}/[\w-]+(?:\.[\w-]+)*)", read(message))
    assert found, f"no /{page}/ link in:\n{read(message)}"
    return urlsplit(found[1]).path


def code(message: Message) -> str:
    """The six digits in a confirmation."""
    return re.search(r"\b\d{3} \d{3}\b", read(message))[0]


def press_confirm(client: Client, path: str, **fields: str) -> HttpResponse:
    """Press the button of a confirm page that has been open for a while."""
    return client.post(path, {"shown": shown(), **fields})


def sign_in(client: Client, address: str = ADDRESS) -> HttpResponse:
    """Ask to sign in, open the mail, press the button of its page."""
    client.post("/sign-in", {"address": address})
    return client.post(sign_in_link(Message.objects.latest("id")), {"shown": shown()})


def sign_in_link(message: Message) -> str:
    """The path of the mailed link."""
    return link(message, "sign-in")


def subscribed(client: Client, **typed: str | None) -> Subscription:
    """Ask for an alert, open the mail, press Confirm."""
    ask(client, **typed)
    press_confirm(client, link(Message.objects.latest("id"), "confirm"))
    return Subscription.objects.latest("id")


def person(address: str = ADDRESS) -> User:
    """The person with this address."""
    return User.objects.get(email=address)
