"""The headers of every kind of mail, as they arrive; and that nothing anybody types can add to them."""

from datetime import UTC, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core import mail as django_mail

from accounts import suppressions, tokens
from accounts.models import AddressChange
from alerts.digests import check_in, trial
from alerts.digests.changed import GATHERED, tell
from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.digests.mail import Letter, as_bytes
from alerts.digests.moves import queue_done, queue_taken, queue_to_new, queue_to_old
from alerts.digests.outgoing import queue_already, queue_confirm, queue_goodbye, queue_sign_in
from alerts.models import CheckIn, Message, Schedule, SignUp, Source
from alerts.models.choices import Frequency
from alerts.web import subscriptions
from tests.digests.lamp_room import newsletter_item, published
from tests.digests.told import MORNING, happen, percolate
from tests.factories import make_person, make_source, make_subscription

READER = "reader@example.org"
DAY = timedelta(days=1)
EVERY = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
         "Content-Type", "MIME-Version"]  # fmt: skip
OF_A_LIST = ["List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "Feedback-ID", "X-Hark-Content"]
HOSTILE = [
    "Foghorns\r\nBcc: other@example.org",
    "Foghorns\nBcc: other@example.org\n\nDear all",
    "Foghorns\rBcc: other@example.org",
    "Foghorns\u2028Bcc: other@example.org\u2029",
    "Foghorns\x85Bcc: other@example.org\x0b\x0c\x1c",
    "other@example.org, third@example.org",
    "friends: other@example.org, third@example.org;",
    "=?utf-8?q?Foghorns=0D=0ABcc:_other=40example.org?=",
    '"><script>alert(1)</script>',
    "Foghörns – 霧笛 \U0001f4ef",
    "Foghorns " * 60,
]

pytestmark = pytest.mark.django_db


def sign_up(query: str = "foghorns", name: str = "", email: str = READER) -> SignUp:
    values = {"email_as_typed": email, "text_version": "1", "form_url": "/"}
    times = {"asked_at": MORNING, "expires_at": MORNING.replace(day=18)}
    return SignUp.objects.create(email=email, query=query, name=name[:120], **values, **times)


def confirm(typed: str = "") -> Message:
    return queue_confirm(sign_up(typed or "foghorns", typed), "482913", MORNING)


def already(typed: str = "") -> Message:
    return queue_already(make_subscription(make_person(READER), name=typed[:120]), sign_up(name=typed), MORNING)


def sign_in(typed: str = "") -> Message:
    """Nothing that anybody types stands in it."""
    return queue_sign_in(READER, make_person(READER), "k" * 43, "482913", MORNING)


def goodbye(typed: str = "") -> Message:
    """Nothing that anybody types stands in it."""
    return queue_goodbye(make_person(READER, delete_after=MORNING + timedelta(days=7)), MORNING)


def move(**fields) -> AddressChange:
    """A change of address whose wanted end is the reader's."""
    ends = {"old_address": "before@example.org", "new_address": READER} | fields
    times = {"asked_at": MORNING, "expires_at": MORNING + timedelta(days=1)}
    hashes = {"mailbox": "m", "old_link_hash": "o", "new_link_hash": "n"}
    person = make_person("asker@example.org")
    return AddressChange.objects.create(user=person, new_as_typed=ends["new_address"], **ends, **times, **hashes)


def address_old(typed: str = "") -> Message:
    """Nothing that anybody types stands in it, but for an address."""
    return queue_to_old(move(old_address=READER, new_address="after@example.org"), "k" * 43, MORNING)


def address_new(typed: str = "") -> Message:
    """Nothing that anybody types stands in it."""
    return queue_to_new(move(), "k" * 43, MORNING)


def address_taken(typed: str = "") -> Message:
    """Nothing that anybody types stands in it."""
    return queue_taken(move(), MORNING)


def address_changed(typed: str = "") -> Message:
    """Nothing that anybody types stands in it, but for an address."""
    return queue_done(move(), True, MORNING)


def tried(typed: str = "") -> Message:
    """Nothing that anybody types stands in it; it goes although the address bounced."""
    suppressions.suppress(READER, "hard_bounce", MORNING)
    message = trial.ask(make_person(READER), MORNING)
    assert message
    return message


def changed(typed: str = "") -> Message:
    """The email about a pause made three minutes ago, which is as long as it waits for more."""
    earlier = MORNING - GATHERED
    alert = make_subscription(make_person(READER), name=typed[:120])
    subscriptions.pause(alert.user, alert.uuid, "manage", earlier)
    message = tell(alert.user, 0, earlier)
    assert message
    return message


def busy(typed: str = "", **earned) -> Message:
    """The email about an alert that finds too much, whose reader has their emails at this hour."""
    alert = make_subscription(make_person(READER), name=typed[:120])
    words = {"query": alert.query, "name": alert.name, "narrower": "heading:foghorns", "found": 240}
    usual = {"why": CheckIn.Why.BUSY, "narrower_found": 31} | words
    asked = CheckIn(subscription=alert, since=MORNING - 28 * DAY, at=MORNING, **(usual | earned))
    asked.message = check_in.queue(asked, 61_204, MORNING - DAY)
    asked.save()
    return asked.message


def silent(typed: str = "") -> Message:
    return busy(typed, why=CheckIn.Why.SILENT)


def digest(typed: str = "", frequency: str = Frequency.DAILY, **person) -> Message:
    """A digest in which whatever somebody could type stands: the alert's name, headings, a newsletter's name."""
    reader = make_person(READER, **person)
    make_subscription(reader, "foghorns", name=typed[:120], frequency=frequency, now=MORNING)
    Schedule.objects.update(next_due_at=MORNING)
    happen(heading=typed[:500] or "Foghorns: Repairs")
    source = make_source(kind=Source.Kind.FEED, name=typed[:120] or "The Lamp Room")
    percolate(published(newsletter_item(1, source, typed[:500] or "Foghorns", "Foghorns."), MORNING.date()))
    compose_due(MORNING)
    return Message.objects.get(kind=Message.Kind.DIGEST)


MAKERS = {
    "confirm": confirm,
    "already": already,
    "sign_in": sign_in,
    "goodbye": goodbye,
    "address_old": address_old,
    "address_new": address_new,
    "address_taken": address_taken,
    "address_changed": address_changed,
    "test": tried,
    "changed": changed,
    "busy": busy,
    "silent": silent,
    "digest": digest,
}
WALKED = {
    **MAKERS,
    "digest, weekly": lambda typed="": digest(typed, Frequency.WEEKLY),
    "digest, as it happens": lambda typed="": digest(typed, Frequency.AS_IT_HAPPENS),
    "digest, of one alert": lambda typed="": digest(typed, combined=False),
}


@pytest.fixture(params=WALKED)
def kind(request) -> str:
    return request.param


def arrived(sink) -> EmailMessage:
    """The one email that arrived, at one address."""
    assert deliver(MORNING).sent == 1
    ((address, raw),) = sink.accepted
    assert address == READER
    return BytesParser(policy=policy.default).parsebytes(raw)


def test_every_kind_of_mail_with_a_template_is_walked_here():
    templates = Path(django_settings.BASE_DIR, "templates", "emails").glob("[!_]*.txt")
    assert {path.name.partition(".")[0] for path in templates} == set(MAKERS), "add it to MAKERS"


def test_each_header_is_there_once_and_no_other(sink, kind):
    WALKED[kind]()
    mail = arrived(sink)
    assert sorted(mail.keys()) == sorted(EVERY + (OF_A_LIST if kind.startswith("digest") else []))


def test_who_writes_to_whom_and_who_reads_the_reply(sink, kind, settings):
    settings.DEFAULT_FROM_EMAIL = settings.SIGN_IN_FROM_EMAIL = "Hark alerts <alerts@hark.example>"
    settings.CONTACT_ADDRESS = "people@hark.example"
    message = WALKED[kind]()
    mail = arrived(sink)
    assert (mail["From"], mail["To"], mail["Reply-To"]) == (settings.DEFAULT_FROM_EMAIL, READER, "people@hark.example")
    message.refresh_from_db()
    assert mail["Message-ID"] == message.message_id == f"<{message.uuid}@{settings.MAIL_DOMAIN}>"
    assert parsedate_to_datetime(mail["Date"]).astimezone(UTC) == message.made_at
    assert mail["Subject"].strip() and len(mail["Subject"]) <= 200


def test_no_machine_answers_and_no_absence_is_reported(sink, kind):
    WALKED[kind]()
    mail = arrived(sink)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, NRN, AutoReply, RN"


def test_subscribed_mail_ends_with_one_post_and_service_mail_is_no_list(sink, kind, settings):
    message = WALKED[kind]()
    mail = arrived(sink)
    if not kind.startswith("digest"):
        assert not [name for name in mail if name.lower().startswith(("list-", "feedback", "precedence"))]
        return
    assert mail["List-Id"] == f"<alerts.{settings.MAIL_DOMAIN}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = mail["List-Unsubscribe"]
    assert stop.startswith(f"<{settings.SITE_URL}/u/") and stop.endswith(">")
    assert "," not in stop and "mailto" not in stop, "exactly one address"
    whose = message.digest.sections.get().subscription if message.digest.part else message.user
    assert tokens.read(stop.strip("<>").rpartition("/")[2], "unsub", MORNING).uuid == whose.uuid
    frequency = Frequency(message.digest.frequency).name.lower()
    assert mail["Feedback-ID"] == f"digest:{frequency}:hark:harkalerts"


def test_mail_to_sign_in_with_has_a_sender_of_its_own(settings):
    settings.SIGN_IN_FROM_EMAIL = "Hark <sign-in@hark.example>"
    values = {"to_address": READER, "message_id": "<a@b>", "made_at": MORNING}
    letter = Letter("s", "t", "h")
    signing_in = as_bytes(letter, Message(kind=Message.Kind.SIGN_IN, **values), MORNING)
    usual = as_bytes(letter, Message(kind=Message.Kind.CONFIRM, **values), MORNING)
    assert b"From: Hark <sign-in@hark.example>\r\n" in signing_in
    assert b"sign-in@" not in usual


# ---- what somebody types


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("name", MAKERS)
def test_nothing_typed_makes_a_header_or_a_recipient_over_smtp(sink, name, typed):
    MAKERS[name](typed)
    mail = arrived(sink)
    assert sorted(mail.keys()) == sorted(EVERY + (OF_A_LIST if name == "digest" else []))
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    for header, value in mail.items():
        assert not set("\r\n\u2028\u2029\x85\x0b\x0c\x1c") & set(value), header


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("name", MAKERS)
def test_nothing_typed_makes_a_header_or_a_recipient_through_a_provider(provider, settings, name, typed):
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    MAKERS[name](typed)
    assert deliver(MORNING).sent == 1
    (mail,) = provider.accepted
    assert (mail["To"], mail.get("Cc"), mail.get("Bcc")) == (READER, None, None)
    own = {"From", "To", "Reply-To", "Subject", "Content-Type", "MIME-Version"}
    expected = [header for header in EVERY + (OF_A_LIST if name == "digest" else []) if header not in own]
    assert sorted(header["Name"] for header in mail["Headers"]) == sorted(expected)
    for value in [mail["Subject"], mail["From"], *(header["Value"] for header in mail["Headers"])]:
        assert not set("\r\n\u2028\u2029\x85\x0b\x0c\x1c") & set(value)


@pytest.mark.parametrize("backend", ["alerts.digests.smtp.EmailBackend", "anymail.backends.test.EmailBackend"])
@pytest.mark.parametrize(
    "address",
    [
        "reader@example.org\nBcc: other@example.org",
        "reader@example.org\r\nRCPT TO:<other@example.org>",
        "reader@example.org, other@example.org",
        "reader@example.org;other@example.org",
        "reader@example.org\u2028other@example.org",
        "friends: reader@example.org, other@example.org;",
        "=?utf-8?q?reader=40example.org?=",
        '"reader@example.org> SIZE=1"@example.org',
        "Reader <reader@example.org>",
        "<reader@example.org>",
        "reader@example.org>",
        "reader@[127.0.0.1]",
    ],
)
def test_what_is_not_one_plain_address_gets_no_mail_even_if_it_stood_in_the_database(sink, settings, backend, address):
    settings.EMAIL_BACKEND = backend
    make_subscription(make_person(address), "foghorns", now=MORNING)
    happen(heading="Foghorns: Repairs")
    compose_due(MORNING)
    assert deliver(MORNING).sent == 0
    assert sink.accepted == [] and not getattr(django_mail, "outbox", [])
