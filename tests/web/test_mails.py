"""The staff's page that shows how emails look."""

import re

import pytest

from accounts import short_tokens
from accounts.models import User
from alerts.admin.mails import in_scheme
from alerts.digests import links
from alerts.digests.samples import SAMPLES
from alerts.models import Message
from tests.factories import make_event, make_person, make_subscription
from tests.web.test_safety import rows

pytestmark = pytest.mark.django_db

LIST = "/admin/alerts/message/samples/"


@pytest.fixture
def staff(client):
    client.force_login(User.objects.create_superuser("staff@example.org", "a long enough secret"))
    return client


def test_every_sample_is_listed_and_opens_in_every_part_and_scheme(staff):
    listed = staff.get(LIST).content.decode()
    for name in SAMPLES:
        assert f'href="{LIST}{name}/"' in listed
        for chosen in ("", "?scheme=both", "?part=text", "?part=headers", "?part=x&scheme=y"):
            assert staff.get(f"{LIST}{name}/{chosen}").status_code == 200, (name, chosen)
        for scheme in ("light", "dark") if SAMPLES[name].write().html else ():
            assert staff.get(f"{LIST}{name}/{scheme}/").content.startswith(b"<!doctype html>")


def test_looking_at_them_writes_nothing(staff):
    before = rows()
    for address in (LIST, f"{LIST}catch-up/?scheme=both", f"{LIST}catch-up/dark/", f"{LIST}correction/?part=headers"):
        assert staff.get(address).status_code == 200
        assert staff.post(address).status_code == 405
    assert rows() == before and not Message.objects.exists()


def test_their_links_are_about_no_row_there_is(staff):
    make_subscription(make_person(), "foghorns")
    make_event("answered")
    text = SAMPLES["catch-up"].write().text
    for page in ("n", "d", "m", "u"):
        (path, *_) = re.findall(rf"http://localhost:8000(/{page}/[\w-]+)", text)
        answer = staff.get(path)
        gone = answer.status_code in (404, 410) or b"has expired" in answer.content
        assert gone or b"Nothing more to stop" in answer.content, page
    assert short_tokens.read(re.search(r"/n/([\w-]+)", text)[1], links.NOT_RELEVANT)[0] == 0


def test_only_staff_see_them(client):
    for person in (None, make_person()):
        if person:
            client.force_login(person)
        for address in (LIST, f"{LIST}confirm/", f"{LIST}confirm/light/"):
            assert client.get(address)["Location"].startswith("/admin/login/")


def test_the_email_stands_in_frames_that_let_it_do_nothing(staff):
    page = staff.get(f"{LIST}confirm/?scheme=both").content.decode()
    assert page.count('sandbox="allow-popups allow-popups-to-escape-sandbox"') == 4
    for seen in ('width="700"', 'width="375"', f'src="{LIST}confirm/dark/"', f'src="{LIST}confirm/light/"'):
        assert seen in page
    answer = staff.get(f"{LIST}confirm/dark/")
    policy = answer["Content-Security-Policy"]
    assert "sandbox allow-popups" in policy and "default-src 'none'" in policy and "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_an_email_without_html_is_shown_as_text(staff):
    page = staff.get(f"{LIST}text-only/?part=html&scheme=both").content.decode()
    assert "<iframe" not in page and "As HTML" not in page and "--- Tue 10 March: Tides ---" in page
    assert "text/plain" in staff.get(f"{LIST}text-only/?part=headers").content.decode()
    assert staff.get(f"{LIST}text-only/light/").status_code == 404


def test_the_dark_is_shown_whatever_the_browser_prefers():
    html = SAMPLES["confirm"].write().html
    dark, light = in_scheme(html, "dark"), in_scheme(html, "light")
    assert "@media all{body" in dark and "prefers-color-scheme" not in dark + light
    assert "@media not all{body" in light
    assert dark.count('content="dark"') == light.count('content="light"') == 2


def test_what_is_no_sample_is_not_found(staff):
    for address in (f"{LIST}nothing/", f"{LIST}confirm/blue/", f"{LIST}nothing/dark/"):
        assert staff.get(address).status_code == 404


def test_the_messages_lead_there(staff):
    assert f'href="{LIST}"' in staff.get("/admin/alerts/message/").content.decode()
