"""Nobody reaches what is another's, at any address there is; and no page tells whether an address is known."""

import re
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import suppressions
from accounts.models import Session, Suppression, User
from alerts.digests import links
from alerts.models import Message, Subscription
from alerts.web import my_alerts, outlets
from config import clock
from tests.factories import make_person, make_subscription
from tests.web.stories import ADDRESS, WORDS, ask, sign_in
from tests.web.test_safety import addresses, patterns, rows

__all__ = ["addresses"]

pytestmark = pytest.mark.django_db

OWN = {"my-alerts", "settings", "address", "leave", "export-json", "export-csv", "new-alert", "edit-alert", "sign-out"}
"""For who is signed in, each their own."""
HELD = {
    "confirm",
    "sign-in-link",
    "address-link",
    "stay",
    "manage",
    "unsubscribe",
    "undo",
    "check-in",
    "digest",
    "not-relevant",
    "shared",
    "feed-atom",
    "feed-json",
    "delivery-events",
}
"""For whoever holds the address, which nobody can guess."""
ALL_THEIR_OWN = {"away", "back", "test"}
"""Buttons of My alerts that name no alert: they are about whoever presses them."""
DEEDS = (my_alerts.DEEDS - ALL_THEIR_OWN) | set(outlets.DEEDS)


@pytest.fixture
def theirs(addresses) -> Subscription:
    """The alert behind the addresses, with its person's only session."""
    return Subscription.objects.get(uuid=addresses["edit-alert"].rpartition("/")[2])


@pytest.fixture
def stranger(theirs) -> Client:
    """A browser where somebody else is signed in, who has an alert too."""
    client = Client()
    make_subscription(make_person("stranger@example.org"), "sextants")
    sign_in(client, "stranger@example.org")
    return client


def buttons(theirs: Subscription) -> list[tuple[str, dict[str, str]]]:
    """Every button of the pages for who is signed in that names an alert or a session: where, and what it sends."""
    named = {"alert": str(theirs.uuid)}
    session = Session.objects.filter(user=theirs.user).get()
    return [
        *(("/alerts", {"do": deed, **named}) for deed in sorted(DEEDS)),
        *((f"/alerts/{theirs.uuid}", {"do": do, "q": "sextants", "seen": "sextants"}) for do in ("save", "preview")),
        ("/settings", {"do": "session", "session": str(session.uuid)}),
    ]


def test_what_anybody_may_open_holds_nothing_of_somebody(addresses, theirs):
    """Whatever address is nobody's own and not held by somebody is one of these, a new one too."""
    for name in set(patterns()) - OWN - HELD:
        answer = Client().get(addresses[name])
        said = answer.content.decode()
        assert answer.status_code == 200, name
        assert theirs.user.email not in said and str(theirs.uuid) not in said, name


def test_who_is_not_signed_in_is_led_to_signing_in_and_changes_nothing(addresses, theirs):
    nobody, asked = Client(), [(addresses[name], {}) for name in sorted(OWN)] + buttons(theirs)
    before = rows()
    for address, pressed in asked:
        for answer in (nobody.get(address), nobody.post(address, pressed)):
            if answer.status_code == 405:
                continue  # files are only read, and signing out is only done
            assert answer.status_code == 302 and urlsplit(answer["Location"]).path == "/sign-in", (address, pressed)
            assert not answer.content
    assert rows() == before


def test_who_is_signed_in_reaches_no_alert_and_no_session_of_another(addresses, theirs, stranger):
    before = rows()
    for address, pressed in buttons(theirs):
        answer = stranger.post(address, pressed)
        known = address == "/settings"  # nothing of theirs has that number, which is what the button was to see to
        assert answer.status_code == (302 if known else 404), (address, pressed)
    for name in ("edit-alert", "new-alert"):
        assert stranger.get(addresses[name]).status_code == 404, name
    assert rows() == before


def test_what_one_sees_of_oneself_holds_nothing_of_another(addresses, theirs, stranger):
    for name in OWN - {"edit-alert", "new-alert", "sign-out"}:
        page = stranger.get(addresses[name])
        assert page.status_code == 200, name
        said = page.content.decode()
        assert theirs.user.email not in said and str(theirs.uuid) not in said and theirs.query not in said, name
    assert "sextants" in stranger.get("/alerts").content.decode()


def test_a_link_that_was_changed_in_the_middle_leads_nowhere_and_does_nothing(addresses, stranger):
    before = rows()
    for name in sorted(HELD):
        if name == "delivery-events":
            continue
        token = max(re.findall(r"[\w-]+", urlsplit(addresses[name]).path), key=len)
        other = "AB" if token[5:7] != "AB" else "BA"
        changed = addresses[name].replace(token, token[:5] + other + token[7:])
        for client in (Client(), stranger):
            for answer in (client.get(changed), client.post(changed, {"do": "stop"})):
                assert answer.status_code in (404, 405), (name, answer.status_code)
    assert rows() == before


@pytest.mark.parametrize("page", ["manage", "unsubscribe"])
@pytest.mark.parametrize("deed", ["pause", "resume", "frequency", "stop", "stop-one", "undo", "weekly"])
def test_the_link_of_ones_own_emails_reaches_no_alert_of_another(theirs, stranger, page, deed):
    """Whatever it does with one's own alerts, the other's are as they were."""
    person, now = User.objects.get(email="stranger@example.org"), clock.now()
    own = {"manage": links.manage, "unsubscribe": links.stop}[page](person, now)
    before = Subscription.objects.filter(pk=theirs.pk).values().get()
    Client().post(own, {"do": deed, "alert": str(theirs.uuid), "frequency": "weekly"})
    assert Subscription.objects.filter(pk=theirs.pk).values().get() == before


def without_secrets(page: bytes) -> str:
    return re.sub(r'(name="(?:csrfmiddlewaretoken|shown)" value=")[^"]+', r"\1", page.decode())


def asked_at(address: str, page: str) -> tuple[int, tuple]:
    """What somebody is told who asks for an alert or to sign in, and how much the database is asked for it."""
    client = Client()
    with CaptureQueriesContext(connection) as captured:
        answer = ask(client, address=address) if page == "/subscribe" else client.post(page, {"address": address})
    work = sum(not query["sql"].startswith("ROLLBACK TO") for query in captured)
    cookies = {name: (morsel["max-age"], morsel["samesite"]) for name, morsel in answer.cookies.items()}
    told = (answer.status_code, sorted(answer.items()), answer.content, cookies)
    following = client.get(answer["Location"])
    return work, (*told, without_secrets(following.content).replace(address, "the address"))


def same_alert() -> None:
    make_subscription(make_person(ADDRESS), WORDS)


def other_alert() -> None:
    make_subscription(make_person(ADDRESS), "trains")


def bounces() -> None:
    other_alert()
    suppressions.suppress(ADDRESS, Suppression.Reason.HARD_BOUNCE, clock.now())


def wants_no_mail() -> None:
    suppressions.suppress(ADDRESS, Suppression.Reason.BLOCKED, clock.now())


def was_mailed_just_now() -> None:
    other_alert()
    ask(Client(), address=ADDRESS)
    Client().post("/sign-in", {"address": ADDRESS})


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("page", "known", "mails"),
    [
        ("/subscribe", same_alert, 1),
        ("/subscribe", other_alert, 1),
        ("/subscribe", bounces, 0),
        ("/subscribe", wants_no_mail, 0),
        ("/subscribe", was_mailed_just_now, 0),
        ("/sign-in", other_alert, 1),
        ("/sign-in", bounces, 0),
        ("/sign-in", wants_no_mail, 0),
        ("/sign-in", was_mailed_just_now, 0),
    ],
)
def test_neither_the_answer_nor_the_work_tells_whether_an_address_is_known(page, known, mails):
    """But for the mail itself, which nobody else sees, and that what is given up is taken back."""
    known()
    asked_at("first@example.org", page)  # what a process asks once
    before = Message.objects.count()
    work, told = asked_at(ADDRESS, page)
    assert Message.objects.count() - before == mails
    work_for_nobody, told_nobody = asked_at("nobody@example.org", page)
    assert told == told_nobody
    assert work == work_for_nobody - (known is same_alert), "who has the alert is sent no code"


def test_asking_for_another_address_tells_nobody_whether_it_is_known(theirs, stranger):
    make_person("taken@example.org")
    told = []
    with time_machine.travel(clock.now(), tick=False):  # the page says until when both may agree
        for address in ("taken@example.org", "nobody@example.org"):
            answer = stranger.post("/settings/address", {"do": "ask", "address": address})
            page = without_secrets(stranger.get(answer["Location"]).content)
            assert address in page
            told.append((answer.status_code, answer["Location"], page.replace(address, "it")))
            stranger.post("/settings/address", {"do": "cancel"})
    assert told[0] == told[1]
