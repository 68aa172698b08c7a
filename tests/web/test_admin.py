"""The staff's view: every page opens, and what must not change cannot be changed there."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts import suppressions
from accounts.models import Suppression, User
from alerts.models import (
    Change,
    Cursor,
    DeliveryEvent,
    DepartmentName,
    Digest,
    Hit,
    Item,
    Message,
    PollRun,
    Section,
    Subscription,
)
from config import clock
from tests.factories import NOW, make_department, make_event, make_member, make_person, make_source
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
    Cursor.objects.create(source=source, pass_name="tabled", last_complete_on=NOW.date(), last_complete_at=NOW)
    PollRun.objects.create(source=source, pass_name="tabled", window_from=NOW.date(), started_at=NOW)
    DepartmentName.objects.create(department=make_department(), name="DL", folded="dl")
    Hit.objects.create(topic=subscription.topic, event=event, seq=1)
    digest = Digest.objects.create(user=subscription.user, frequency="daily", period_key="2026-03-10", made_at=NOW)
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
    suppressions.suppress("gone@example.org", Suppression.Reason.STAFF, NOW)
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


def test_readers_have_no_way_in(client):
    make_person("reader@example.org")
    answer = client.post("/admin/login/", {"username": "reader@example.org", "password": ""})
    assert answer.status_code == 200
    assert client.get("/admin/").status_code == 302
