"""The email as its reader gets it: the text in full, the HTML by its rules."""

import os
import re
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from django.utils.html import strip_tags

from accounts import tokens
from alerts.digests.deliver import deliver
from alerts.digests.mail import Letter
from alerts.digests.render import letter
from tests.digests.story import read_digest
from tests.digests.told import MORNING

GOLDEN = Path(__file__).parent / "golden"

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail() -> Letter:
    return letter(read_digest(), MORNING)


def test_the_text_is_the_one_we_agreed_on(mail):
    golden = GOLDEN / "fortnight.txt"
    said = f"Subject: {mail.subject}\n\n{mail.text}"
    if os.environ.get("HARK_TEST_WRITE_GOLDEN"):
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")


def test_both_parts_have_the_same_results_and_links(mail):
    links = re.compile(r"http://localhost:8000/[qdmu]/[\w/-]+")
    in_text, in_html = set(links.findall(mail.text)), set(links.findall(mail.html))
    assert len(in_text) == 11
    assert in_text == {link for link in in_html if link not in stop_links(mail)}
    plain = " ".join(strip_tags(mail.html.replace("&#x27;", "'").replace("&quot;", '"')).split())
    for heading in ("Foghorns: Repairs", "Little Wick Harbour", "Question to Lighthouses", "Foghorns: History"):
        assert heading in plain and heading in mail.text


def stop_links(mail: Letter) -> set[str]:
    """The links that stop one alert; the text leaves that to the page of the link that stops all."""
    found = re.findall(r'href="(http://localhost:8000/u/[\w-]+)"[^>]*>Stop the alert', mail.html)
    assert len(found) == 3
    return set(found)


def test_the_html_keeps_to_the_rules_for_mail_programs(mail):
    html = mail.html
    assert (html.count("<h1"), html.count("<h2"), html.count("<h3")) == (1, 4, 7)
    assert html.count('lang="en-GB"') == 2, "on html, and on the wrapper for those who take html away"
    assert f"<title>{mail.subject}</title>" in html
    assert html.count("<table") == html.count('role="presentation"')
    assert 'width="600"' in html
    assert not re.search(r"<(img|script|link|iframe|form)\b|background-image|url\(|display:\s*flex", html)
    assert not re.search(r"#(fff|000)(fff|000)?\b", html, re.IGNORECASE)


def test_styles_stand_in_the_elements_and_the_dark_ones_are_kept(mail):
    head, _, body = mail.html.partition("</style>")
    assert "@media (prefers-color-scheme: dark)" in head
    assert "<style" not in body
    assert re.search(r'<b class="m" style="[^"]*background-color:#ffe89a', body)
    assert '<meta name="color-scheme" content="light dark">' in body


def test_what_people_write_cannot_become_markup():
    digest = read_digest()
    digest.sections.update(name="<script>alert(1)</script> & more")
    mail = letter(digest, MORNING)
    assert "<script" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in mail.html
    assert "<SCRIPT>ALERT(1)</SCRIPT> & MORE" in mail.text, "plain text needs no escaping"


def test_the_headers_are_those_of_subscribed_mail(outbox):
    digest = read_digest()
    assert deliver(MORNING).sent == 1
    (path,) = outbox.glob("*.eml")
    assert path.stem == str(digest.message.uuid)
    mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    (unsubscribe,) = mail.get_all("List-Unsubscribe")
    assert re.fullmatch(r"<http://localhost:8000/u/[\w-]{52}>", unsubscribe)
    assert mail.get_all("List-Unsubscribe-Post") == ["List-Unsubscribe=One-Click"]
    assert mail.get_all("List-Id") == ["<alerts.localhost>"]
    assert mail["Feedback-ID"] == "digest:daily:hark:harkalerts"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, NRN, AutoReply, RN"
    assert mail["Date"].datetime == MORNING
    assert mail["Message-ID"] == digest.message.message_id
    assert [address.addr_spec for address in mail["To"].addresses] == ["reader@example.org"]
    assert max(len(line) for line in path.read_bytes().split(b"\r\n")) < 998


def test_an_email_for_one_alert_stops_that_one(outbox):
    digest = read_digest()
    subscription = digest.sections.first().subscription
    digest.sections.exclude(subscription=subscription).delete()
    digest.part = str(subscription.pk)
    digest.save()
    mail = letter(digest, MORNING)
    token = mail.headers["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    assert tokens.read(token, "unsub", MORNING).uuid == subscription.uuid
