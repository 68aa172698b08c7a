"""Pages that must stand when all else falls, and what holds of every page."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.text import capfirst

from alerts.models import Asked, Hold, Message
from alerts.retention.rules import RULES, STANDING
from alerts.web import held_up
from alerts.web.headers import head_is_headers_alone
from tests.factories import NOW, make_event, make_person, make_schedule
from tests.stopped import stopped_database


def test_not_found_offers_the_box_and_asks_no_database(client):
    answer = client.get("/nowhere")
    assert answer.status_code == 404 and 'name="q"' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/", 503, "Something went wrong on our side"),
        ("/preview?q=foghorns", 503, "Try again in a minute"),
        ("/alerts", 503, "Your alerts were not changed"),
        ("/nowhere", 404, "There is no page here"),
        ("/help", 200, "What you can type"),
        ("/privacy", 200, "What goes by itself"),
        ("/accessibility", 200, "What we test"),
    ],
)
def test_with_the_database_stopped_every_page_is_one_of_ours_with_the_box_and_a_way_to_write(address, status, words):
    client = Client(raise_request_exception=False)
    client.cookies["signed-in"] = "k" * 43
    with stopped_database():
        answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == status and words in page
    assert ("Retry-After" in answer) == (status == 503)
    assert 'href="/static/hark.css"' in page and "mailto:" in page and "My alerts" in page
    assert status == 200 or 'name="q"' in page


def test_what_no_page_of_ours_sends_is_refused_in_words_without_the_database():
    client = Client(enforce_csrf_checks=True)
    with stopped_database():
        unknown_host = client.get("/", headers={"host": "evil.example"})
        forged = client.post("/subscribe", {})
        too_many = Client().post("/subscribe", {str(n): "" for n in range(120)})
    assert [answer.status_code for answer in (unknown_host, forged, too_many)] == [400, 403, 400]
    assert "We could not read that" in unknown_host.content.decode()
    assert "load the page again" in forged.content.decode() and 'name="q"' in forged.content.decode()
    assert "We could not read that" in too_many.content.decode()


def test_who_has_no_right_to_a_page_is_told_so(client, db):
    client.force_login(make_person(is_staff=True))
    answer = client.get("/admin/alerts/message/")
    assert answer.status_code == 403 and "This page is not for you" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("until", "words"),
    [
        (None, held_up.LATER),
        (timedelta(hours=2), held_up.LATER),
        (timedelta(minutes=60), held_up.SOON),
    ],
)
def test_who_waits_for_an_email_is_told_that_all_are_held(client, until, words):
    with time_machine.travel(NOW, tick=False):
        assert "held up" not in client.get("/check-email").content.decode()
        cause = Hold.Cause.PROVIDER if until else Hold.Cause.STAFF
        Hold.objects.create(cause=cause, since=NOW, until=until and NOW + until, reason="quota")
        for address in ("/check-email", "/sign-in/code"):
            page = client.get(address).content.decode()
            assert words in page and "quota" not in page
            assert "will send" in page and "on its way" not in page and "have sent" not in page


@pytest.mark.django_db
def test_who_waits_for_an_email_is_told_that_the_queue_is_late():
    waiting = {"kind": "sign_in", "to_address": "a@example.org", "priority": 1, "made_at": NOW}
    Message.objects.create(message_id="<1@b>", **waiting)
    Message.objects.create(message_id="<2@b>", **waiting | {"made_at": NOW - timedelta(hours=1), "priority": 5})
    again = {"made_at": NOW - timedelta(hours=1), "not_before": NOW + timedelta(hours=1)}
    Message.objects.create(message_id="<3@b>", **waiting | again)
    assert held_up.held_up(NOW + timedelta(minutes=4)) == ""
    assert held_up.held_up(NOW + timedelta(minutes=5)) == held_up.SOON


@pytest.mark.django_db
def test_health_counts_what_waits(client):
    assert client.get("/healthz").json() == {
        "ok": True,
        "event_waits_seconds": 0,
        "digest_late_seconds": 0,
        "message_waits_seconds": 0,
        "uncertain": 0,
        "failed": 0,
        "kept_too_long_seconds": 0,
        "sending_held": None,
    }
    make_event("answered", released_at=NOW)
    make_schedule(make_person(), now=NOW)
    Asked.objects.create(mailbox="m", at=NOW - timedelta(days=31))
    waiting = client.get("/healthz").json()
    assert waiting["event_waits_seconds"] > 0 and waiting["digest_late_seconds"] > 0
    assert waiting["kept_too_long_seconds"] >= timedelta(days=1).total_seconds()


def test_health_without_a_database_is_ill(client, monkeypatch):
    def fail(now):
        raise DatabaseError("gone")

    monkeypatch.setattr("alerts.web.health._numbers", fail)
    answer = client.get("/healthz")
    assert answer.status_code == 503 and answer.json() == {"ok": False}


def test_robots_are_kept_from_signed_links(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /m/" in text and "Disallow: /u/" in text and "Disallow: /q/" not in text


def test_help_shows_every_rule_of_the_language(client):
    from html import escape

    from alerts.query import rules

    page = client.get("/help").content.decode()
    assert all(escape(rule.typed) in page for rule in rules.RULES)


def test_what_is_promised_on_the_page_about_privacy_is_the_table_of_the_rules(client, settings):
    settings.OPERATOR, settings.POSTAL_ADDRESS = "The Keepers’ Guild", "1 Harbour Wall, Little Wick"
    page = unescape(client.get("/privacy").content.decode())
    for kept in (*STANDING, *(rule for rule in RULES if rule.personal)):
        assert f"<dt>{kept.what}</dt><dd>{capfirst(kept.how_long)}, {kept.why}.</dd>" in page
    assert "staff are signed in" not in page
    assert "run by The Keepers’ Guild" in page and "by post to 1 Harbour Wall" in page


@pytest.mark.parametrize("address", ["/privacy", "/accessibility", "/help", "/how-it-works", "/nowhere"])
def test_every_page_leads_to_help_privacy_and_accessibility_in_the_same_place(client, db, address):
    page = client.get(address).content.decode()
    head, _, foot = page.partition("</main>")
    assert '<a href="/help"' in head.partition("<main")[0]
    assert '<a href="/privacy"' in foot and '<a href="/accessibility"' in foot and "mailto:" in foot


def test_where_an_address_is_asked_for_one_can_read_what_is_kept(client, db):
    assert '<a href="/privacy">What we keep</a>' in client.get("/subscribe?q=foghorns").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/preview?q=rail", "/subscribe?q=rail", "/check-email", "/help", "/how-it-works", "/nowhere"]
)
def test_every_page_is_a_whole_document_without_inline_scripts_or_styles_or_foreign_things(address):
    answer = Client().get(address)
    page = answer.content.decode()
    assert '<html lang="en-GB">' in page and page.count("<h1") == 1 and '<main id="main"' in page
    assert page.count("<script") == len(re.findall(r'<script src="/static/[^"]+" defer></script>', page))
    assert "<style" not in page and ' style="' not in page
    assert 'src="http' not in page and "stylesheet" in page
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy
    assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("method", "body"), [("head", b""), ("get", b"words")])
def test_head_brings_the_headers_of_a_page_and_no_body(settings, method, body):
    assert settings.MIDDLEWARE[0] == "alerts.web.headers.head_is_headers_alone"
    page = HttpResponse("words", headers={"Content-Length": "5"})
    answer = head_is_headers_alone(lambda request: page)(getattr(RequestFactory(), method)("/"))
    assert (answer.content, answer["Content-Length"]) == (body, "5")
