"""Link scanners: they open every link of every mail, and people's buttons still work afterwards."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as conf
from django.test import Client

from accounts import suppressions
from accounts.models import User
from alerts.digests import check_in, trial
from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.matching.fill import fill
from alerts.models import CheckIn, Message, Schedule, Subscription
from alerts.web import leaving, moving
from tests.digests.told import happen
from tests.factories import NOW, make_person, make_subscription
from tests.web.stories import ADDRESS, ask, press_confirm, shown
from tests.web.test_safety import rows

pytestmark = pytest.mark.django_db

TEMPLATES = {"confirm", "already", "digest", "changed", "sign_in", "goodbye", "test", "busy", "silent"}
OF_A_MOVE = {"address_old", "address_new", "address_taken", "address_changed"}


@pytest.fixture
def mails(clock, settings, tmp_path) -> dict[str, EmailMessage]:
    """One mail of every kind as it lies in the outbox, each with its button not pressed yet."""
    settings.EMAIL_BACKEND, settings.OUTBOX = "alerts.digests.outbox.OutboxBackend", tmp_path
    person = Client()
    for words in ("foghorns", "repairs"):
        ask(person, q=words)
        press_confirm(person, path(link(queued("confirm"), "confirm")))
        clock.shift(timedelta(minutes=2))
    alert = Subscription.objects.get(query="foghorns")
    fill(NOW)
    happen(heading="Foghorns: Repairs")
    happen("published", heading="The foghorns are back", text="Foghorns and their repairs.")
    Schedule.objects.update(next_due_at=NOW)
    compose_due(NOW + timedelta(hours=1))
    ask(person, q="foghorns")
    clock.shift(timedelta(hours=1))
    manage = path(link(queued("already"), "m"))
    person.post(manage, {"do": "pause", "alert": str(alert.uuid)})
    ask(person, q="lighthouses", address="other@example.org")
    deliver(NOW + timedelta(hours=3))
    clock.shift(timedelta(hours=2))
    person.post("/sign-in", {"address": ADDRESS})
    _move_and_test()
    leaving.ask(make_person("leaver@example.org"), "signed-in", datetime.now(UTC))
    for why in ("busy", "silent"):
        _earn(why, datetime.now(UTC))
        deliver(datetime.now(UTC))
    sent = {message.message_id: kind_of(message) for message in Message.objects.order_by("id")}
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in Path(tmp_path).glob("*.eml")]
    return {sent[str(mail["Message-ID"])]: mail for mail in sorted(found, key=lambda mail: str(mail["Date"]))}


def _earn(why: str, now: datetime) -> None:
    """The email that an alert earned which finds too much, or nothing."""
    one = make_subscription(make_person(f"{why}@example.org"), "harbours")
    more = {"query": one.query, "found": 240, "narrower": "heading:harbours", "narrower_found": 31}
    asked = CheckIn(subscription=one, why=why, since=now - timedelta(days=365), at=now, **more)
    asked.message = check_in.queue(asked, 61_204, now - timedelta(days=1))
    asked.save()


def _move_and_test() -> None:
    """One person asks to be written to elsewhere, first where somebody is; another has an address tested."""
    now = datetime.now(UTC)
    mover, tester = make_person("mover@example.org"), make_person("tester@example.org")
    moving.ask(mover, ADDRESS, ADDRESS, now - timedelta(minutes=5))
    deliver(now)
    moving.ask(mover, "moved@example.org", "moved@example.org", now)
    suppressions.suppress(tester.email, "hard_bounce", now)
    trial.ask(tester, now)


def kind_of(message: Message) -> str:
    """The kind, of a check-in why it was earned, and of a change of address whom it was mailed to."""
    if message.kind == Message.Kind.ADDRESS:
        return f"{message.kind} {message.to_address}"
    return message.check_in.why if message.kind == Message.Kind.CHECK_IN else message.kind


def queued(kind: str) -> EmailMessage:
    """The newest mail of this kind, before it is sent."""
    return message_from_bytes(bytes(Message.objects.filter(kind=kind).latest("id").body), policy=policy.default)


def parts(mail: EmailMessage) -> tuple[str, str]:
    return tuple(mail.get_body((kind,)).get_content() for kind in ("plain", "html"))


def ours(mail: EmailMessage) -> set[str]:
    """Every link to us in the text, in the HTML and in the headers."""
    text, html = parts(mail)
    found = set(re.findall(r"https?://[^\s<>\"]+", text))
    found |= {unescape(url) for url in re.findall(r'\b(?:href|src|action)="([^"]+)"', html)}
    found |= set(re.findall(r"<(https?://[^>]+)>", f"{mail['List-Unsubscribe']} {mail['List-Help']}"))
    return {url for url in found if urlsplit(url).netloc == urlsplit(conf.SITE_URL).netloc}


def link(mail: EmailMessage, page: str) -> str:
    """The first link of a mail to a page like `confirm` or `m`."""
    return re.search(rf"{re.escape(conf.SITE_URL)}/{page}/[\w-]+", parts(mail)[0])[0]


def path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def test_there_is_a_mail_of_every_kind_we_send(mails):
    templates = {file.name.split(".")[0] for file in Path("templates/emails").glob("*.subject.txt")} | {"digest"}
    assert templates == TEMPLATES | OF_A_MOVE, "a new kind of mail belongs into this test"
    kinds = {"confirm", "already", "digest", "change", "sign_in", "goodbye", "test", "busy", "silent"}
    assert set(mails) == kinds | {f"address {name}@example.org" for name in ("mover", "moved", "someone")}


def test_opening_every_link_changes_nothing_and_then_each_button_still_works(mails):
    before, seen = rows(), set()
    for mail in mails.values():
        for url in ours(mail):
            seen.add(path(url).split("/")[1])
            _scan(path(url))
    assert rows() == before
    assert seen >= {"confirm", "m", "u", "d", "q", "n", "undo", "sign-in", "stay", "c", "alerts", "address"}
    _confirm(mails["confirm"])
    for kind in ("already", "digest", "change"):
        _manage(mails[kind])
    _take_back(mails["change"])
    _sign_in(mails["sign_in"])
    _stay(mails["goodbye"])
    _switch(mails["busy"])
    _move(mails["address mover@example.org"], mails["address moved@example.org"])
    _stop(mails["digest"])


def _scan(address: str) -> None:
    """As scanners do: without cookies, by HEAD and twice by GET, following redirects, as a browser and as a robot."""
    for agent in ("Mozilla/5.0", ""):
        scanner = Client(enforce_csrf_checks=True, headers={"user-agent": agent, "sec-purpose": "prefetch"})
        for method in (scanner.head, scanner.get, scanner.get, scanner.options):
            answer = method(address, follow=True)
            assert answer.status_code in (200, 405), (address, answer.status_code)


def _confirm(mail: EmailMessage) -> None:
    address = path(link(mail, "confirm"))
    assert "Confirm this alert" in Client().get(address).content.decode()
    assert press_confirm(Client(), address)["Location"] == "/confirmed"
    assert Subscription.objects.get(user__email="other@example.org").ended_at is None


def _stay(mail: EmailMessage) -> None:
    assert "Your account stays" in Client().post(path(link(mail, "stay"))).content.decode()
    assert User.objects.get(email="leaver@example.org").delete_after is None


def _switch(mail: EmailMessage) -> None:
    Client().post(path(link(mail, "c")), {"do": "switch"})
    assert Subscription.objects.get(user__email="busy@example.org").query == "heading:harbours"


def _move(old: EmailMessage, new: EmailMessage) -> None:
    pages = [press_confirm(Client(), path(link(mail, "address"))).content.decode() for mail in (old, new)]
    assert "That is one yes" in pages[0] and "Your address is changed" in pages[1]
    assert User.objects.filter(email="moved@example.org").exists()


def _sign_in(mail: EmailMessage) -> None:
    person = Client()
    assert person.post(path(link(mail, "sign-in")), {"shown": shown()})["Location"] == "/alerts"
    assert "You are signed in" in person.get("/sign-in").content.decode()


def _manage(mail: EmailMessage) -> None:
    alert = Subscription.objects.get(query="repairs")
    wished = "daily" if alert.frequency == "weekly" else "weekly"
    Client().post(path(link(mail, "m")), {"do": "frequency", "alert": str(alert.uuid), "frequency": wished})
    alert.refresh_from_db()
    assert alert.frequency == wished


def _take_back(mail: EmailMessage) -> None:
    assert "<h1>Undone</h1>" in Client().post(path(link(mail, "undo"))).content.decode()
    assert Subscription.objects.get(query="foghorns").paused_at is None


def _stop(mail: EmailMessage) -> None:
    """One alert by the page of the link at the end, then all by the header."""
    live = User.objects.get(email=ADDRESS).subscriptions.filter(ended_at=None)
    one = live.get(query="foghorns")
    Client().post(path(link(mail, "u")), {"do": "stop-one", "alert": str(one.uuid)})
    assert [alert.query for alert in live.all()] == ["repairs"]
    Client().post(path(str(mail["List-Unsubscribe"]).strip("<>")), {"List-Unsubscribe": "One-Click"})
    assert not live.all()
