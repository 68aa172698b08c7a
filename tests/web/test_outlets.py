"""The addresses at which others read an alert: off until asked for, renewed and switched off by their owner alone."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from alerts.models import Change, Outlet, Subscription
from alerts.web import export, outlets, subscriptions
from tests.factories import NOW, make_person, make_subscription
from tests.web.stories import enter
from tests.web.test_my_alerts import press
from tests.web.test_safety import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

KINDS = [kind.value for kind in Outlet.Kind]


@pytest.fixture
def alert(reader) -> Subscription:
    return make_subscription(reader, "foghorns", name="What Mr Perrin must not know")


def paths(alert: Subscription, kind: str) -> list[str]:
    """The paths of the open outlet of this kind."""
    outlet = alert.outlets.get(kind=kind, closed_at__isnull=True)
    return [urlsplit(address).path for address in outlets.addresses(outlet)]


def test_nothing_is_open_until_a_button_is_pressed_and_then_its_address_is_shown(reader, alert):
    client = enter(reader)
    said = client.get("/alerts").content.decode()
    assert "readonly" not in said and not Outlet.objects.exists()
    for kind in KINDS:
        answer = press(client, f"open-{kind}", alert)
        assert answer["Location"] == f"/alerts?did=open-{kind}&menu={alert.uuid}#alert-{alert.uuid}"
        said = client.get(answer["Location"]).content.decode()
        assert re.search(r'<details class="more" open>.*?Whoever has', said, re.S)
        fields = re.findall(r'<input type="text"[^>]* value="([^"]+)" readonly>', said)
        assert {urlsplit(field).path for field in fields} >= set(paths(alert, kind))
        for path in paths(alert, kind):
            assert Client().get(path).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_opening_twice_keeps_the_address_that_is_given_out(reader, alert, kind):
    client = enter(reader)
    press(client, f"open-{kind}", alert)
    given = paths(alert, kind)
    press(client, f"open-{kind}", alert)
    assert paths(alert, kind) == given and Outlet.objects.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_address_stops_the_old_one_at_once_and_so_does_switching_off(reader, alert, kind):
    client = enter(reader)
    press(client, f"open-{kind}", alert)
    old = paths(alert, kind)
    press(client, f"renew-{kind}", alert)
    new = paths(alert, kind)
    assert not set(old) & set(new)
    assert {Client().get(path).status_code for path in old} == {410}
    assert {Client().get(path).status_code for path in new} == {200}
    press(client, f"close-{kind}", alert)
    assert {Client().get(path).status_code for path in new} == {410}
    assert [line.action for line in Change.objects.order_by("id")] == [
        *("outlet opened", "outlet closed", "outlet opened", "outlet closed")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_that_nobody_was_given_is_not_found_and_nor_is_one_of_another_kind(reader, alert, kind):
    press(enter(reader), f"open-{kind}", alert)
    other = next(one for one in outlets.PATHS if one != kind)
    for path in paths(alert, kind):
        assert Client().get(path[:5] + ("A" if path[5] != "A" else "B") + path[6:]).status_code == 404
        token = re.search(r"[\w-]{52}", path)[0]
        for address in outlets.PATHS[other]:
            assert Client().get(address.format(token)).status_code == 404


def test_the_database_keeps_nothing_that_opens_an_address(reader, alert):
    for kind in KINDS:
        press(enter(reader), f"open-{kind}", alert)
    tokens = {re.search(r"[\w-]{52}", path)[0] for kind in KINDS for path in paths(alert, kind)}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT line::text FROM "{table}" line')
            assert not [row for (row,) in cursor.fetchall() if any(token in row for token in tokens)], table


def test_the_database_refuses_a_second_one_and_what_is_closed_stays_closed(alert):
    outlet = Outlet.objects.create(subscription=alert, kind="page", opened_at=NOW)
    with pytest.raises(IntegrityError, match="outlet_open_once"), transaction.atomic():
        Outlet.objects.create(subscription=alert, kind="page", opened_at=NOW)
    Outlet.objects.filter(pk=outlet.pk).update(closed_at=NOW)
    with pytest.raises(DatabaseError, match="closed for good"), transaction.atomic():
        Outlet.objects.filter(pk=outlet.pk).update(closed_at=None)
    other = make_subscription(alert.user, "lamps")
    with pytest.raises(DatabaseError, match="one alert for good"), transaction.atomic():
        Outlet.objects.filter(pk=outlet.pk).update(subscription=other)


def test_nobody_else_opens_renews_or_closes_them_nor_sees_their_addresses(reader, alert):
    for kind in KINDS:
        press(enter(reader), f"open-{kind}", alert)
    shown = [path for kind in KINDS for path in paths(alert, kind)]
    stranger = enter(make_subscription(make_person(), "trains").user)
    before = rows()
    for deed in outlets.DEEDS:
        assert press(stranger, deed, alert).status_code == 404
        assert press(Client(), deed, alert)["Location"].startswith("/sign-in")
    assert not any(path in stranger.get("/alerts").content.decode() for path in shown)
    assert rows() == before


@pytest.mark.parametrize("do", ["open-", "open-everything", "burn-page"])
def test_a_button_that_there_is_not_does_nothing(reader, alert, do):
    press(enter(reader), do, alert)
    assert not Outlet.objects.exists()


def test_a_stopped_alert_opens_nothing(reader, alert):
    subscriptions.end(reader, None, "person", "signed-in", NOW)
    assert press(enter(reader), "open-page", alert).status_code == 404


def test_an_alert_that_was_stopped_and_taken_back_has_the_address_it_had(reader, alert):
    press(enter(reader), "open-page", alert)
    (path,) = paths(alert, "page")
    subscriptions.end(reader, None, "person", "signed-in", NOW)
    assert Client().get(path).status_code == 410
    subscriptions.undo(reader, [alert.uuid], "signed-in", NOW + timedelta(days=1))
    assert Client().get(path).status_code == 200


def test_an_address_of_a_deleted_account_says_that_it_is_gone(reader, alert):
    press(enter(reader), "open-page", alert)
    (path,) = paths(alert, "page")
    alert.delete()
    assert Client().get(path).status_code == 410


def test_what_is_open_is_in_the_export_and_its_address_is_not(reader, alert):
    press(enter(reader), "open-page", alert)
    (path,) = paths(alert, "page")
    known = export.as_json(reader, NOW)
    assert '"kind": "page"' in known and path.rpartition("/")[2] not in known
