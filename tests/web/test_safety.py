"""What holds of all addresses at once: GET changes nothing, and who is exempt from the check of cross-site posts."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import tokens
from accounts.models import User
from alerts.digests import links
from alerts.models import CheckIn, Digest, Message, Outlet, Section, SignUp
from alerts.web import outlets
from alerts.web.record import record
from config import clock
from tests.factories import make_event, make_person, make_source, make_subscription
from tests.web.stories import ask, link, sign_in, sign_in_link

pytestmark = pytest.mark.django_db


def patterns() -> dict[str, URLPattern]:
    """Every address of our own by its name; the admin's are Django's."""
    return {
        pattern.name: pattern
        for entry in get_resolver().url_patterns
        for pattern in getattr(entry, "url_patterns", [])
        if getattr(entry, "app_name", None) != "admin"
    }


def every_pattern(entries: Iterable | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address there is, the admin's too: its full name and its pattern."""
    for entry in get_resolver().url_patterns if entries is None else entries:
        inner = f"{space}{entry.namespace}:" if getattr(entry, "namespace", None) else space
        if isinstance(entry, URLResolver):
            yield from every_pattern(entry.url_patterns, inner)
        else:
            yield f"{space}{entry.name}", entry


def rows() -> dict[str, str]:
    """A print of every table in the database, whosever it is."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        prints = {}
        for table in tables:
            cursor.execute(f'SELECT md5(string_agg(line::text, chr(10) ORDER BY line::text)) FROM "{table}" line')
            prints[table] = cursor.fetchone()[0]
        return prints


@pytest.fixture
def addresses(client, settings, tmp_path):
    """A working address for each name, with rows behind it."""
    settings.OUTBOX = tmp_path
    (tmp_path / "one.eml").write_bytes(b"Subject: x\r\n\r\nx")
    make_source()
    event = make_event("answered")
    reader = make_person()
    subscription = make_subscription(reader)
    digest = Digest.objects.create(user=reader, frequency="daily", period_key="2026-03-10", made_at=clock.now())
    words = {"position": 0, "query": "foghorns", "kinds": ["answered"], "from_seq": 0, "to_seq": 1}
    section = Section.objects.create(digest=digest, subscription=subscription, topic=subscription.topic, **words)
    ask(client)
    now = clock.now()
    page = Outlet.objects.create(subscription=subscription, kind=Outlet.Kind.PAGE, opened_at=now)
    feed = Outlet.objects.create(subscription=subscription, kind=Outlet.Kind.FEED, opened_at=now)
    change = record("paused", reader, subscription, "manage", now)
    more = {"query": "foghorns", "narrower": "heading:foghorns", "found": 240, "narrower_found": 31}
    asked = CheckIn.objects.create(subscription=subscription, why="busy", since=now, at=now, **more)
    sign_in(client, reader.email)
    other = Client()
    sign_in(other, make_person().email)
    other.post("/settings/address", {"do": "ask", "address": "elsewhere@example.org"})
    moved = Message.objects.filter(kind="address").order_by("id")
    Client().post("/sign-in", {"address": make_person().email})
    return {
        "landing": "/",
        "preview": "/preview?q=foghorns",
        "search": "/search?q=foghorns",
        "subscribe": "/subscribe?q=foghorns",
        "check-email": "/check-email",
        "confirm": links.confirm(SignUp.objects.get()),
        "confirmed": "/confirmed",
        "sign-in": "/sign-in",
        "sign-in-code": "/sign-in/code",
        "sign-in-link": sign_in_link(Message.objects.latest("id")),
        "sign-out": "/sign-out",
        "my-alerts": "/alerts",
        "settings": "/settings",
        "address": "/settings/address",
        "address-link": link(moved[0], "address"),
        "leave": "/settings/delete",
        "stay": links.stay(make_person(delete_after=now + timedelta(days=7)), now),
        "export-json": "/settings/export.json",
        "export-csv": "/settings/export.csv",
        "new-alert": f"/alerts/new?from={subscription.uuid}",
        "edit-alert": f"/alerts/{subscription.uuid}",
        "manage": links.manage(reader, now),
        "unsubscribe": links.stop(subscription, now),
        "undo": links.undo(change, reader, now),
        "check-in": links.check_in(asked),
        "digest": links.digest(digest),
        "feed-atom": outlets.addresses(feed)[0],
        "feed-json": outlets.addresses(feed)[1],
        "shared": outlets.addresses(page)[0],
        "not-relevant": links.not_relevant(section.pk, event.pk),
        "item": f"/q/{event.item.tabled_on}/{event.item.uin}",
        "newsletter-item": f"/i/{make_event('published').item.uuid}",
        "how-it-works": "/how-it-works",
        "coverage": "/coverage",
        "help": "/help",
        "privacy": "/privacy",
        "accessibility": "/accessibility",
        "styleguide": "/styleguide",
        "healthz": "/healthz",
        "delivery-events": "/anymail/postmark/tracking/",
        "robots": "/robots.txt",
        "outbox": "/outbox/",
        "outbox-mail": "/outbox/one.eml/html",
        "outbox-html": "/outbox/one.eml/body",
        "outbox-raw": "/outbox/one.eml/raw",
    }


def test_reading_any_address_twice_by_any_safe_method_changes_no_row(client, addresses):
    assert set(addresses) == set(patterns()), "an address is missing here"
    before = rows()
    for address in addresses.values():
        for method in (client.get, client.head, client.options, client.get):
            answer = method(address, headers={"sec-purpose": "prefetch"}, follow=True)
            assert answer.status_code in (200, 405), (address, answer.status_code)
    assert rows() == before


def admin_addresses() -> dict[str, str]:
    """A working address for each of the admin's patterns that is a page, with a row behind it where it needs one."""
    found = {}
    for name, pattern in every_pattern():
        wanted = list(pattern.pattern.regex.groupindex) or list(getattr(pattern.pattern, "converters", {}))
        if not name.startswith("admin:") or pattern.name is None:
            continue
        model = next((m for m in admin.site._registry if name.startswith(f"admin:{m._meta.db_table}_")), None)
        row = model.objects.order_by("pk").first() if model else User.objects.first()
        values = {"object_id": row and row.pk, "id": row and row.pk, "app_label": "alerts"}
        values |= {"content_type_id": ContentType.objects.get_for_model(User).pk, "url": "nothing/here"}
        values |= {"name": "confirm", "scheme": "dark"}
        assert set(wanted) <= set(values), (name, wanted)
        found[name] = reverse(name, kwargs={key: values[key] or 1 for key in wanted})
    return found


@pytest.mark.parametrize("who", ["anybody", "staff"])
def test_reading_every_address_there_is_changes_no_row(client, addresses, who):
    """Whoever reads: with the cookies of a person who has just asked for an alert, and as staff who may do anything."""
    if who == "staff":
        client.force_login(
            User.objects.create_superuser("staff@example.org", "a-long-password", confirmed_at=clock.now())
        )
    pages = addresses | admin_addresses()
    assert set(pages) == {name for name, pattern in every_pattern() if pattern.name}
    before, answers = rows(), Counter()
    for address in pages.values():
        for method in (client.get, client.head, client.get):
            answers[method(address).status_code] += 1
    assert rows() == before
    assert answers[200] > (200 if who == "staff" else 50), answers


def test_only_signed_links_and_providers_posts_are_exempt_from_the_check_of_cross_site_posts():
    exempt = {name for name, pattern in patterns().items() if getattr(pattern.callback, "csrf_exempt", False)}
    signed = {"confirm", "manage", "unsubscribe", "undo", "digest", "shared", "not-relevant", "stay", "check-in"}
    assert exempt == signed | {"address-link", "delivery-events"}


@pytest.mark.parametrize("address", ["/subscribe", "/check-email"])
def test_the_other_forms_refuse_a_cross_site_post_in_words(address):
    answer = Client(enforce_csrf_checks=True).post(address, {})
    assert answer.status_code == 403 and "load the page again" in answer.content.decode()


def test_a_token_works_at_its_own_address_alone(client, addresses):
    made = {"confirm": "confirm", "m": "manage", "u": "unsub", "d": "digest", "undo": "undo", "c": "check-in"}
    uuid = make_subscription(make_person(), "trains").user.uuid
    for page in made:
        for other, scope in made.items():
            if other != page:
                address = f"/{page}/{tokens.make(scope, uuid, clock.now())}"
                assert client.get(address).status_code == client.post(address).status_code or page == "d"
                assert client.get(address).status_code == 404
        assert client.get(addresses["not-relevant"].replace("/n/", f"/{page}/")).status_code == 404
        assert client.get(f"/n/{tokens.make(made[page], uuid, clock.now())}").status_code == 404


def test_pages_of_signed_links_tell_their_address_to_nobody(client, addresses):
    for name in ("confirm", "manage", "unsubscribe", "undo", "digest", "not-relevant", "shared", "address-link"):
        answer = client.get(addresses[name])
        assert answer["Referrer-Policy"] == "no-referrer", name
        assert "noindex" in answer["X-Robots-Tag"] and "no-store" in answer["Cache-Control"]


def test_every_page_names_its_links_and_fields(client, addresses):
    for name in set(addresses) - {
        "healthz",
        "robots",
        "outbox-html",
        "outbox-raw",
        "export-json",
        "export-csv",
        "feed-atom",
        "feed-json",
    }:
        page = client.get(addresses[name]).content.decode()
        for field in re.findall(r'<input (?!type="hidden")[^>]* id="([^"]+)"', page):
            assert f'for="{field}"' in page, (name, field)
        assert not re.search(r"<a [^>]*>\s*</a>", page), name
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), name


def test_unknown_hosts_are_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
