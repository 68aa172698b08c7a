"""What the database itself refuses about messages on their way out."""

import uuid

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from alerts.models import DeliveryEvent, Message
from tests.factories import NOW, make_person

pytestmark = pytest.mark.django_db

HANDED_OVER = {"state": "handoff", "body": b"Dear reader", "handoff_at": NOW}


def make_message(**fields) -> Message:
    values = {
        "kind": Message.Kind.SIGN_IN,
        "to_address": "reader@example.org",
        "message_id": f"<{uuid.uuid4()}@hark.example>",
        "made_at": NOW,
    }
    return Message.objects.create(**(values | fields))


def change(message: Message, **fields) -> None:
    Message.objects.filter(pk=message.pk).update(**fields)


def test_its_id_is_fixed():
    with pytest.raises(DatabaseError, match="its Message-ID is fixed"):
        change(make_message(), message_id="<other@hark.example>")


def test_its_address_is_fixed_with_its_bytes_and_once_it_was_handed_over():
    moved = {"to_address": "other@example.org"}
    change(make_message(), **moved)
    change(make_message(body=b"Dear reader"), **moved, body=None)
    with pytest.raises(DatabaseError, match="its address is fixed"), transaction.atomic():
        change(make_message(body=b"Dear reader"), **moved)
    with pytest.raises(DatabaseError, match="its address is fixed"):
        change(make_message(**HANDED_OVER), **moved, body=None)


def test_its_bytes_are_fixed_once_it_was_handed_over():
    message = make_message(body=b"Dear reader")
    change(message, body=b"Dear Reader")
    change(message, state="handoff", handoff_at=NOW)
    with pytest.raises(DatabaseError, match="its bytes are fixed"):
        change(message, body=b"Dear all")


def test_its_bytes_may_be_deleted_later():
    message = make_message(**HANDED_OVER)
    change(message, state="sent", settled_at=NOW)
    change(message, body=None)
    message.refresh_from_db()
    assert message.body is None


@pytest.mark.parametrize("state", ["sent", "cancelled"])
def test_what_is_sent_or_cancelled_is_so_for_good(state):
    message = make_message(**HANDED_OVER | {"state": state, "settled_at": NOW})
    with pytest.raises(DatabaseError, match=f"is {state} for good"):
        change(message, state="pending")


@pytest.mark.parametrize("missing", ["claim_token", "lease_until"])
def test_a_claim_has_an_owner_and_an_end(missing):
    claim = {"state": "claimed", "claim_token": uuid.uuid4(), "lease_until": NOW}
    make_message(**claim)
    with pytest.raises(IntegrityError, match="message_claimed_has_a_lease"):
        make_message(**claim | {missing: None})


@pytest.mark.parametrize("state", ["handoff", "uncertain"])
@pytest.mark.parametrize("missing", ["body", "handoff_at"])
def test_nothing_is_handed_over_without_bytes_and_time(state, missing):
    with pytest.raises(IntegrityError, match="message_handed_over_has_bytes"):
        make_message(**HANDED_OVER | {"state": state, missing: None})


@pytest.mark.parametrize("state", Message.SETTLED)
def test_what_is_settled_has_its_time_by_which_its_bytes_are_let_go_of(state):
    with pytest.raises(IntegrityError, match="message_settled_has_its_time"):
        make_message(state=state)


def test_it_is_resent_once_at_most():
    with pytest.raises(IntegrityError, match="message_resent_once_at_most"):
        make_message(resends=2)


def test_a_digest_message_belongs_to_a_digest_and_a_person():
    with pytest.raises(IntegrityError, match="message_digest_has_its_digest"):
        make_message(kind=Message.Kind.DIGEST, user=make_person())


def test_two_messages_never_share_an_id():
    first = make_message()
    with pytest.raises(IntegrityError, match="message_id"):
        make_message(message_id=first.message_id)


def test_what_a_provider_tells_twice_is_stored_once():
    told = {"dedup_key": "k" * 64, "esp": "Postmark", "event_type": "delivered", "received_at": NOW}
    DeliveryEvent.objects.create(**told)
    with pytest.raises(IntegrityError, match="dedup_key"):
        DeliveryEvent.objects.create(**told)
