"""The staff's view: every page opens, and what must not change cannot be changed there."""

import re
import socket
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import sessions, suppressions
from accounts.models import Suppression, User
from alerts.matching.percolate import percolate_due
from alerts.models import (
    Change,
    CheckIn,
    Cursor,
    DeliveryEvent,
    DepartmentName,
    Digest,
    Event,
    Hit,
    Hold,
    Host,
    Issue,
    Item,
    Message,
    NotRelevant,
    Outlet,
    PollRun,
    Section,
    Snapshot,
    SnapshotPart,
    Source,
    Subscription,
    Walk,
)
from alerts.moderation import health
from alerts.moderation import waiting as desk
from alerts.retention.forget import forget
from config import clock
from tests.factories import NOW, make_department, make_event, make_member, make_person, make_source, move
from tests.web.stories import ask, link, press_confirm

pytestmark = pytest.mark.django_db

OURS = [model for label in ("accounts", "alerts") for model in apps.get_app_config(label).get_models()]
PASSWORD = "a long enough secret"


@pytest.fixture
def staff(client):
    """A client signed in as staff, by address and password."""
    User.objects.create_superuser("staff@example.org", PASSWORD)
    answer = client.post("/admin/login/?next=/admin/", {"username": "staff@example.org", "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.fixture
def rows(client):
    """At least one row of every model, made as they are made."""
    visitor = Client()
    ask(visitor)
    press_confirm(visitor, link(Message.objects.get(), "confirm"))
    subscription = Subscription.objects.get()
    event = make_event("answered", department=make_department(), asking_member=make_member(), seq=1)
    source = make_source()
    Host.objects.create(name="example.org", gap=timedelta(seconds=5), next_at=NOW)
    Issue.objects.create(
        source=source, external_key="1", rule="whole", confidence=0.5, first_seen_at=NOW, changed_at=NOW
    )
    snapshot = Snapshot.objects.create(
        version=1,
        newest_id=1,
        newest_key="k",
        topics=1,
        analysis_version=1,
        layout=1,
        checksum="c",
        size=3,
        made_at=NOW,
    )
    SnapshotPart.objects.create(snapshot=snapshot, number=0, content=b"abc")
    Cursor.objects.create(source=source, pass_name="tabled", last_complete_on=NOW.date(), last_complete_at=NOW)
    PollRun.objects.create(source=source, pass_name="tabled", window_from=NOW.date(), started_at=NOW)
    DepartmentName.objects.create(department=make_department(), name="DL", folded="dl")
    Hit.objects.create(topic=subscription.topic, event=event, seq=1)
    digest = Digest.objects.create(user=subscription.user, frequency="daily", period_key="2026-03-10", made_at=NOW)
    move(make_person(), "moved@example.org")
    named = {"subscription": subscription, "item": event.item, "event": event}
    CheckIn.objects.create(subscription=Subscription.objects.first(), why="busy", query="foghorns", since=NOW, at=NOW)
    Outlet.objects.create(subscription=subscription, kind="page", opened_at=NOW)
    Walk.objects.create(name="check-ins", begun_at=NOW, place=1)
    NotRelevant.objects.create(query="foghorns", at=NOW, **named)
    Section.objects.create(
        digest=digest,
        subscription=subscription,
        topic=subscription.topic,
        position=0,
        query="x",
        kinds=["answered"],
        from_seq=0,
        to_seq=1,
    )
    DeliveryEvent.objects.create(
        dedup_key="1", esp="x", event_type="delivered", received_at=NOW, message=Message.objects.get()
    )
    forget(NOW)
    Hold.objects.create(cause="provider", since=NOW, until=NOW, reason="429 Too Many Requests")
    suppressions.suppress("gone@example.org", Suppression.Reason.STAFF, NOW)
    sessions.begin(subscription.user, "Firefox on Linux", "127.0.0.0/24", NOW)
    subscription.user.sign_ins.create(link_hash="1", code_hash="1", asked_at=NOW, expires_at=clock.now())


def test_every_model_is_registered_and_every_page_of_it_opens(staff, rows, django_assert_max_num_queries):
    for model in OURS:
        assert admin.site.is_registered(model), model
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        first = model._default_manager.first()
        assert first, f"the fixture makes no {model.__name__}"
        with django_assert_max_num_queries(20):
            listed = staff.get(reverse(f"{name}_changelist"))
        assert listed.status_code == 200, model
        assert staff.get(reverse(f"{name}_changelist"), {"q": "someone@example.org"}).status_code == 200, model
        assert staff.get(reverse(f"{name}_change", args=[first.pk])).status_code == 200, model


def test_filters_of_every_list_open(staff, rows):
    for model in OURS:
        page = staff.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        for spec in page.context["cl"].filter_specs:
            for choice in spec.choices(page.context["cl"]):
                assert staff.get(page.request["PATH_INFO"] + choice["query_string"]).status_code == 200, (model, choice)


def test_what_the_database_or_a_promise_keeps_fixed_has_no_form(staff, rows):
    may_change = {"Source", "Item", "Department", "DepartmentName", "User"}
    for model in OURS:
        first = model._default_manager.first()
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[first.pk])
        changeable = b'name="_save"' in staff.get(address).content
        assert changeable is (model.__name__ in may_change), model
    assert staff.post(reverse("admin:alerts_change_delete", args=[Change.objects.first().pk])).status_code == 403


def test_no_list_or_page_of_messages_shows_a_body_or_a_token(staff, rows):
    message = Message.objects.get()
    token = link(message, "confirm")
    for address in ("/admin/alerts/message/", f"/admin/alerts/message/{message.pk}/change/"):
        page = staff.get(address).content.decode()
        assert token not in page and "press Confirm" not in page


def test_of_an_item_only_hiding_can_be_changed(staff, rows):
    item = Item.objects.first()
    address = f"/admin/alerts/item/{item.pk}/change/"
    sent = {"hidden_at_0": "2026-03-10", "hidden_at_1": "09:00", "hidden_reason": "wrong name", "heading": "forged"}
    for prefix in ("events", "revisions"):
        sent |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    assert staff.post(address, sent).status_code == 302
    item.refresh_from_db()
    assert (item.hidden_at, item.hidden_reason, item.heading) == (NOW, "wrong name", "Foghorns: Repairs")


def test_staff_make_staff_by_address(staff):
    sent = {"email": "New.One@example.org", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert staff.post("/admin/accounts/user/add/", sent).status_code == 302
    made = User.objects.get(email="new.one@example.org")
    assert made.check_password(PASSWORD) and made.email_as_typed == "New.One@example.org"
    assert (
        "Enter an email address"
        in staff.post("/admin/accounts/user/add/", sent | {"email": "someone@localhost"}).content.decode()
    )


def test_staff_suppress_an_address_that_is_kept_as_a_hash_and_found_again(staff):
    make_person("bounce@example.org")
    sent = {"address": "Bounce@example.org", "reason": "staff", "note": "asked by phone"}
    assert staff.post("/admin/accounts/suppression/add/", sent).status_code == 302
    assert suppressions.suppressed("bounce@example.org")
    found = staff.get("/admin/accounts/suppression/", {"q": "bounce@example.org"}).content.decode()
    assert "asked by phone" in found
    assert (
        "asked by phone" not in staff.get("/admin/accounts/suppression/", {"q": "other@example.org"}).content.decode()
    )
    assert "on the list already" in staff.post("/admin/accounts/suppression/add/", sent).content.decode()


def test_staff_hold_all_sending_with_a_reason_and_let_it_go_on_with_lines_in_the_log(staff, client):
    add = "/admin/alerts/hold/add/"
    assert "This field is required" in staff.post(add, {"reason": ""}).content.decode()
    assert staff.post(add, {"reason": "Restored from a backup", "until_0": "", "until_1": ""}).status_code == 302
    hold = Hold.objects.get()
    assert (hold.cause, hold.until) == ("staff", None)
    assert client.get("/healthz").json()["sending_held"] == {"cause": "staff", "until": None}
    assert staff.get(add).status_code == 403, "one is enough"
    assert staff.post(f"/admin/alerts/hold/{hold.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Hold.objects.exists()
    logged = Change.objects.filter(object_type="hold").order_by("id")
    assert [(change.action, change.reason) for change in logged] == [
        ("held", "Restored from a backup"),
        ("released", "Restored from a backup"),
    ]


@pytest.fixture
def unsettled():
    """Three mails: one uncertain for good, one of which news may come, one that failed."""
    values = {"kind": "change", "body": b"x", "made_at": NOW, "handoff_at": NOW, "resends": 1}
    states = [("uncertain", None), ("uncertain", NOW), ("failed", None)]
    return [
        Message.objects.create(
            to_address=f"{n}@example.org",
            message_id=f"<{n}@b>",
            state=state,
            lease_until=lease,
            settled_at=NOW if state == "failed" else None,
            **values,
        )
        for n, (state, lease) in enumerate(states)
    ]


def test_staff_send_again_what_failed_or_stays_uncertain_and_nothing_else(staff, unsettled):
    page = act(staff, "message", "send_again", unsettled)
    assert "Choose a reason" in page.content.decode()
    page = act(staff, "message", "send_again", unsettled, reason="the cause is mended")
    assert said(page) == ["To be sent again: 2."]
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["pending", "uncertain", "pending"]
    logged = Change.objects.filter(object_type="message", action="sent again").order_by("id")
    assert [change.before["state"] for change in logged] == ["uncertain", "failed"]
    page = act(staff, "message", "send_again", unsettled, reason="the cause is mended")
    assert said(page) == ["Nothing here is uncertain for good, or failed."]


def test_staff_take_as_sent_what_stays_uncertain_and_nothing_else(staff, unsettled):
    page = act(staff, "message", "take_as_sent", unsettled, reason="the provider's log shows it")
    assert said(page) == ["Taken as sent: 1."]
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "uncertain", "failed"]


def test_readers_have_no_way_in(client):
    make_person("reader@example.org")
    answer = client.post("/admin/login/", {"username": "reader@example.org", "password": ""})
    assert answer.status_code == 200
    assert client.get("/admin/").status_code == 302


# Events that wait


@pytest.fixture
def waiting():
    """Three events that wait."""
    return [make_event("published", released=False, heading=f"Letter {number}") for number in range(3)]


def act(staff, model, action, rows, **more):
    sent = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return staff.post(f"/admin/alerts/{model}/", sent, follow=True)


def said(page):
    return [str(message) for message in page.context["messages"]]


def test_what_waits_is_listed_the_oldest_first(staff, waiting):
    make_event("published", heading="Out already")
    page = staff.get("/admin/alerts/event/", {"stands": "waiting"})
    assert [event.heading for event in page.context["cl"].result_list] == ["Letter 0", "Letter 1", "Letter 2"]
    assert "waits: its source is under review" in page.content.decode()
    (source,) = Source.objects.filter(kind="feed")
    listed = staff.get("/admin/alerts/source/").content.decode()
    link_to_them = re.search(r'href="([^"]*stands=waiting[^"]*)">3</a>', listed)[1].replace("&amp;", "&")
    assert f"id__exact={source.pk}" in link_to_them
    assert len(staff.get(link_to_them).context["cl"].result_list) == 3


def test_an_approved_event_is_released_once_matched_and_logged(staff, waiting):
    page = act(staff, "event", "approve", waiting[:2])
    assert said(page) == ["Approved: 2 of 2."]
    assert set(Event.objects.exclude(released_at=None).values_list("pk", flat=True)) == {one.pk for one in waiting[:2]}
    assert percolate_due(clock.now()).events == 2
    page = act(staff, "event", "approve", waiting)
    assert said(page) == ["Approved: 1 of 3. Of the others, 2 had been approved by staff@example.org."]
    changes = Change.objects.filter(action="approved", actor="staff", object_type="event")
    assert sorted(changes.values_list("object_id", flat=True)) == [one.pk for one in waiting]
    assert changes[0].before == {"held_for": "review"}


def test_rejecting_takes_a_reason_and_approving_says_who_rejected_meanwhile(staff, waiting):
    page = act(staff, "event", "reject", waiting)
    assert "Choose a reason" in page.content.decode() and "Letter 1" in page.content.decode()
    assert Event.objects.waiting().count() == 3
    page = act(staff, "event", "reject", waiting, reason="other", note=" ")
    assert "Say in a few words what the reason is." in page.content.decode()
    assert Event.objects.waiting().count() == 3
    page = act(staff, "event", "reject", waiting[:1], reason="spam", note="betting")
    assert said(page) == ["Rejected: 1 of 1."]
    change = Change.objects.get(action="rejected")
    assert (change.object_id, change.reason) == (waiting[0].pk, "spam: betting")
    page = act(staff, "event", "approve", waiting)
    assert said(page) == ["Approved: 2 of 3. Of the others, 1 had been rejected by staff@example.org."]
    assert Event.objects.get(pk=waiting[0].pk).released_at is None


def test_only_who_may_change_events_decides(client, waiting):
    looker = User.objects.create_user("looker@example.org", confirmed_at=NOW, is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_event"))
    client.force_login(looker, "django.contrib.auth.backends.ModelBackend")
    assert client.get("/admin/alerts/event/").status_code == 200
    act(client, "event", "approve", waiting)
    act(client, "event", "reject", waiting, reason="spam")
    assert Event.objects.waiting().count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does(waiting):
    ada, bert = (User.objects.create_superuser(f"{name}@example.org", PASSWORD) for name in ("ada", "bert"))
    barrier, results = Barrier(2), {}

    def decide(name, decision, *args):
        barrier.wait()
        results[name] = decision(Event.objects.all(), *args, NOW).done
        connection.close()

    threads = [
        Thread(target=decide, args=("approved", desk.approve, ada)),
        Thread(target=decide, args=("rejected", desk.reject, bert, "spam")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results.values()) == [0, 3]
    winner = max(results, key=results.get)
    assert set(Change.objects.values_list("action", flat=True)) == {winner}


def test_approving_rings_for_the_next_step(staff, waiting, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        act(staff, "event", "approve", waiting)
    assert "alerts.tasks.percolate" in rung()["percolate"]


# Sources

NO_CURSORS = {"cursors-TOTAL_FORMS": "0", "cursors-INITIAL_FORMS": "0"}
FEED = {"name": "Friends", "kind": "feed", "url": "https://friends.example.org/feed", "review": "review"} | NO_CURSORS


@pytest.fixture
def names(monkeypatch):
    """A name system where every name is public, but what is numbers is what it is."""
    look_up = socket.getaddrinfo

    def known(host, port, **more):
        return look_up("93.184.216.34" if host.endswith(".org") else host, port, **more)

    monkeypatch.setattr(socket, "getaddrinfo", known)


def edit(staff, source, **fields):
    sent = {"name": source.name, "url": source.url, "review": source.review} | NO_CURSORS
    return staff.post(f"/admin/alerts/source/{source.pk}/change/", sent | fields)


def test_staff_add_a_feed_which_is_due_at_once_and_under_review(staff, names):
    sent = FEED | {"url": "HTTPS://Friends.Example.org/feed#top"}
    assert staff.post("/admin/alerts/source/add/", sent).status_code == 302
    source = Source.objects.get()
    assert (source.url, source.review, source.paused_at) == ("https://friends.example.org/feed", "review", None)
    assert source.next_poll_at <= clock.now()
    change = Change.objects.get()
    assert (change.actor, change.action, change.after["url"]) == ("staff", "added", source.url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1/feed", "127.0.0.1 lies in a private or reserved network"),
        ("http://[::1]/feed", "lies in a private or reserved network"),
        ("http://169.254.169.254/latest", "169.254.169.254 lies in a private or reserved network"),
        ("https://friends.example.org:8443/feed", "port 8443 of friends.example.org is none of the web"),
        ("https://me:secret@friends.example.org/feed", "with a user name or password in it is never fetched"),
        ("ftp://friends.example.org/feed", "is not an http or https address"),
    ],
)
def test_an_address_the_guard_refuses_is_refused_with_a_reason(staff, names, url, words):
    page = staff.post("/admin/alerts/source/add/", FEED | {"url": url})
    assert page.status_code == 200 and Source.objects.count() == 0
    errors = page.context["adminform"].form.errors["url"]
    assert words in errors[0] and "Enter the address of a public feed." in errors[0]


def test_an_address_that_is_known_is_not_added_again(staff, names):
    make_source("feed", url="https://friends.example.org/new", former_urls=["https://friends.example.org/feed"])
    assert "had this address before it moved" in staff.post("/admin/alerts/source/add/", FEED).content.decode()
    sent = FEED | {"url": "https://friends.example.org/new"}
    assert "already exists" in staff.post("/admin/alerts/source/add/", sent).content.decode()
    assert Source.objects.count() == 1


def test_a_new_address_forgets_what_was_known_of_the_old_one(staff, names):
    source = make_source("feed", url="https://friends.example.org/feed", etag="e", body_hash="h", fail_count=3)
    assert edit(staff, source, url="https://friends.example.org/atom", kind="issues").status_code == 302
    source.refresh_from_db()
    assert source.url == "https://friends.example.org/atom"
    assert source.former_urls == ["https://friends.example.org/feed"]
    assert (source.etag, source.body_hash, source.fail_count, source.kind) == ("", "", 0, "feed")
    assert Change.objects.get().before == {"url": "https://friends.example.org/feed"}


def test_trusting_a_source_dismisses_its_notice(staff, names):
    source = make_source("feed", url="https://friends.example.org/f", review="review", notice="In other hands?")
    assert "In other hands?" in staff.get("/admin/alerts/source/").content.decode()
    edit(staff, source, review="trusted")
    source.refresh_from_db()
    assert (source.review, source.notice) == ("trusted", "")


def test_parliaments_address_is_the_settings_alone(staff, names):
    source = make_source(url="https://parliament.example.org/")
    edit(staff, source, url="https://elsewhere.example.org/", name="Questions")
    source.refresh_from_db()
    assert (source.url, source.name) == ("https://parliament.example.org/", "Questions")


def test_a_source_is_paused_with_a_reason_seen_and_goes_on(staff):
    source = make_source("feed", killed_parses=2, missing_since=NOW, fail_count=4, last_error="Nothing there.")
    act(staff, "source", "pause", [source], reason="copyright", note="they asked us to")
    source.refresh_from_db()
    assert (source.paused_at is not None, source.pause_reason) == (True, "copyright: they asked us to")
    page = act(staff, "source", "fetch_now", [source])
    assert "Paused ones are not fetched before they go on" in said(page)[0]
    assert "copyright: they asked us to" in staff.get("/admin/alerts/source/").content.decode()
    act(staff, "source", "go_on", [source])
    source.refresh_from_db()
    assert (source.paused_at, source.pause_reason, source.killed_parses, source.missing_since) == (None, "", 0, None)
    assert source.next_poll_at <= clock.now()
    assert list(Change.objects.order_by("id").values_list("action", flat=True)) == ["paused", "made due", "went on"]


def test_fetch_now_makes_a_source_due(staff):
    source = make_source("feed", next_poll_at=clock.now() + timedelta(days=1))
    assert said(act(staff, "source", "fetch_now", [source])) == ["Due at the next tick: 1."]
    source.refresh_from_db()
    assert source.next_poll_at <= clock.now()


FAILING = {"fail_count": 3, "failing_since": NOW - timedelta(hours=2), "last_error": "No answer.", "next_poll_at": NOW}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Not read yet."),
        ({"last_ok_at": NOW - timedelta(minutes=6)}, "Checked 6 min ago."),
        (FAILING, "Failed 3 times in a row since 07:00: No answer. Next try at 09:00."),
        ({"paused_at": NOW, "pause_reason": "It is gone.", "fail_count": 1}, "Paused since 09:00: It is gone."),
        ({"last_ok_at": NOW, "notice": "It may be in other hands."}, "Checked just now. It may be in other hands."),
    ],
)
def test_the_state_of_a_source_is_said_in_words(fields, words):
    assert health.state(make_source("feed", **fields), NOW) == words
