"""The local outbox."""

import pytest

from alerts.web import outbox

MAIL = b"""From: Hark alerts <alerts@example.org>\r
To: someone@example.org\r
Subject: 2 new: =?utf-8?q?Caf=C3=A9s?=\r
Date: Tue, 10 Mar 2026 07:30:00 +0000\r
Message-ID: <1@example.org>\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=b\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
\r
Read it: http://localhost:8000/q/2026-03-05/1 <b>\r
--b\r
Content-Type: text/html; charset=utf-8\r
\r
<html><head><title>x</title></head><body><p>Hello<script>alert(1)</script></p></body></html>\r
--b--\r
"""


@pytest.fixture
def folder(tmp_path, settings):
    """An outbox with one mail in it, and something outside that nobody may read."""
    settings.OUTBOX = tmp_path / "outbox"
    settings.OUTBOX.mkdir()
    (settings.OUTBOX / "one.eml").write_bytes(MAIL)
    (tmp_path / "secret.eml").write_bytes(b"Subject: secret\r\n\r\nsecret")
    (settings.OUTBOX / "link.eml").symlink_to(tmp_path / "secret.eml")
    return settings.OUTBOX


def test_the_mails_are_listed_newest_first_with_subject_and_address(client, folder):
    import os

    newer = folder / "two.eml"
    newer.write_bytes(MAIL.replace(b"2 new", b"3 new"))
    os.utime(folder / "one.eml", (1, 1))
    page = client.get("/outbox/").content.decode()
    assert page.index("3 new: Cafés") < page.index("2 new: Cafés")
    assert "someone@example.org" in page and "secret" not in page and str(folder) in page


def test_a_mail_is_shown_as_html_in_a_frame_as_text_and_with_its_headers(client, folder):
    assert (
        '<iframe class="mail-frame" title="The email" src="/outbox/one.eml/body">'
        in client.get("/outbox/one.eml/html").content.decode()
    )
    text = client.get("/outbox/one.eml/text").content.decode()
    assert '<a href="http://localhost:8000/q/2026-03-05/1"' in text and "&lt;b&gt;" in text
    headers = client.get("/outbox/one.eml/headers").content.decode()
    assert "Message-ID" in headers and "&lt;1@example.org&gt;" in headers


def test_the_html_of_a_mail_can_do_nothing(client, folder):
    answer = client.get("/outbox/one.eml/body")
    policy = answer["Content-Security-Policy"]
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "default-src 'none'" in policy and "style-src 'unsafe-inline'" in policy and "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert b"<p>Hello" in answer.content


def test_the_file_itself_can_be_had(client, folder):
    answer = client.get("/outbox/one.eml/raw")
    assert answer.content == MAIL and answer["Content-Disposition"] == 'attachment; filename="one.eml"'


@pytest.mark.parametrize(
    "name",
    ["../secret.eml", "..%2fsecret.eml", "%2e%2e%2fsecret.eml", "link.eml", "missing.eml", "..", "%00", "/etc/passwd"],
)
def test_no_name_leads_out_of_the_folder(client, folder, name):
    for part in ("html", "text", "headers", "body", "raw"):
        assert client.get(f"/outbox/{name}/{part}").status_code == 404


def test_production_has_no_outbox(client, folder, settings):
    settings.EMBEDDED = False
    for address in ("/outbox/", "/outbox/one.eml/html", "/outbox/one.eml/body", "/outbox/one.eml/raw"):
        assert client.get(address).status_code == 404


def test_an_outbox_without_its_folder_is_empty(client, settings, tmp_path):
    settings.OUTBOX = tmp_path / "none"
    assert "No email has been sent yet" in client.get("/outbox/").content.decode()
    assert outbox.MOST > 0
