"""What people come for, played from beginning to end in a browser: each story told once, played in every manner."""

import datetime
import re
from itertools import count

import pytest
from playwright.sync_api import expect

from accounts import sessions
from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.digests.rendering import render_waiting
from alerts.digests.ring import ring
from alerts.matching.fill import fill
from alerts.matching.percolate import percolate_due
from config import clock
from tests.browser.player import MANNERS, Player, link, newest_mail
from tests.factories import make_event, make_item, make_person, make_source, make_subscription
from tests.workers import workers

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

_number = count(1)


@pytest.fixture(params=MANNERS)
def player(request, visit, site, settings) -> Player:
    """Somebody new, whose emails lie in the outbox."""
    settings.EMAIL_BACKEND, settings.SITE_URL = "alerts.digests.outbox.OutboxBackend", site.url
    manner = MANNERS[request.param]
    return Player(visit(**manner.wishes), manner)


@pytest.fixture
def address() -> str:
    """An address that nobody has used."""
    return f"player{next(_number)}@example.org"


def elsewhere(task, *arguments):
    """Done by another process, as far as the database can tell: what it writes is there for the site to see."""
    with workers(1) as work:
        return work(task, *arguments).result()


def post() -> None:
    """Everything that waits is matched, composed and delivered."""
    now = clock.now()
    for verb in (percolate_due, fill, ring, compose_due, render_waiting, deliver):
        elsewhere(verb, now)


def subscriber(address: str, frequency: str = "daily") -> tuple[str, str]:
    """Somebody with two alerts: the key of their session, and the words of the first alert."""
    words = f"capstan{next(_number)}"

    def make() -> str:
        person, now = make_person(address), clock.now()
        make_subscription(person, words, now=now, name="Capstans", frequency=frequency)
        make_subscription(person, "windlass", now=now, name="Windlasses")
        return sessions.begin(person, "Firefox on Linux", "", now)

    return elsewhere(make), words


def answered(words: str) -> None:
    """A minister's answer with these words has come, and to another question that there is none yet."""
    now, source = clock.now(), make_source()
    for kind, heading in (("answered", "Harbours: Winches"), ("holding", "Harbours: Ropes")):
        item = make_item(source, heading=heading, question=f"To ask what a {words} weighs.")
        make_event(kind, item=item, happened_on=now.date(), released_at=now, first_seen_at=now)


def day_like_its_month(after: datetime.date) -> datetime.date:
    """The first day on from here whose number is its month's: the second of February, the third of March, ..."""
    return next(day for day in (after + datetime.timedelta(days=n) for n in range(2, 100)) if day.day == day.month)


def box(player: Player):
    return player.page.get_by_label("Words or phrase to follow")


def alert(player: Player, name: str):
    return player.page.locator("li.alert").filter(has=player.page.get_by_role("heading", name=name, exact=True))


def test_somebody_sees_what_an_alert_would_find_before_giving_an_address(player):
    player.begin("/")
    player.type(box(player), "foghorns")
    player.press("button", "Preview", exact=True)
    page = player.page
    expect(page.locator("#preview")).to_contain_text(re.compile(r"\d+ results in the last 90 days \(\d+ questions"))
    expect(page.locator("#preview svg[role=img]")).to_be_visible()
    expect(page.locator("#preview")).to_contain_text("about 4 emails a month")
    player.open("Numbers as a table")
    expect(page.get_by_role("table")).to_be_visible()
    assert page.locator("ol.results mark").count() >= 1
    assert page.locator("ol.results > li").count() == 5
    player.press("link", "See all")
    expect(page.get_by_role("link", name="Foghorns: Repairs").first).to_be_visible()


def test_somebody_is_told_how_their_words_are_read_and_mends_a_mistake_by_one_press(player):
    player.begin("/")
    player.type(box(player), 'harbour AND "foghorns')
    player.press("button", "Preview", exact=True)
    expect(player.page.get_by_role("search")).to_contain_text("This quotation mark is never closed")
    expect(box(player)).to_have_value('harbour AND "foghorns')
    player.press("link", re.compile("^Use"))
    expect(box(player)).to_have_value('harbour AND "foghorns"')
    expect(player.page.locator("#preview")).to_contain_text('Finds items with harbour and "foghorns"')


def test_from_the_first_page_to_the_inbox_in_three_actions_and_to_an_alert_in_two(player, address):
    player.begin("/")
    player.type(box(player), "foghorns")
    player.press("button", "Preview", exact=True)
    player.press("link", "Get this as an alert")
    player.choose(player.page.get_by_label("Once a week"))
    player.type(player.page.get_by_label("Email address"), address)
    player.page.wait_for_timeout(2_100)  # a form sent sooner was sent by a program
    player.press("button", "Send me the confirmation email")
    expect(player.page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    assert player.actions == 3
    post()
    player.actions = 0
    player.follow(link(newest_mail(address), "confirm"))
    player.page.wait_for_timeout(1_100)  # a button pressed sooner was pressed by a program
    player.press("button", "Confirm this alert")
    expect(player.page.get_by_role("heading", name="Your alert is on")).to_be_visible()
    expect(player.page.get_by_text("once a week")).to_be_visible()
    assert player.actions == 2


@pytest.mark.parametrize("answer", ["Use name@nhs.net", "Keep name@nhs.ent"])
def test_somebody_mistypes_an_address_and_is_asked_once_which_one_is_meant(player, answer):
    player.begin("/sign-in")
    player.type(player.page.get_by_label("Email address"), "name@nhs.ent")
    player.press("button", "Email me a link")
    expect(player.page.get_by_role("alert")).to_contain_text("Did you mean name@nhs.net?")
    player.press("button", answer)
    expect(player.page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    expect(player.page.get_by_text(answer.split()[1])).to_be_visible()


def test_a_digest_arrives_and_its_page_and_its_items_are_read(player, address):
    _, words = subscriber(address, "as_it_happens")
    elsewhere(answered, words)
    post()
    mail = newest_mail(address)
    assert f"*{words}*" in mail
    player.follow(link(mail, "d"))
    page = player.page
    expect(page.locator("mark").filter(has_text=words).first).to_be_visible()
    player.select(page.get_by_label("What happened"), "Answers")
    player.press("button", "Show", exact=True)
    expect(page.get_by_text("1 of 2 results")).to_be_visible()
    player.press("link", "Harbours: Winches")
    expect(page.get_by_role("heading", name="Harbours: Winches", level=1)).to_be_visible()
    player.follow(link(mail, "n"))
    player.press("button", "It was not relevant")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


def test_somebody_signs_in_by_mail_and_pauses_changes_copies_and_deletes(player, address):
    subscriber(address)
    page = player.page
    player.begin("/sign-in")
    player.type(page.get_by_label("Email address"), address)
    player.press("button", "Email me a link")
    post()
    player.follow(link(newest_mail(address), "sign-in"))
    page.wait_for_timeout(1_100)
    player.press("button", "Sign in", within=page.locator("main"))
    expect(page.get_by_role("heading", name="My alerts")).to_be_visible()

    player.actions = 0
    player.press("button", "Pause Capstans", exact=True)
    expect(alert(player, "Capstans")).to_contain_text("Paused since")
    assert player.actions == 1
    player.press("button", "Resume Capstans")
    expect(alert(player, "Capstans")).to_contain_text("Next email tomorrow at 07:30")

    player.actions = 0
    until = day_like_its_month(clock.now().date())
    player.press("link", "Pause all until")
    player.type_day(page.get_by_label("Emails again from"), until)
    player.press("button", "Pause all alerts")
    expect(page.get_by_role("main")).to_contain_text(f"Paused until {until:%a} {until.day} {until:%B}")
    assert player.actions == 2
    player.press("button", "Switch emails on again now")

    player.actions = 0
    player.press("link", "Edit Capstans")
    player.choose(page.get_by_label("Once a week"))
    player.press("button", "Save", exact=True)
    expect(page.get_by_role("status").first).to_contain_text("Changes apply to the next send")
    expect(alert(player, "Capstans")).to_contain_text("Once a week")
    assert player.actions == 2

    player.actions = 0
    player.press("link", "Edit Capstans")
    player.type(page.get_by_label("You will follow"), "foghorns")
    if player.manner.has_scripts:
        expect(page.locator("#announced")).to_have_text(re.compile(r"^\d+ results in the last 90 days$"))
    else:
        player.press("button", "See what it finds")
    expect(page.get_by_role("region", name="What it finds")).to_contain_text("Finds items with foghorns")
    player.press("button", "Save", exact=True)
    expect(page.get_by_role("status").first).to_contain_text("Changes apply to the next send")
    expect(alert(player, "Capstans")).to_contain_text("foghorns")
    assert player.actions == (2 if player.manner.has_scripts else 3)

    player.actions = 0
    player.open("More", within=alert(player, "Capstans"))
    player.press("link", "Duplicate Capstans")
    expect(page.get_by_label("Name")).to_have_value("Capstans (copy)")
    assert player.actions == 2
    player.press("link", "Cancel")

    player.actions = 0
    player.open("More", within=alert(player, "Windlasses"))
    player.press("button", "Delete Windlasses")
    expect(page.get_by_role("status").first).to_contain_text("you can undo that below for 30 days")
    assert player.actions == 2
    player.press("button", "Undo stopping Windlasses")
    expect(alert(player, "Windlasses")).to_contain_text("On")


def test_somebody_stops_an_email_and_then_leaves_for_good_and_comes_back(player, address):
    key, words = subscriber(address, "as_it_happens")
    elsewhere(answered, words)
    post()
    page = player.page
    player.actions = 0
    player.follow(link(newest_mail(address), "u"))
    player.press("button", "Stop", within=page.locator("main"))
    expect(page.get_by_role("heading", name="Stopped", exact=True)).to_be_visible()
    assert player.actions == 2
    player.press("button", "Undo", exact=True)
    expect(page.get_by_role("heading", name="It is on again")).to_be_visible()

    player.visit.sign_in(key)
    player.begin("/settings")
    player.press("link", "Delete my account")
    player.press("button", "Delete my account")
    expect(page.get_by_role("heading", name="Your account is being deleted")).to_be_visible()
    post()
    player.follow(link(newest_mail(address), "stay"))
    player.press("button", "Keep my account")
    expect(page.get_by_role("heading", name="Your account stays")).to_be_visible()
