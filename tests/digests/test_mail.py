import uuid
from dataclasses import replace
from email import policy
from email.parser import BytesParser

import pytest
from django.core import mail as django_mail

from accounts.addresses import AddressError
from alerts.digests.deliver import deliver
from alerts.digests.mail import Letter, StoredEmail, as_bytes, one_line
from alerts.digests.outbox import OutboxBackend, file_name
from alerts.models import Message
from tests.digests.told import MORNING, waiting_digest

IDENT = uuid.UUID(int=7)
LETTER = Letter("Foghorns – a digest", "Text with ümlaut – and a dash\n", "<p>ümlaut</p>", {"List-Id": "<a.b>"})
INJECTIONS = [
    "reader@example.org\nBcc: other@example.org",
    "reader@example.org\r\nBcc: other@example.org",
    "reader@example.org, other@example.org",
    "reader@example.org\u2028other@example.org",
    "reader@example.org\x00",
    "friends: reader@example.org, other@example.org;",
    "=?utf-8?q?reader=40example.org?=",
    "Reader <reader@example.org>",
    "READER@example.org",
    "",
]


def message(address: str = "reader@example.org") -> Message:
    return Message(uuid=IDENT, to_address=address, message_id=f"<{IDENT}@example.org>", made_at=MORNING)


def parsed(raw: bytes):
    return BytesParser(policy=policy.default).parsebytes(raw)


def test_the_same_letter_always_gives_the_same_bytes():
    assert as_bytes(LETTER, message(), MORNING) == as_bytes(LETTER, message(), MORNING)


def test_the_bytes_are_plain_ascii_lines_with_crlf():
    raw = as_bytes(LETTER, message(), MORNING)
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) < 998


def test_both_parts_and_the_subject_come_back_as_they_were():
    mail = parsed(as_bytes(LETTER, message(), MORNING))
    assert mail["Subject"] == LETTER.subject
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == LETTER.text
    assert mail.get_body(("html",)).get_content().strip() == LETTER.html
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "text", ["From the lamp room\n.\n..\n", f"{'–' * 200}\nends in a blank \nin a tab\t\n", "--=_\n=20\n", "no end", ""]
)
def test_lines_that_mail_programs_mind_come_back_as_they_were(text):
    raw = as_bytes(replace(LETTER, text=text), message(), MORNING)
    assert parsed(raw).get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    _, body = raw.split(b"\r\n\r\n", 1)
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert not any(line.endswith((b" ", b"\t")) for line in body.split(b"\r\n"))


@pytest.mark.parametrize("address", INJECTIONS)
def test_anything_but_one_canonical_address_is_refused(address):
    with pytest.raises((AddressError, ValueError)):
        as_bytes(LETTER, message(address), MORNING)


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n", "\x00", "\u2028", "\x85"])
def test_no_name_can_start_a_header_of_its_own(sign):
    letter = Letter(f"Horns{sign}Bcc: other@example.org", "t", "h")
    mail = parsed(as_bytes(letter, message(), MORNING))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Horns Bcc: other@example.org"
    with pytest.raises(ValueError, match="control characters"):
        as_bytes(Letter("s", "t", "h", {"List-Id": f"a{sign}Bcc: b@example.org"}), message(), MORNING)


def test_a_line_is_one_line():
    assert one_line(" a\r\n b\u2029c\t") == "a b c"


def stored() -> StoredEmail:
    row = message()
    row.body = as_bytes(LETTER, row, MORNING)
    return StoredEmail(row)


def test_a_stored_email_gives_its_bytes_back_unchanged():
    email = stored()
    assert email.message().as_bytes(linesep="\r\n") == email.raw
    assert email.message()["Message-ID"] == f"<{IDENT}@example.org>"
    assert email.recipients() == ["reader@example.org"]


def test_a_provider_finds_the_parts_the_headers_and_the_same_message_id():
    email = stored()
    assert email.subject == LETTER.subject
    assert email.body.strip() == LETTER.text.strip()
    assert email.alternatives[0].content.strip() == LETTER.html
    assert email.extra_headers["Message-ID"] == f"<{IDENT}@example.org>"
    assert email.extra_headers["List-Id"] == "<a.b>"
    assert not {"To", "From", "Subject"} & set(email.extra_headers)
    assert email.metadata == {"uuid": str(IDENT)}


@pytest.mark.django_db
def test_a_providers_backend_gets_one_recipient_and_its_name_for_the_mail_is_kept(settings):
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    row = waiting_digest("reader@example.org")
    assert deliver(MORNING).sent == 1
    (sent,) = django_mail.outbox
    assert [address.addr_spec for address in sent.anymail_test_params["to"]] == ["reader@example.org"]
    assert sent.anymail_test_params["metadata"] == {"uuid": str(row.uuid)}
    row.refresh_from_db()
    assert row.provider_id == str(sent.anymail_status.message_id)
    assert sent.anymail_test_params["extra_headers"]["Message-ID"] == row.message_id


def test_the_same_email_twice_is_one_file_in_the_outbox(outbox):
    backend = OutboxBackend()
    assert backend.send_messages([stored()]) == backend.send_messages([stored()]) == 1
    assert [path.name for path in outbox.iterdir()] == [f"{IDENT}.eml"]
    assert (outbox / f"{IDENT}.eml").read_bytes() == stored().raw


def test_an_outbox_that_cannot_be_written_says_so(settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    settings.OUTBOX = tmp_path / "file"
    with pytest.raises(OSError):
        OutboxBackend().send_messages([stored()])


@pytest.mark.parametrize(
    ("message_id", "name"),
    [("<../../etc/passwd@x>", "______etc_passwd.eml"), (f"<{IDENT}@example.org>", f"{IDENT}.eml")],
)
def test_no_message_id_leads_out_of_the_folder(message_id, name):
    assert file_name(message_id) == name
