"""Changing one's address: both ends say yes, nobody learns whose an address is, and nothing goes to the former one."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client

from accounts import suppressions
from accounts.models import AddressChange, Session, SignIn, Suppression, User
from alerts.digests import links
from alerts.digests.claim import claim
from alerts.digests.compose import compose_due
from alerts.digests.deliver import attempt, deliver
from alerts.digests.post import Post
from alerts.digests.rendering import fix_bytes, render_waiting
from alerts.models import Change, Message, Schedule, SignUp, Subscription
from alerts.web.leaving import erase_due
from tests.digests.told import happen
from tests.factories import NOW, make_person, make_subscription, move
from tests.web.stories import enter, link, page, press_confirm, read, shown
from tests.web.test_deleting import anywhere

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

OLD, NEW = "keeper@lamps.example", "harbour@pilots.example"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def outbox(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.OUTBOX = "alerts.digests.outbox.OutboxBackend", tmp_path
    return tmp_path


@pytest.fixture
def reader() -> User:
    reader = make_person(OLD)
    make_subscription(reader, "foghorns")
    Schedule.objects.update(next_due_at=NOW + DAY)
    return reader


def ask(person: User, address: str = NEW):
    """Type an address into the settings and press the button."""
    return enter(person).post("/settings/address", {"do": "ask", "address": address})


def mail_to(address: str) -> Message:
    return Message.objects.filter(to_address=address, kind="address").latest("id")


def press(address: str, **fields: str) -> str:
    """Open the newest mail at an address and press the button of its page; the page it leads to."""
    return press_confirm(Client(), link(mail_to(address), "address"), **fields).content.decode()


def email_of(person: User) -> str:
    return User.objects.get(pk=person.pk).email


# ---- both ends


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_the_address_changes_once_both_ends_have_said_yes_in_either_order(reader, order):
    ask(reader)
    first, last = order
    assert "That is one yes" in press(first) and email_of(reader) == OLD
    assert "That is one yes" in press(first) and email_of(reader) == OLD, "twice by one end is one yes"
    assert "Your address is changed" in press(last) and email_of(reader) == NEW
    told = {message.to_address: read(message) for message in Message.objects.order_by("-id")[:2]}
    assert "From now on your emails come to this address" in told[NEW]
    assert "From now on your emails go to h…r@pilots.example" in told[OLD] and NEW not in told[OLD]
    assert Change.objects.filter(action="address_changed", object_id=reader.pk).count() == 1


def test_the_settings_say_how_far_it_is(reader):
    assert "Your emails go to keeper@lamps.example." in page(enter(reader), "/settings/address")
    ask(reader, "Harbour@Pilots.example")
    assert "Harbour@Pilots.example" in page(enter(reader), "/settings")
    press(NEW)
    html = enter(reader).get("/settings/address").content.decode()
    shows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html)
    assert shows == [(OLD, "has not said yes yet"), ("Harbour@Pilots.example", "has said yes")]
    press(OLD)
    assert "Harbour@Pilots.example" in page(enter(reader), "/settings") and email_of(reader) == NEW


def test_a_program_that_looks_through_mail_changes_nothing(reader):
    ask(reader)
    for address in (OLD, NEW):
        path, client = link(mail_to(address), "address"), Client(enforce_csrf_checks=True)
        opened = client.get(path).content.decode()
        for fields in ({}, {"shown": re.search(r'name="shown" value="([^"]+)"', opened)[1]}, {"shown": "forged"}):
            again = client.post(path, fields).content.decode()
            assert "Yes, change it" in again or "Yes, send them here" in again
            client.post(path, fields | {"cancel": "1"})
    assert AddressChange.objects.get().cancelled_at is None and email_of(reader) == OLD
    assert client.post(path, {"shown": shown()}).status_code == 200, "a person needs no cookie"
    assert AddressChange.objects.get().new_yes_at


@pytest.mark.parametrize("typed", ["", "nobody", "a@b@c", "Keeper@Lamps.example", OLD])
def test_what_is_no_other_address_is_refused_in_words_and_kept(reader, typed):
    answer = ask(reader, typed).content.decode()
    assert "There is a problem" in answer and f'value="{typed}"' in answer
    assert not AddressChange.objects.exists() and not Message.objects.exists()


def test_nothing_typed_says_where_the_links_lead_but_to_their_own_end(reader):
    ask(reader)
    old, new = (link(mail_to(address), "address") for address in (OLD, NEW))
    assert old != new
    assert "k…r@lamps.example" in page(Client(), old) and OLD not in page(Client(), old)
    assert "lamps" not in page(Client(), new), "whoever has the new address learns nothing of the former one"
    assert "lamps" not in read(mail_to(NEW))


# ---- stopping it


def test_this_was_not_me_cancels_it_and_signs_out_everywhere(reader):
    ask(reader)
    client = enter(reader)
    client.post("/sign-in", {"address": OLD})
    press(NEW)
    assert "Everybody who was signed in to your account is signed out" in press(OLD, cancel="1")
    assert not Session.objects.exists() and not SignIn.objects.exists()
    assert client.get("/settings")["Location"].startswith("/sign-in")
    for address in (OLD, NEW):
        assert "Cancelled" in press(address)
    reader.refresh_from_db()
    assert (reader.email, reader.token_version) == (OLD, 1)


def test_whose_address_was_typed_by_mistake_cancels_it_and_is_never_written_to_again(reader):
    ask(reader)
    assert "We will never write to this address again" in press(NEW, cancel="1")
    assert Session.objects.exists() and Suppression.objects.get().reason == "blocked"
    with time_machine.travel(NOW + DAY):
        enter(reader).post("/settings/address", {"do": "ask", "address": NEW})
        assert mail_to(NEW).made_at == NOW, "no second one"


def test_one_cancels_it_oneself_and_its_mails_that_wait_do_not_go(reader):
    ask(reader)
    assert enter(reader).post("/settings/address", {"do": "cancel"})["Location"] == "/settings/address?cancelled"
    assert deliver(NOW).sent == 0
    assert "Cancelled" in press(OLD) and "Cancelled" in press(NEW)
    assert not Suppression.objects.exists()


def test_after_a_day_the_links_are_over(reader, clock):
    ask(reader)
    press(OLD)
    clock.shift(DAY)
    assert "This link has ended" in press(NEW) and "This link has ended" in press(OLD, cancel="1")
    assert email_of(reader) == OLD and not Suppression.objects.exists()
    assert "has not said yes" not in page(enter(reader), "/settings/address")


def test_a_link_nobody_was_mailed_is_a_page_too(client):
    answer = client.get("/address/" + "x" * 43)
    assert answer.status_code == 404 and "This link has ended" in answer.content.decode()


def test_asking_anew_ends_the_earlier_one(reader, clock):
    ask(reader)
    first = link(mail_to(NEW), "address")
    clock.shift(2 * MINUTE)
    ask(reader, "third@example.org")
    assert "Cancelled" in press_confirm(Client(), first).content.decode()
    press(OLD)
    press("third@example.org")
    assert email_of(reader) == "third@example.org"


def test_who_leaves_moves_nowhere(reader):
    ask(reader)
    enter(reader).post("/settings/delete")
    press(OLD)
    assert "Cancelled" in press(NEW) and email_of(reader) == OLD


# ---- whose is an address


def answers(reader: User, address: str) -> tuple:
    """What somebody who types an address sees, without what they typed, and how many mails are written."""
    with transaction.atomic():
        asked = ask(reader, address)
        after = page(enter(reader), "/settings/address").replace(address, "")
        yes = press(OLD).replace(masked(address), "")
        known = enter(reader).get("/settings/export.json").json()
        listed = [(mail["kind"], mail["to_address"], mail["subject"], mail["state"]) for mail in known["emails"]]
        transaction.set_rollback(True)
    hidden = r'value="[^"]+"|/address/[\w-]+'
    return (
        listed,
        len(known["deliveries"]),
        asked.status_code,
        asked["Location"],
        re.sub(hidden, "", after),
        re.sub(hidden, "", yes),
    )


def masked(address: str) -> str:
    local, domain = address.split("@")
    return f"{local[0]}…{local[-1]}@{domain}"


def test_neither_page_nor_mail_nor_what_one_takes_along_tells_the_asker_whose_an_address_is(reader):
    make_person("taken@example.org")
    make_person("staff@example.org", is_staff=True)
    make_person("leaver@example.org", delete_after=NOW + DAY)
    for reason in ("complaint", "hard_bounce", "deleted"):
        suppressions.suppress(f"{reason}@example.org", reason, NOW)
    free = answers(reader, "free@example.org")
    for name in ("taken", "staff", "leaver", "complaint", "hard_bounce", "deleted"):
        assert answers(reader, f"{name}@example.org") == free, name


def test_who_has_an_account_there_is_told_so_at_that_address_alone_and_it_never_changes(reader):
    make_person(NEW)
    ask(reader)
    assert "an account of its own already" in read(mail_to(NEW)) and "/address/" not in read(mail_to(NEW))
    assert "That is one yes" in press(OLD) and email_of(reader) == OLD


def test_an_address_that_became_somebodys_meanwhile_is_left_to_them(reader):
    ask(reader)
    press(NEW)
    make_person(NEW)
    assert "Cancelled" in press(OLD) and email_of(reader) == OLD
    assert "an account of its own already" in read(mail_to(NEW))


@pytest.mark.parametrize(("reason", "mailed"), [("complaint", 0), ("hard_bounce", 0), ("blocked", 0), ("deleted", 1)])
def test_an_address_we_must_not_write_to_is_not_written_to(reader, reason, mailed):
    suppressions.suppress(NEW, reason, NOW)
    ask(reader)
    assert Message.objects.filter(to_address=NEW).count() == mailed
    assert deliver(NOW).sent == 1 + mailed
    if mailed:
        press(NEW)
        press(OLD)
        assert email_of(reader) == NEW and not suppressions.suppressed(NEW)


# ---- how often


def test_a_person_asks_three_times_a_day(reader, clock):
    for number in range(3):
        assert ask(reader, f"new{number}@example.org").status_code == 302
        clock.shift(MINUTE)
    answer = ask(reader)
    assert answer.status_code == 429 and int(answer["Retry-After"]) == 86_400 - 180
    assert "often enough" in answer.content.decode() and not AddressChange.objects.filter(new_address=NEW).exists()
    clock.shift(DAY)
    assert ask(reader).status_code == 302


def test_pressed_twice_it_is_asked_once(reader):
    ask(reader)
    ask(reader)
    assert AddressChange.objects.count() == 1 and Message.objects.count() == 2


def test_many_people_together_write_to_one_mailbox_as_often_as_one(reader, clock):
    for number in range(5):
        ask(make_person(), f"harbour+{number}@pilots.example")
        clock.shift(2 * MINUTE)
    assert Message.objects.filter(to_address__startswith="harbour").count() == 3


def test_everybody_together_asks_so_often_an_hour(reader, monkeypatch):
    monkeypatch.setattr("alerts.web.limits.EVERYBODYS_MOVES_AN_HOUR", 1)
    ask(make_person(), "new@example.org")
    assert ask(reader).status_code == 429


# ---- an address that bounces, or that asked for peace


@pytest.mark.parametrize("reason", ["hard_bounce", "soft_bounces"])
def test_where_the_former_address_bounces_the_new_one_alone_says_yes(reader, reason):
    suppressions.suppress(OLD, reason, NOW)
    ask(reader)
    assert not Message.objects.filter(to_address=OLD).exists()
    assert "need not say yes" in page(enter(reader), "/settings/address")
    assert "Your address is changed" in press(NEW) and email_of(reader) == NEW
    assert not Message.objects.filter(to_address=OLD).exists()
    happen(heading="Foghorns: Repairs")
    Schedule.objects.update(next_due_at=NOW)
    compose_due(NOW)
    assert Message.objects.get(kind="digest").to_address == NEW


def test_an_address_that_begins_to_bounce_before_it_says_yes_need_not(reader):
    ask(reader)
    suppressions.suppress(OLD, "hard_bounce", NOW)
    press(NEW)
    assert email_of(reader) == NEW


@pytest.mark.parametrize("reason", ["complaint", "blocked", "staff"])
def test_who_asked_us_never_to_write_is_sent_to_a_person_for_it(reader, reason):
    suppressions.suppress(OLD, reason, NOW)
    assert "We do not write to this address any more" in page(enter(reader), "/settings/address")
    ask(reader)
    assert not AddressChange.objects.exists() and not Message.objects.exists()


# ---- what goes on and what ends


def changed(reader: User) -> User:
    ask(reader)
    press(OLD)
    press(NEW)
    return User.objects.get(pk=reader.pk)


def test_sessions_stay_and_links_that_let_the_former_reader_in_end(reader):
    client = enter(reader)
    Client().post("/sign-in", {"address": OLD})
    signing_in = link(Message.objects.latest("id"), "sign-in")
    manage, stop = links.manage(reader, NOW), links.stop(reader, NOW)
    changed(reader)
    assert client.get("/alerts").status_code == 200
    assert press_confirm(Client(), signing_in).status_code == 404
    assert "This link has expired" in page(Client(), manage)
    assert "h…r@pilots.example" not in page(Client(), manage)
    assert "Stop" in page(Client(), stop)
    Client().post(stop, {"List-Unsubscribe": "One-Click"})
    assert not Subscription.objects.filter(ended_at=None).exists()


def test_a_link_asked_for_at_the_last_moment_does_not_go_to_the_former_address(reader):
    ask(reader)
    press(NEW)
    with time_machine.travel(NOW + MINUTE):
        Client().post("/sign-in", {"address": OLD})
    claimed = Message.objects.filter(kind="sign_in").get()
    press(OLD)
    claimed.refresh_from_db()
    assert (claimed.state, claimed.reason) == ("cancelled", "the address was changed")


def test_who_signs_in_at_the_new_address_finds_everything(reader):
    reader = changed(reader)
    client = Client()
    client.post("/sign-in", {"address": NEW})
    press_confirm(client, link(Message.objects.latest("id"), "sign-in"))
    assert "foghorns" in page(client)


def test_an_old_change_is_told_anew_with_an_undo_that_works(reader):
    alert = reader.subscriptions.get()
    Client().post(links.manage(reader, NOW), {"do": "pause", "alert": str(alert.uuid)})
    changed(reader)
    former, anew = Message.objects.filter(kind="change").order_by("id")
    assert (former.state, former.to_address, anew.to_address) == ("cancelled", OLD, NEW)
    assert "was paused" in read(anew)
    Client().post(link(anew, "undo"))
    alert.refresh_from_db()
    assert alert.paused_at is None


# ---- what waits for the former address


@pytest.fixture
def waiting(reader) -> Message:
    """A digest that is made and has not left."""
    happen(heading="Foghorns: Repairs")
    Schedule.objects.update(next_due_at=NOW)
    compose_due(NOW)
    Message.objects.exclude(kind="digest").delete()
    return Message.objects.get(kind="digest")


def recipients(outbox) -> set[str]:
    return {re.search(rb"^To: (.*?)\r?$", file.read_bytes(), re.M)[1].decode() for file in outbox.glob("*.eml")}


@pytest.mark.parametrize("rendered", [False, True])
def test_a_digest_that_waits_goes_along_to_the_new_address(reader, waiting, outbox, rendered):
    if rendered:
        assert render_waiting(NOW) == 1
    changed(reader)
    Message.objects.exclude(kind="digest").delete()
    assert deliver(NOW).sent == 1
    assert recipients(outbox) == {NEW}
    waiting.refresh_from_db()
    assert (waiting.state, waiting.to_address) == ("sent", NEW)


def test_a_digest_that_a_worker_has_in_hand_goes_along_too(reader, waiting, outbox):
    claimed = claim(NOW)
    fix_bytes(claimed, NOW)
    changed(reader)
    Message.objects.exclude(kind="digest").delete()
    assert attempt(claimed, Post(), NOW) == ("sent", False)
    assert recipients(outbox) == {NEW}


def test_a_digest_that_may_have_left_is_not_sent_a_second_time_elsewhere(reader, waiting, outbox):
    render_waiting(NOW)
    Message.objects.update(state="handoff", handoff_at=NOW)
    Message.objects.update(state="pending")
    changed(reader)
    Message.objects.exclude(kind="digest").delete()
    assert deliver(NOW).uncertain == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.to_address) == ("uncertain", OLD) and recipients(outbox) == set()


# ---- what the database refuses


def test_no_address_changes_without_both(reader):
    for yes in ({}, {"old_yes_at": NOW}, {"new_yes_at": NOW}, {"needs_old": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            given = {"old_yes_at": None, "new_yes_at": None, **yes}
            change = AddressChange(user=reader, old_address=OLD, new_address=NEW, done_at=NOW, **given)
            change.asked_at, change.expires_at = NOW, NOW + DAY
            change.save()
    with pytest.raises(ProgrammingError, match="both ends"), transaction.atomic():
        User.objects.filter(pk=reader.pk).update(email=NEW)


def test_one_person_waits_for_one_change(reader):
    ask(reader)
    first = AddressChange.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        first.pk, first.uuid, first.old_link_hash, first.new_link_hash = None, reader.uuid, "x", "y"
        first.save(force_insert=True)


def test_no_message_leaves_for_an_address_its_person_has_left(reader, waiting):
    render_waiting(NOW)
    move(reader, NEW)
    with pytest.raises(ProgrammingError, match="not the address of its person"), transaction.atomic():
        Message.objects.update(state="handoff", handoff_at=NOW)
    with pytest.raises(ProgrammingError, match="with its bytes"), transaction.atomic():
        Message.objects.update(to_address=NEW)
    Message.objects.update(to_address=NEW, body=None)


# ---- leaving for good


def test_nothing_with_a_former_address_outlives_the_account(reader, clock):
    client = Client()
    client.post("/subscribe", {})
    SignUp.objects.create(
        email=OLD, email_as_typed=OLD, query="lamps", text_version="1", form_url="/", asked_at=NOW,
        expires_at=NOW + DAY,
    )  # fmt: skip
    reader = changed(reader)
    assert {"accounts_addresschange", "alerts_signup", "alerts_message"} <= set(anywhere(OLD))
    enter(reader).post("/settings/delete")
    clock.shift(8 * DAY)
    assert erase_due(NOW + 8 * DAY) == 1
    assert anywhere(OLD) == [] and anywhere(NEW) == []


def test_who_has_a_former_address_by_now_keeps_what_is_theirs(reader, clock):
    reader = changed(reader)
    theirs = make_subscription(make_person(OLD), "trains")
    enter(reader).post("/settings/delete")
    clock.shift(8 * DAY)
    erase_due(NOW + 8 * DAY)
    assert User.objects.get() == theirs.user and not suppressions.suppressed(OLD)


def test_what_we_know_of_it_can_be_taken_along(reader):
    reader = changed(reader)
    known = enter(reader).get("/settings/export.json").json()
    (change,) = known["address_changes"]
    assert (change["old_address"], change["new_as_typed"]) == (OLD, NEW)
    assert datetime.fromisoformat(change["done_at"]) == NOW.astimezone(UTC)
    assert {mail["to_address"] for mail in known["emails"]} == {OLD, NEW}
