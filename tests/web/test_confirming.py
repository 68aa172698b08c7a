"""Confirming an alert, by link or by code; and cancelling it."""

import datetime

import pytest
import time_machine

from accounts import suppressions
from accounts.models import Consent, Suppression, User
from alerts.models import Change, Counter, Message, Schedule, SignUp, Subscription, Topic
from alerts.retention.forget import forget
from alerts.web import codes, confirming, subscriptions
from config import clock
from tests.factories import make_person, make_subscription
from tests.web.stories import ADDRESS, WORDS, ask, code, link, person, press_confirm, shown, subscribed

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def asked(client, **typed) -> str:
    """The path of the confirm link after asking."""
    ask(client, **typed)
    return link(Message.objects.latest("id"), "confirm")


def test_the_whole_story_from_the_box_to_the_end(client):
    assert 'href="/subscribe?q=maternity' in client.get("/preview", {"q": WORDS}).content.decode()
    path = asked(client, name="Births", frequency="daily", wants_tabled="on")
    page = client.get(path)
    assert "s…e@example.org" in page.content.decode() and ADDRESS not in page.content.decode()
    assert not Subscription.objects.exists()

    answer = press_confirm(client, path)
    assert (answer.status_code, answer["Location"]) == (302, "/confirmed")
    subscription = Subscription.objects.get()
    assert (subscription.user.email, subscription.query, subscription.name) == (ADDRESS, WORDS, "Births")
    assert subscription.kinds == ["tabled", "holding", "answered", "corrected", "withdrawn", "published"]

    done = client.get("/confirmed").content.decode()
    assert "Your alert is on" in done and WORDS in done
    manage = link_in(done)
    listed = client.get(manage).content.decode()
    assert "Births" in listed and "s…e@example.org" in listed and ADDRESS not in listed

    client.post(manage, {"do": "stop", "alert": str(subscription.uuid)})
    subscription.refresh_from_db()
    assert subscription.end_reason == "person"
    assert "You have no alerts" in client.get(manage).content.decode()
    assert list(Change.objects.order_by("id").values_list("action", flat=True)) == ["confirmed", "ended"]


def link_in(page: str) -> str:
    return "/m/" + page.partition("/m/")[2].partition('"')[0]


def test_confirming_sets_everything_that_the_digests_stand_on(client):
    Counter.objects.update(seq=41)
    subscription = subscribed(client)
    reader = person()
    assert subscription.told_through == 41
    assert subscription.topic.version == 1 and subscription.topic.filled_at is None
    assert reader.confirmed_at and not reader.has_usable_password()
    schedule = Schedule.objects.get(user=reader, frequency="daily")
    local = schedule.next_due_at.astimezone(reader.zone)
    assert (local.hour, local.minute) == (7, 30) and schedule.next_due_at > clock.now()
    consent, sign_up = Consent.objects.get(), SignUp.objects.get()
    assert (consent.user, consent.token_id, consent.asked_at) == (reader, sign_up.uuid, sign_up.asked_at)
    assert (consent.text_version, consent.network, consent.form_url) == (
        sign_up.text_version,
        "127.0.0.0/24",
        "/subscribe",
    )
    change = Change.objects.get()
    assert (change.actor, change.actor_id, change.object_id) == ("person", reader.pk, subscription.pk)
    assert (change.action, change.scope) == ("confirmed", "confirm")


def test_confirming_twice_is_confirming_once_and_shows_the_same_page(client):
    path = asked(client)
    first, second = press_confirm(client, path), press_confirm(client, path)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (302, "/confirmed")
    assert Subscription.objects.count() == Consent.objects.count() == Change.objects.count() == 1


def test_the_code_is_an_equal_route_in_the_browser_that_asked(client):
    ask(client)
    answer = client.post("/check-email", {"code": code(Message.objects.get())})
    assert answer["Location"] == "/confirmed"
    assert Change.objects.get().scope == "code"
    assert "Your alert is on" in client.get("/confirmed").content.decode()


def test_one_code_has_another_hash_for_another_sign_up(client):
    ask(client)
    ask(client, address="other@example.org")
    first, second = SignUp.objects.order_by("id")
    assert codes.code_hash(first.uuid, "123456") != codes.code_hash(second.uuid, "123456")


def test_the_code_is_worth_nothing_in_another_browser(client):
    ask(client)
    client.cookies.clear()
    page = client.post("/check-email", {"code": code(Message.objects.get())}).content.decode()
    assert "That is not the code" in page and not Subscription.objects.exists()


def test_five_wrong_codes_end_the_code_and_the_link_stays_good(client):
    path = asked(client)
    right = code(Message.objects.get()).replace(" ", "")
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        page = client.post("/check-email", {"code": wrong}).content.decode()
    assert "This code has ended" in page
    assert "This code has ended" in client.post("/check-email", {"code": right}).content.decode()
    assert not Subscription.objects.exists()
    assert press_confirm(client, path)["Location"] == "/confirmed"


def test_sending_again_after_a_minute_brings_a_new_code_and_the_old_one_ends(client):
    ask(client)
    client.post("/check-email", {"again": "1"})
    assert Message.objects.count() == 1
    with time_machine.travel(clock.now() + datetime.timedelta(seconds=61)):
        client.post("/check-email", {"again": "1"})
    first, second = Message.objects.order_by("id")
    assert client.post("/check-email", {"code": code(second)})["Location"] == "/confirmed"
    assert link(first, "confirm") == link(second, "confirm")


def test_who_typed_an_address_learns_nothing_when_its_owner_confirms(client, django_client=None):
    from django.test import Client

    path = asked(client)
    press_confirm(Client(), path)
    page = client.get("/confirmed").content.decode()
    assert "/m/" not in page and WORDS not in page


@pytest.mark.parametrize("stamp", [lambda: shown(0.2), lambda: "", lambda: "forged"])
def test_a_post_right_after_the_page_was_shown_shows_it_again(client, stamp):
    path = asked(client)
    for pressed in ({}, {"cancel": "1"}):
        answer = client.post(path, {"shown": stamp(), **pressed})
        assert answer.status_code == 200 and "Confirm this alert" in answer.content.decode()
    assert not Subscription.objects.exists() and not Suppression.objects.exists()


@pytest.mark.parametrize("order", [("confirm", "cancel"), ("cancel", "confirm"), ("confirm", "cancel", "confirm")])
def test_both_buttons_pressed_is_not_confirmed(client, order):
    path = asked(client)
    for button in order:
        answer = press_confirm(client, path, **({"cancel": "1"} if button == "cancel" else {}))
    assert "Cancelled" in answer.content.decode() or "cancelled" in answer.content.decode()
    assert not Subscription.objects.filter(ended_at__isnull=True).exists()
    sign_up = SignUp.objects.get()
    assert sign_up.confirmed_at is None and sign_up.cancelled_at
    assert not Consent.objects.exists()
    assert suppressions.suppressed(ADDRESS)


def test_cancelling_spares_the_other_alerts_of_its_owner(client):
    make_subscription(make_person(ADDRESS), "trains")
    path = asked(client)
    assert "cancel and block" not in client.get(path).content.decode()
    press_confirm(client, path, cancel="1")
    assert not suppressions.suppressed(ADDRESS)
    assert [one.query for one in Subscription.objects.filter(ended_at__isnull=True)] == ["trains"]


def test_cancelling_a_twin_of_an_alert_one_has_ends_nothing(client):
    ask(client)
    first, twin = SignUp.objects.get(), None
    with time_machine.travel(clock.now() + datetime.timedelta(seconds=90)):
        ask(client)
    twin = SignUp.objects.latest("id")
    confirming.confirm(first.uuid, clock.now())
    confirming.confirm(twin.uuid, clock.now() + datetime.timedelta(minutes=5))
    assert Subscription.objects.count() == 1
    confirming.cancel(twin.uuid, clock.now() + datetime.timedelta(minutes=6))
    assert Subscription.objects.get().ended_at is None


def test_a_second_alert_keeps_the_due_time_of_the_first(client):
    reader = make_person(ADDRESS)
    schedule = make_subscription(reader, "trains", now=clock.now() - DAY).user.schedules.get()
    subscribed(client)
    assert Schedule.objects.get().next_due_at == schedule.next_due_at
    assert [one.position for one in Subscription.objects.order_by("id")] == [0, 1]


def test_an_unconfirmed_sign_up_changes_nothing_of_a_known_person(client):
    make_subscription(make_person(ADDRESS), "trains")
    before = list(Subscription.objects.values()), list(Schedule.objects.values()), list(User.objects.values())
    topics = Topic.objects.count()
    ask(client)
    assert before == (list(Subscription.objects.values()), list(Schedule.objects.values()), list(User.objects.values()))
    assert Topic.objects.count() == topics


def test_the_same_words_in_another_order_are_the_same_alert(client):
    subscribed(client)
    ask(client, q="trains OR buses", address="other@example.org")
    SignUp.objects.filter(email="other@example.org").update(email=ADDRESS, query="neonatal OR maternity")
    twin = SignUp.objects.latest("id")
    confirmation = confirming.confirm(twin.uuid, clock.now())
    assert confirmation.outcome == "confirmed"
    assert Subscription.objects.count() == 1


def test_after_seven_days_the_link_offers_a_new_one_to_the_same_address_which_only_the_link_knows_by_then(client):
    path = asked(client)
    with time_machine.travel(clock.now() + 8 * DAY):
        forget(clock.now())
        assert SignUp.objects.get().email == "" and not Message.objects.exists()
        assert "This link has expired" in client.get(path).content.decode()
        assert "This link has expired" in press_confirm(client, path).content.decode()
        assert not Subscription.objects.exists()
        assert client.post(path, {"again": "1"})["Location"] == "/check-email"
        fresh = link(Message.objects.latest("id"), "confirm")
        assert fresh != path
        assert Message.objects.latest("id").to_address == ADDRESS
        assert press_confirm(client, fresh)["Location"] == "/confirmed"
    assert Subscription.objects.get().query == WORDS


@pytest.mark.parametrize("fields", [{}, {"cancel": "1"}])
def test_nobody_is_confirmed_or_blocked_by_a_link_whose_address_is_no_longer_kept(client, fields):
    path = asked(client)
    with time_machine.travel(clock.now() + 8 * DAY):
        forget(clock.now())
        assert "This link has expired" in press_confirm(client, path, **fields).content.decode()
    assert not Suppression.objects.exists() and not User.objects.exists()


def test_the_address_in_a_link_cannot_be_changed(client):
    path, other = asked(client), asked(client, address="other@example.org")
    token, seal = path.partition(".")[0], other.partition(".")[2]
    with time_machine.travel(clock.now() + 8 * DAY):
        forget(clock.now())
        for forged in (token, f"{token}.{seal}", f"{path}x"):
            answer = client.post(forged, {"again": "1"})
            assert answer["Location"].startswith("/subscribe?q=maternity")
    assert not Message.objects.exists()


def test_a_link_whose_sign_up_is_no_longer_kept_says_so_or_that_it_was_confirmed(client):
    unused = asked(client)
    with time_machine.travel(clock.now() + DAY):
        used = asked(client, q="lighthouses")
        press_confirm(client, used)
    with time_machine.travel(clock.now() + 40 * DAY):
        forget(clock.now())
        assert not SignUp.objects.exists()
        answer = client.get(unused)
        assert answer.status_code == 410 and "This link has expired" in answer.content.decode()
        for answer in (client.get(used), press_confirm(client, used)):
            assert answer.status_code == 200 and "You confirmed this alert" in answer.content.decode()


def test_an_address_suppressed_since_is_not_confirmed(client):
    path = asked(client)
    suppressions.suppress(ADDRESS, Suppression.Reason.COMPLAINT, clock.now())
    assert "We do not write to this address" in press_confirm(client, path).content.decode()
    assert not User.objects.exists() and not Subscription.objects.exists()


@pytest.mark.parametrize("most", [2, 3])
def test_one_alert_more_than_one_may_have_is_refused_in_words(client, monkeypatch, most):
    monkeypatch.setattr(subscriptions, "MOST_ALERTS", most)
    reader = make_person(ADDRESS)
    for number in range(most):
        make_subscription(reader, f"trains{number}")
    assert f"You have {most} alerts" in press_confirm(client, asked(client)).content.decode()
    assert Subscription.objects.count() == most


def test_a_confirmed_alert_that_was_stopped_since_says_so(client):
    path = asked(client)
    press_confirm(client, path)
    Subscription.objects.update(ended_at=clock.now(), end_reason="person")
    press_confirm(client, path)
    assert "Confirmed, and stopped since" in client.get("/confirmed").content.decode()
    assert Subscription.objects.filter(ended_at__isnull=True).count() == 0


def test_a_link_for_one_confirms_no_other(client):
    mine, theirs = asked(client), asked(client, address="other@example.org", q="trains")
    press_confirm(client, mine)
    assert [one.user.email for one in Subscription.objects.all()] == [ADDRESS]
    token, _, seal = theirs.partition(".")
    forged = f"{token[:-2]}{'BB' if token.endswith('AA') else 'AA'}.{seal}"
    assert client.get(forged).status_code == press_confirm(client, forged).status_code == 404


def test_the_page_is_not_indexed_not_stored_and_tells_its_address_to_nobody(client):
    answer = client.get(asked(client))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"] and "no-store" in answer["Cache-Control"]
    assert "<script" not in answer.content.decode()
