import socket
import threading
from contextlib import ExitStack
from datetime import timedelta
from email import policy
from email.parser import BytesParser

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from accounts.suppressions import suppress, suppressed
from alerts.digests import deliver as deliver_module
from alerts.digests import settle
from alerts.digests.claim import claim, sweep
from alerts.digests.compose import compose_due
from alerts.digests.deliver import Delivered, deliver
from alerts.digests.handoff import Handoff, NotHandedOver, Refusal
from alerts.digests.rendering import fix_bytes
from alerts.models import Item, Message, Subscription
from tests.digests.told import MORNING, happen, lapse, waiting_digest
from tests.factories import make_person, make_subscription
from tests.stopped import stopped_database
from tests.workers import PATIENCE, somebody_waits_for_a_lock, wait_until

State = Message.State
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def parsed(raw: bytes):
    return BytesParser(policy=policy.default).parsebytes(raw)


def in_outbox(folder) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.eml"))] if folder.exists() else []


def end_alert(message: Message) -> None:
    """Unsubscribe as the one-click address does: under the person's lock."""
    with transaction.atomic():
        User.objects.locked(message.user_id)
        Subscription.objects.filter(user=message.user_id).update(ended_at=MORNING, end_reason="one_click")


# ---- the ordinary way


def test_a_waiting_digest_is_sent_once(outbox):
    message = waiting_digest()
    assert deliver(MORNING) == Delivered(sent=1)
    assert deliver(MORNING) == Delivered()
    (mail,) = in_outbox(outbox)
    message.refresh_from_db()
    assert message.state == State.SENT and message.settled_at == MORNING
    assert mail == bytes(message.body)
    assert parsed(mail)["Message-ID"] == message.message_id


def test_over_smtp_the_very_bytes_arrive_at_one_address(sink):
    message = waiting_digest("reader@example.org")
    assert deliver(MORNING) == Delivered(sent=1)
    message.refresh_from_db()
    assert sink.accepted == [("reader@example.org", bytes(message.body))]


def test_an_email_somebody_waits_for_goes_first(outbox):
    digest = waiting_digest()
    urgent = Message.objects.create(
        kind="confirm", priority=1, to_address="new@example.org", message_id="<a@b>", body=b"x", made_at=MORNING
    )
    assert claim(MORNING).pk == urgent.pk
    assert claim(MORNING).pk == digest.pk
    assert claim(MORNING) is None


def test_a_round_is_bounded(outbox):
    for _ in range(3):
        waiting_digest()
    assert deliver(MORNING, limit=2).sent == 2
    assert deliver(MORNING, limit=2).sent == 1


@pytest.mark.django_db(transaction=True)
def test_the_handoff_is_committed_before_the_text_leaves(sink):
    message = waiting_digest("reader@example.org")
    seen = []

    def look(recipient):
        seen.append(Message.objects.get(pk=message.pk).state)
        connection.close()

    sink.at_data = look
    deliver(MORNING)
    assert seen == [State.HANDOFF]


# ---- what servers answer


@pytest.mark.parametrize(
    ("address", "state", "counted"),
    [
        ("busy@example.org", State.PENDING, "later"),
        ("closing@example.org", State.PENDING, "later"),
        ("later@example.org", State.PENDING, "later"),
        ("gone@example.org", State.PENDING, "later"),
        ("nobody@example.org", State.FAILED, "failed"),
        ("full@example.org", State.FAILED, "failed"),
        ("blocked@example.org", State.FAILED, "failed"),
        ("picky@example.org", State.FAILED, "failed"),
        ("vanishing@example.org", State.UNCERTAIN, "uncertain"),
        ("mute@example.org", State.UNCERTAIN, "uncertain"),
    ],
)
def test_every_answer_of_a_server_has_its_state(sink, settings, address, state, counted):
    if address.startswith("mute"):
        settings.EMAIL_TIMEOUT = 2
    message = waiting_digest(address)
    assert getattr(deliver(MORNING), counted) == 1
    message.refresh_from_db()
    assert message.state == state
    assert message.reason
    assert suppressed(address) == (address == "nobody@example.org")


def test_not_now_is_tried_again_later_and_uses_up_no_attempt(sink):
    message = waiting_digest("busy@example.org")
    at = MORNING
    for _ in range(8):
        deliver(at)
        message.refresh_from_db()
        assert message.state == State.PENDING
        assert message.not_before >= at + MINUTE
        assert deliver(at) == Delivered(), "not before its time"
        at = message.not_before
    assert message.attempts == 0


def test_an_address_that_says_not_now_for_a_day_is_given_up(sink):
    message = waiting_digest("busy@example.org")
    deliver(MORNING + timedelta(hours=25))
    message.refresh_from_db()
    assert message.state == State.FAILED
    assert not suppressed("busy@example.org")


@pytest.mark.parametrize("days", [0, 3])
def test_a_server_that_is_away_costs_delay_only(sink, settings, days):
    messages = [waiting_digest(), waiting_digest()]
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = unused.getsockname()[1]
        at = MORNING + timedelta(days=days)
        assert deliver(at) == Delivered(later=1), "the second is not even tried"
    settings.EMAIL_PORT = sink.port
    assert deliver(at + timedelta(hours=1)).sent == 2
    assert len(sink.accepted) == len(messages)


def test_a_server_that_does_not_say_hello_frees_the_worker(settings):
    message = waiting_digest()
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.EMAIL_BACKEND = "alerts.digests.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = *mute.getsockname(), 0.2
        assert deliver(MORNING).later == 1
    message.refresh_from_db()
    assert message.state == State.PENDING


def test_a_whole_round_goes_over_one_connection_also_past_a_refusal(sink):
    for address in ("a@example.org", "nobody@example.org", "busy@example.org", "picky@example.org", "b@example.org"):
        waiting_digest(address)
    assert deliver(MORNING) == Delivered(sent=2, failed=2, later=1)
    assert sink.connections == 1


def test_a_server_that_takes_only_so_many_on_one_connection_is_called_again_at_once(sink):
    sink.tired_after = 2
    for _ in range(5):
        waiting_digest()
    assert deliver(MORNING) == Delivered(sent=5)
    assert sink.connections == 3
    assert len(sink.accepted) == 5


def test_a_server_that_is_tired_from_the_start_is_left_in_peace(sink):
    sink.tired_after = 0
    waiting_digest(), waiting_digest()
    assert deliver(MORNING) == Delivered(later=1)
    assert sink.connections == 1


def test_ten_minutes_of_not_now_cost_each_mail_no_more_than_one_try_a_minute(sink):
    addresses = {waiting_digest().to_address for _ in range(3)}
    sink.refuses = "451 4.3.2 System not accepting mail"
    tries = [deliver(MORNING + second * timedelta(seconds=1)).later for second in range(0, 600, 20)]
    assert 3 * 3 <= sum(tries) <= 3 * 10
    assert set(Message.objects.values_list("state", "attempts")) == {(State.PENDING, 0)}
    sink.refuses = None
    deliver(MORNING + timedelta(minutes=25))
    assert sorted(address for address, _ in sink.accepted) == sorted(addresses)


@pytest.mark.django_db(transaction=True)
def test_an_email_somebody_waits_for_overtakes_a_round_under_way(sink):
    for _ in range(3):
        waiting_digest()

    def ask(recipient):
        sink.at_data = lambda recipient: None
        values = {"kind": "already", "priority": 1, "to_address": "new@example.org", "message_id": "<a@b>"}
        Message.objects.create(body=Message.objects.first().body, made_at=MORNING, **values)
        connection.close()

    sink.at_data = ask
    assert deliver(MORNING).sent == 4
    assert [address for address, _ in sink.accepted].index("new@example.org") == 1


def test_one_refused_address_does_not_stop_the_others(sink):
    waiting_digest("nobody@example.org")
    waiting_digest("reader@example.org")
    assert deliver(MORNING) == Delivered(sent=1, failed=1)
    assert [address for address, _ in sink.accepted] == ["reader@example.org"]


def test_a_hard_bounce_cancels_what_else_waits_for_the_address(sink):
    first = waiting_digest("nobody@example.org")
    other = Message.objects.create(
        kind="change", priority=9, to_address="nobody@example.org", message_id="<a@b>", body=b"x", made_at=MORNING
    )
    deliver(MORNING)
    other.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, other.state) == (State.FAILED, State.CANCELLED)


# ---- crashes


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_while_a_mail_is_sent_costs_neither_mail_nor_answer(sink):
    message = waiting_digest("reader@example.org")

    def hang_up(recipient):
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        connection.close()

    sink.at_data = hang_up
    assert deliver(MORNING) == Delivered(sent=1)
    message.refresh_from_db()
    assert message.state == State.SENT
    assert len(sink.accepted) == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_could_not_be_written_for_long_is_written_before_anything_else_is_sent(sink, monkeypatch):
    monkeypatch.setattr(deliver_module, "PAUSES", ())
    message, other = waiting_digest("reader@example.org"), waiting_digest("other@example.org")
    away = ExitStack()
    sink.at_data = lambda recipient: away.enter_context(stopped_database())
    with away, pytest.raises(OperationalError):
        deliver(MORNING)
    with stopped_database(), pytest.raises(OperationalError):
        deliver(MORNING)
    sink.at_data = lambda recipient: None
    lapse(message)
    assert deliver(MORNING) == Delivered(sent=1), "the other one"
    for each in (message, other):
        each.refresh_from_db()
        assert (each.state, each.resends) == (State.SENT, 0)
    assert [address for address, _ in sink.accepted] == ["reader@example.org", "other@example.org"]


def test_a_worker_that_died_before_the_handoff_costs_nothing(outbox):
    message = waiting_digest()
    claim(MORNING)
    assert deliver(MORNING) == Delivered(), "the lease still runs"
    lapse(message)
    assert deliver(MORNING) == Delivered(sent=1, swept=1)
    assert len(in_outbox(outbox)) == 1


def test_five_workers_that_died_over_one_message_make_it_poison(outbox):
    message = waiting_digest()
    for _ in range(5):
        assert claim(MORNING).pk == message.pk
        lapse(message)
        sweep(MORNING)
    message.refresh_from_db()
    assert message.state == State.FAILED


def test_a_message_that_cannot_be_rendered_fails_alone(outbox, settings):
    poison = waiting_digest()
    other = waiting_digest()
    hit = poison.digest.sections.get().topic.hits.order_by("seq").first()
    Item.objects.filter(pk=hit.event.item_id).update(grouped_with=[{"not": "what we store"}])
    for n in range(5):
        deliver(MORNING + n * timedelta(hours=1))
    poison.refresh_from_db()
    other.refresh_from_db()
    assert poison.state == State.FAILED
    assert poison.attempts == 5
    assert other.state == State.SENT


def handed_over(message: Message) -> Message:
    """The message as a worker leaves it that dies after the handoff."""
    claimed = claim(MORNING)
    assert claimed.pk == message.pk
    fix_bytes(claimed, MORNING)
    Handoff(claimed, MORNING)()
    return claimed


def test_after_a_crash_in_handoff_nobody_knows_and_nothing_is_sent_for_a_while(sink):
    message = waiting_digest()
    handed_over(message)
    lapse(message)
    assert deliver(MORNING) == Delivered(swept=1)
    message.refresh_from_db()
    assert message.state == State.UNCERTAIN
    assert sink.accepted == []
    assert deliver(MORNING) == Delivered(), "a quarter of an hour is left for a delivery event"


def test_what_is_uncertain_goes_once_more_with_the_same_bytes(sink):
    message = waiting_digest("vanishing@example.org")
    deliver(MORNING)
    for _ in range(4):
        lapse(message)
        deliver(MORNING)
    message.refresh_from_db()
    (_, first), (_, second) = sink.accepted
    assert first == second == bytes(message.body)
    assert (message.state, message.resends, message.lease_until) == (State.UNCERTAIN, 1, None)
    assert "may have been sent already" in message.reason


def test_the_outbox_makes_one_copy_so_it_is_tried_again_at_once(outbox):
    message = waiting_digest()
    handed_over(message)
    lapse(message)
    sweep(MORNING)
    assert deliver(MORNING).sent == 1
    message.refresh_from_db()
    assert message.resends == 0
    assert len(in_outbox(outbox)) == 1


def test_a_late_answer_settles_what_was_given_up_as_uncertain(outbox):
    message = waiting_digest()
    worker = handed_over(message)
    lapse(message)
    sweep(MORNING)
    assert settle.sent(worker, "", MORNING)
    assert Message.objects.get(pk=message.pk).state == State.SENT


def test_a_worker_slower_than_its_lease_writes_nothing_and_sends_nothing(outbox):
    message = waiting_digest()
    slow = claim(MORNING)
    fix_bytes(slow, MORNING)
    lapse(message)
    with pytest.raises(NotHandedOver) as stays:
        Handoff(slow, MORNING)()
    assert stays.value.refusal is Refusal.LOST
    sweep(MORNING)
    assert deliver(MORNING).sent == 1
    assert not settle.give_back(slow, "too late", None)


def test_who_lost_a_message_to_another_worker_cannot_hand_it_over(outbox):
    message = waiting_digest()
    slow = claim(MORNING)
    fix_bytes(slow, MORNING)
    lapse(message)
    sweep(MORNING)
    quick = claim(MORNING)
    with pytest.raises(NotHandedOver) as stays:
        Handoff(slow, MORNING)()
    assert stays.value.refusal is Refusal.LOST
    assert Message.objects.get(pk=message.pk).state == State.CLAIMED
    Handoff(quick, MORNING)()


def test_who_lost_a_message_to_another_worker_cannot_settle_it(outbox):
    message = waiting_digest()
    slow = claim(MORNING)
    lapse(message)
    sweep(MORNING)
    quick = claim(MORNING)
    fix_bytes(quick, MORNING)
    assert not settle.give_back(slow, "too late", None)
    Handoff(quick, MORNING)()
    assert not settle.sent(slow, "", MORNING)
    assert settle.sent(quick, "", MORNING)


# ---- who must not get it any more


def test_nobody_suppressed_gets_anything(outbox):
    message = waiting_digest()
    suppress(message.to_address, "complaint", MORNING)
    assert deliver(MORNING) == Delivered(cancelled=1)
    assert in_outbox(outbox) == []
    assert Message.objects.get().reason == "suppressed"


def test_nobody_who_unsubscribed_gets_anything(outbox):
    message = waiting_digest()
    end_alert(message)
    assert deliver(MORNING) == Delivered(cancelled=1)
    assert in_outbox(outbox) == []


def test_a_digest_whose_items_were_all_hidden_is_cancelled(outbox):
    message = waiting_digest()
    hide(message)
    assert deliver(MORNING) == Delivered(cancelled=1)
    assert in_outbox(outbox) == []


def hide(message: Message, heading: str = "Foghorns: Repairs") -> None:
    Item.objects.filter(heading=heading).update(hidden_at=MORNING)


def two_items() -> Message:
    subscription = make_subscription(make_person(), "foghorns", now=MORNING)
    happen(heading="Foghorns: Repairs")
    happen(heading="Foghorns: Costs")
    compose_due(MORNING)
    return Message.objects.get(user=subscription.user)


def test_what_was_hidden_after_rendering_is_not_in_the_mail(outbox):
    message = two_items()
    claimed = claim(MORNING)
    fix_bytes(claimed, MORNING)
    assert b"Foghorns: Repairs" in claimed.body
    hide(message)
    lapse(message)
    assert deliver(MORNING).sent == 1
    (mail,) = in_outbox(outbox)
    assert b"Foghorns: Repairs" not in mail and b"Foghorns: Costs" in mail


def test_an_item_that_changed_later_does_not_alter_a_mail_tried_again(sink):
    message = waiting_digest("busy@example.org")
    deliver(MORNING)
    message.refresh_from_db()
    before = bytes(message.body)
    Item.objects.update(heading="Quite another heading", due_on=MORNING.date())
    deliver(MORNING + timedelta(hours=1))
    message.refresh_from_db()
    assert bytes(message.body) == before


def test_what_may_have_gone_out_once_is_held_when_something_in_it_was_hidden(sink):
    message = two_items()
    handed_over(message)
    lapse(message)
    sweep(MORNING)
    hide(message)
    lapse(message)
    deliver(MORNING)
    message.refresh_from_db()
    assert (message.state, message.lease_until) == (State.UNCERTAIN, None)
    assert sink.accepted == []


@pytest.mark.django_db(transaction=True)
def test_no_handoff_commits_after_an_unsubscribe(outbox):
    for _ in range(12):
        message = waiting_digest()
        start = threading.Barrier(2)
        committed = []

        def unsubscribe(message=message, start=start, committed=committed):
            start.wait()
            with transaction.atomic():
                User.objects.locked(message.user_id)
                committed.append(Message.objects.get(pk=message.pk).state)
                Subscription.objects.filter(user=message.user_id).update(ended_at=MORNING, end_reason="one_click")
            connection.close()

        leaving = threading.Thread(target=unsubscribe)
        leaving.start()
        start.wait()
        deliver(MORNING)
        leaving.join()
        message.refresh_from_db()
        handed_over_before = committed[0] in {State.HANDOFF, State.SENT}
        assert message.state == (State.SENT if handed_over_before else State.CANCELLED)


@pytest.mark.django_db(transaction=True)
def test_a_handoff_waits_for_an_unsubscribe_that_is_about_to_commit(outbox):
    message = waiting_digest()
    begun = threading.Event()

    def unsubscribe():
        with transaction.atomic():
            User.objects.locked(message.user_id)
            Subscription.objects.filter(user=message.user_id).update(ended_at=MORNING, end_reason="one_click")
            begun.set()
            wait_until(somebody_waits_for_a_lock)
        connection.close()

    leaving = threading.Thread(target=unsubscribe)
    leaving.start()
    assert begun.wait(PATIENCE)
    assert deliver(MORNING) == Delivered(cancelled=1)
    leaving.join()
    assert in_outbox(outbox) == []


@pytest.mark.django_db(transaction=True)
def test_a_message_another_worker_is_just_taking_is_passed_over(outbox):
    first, second = waiting_digest(), waiting_digest()
    taking, done = threading.Event(), threading.Event()

    def take():
        with transaction.atomic():
            Message.objects.select_for_update().get(pk=first.pk)
            taking.set()
            assert done.wait(PATIENCE)
        connection.close()

    other = threading.Thread(target=take)
    other.start()
    assert taking.wait(PATIENCE)
    try:
        assert claim(MORNING).pk == second.pk
    finally:
        done.set()
        other.join()


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_everything_exactly_once(sink):
    addresses = {waiting_digest(f"reader{n}@example.org").to_address for n in range(12)}
    start = threading.Barrier(4)

    def work():
        start.wait()
        deliver(MORNING)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(address for address, _ in sink.accepted) == sorted(addresses)
