"""Pages that must stand when all else falls, and what holds of every page."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.text import capfirst

from alerts.models import Asked
from alerts.retention.rules import RULES, STANDING
from alerts.web import pages
from alerts.web.headers import head_is_headers_alone
from tests.factories import NOW, make_event, make_person, make_schedule


def test_not_found_offers_the_box_and_asks_no_database(client):
    answer = client.get("/nowhere")
    assert answer.status_code == 404 and 'name="q"' in answer.content.decode()


def test_a_server_error_says_so_without_the_database(settings):
    answer = pages.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()


def test_a_broken_page_answers_with_the_page_for_it(client, monkeypatch, db):
    def fail(*args, **kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", fail)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500 and "Try again in a minute" in answer.content.decode()


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
