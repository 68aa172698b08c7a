"""Everything we hold of a person is in the export, and gone when they are erased: a new kind of row must be too."""

import json

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import connection, models

from accounts.models import AddressChange, Session, SignIn, User
from accounts.sign_ins import mailbox
from alerts.models import CheckIn, DeliveryEvent, Message, NotRelevant, Outlet, Section, Subscription
from alerts.retention.erasing import erase
from alerts.retention.rules import DAY
from alerts.web import export
from alerts.web.own_data import PARTS
from alerts.web.record import record
from tests.factories import NOW, make_event, make_person, make_subscription
from tests.web.stories import subscribed

pytestmark = pytest.mark.django_db

ADDRESS = "someone@example.org"
WHO = {
    "email",
    "email_as_typed",
    "to_address",
    "mailbox",
    "address_key",
    "actor_id",
    "old_address",
    "new_address",
    "network",
}
"""Columns that say whom a row is about without pointing at the person."""


def about_people() -> set[type[models.Model]]:
    """The models whose rows hang on a person, in however many steps, or say by a column whom they are about."""
    found: set[type[models.Model]] = {User}
    waiting = [User]
    while waiting:
        pointing = {relation.related_model for relation in waiting.pop()._meta.related_objects}
        waiting += pointing - found
        found |= pointing
    ours = [model for app in ("accounts", "alerts") for model in apps.get_app_config(app).get_models()]
    return found | {model for model in ours if WHO & {field.name for field in model._meta.concrete_fields}}


def test_every_kind_of_row_about_people_is_in_the_export():
    """The admin's own log is of staff, who are no subscribers."""
    assert about_people() - {LogEntry} == {part.model for part in PARTS}


@pytest.fixture
def reader(client) -> User:
    """Somebody with a row of every kind; the address of nobody else is like theirs."""
    alert = subscribed(client, q="foghorns")
    person = alert.user
    event = make_event()
    numbers = {"position": 0, "kinds": ["answered"], "from_seq": 0, "to_seq": 1}
    digest = person.digests.create(frequency="daily", period_key="2026-03-10", made_at=NOW)
    Section.objects.create(digest=digest, subscription=alert, topic=alert.topic, query="foghorns", **numbers)
    mail = {"message_id": "<told@b>", "to_address": ADDRESS, "made_at": NOW, "subject": "1 new: foghorns"}
    told = Message.objects.create(kind="digest", user=person, digest=digest, **mail)
    DeliveryEvent.objects.create(
        dedup_key="1", esp="x", event_type="delivered", received_at=NOW, message=told, payload={"to": ADDRESS}
    )
    NotRelevant.objects.create(subscription=alert, item=event.item, event=event, query="foghorns", at=NOW)
    Outlet.objects.create(subscription=alert, kind="page", opened_at=NOW)
    CheckIn.objects.create(subscription=alert, why="silent", since=NOW, at=NOW, query="foghorns")
    times = {"asked_at": NOW, "expires_at": NOW + DAY}
    SignIn.objects.create(user=person, link_hash="l", **times)
    Session.objects.create(user=person, key_hash="k", browser="Firefox", begun_at=NOW, ends_at=NOW + DAY)
    links = {"old_link_hash": "o", "new_link_hash": "n", "mailbox": mailbox(ADDRESS)}
    AddressChange.objects.create(
        user=person,
        old_address=ADDRESS,
        new_address="new@example.org",
        new_as_typed="new@example.org",
        **links,
        **times,
    )
    record("paused", person, alert, "manage", NOW)
    return person


def rows(person: User) -> dict[str, int]:
    return {part.name: part.of(person).count() for part in PARTS}


def test_the_export_holds_something_of_every_kind_and_no_secret(reader):
    known = json.loads(export.as_json(reader, NOW))
    empty = {"suppressions"}  # nobody writes to, or exports, what is suppressed
    assert {part.name for part in PARTS if not known[part.name]} == empty
    assert known["person"]["email"] == ADDRESS and known["alerts"][0]["query"] == "foghorns"
    assert known["not_relevant"][0]["item__heading"] and known["told"][0]["query"] == "foghorns"
    assert known["deliveries"][0]["payload"] == {"to": ADDRESS} and known["asked"][0]["at"]
    said = json.dumps(known)
    assert "hash" not in said and reader.password not in said and str(reader.uuid) not in said


def test_of_others_there_is_nothing_in_it(reader):
    stranger = make_person("stranger@example.org")
    make_subscription(stranger, "trains")
    assert "trains" not in export.as_json(reader, NOW) and "stranger" not in export.as_json(reader, NOW)
    assert rows(stranger) == {part.name: int(part.name in ("person", "alerts", "schedules")) for part in PARTS}


def test_who_is_erased_leaves_nothing_but_what_names_nobody(reader):
    other = make_subscription(make_person("other@example.org"), "foghorns")
    Message.objects.update(state="sent", settled_at=NOW)
    before = User.objects.get(pk=reader.pk)
    assert erase(reader, NOW)
    left = {name for name, number in rows(before).items() if number}
    assert left == {part.name for part in PARTS if part.stays}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" line WHERE line::text ILIKE %s', [f"%{ADDRESS}%"])
            assert cursor.fetchone()[0] == 0, table
    assert Subscription.objects.get() == other
