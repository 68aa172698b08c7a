"""An alert that finds far too much, or nothing for a year, earns one email, and a page with two buttons."""

import json
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import suppressions
from accounts.models import User
from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.matching.fill import fill
from alerts.models import Change, CheckIn, Digest, Message, Subscription, Walk
from alerts.query import parse, topic_key
from alerts.web import export, leaving, subscriptions
from alerts.web.checking_in import check_in_due
from tests.digests.told import happen, told
from tests.factories import NOW, make_person, make_subscription
from tests.web.stories import ADDRESS, link, read
from tests.workers import PATIENCE, somebody_waits_for_a_lock, wait_until, workers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY, WEEK, YEAR = timedelta(days=1), timedelta(weeks=1), timedelta(days=365)
LONG_AGO = NOW - 8 * WEEK


@pytest.fixture
def small(monkeypatch):
    """Over two results a week are too many, so that a test need not write hundreds."""
    monkeypatch.setattr("alerts.web.checking_in.LONG", 2)


def alert(words: str = "foghorns", since: datetime = LONG_AGO, person: User | None = None, **fields) -> Subscription:
    person = person or User.objects.filter(email=ADDRESS).first() or make_person(ADDRESS)
    return make_subscription(person, words, now=since, **{"name": "Horns", **fields})


def flood(weeks: int = 4, a_week: int = 3, mentions: int = 2, kind: str = "answered") -> None:
    """So many answers in each of the weeks before today; all but `mentions` of them have the word in the heading."""
    for week in range(weeks):
        for number in range(a_week):
            on = NOW.date() - timedelta(days=7 * week + number)
            heading = "Harbours" if number < mentions else "Foghorns"
            answer = f"Answer {week}/{number}: the foghorns are mentioned as well, and so are forty other things. " * 3
            happen(kind, heading=heading, question="To ask what is repaired.", answer=answer, happened_on=on)


def mailed() -> Message:
    return Message.objects.get(kind=Message.Kind.CHECK_IN)


def words_of(message: Message) -> str:
    return " ".join(read(message).split())


# ---- what earns it


def test_four_weeks_over_the_limit_earn_one_email_with_both_numbers(small):
    alert()
    flood()
    assert check_in_due(NOW) == 1
    message = mailed()
    assert (message.to_address, message.subject) == (ADDRESS, "“Horns” found 12 results in 4 weeks")
    said = words_of(message)
    assert "found 12 results in four weeks. Matching the heading and question only would have found 4." in said
    assert "Or leave it as it is: then there is nothing to do." in said
    html = message_from_bytes(bytes(message.body), policy=policy.default).get_body(("html",)).get_content()
    for path in (link(message, "c"), link(message, "m"), link(message, "u")):
        assert path in html


@pytest.mark.parametrize(
    ("story", "earned"),
    [
        ({"weeks": 4, "a_week": 3}, 1),
        ({"weeks": 4, "a_week": 2}, 0),
        ({"weeks": 3, "a_week": 6}, 0),
    ],
)
def test_each_of_the_four_weeks_has_to_be_over_it(small, story, earned):
    alert()
    flood(**story)
    assert check_in_due(NOW) == earned


def test_what_its_reader_does_not_want_does_not_count(small):
    alert()
    flood(kind="tabled")
    assert check_in_due(NOW) == 0
    alert(person=make_person("all@example.org"), wants_tabled=True)
    assert check_in_due(NOW + DAY) == 1


def test_an_alert_set_up_or_edited_within_the_four_weeks_is_left_alone(small):
    alert(since=NOW - 3 * WEEK)
    edited, as_it_was = alert("foghorns OR sirens"), alert("foghorns OR bells", name="As it was")
    flood()
    subscriptions.edit(edited.user, edited.uuid, {"query": "foghorns OR horns"}, "signed-in", NOW - WEEK)
    fill(NOW)
    assert check_in_due(NOW) == 1
    assert CheckIn.objects.get().subscription == as_it_was


def test_narrower_words_are_offered_where_they_leave_something_and_not_nearly_everything(small):
    alert("heading:harbours OR heading:foghorns", name="narrow as it is")
    alert("forty", name="only in answers")
    alert("foghorns OR harbours", name="all of them in headings")
    alert("foghorns", name="a third of them")
    flood()
    assert check_in_due(NOW) == 4
    offered = {asked.name: asked.narrower_found for asked in CheckIn.objects.exclude(narrower="")}
    assert offered == {"a third of them": 4}
    said = words_of(Message.objects.filter(check_in__narrower="").first())
    assert "If that is too much to read, narrow its words" in said and "/c/" not in said


def test_a_year_without_anything_says_that_we_are_still_watching():
    alert(since=NOW - YEAR)
    happen(heading="Lighthouses", answer="Ten."), happen("published", heading="Lamps", text="The lamps are lit.")
    assert check_in_due(NOW - DAY / 2) == 0
    assert check_in_due(NOW) == 0, "the alerts were all looked at within the day"
    assert check_in_due(NOW + DAY) == 1
    said = words_of(mailed())
    assert mailed().subject == "Still watching “Horns”: nothing found"
    assert "has found nothing since 10 March 2025. In the last year we read 2 questions and newsletter items." in said


def test_a_silence_begins_with_the_last_that_was_told_or_done(clock):
    silent = alert(since=NOW - 3 * YEAR, last_told_at=NOW - 2 * YEAR)
    alert("sirens", since=NOW - 3 * YEAR, last_told_at=NOW - YEAR + DAY)
    resumed = alert("bells", since=NOW - 3 * YEAR, paused_at=NOW - 2 * YEAR)
    subscriptions.resume(resumed.user, resumed.uuid, "signed-in", NOW - WEEK)
    assert check_in_due(NOW) == 1
    assert CheckIn.objects.get().subscription == silent
    assert "has found nothing since its last result, on 10 March 2024." in words_of(mailed())


def test_each_year_of_silence_is_told_once():
    alert(since=NOW - YEAR)
    days = (0, 1, 100, 364, 365, 366, 700, 730)
    assert [check_in_due(NOW + number * DAY) for number in days] == [1, 0, 0, 0, 1, 0, 0, 1]


# ---- who gets it


def away(person: User, how: str) -> None:
    if how == "suppressed":
        suppressions.suppress(person.email, "hard_bounce", NOW)
    elif how == "paused":
        subscriptions.pause(person, person.subscriptions.get().uuid, "signed-in", NOW)
    elif how == "stopped":
        subscriptions.end(person, None, "person", "unsub", NOW)
    elif how == "on holiday":
        User.objects.update(paused_from=date(2026, 3, 9), paused_until=date(2026, 3, 20))
    elif how == "leaving":
        leaving.ask(person, "signed-in", NOW)
    elif how == "blocked":
        User.objects.update(is_active=False)


AWAY = ["suppressed", "paused", "stopped", "on holiday", "leaving", "blocked"]


@pytest.mark.parametrize("how", AWAY)
def test_nobody_who_is_away_is_asked(how):
    away(alert(since=NOW - YEAR).user, how)
    assert check_in_due(NOW) == 0
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("how", [*AWAY, "edited", "told"])
def test_nobody_who_went_away_meanwhile_gets_it(outbox, how):
    one = alert(since=NOW - YEAR)
    check_in_due(NOW)
    away(one.user, how)
    if how == "edited":
        subscriptions.edit(one.user, one.uuid, {"query": "sirens"}, "signed-in", NOW)
    if how == "told":
        Subscription.objects.update(last_told_at=NOW)
    deliver(NOW + DAY)
    message = mailed()
    assert message.state == Message.State.CANCELLED and message.reason
    assert not list(outbox.glob("*.eml")) or how == "leaving"


def test_it_comes_at_its_readers_hour_after_the_digests(outbox):
    alert(since=NOW - YEAR)
    check_in_due(NOW)
    message = mailed()
    assert message.not_before == datetime(2026, 3, 11, 7, 30, tzinfo=UTC)
    assert deliver(NOW).sent == 0
    assert deliver(message.not_before).sent == 1


# ---- once


def test_whatever_runs_twice_or_at_once_asks_once(small):
    alert()
    flood()
    assert check_in_due(NOW) == 1
    Walk.objects.update(place=0)
    assert check_in_due(NOW) == 0
    assert check_in_due(NOW + 3 * WEEK) == 0
    assert Message.objects.count() == 1


@pytest.mark.parametrize(("why", "since"), [("busy", NOW - DAY), ("silent", NOW)])
def test_the_table_itself_holds_that(why, since):
    one = alert()
    values = {"subscription": one, "why": why, "at": NOW, "query": "foghorns"}
    CheckIn.objects.create(since=NOW, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.create(since=since, **values)


@pytest.mark.django_db(transaction=True)
def test_four_rounds_at_once_ask_once():
    alert(since=NOW - YEAR)

    with workers(4) as start:
        rounds = [start(check_in_due, NOW) for _ in range(4)]
        assert sum(round.result(PATIENCE) for round in rounds) == 1
    assert (CheckIn.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_who_pauses_while_the_round_looks_is_not_asked():
    """The round waits for the person's lock, and looks again when it has it."""
    person = alert(since=NOW - YEAR).user
    with workers(1) as start:
        with transaction.atomic():
            User.objects.locked(person.pk)
            round = start(check_in_due, NOW)
            wait_until(somebody_waits_for_a_lock)
            subscriptions.pause(person, person.subscriptions.get().uuid, "signed-in", NOW)
        assert round.result(PATIENCE) == 0
    assert not Message.objects.exists()


def test_a_round_is_bounded_and_the_next_one_goes_on(monkeypatch):
    for number in range(5):
        alert(since=NOW - YEAR, person=make_person(f"reader-{number}@example.org"))
    assert [check_in_due(NOW, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert check_in_due(NOW + DAY) == 0
    CheckIn.objects.all().delete()
    monkeypatch.setattr("alerts.web.checking_in.MOST", 3)
    assert [check_in_due(NOW + 3 * DAY) for _ in range(3)] == [3, 2, 0]


def test_looking_at_many_alerts_asks_the_database_as_often_as_for_one():
    def look(day: int) -> int:
        with connection.execute_wrapper(lambda run, *args: counted.append(1) or run(*args)):
            counted.clear()
            check_in_due(NOW + day * DAY)
        return len(counted)

    counted: list[int] = []
    alert(since=NOW - YEAR + 9 * DAY)
    look(0)
    one = look(1)
    for number in range(50):
        alert(f"foghorns OR word{number}", since=NOW - YEAR + 9 * DAY)
    assert (look(2), CheckIn.objects.count()) == (one, 0)


# ---- the page


@pytest.fixture
def asked(small) -> Message:
    """The email about an alert without a name."""
    alert(name="")
    flood()
    check_in_due(NOW)
    return mailed()


def test_opening_the_page_changes_nothing_and_the_switch_changes_the_words_only(client, asked):
    path, before = link(asked, "c"), Subscription.objects.get()
    page = client.get(path).content.decode()
    assert "“foghorns” found 12 results in four weeks" in page and "<strong>4</strong>" in page
    assert ADDRESS not in page
    assert Subscription.objects.get().query == "foghorns" and not Change.objects.exists()

    assert "Switched" in client.post(path, {"do": "switch"}, follow=True).content.decode()
    after = Subscription.objects.get()
    assert after.topic.key == topic_key(
        parse("heading:foghorns OR question:foghorns OR (foghorns type:newsletter)").tree
    )
    assert (after.pk, after.told_through, after.frequency) == (before.pk, before.told_through, before.frequency)
    assert after.title == "foghorns", "it is still called what its reader knows it as"
    assert CheckIn.objects.get().answer == "switched"


def test_the_switch_is_mailed_with_its_undo_which_puts_the_words_back(client, asked):
    client.post(link(asked, "c"), {"do": "switch"})
    mail = Message.objects.get(kind=Message.Kind.CHANGE)
    assert "“foghorns” now matches the heading and question only." in words_of(mail)
    undo = link(mail, "undo")
    assert "now matches the heading and question only" in client.get(undo).content.decode()
    assert "<h1>Undone</h1>" in client.post(undo).content.decode()
    alert = Subscription.objects.get()
    assert (alert.query, alert.name, alert.topic.key) == ("foghorns", "", topic_key(parse("foghorns").tree))
    assert "Nothing to undo" in client.post(undo).content.decode()
    assert "Switch to heading and question" in client.get(link(asked, "c")).content.decode()


def test_a_switch_edited_again_since_or_whose_words_another_alert_has_is_not_undone(client, asked):
    client.post(link(asked, "c"), {"do": "switch"})
    undo = link(Message.objects.get(kind=Message.Kind.CHANGE), "undo")
    other = alert("foghorns", name="Another")
    assert "Nothing to undo" in client.post(undo).content.decode()
    subscriptions.end(other.user, [other.uuid], "person", "unsub", NOW)
    alert_ = Subscription.objects.get(ended_at=None)
    subscriptions.edit(alert_.user, alert_.uuid, {"query": "sirens"}, "signed-in", NOW)
    assert "Nothing to undo" in client.post(undo).content.decode()
    assert Subscription.objects.get(ended_at=None).query == "sirens"


def test_pressed_twice_it_is_switched_once(client, asked):
    for _ in range(2):
        assert "<h1>Switched</h1>" in client.post(link(asked, "c"), {"do": "switch"}, follow=True).content.decode()
    assert Change.objects.filter(action="edited").count() == 1
    assert Message.objects.filter(kind=Message.Kind.CHANGE).count() == 1


def test_left_as_it_is_nothing_changes_and_it_can_still_be_switched(client, asked):
    page = client.post(link(asked, "c"), {"do": "leave"}, follow=True).content.decode()
    assert "<h1>Left as it is</h1>" in page and "Leave as it is</button>" not in page
    assert Subscription.objects.get().query == "foghorns" and not Change.objects.exists()
    assert "Switched" in client.post(link(asked, "c"), {"do": "switch"}, follow=True).content.decode()


def test_where_another_alert_finds_just_that_the_page_says_so_and_nothing_changes(client, asked):
    narrow = alert(CheckIn.objects.get().narrower, name="The narrow one")
    page = client.post(link(asked, "c"), {"do": "switch"}).content.decode()
    assert "Nothing was changed: your alert" in page and "“The narrow one” finds exactly that already" in page
    assert Subscription.objects.exclude(pk=narrow.pk).get().query == "foghorns"
    assert CheckIn.objects.get().answer == ""


@pytest.mark.parametrize("how", ["edited", "stopped"])
def test_where_the_alert_changed_since_there_is_nothing_to_choose(client, asked, how):
    one = Subscription.objects.get()
    if how == "edited":
        subscriptions.edit(one.user, one.uuid, {"query": "sirens"}, "signed-in", NOW)
    else:
        subscriptions.end(one.user, None, "person", "unsub", NOW)
    for answer in (client.get(link(asked, "c")), client.post(link(asked, "c"), {"do": "switch"})):
        assert "<h1>Nothing to choose</h1>" in answer.content.decode()
    assert Subscription.objects.get().query == ("sirens" if how == "edited" else "foghorns")


def test_a_link_that_is_over_or_forged_switches_nothing(client, asked, clock):
    path = link(asked, "c")
    assert client.post(path[:-1] + ("A" if path[-1] != "A" else "B"), {"do": "switch"}).status_code == 404
    assert client.post(path.replace("/c/", "/m/"), {"do": "switch"}).status_code == 404
    clock.shift(31 * DAY)
    assert "This link has expired" in client.post(path, {"do": "switch"}).content.decode()
    clock.shift(-31 * DAY)
    User.objects.update(token_version=1)
    assert "This link has expired" in client.post(path, {"do": "switch"}).content.decode()
    assert Subscription.objects.get().query == "foghorns"


def test_what_was_asked_is_among_what_one_may_take_along(asked):
    known = json.loads(export.as_json(User.objects.get(email=ADDRESS), NOW))
    assert [(one["why"], one["found"], one["narrower_found"]) for one in known["check_ins"]] == [("busy", 12, 4)]
    assert json.loads(export.as_json(make_person(), NOW))["check_ins"] == []


def test_it_needs_no_cookie_and_tells_its_address_to_nobody(asked):
    answer = Client(enforce_csrf_checks=True).post(link(asked, "c"), {"do": "switch"}, headers={"origin": "null"})
    assert answer.status_code == 302
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "private, no-store")


def test_what_waits_is_told_under_the_narrower_words(client, asked):
    client.post(link(asked, "c"), {"do": "switch"})
    fill(NOW)
    compose_due(NOW + DAY)
    assert {heading for _, found in told(Digest.objects.get()) for heading in found} == {"Foghorns"}
