"""Newsletters in an email: apart from Parliament, labelled, in extracts."""

import re
from datetime import timedelta

import pytest
from django.utils.html import strip_tags

from alerts.digests import links
from alerts.digests.facts import Fact
from alerts.digests.mail import Letter
from alerts.digests.render import letter
from alerts.models import Issue, Item, Message, Source
from alerts.query import About
from tests.digests import lamp_room
from tests.digests.test_content import DAY, different, in_blocks, said, shown, told
from tests.digests.test_grouping import fact
from tests.digests.test_render import assert_golden
from tests.digests.told import MORNING, happen
from tests.factories import make_person, make_source, make_subscription

LONG = "The keepers of the northern coast have met again. " * 20
HORNS = f"{LONG}They spoke of foghorns for an hour. {LONG}"


def item(title: str = "Gull Point", text: str = HORNS, **fields) -> Fact:
    """An item of a newsletter, published on the usual day."""
    usual = {
        "kind": "published",
        "heading": title,
        "text": text,
        "question": "",
        "body": "",
        "asker": None,
        "address": ("", None),
        "answered_on": None,
        "source": "The Lamp Room",
        "page": "https://example.org/i/1",
        "host": "lamproom.example",
    }
    made = fact("", **(usual | fields))
    return made if "own_link" in fields else fact("", **(usual | {"own_link": made.url} | fields))


def only(*facts: Fact, query: str = "foghorns"):
    (found,) = [r for block in said(told("A", *facts, query=query)).sections[0].blocks for r in block.results]
    return found


# ---- the email of the story


@pytest.fixture
def mail(db) -> Letter:
    return letter(lamp_room.read_digest(), MORNING)


def test_the_text_is_the_one_we_agreed_on(mail):
    assert_golden("lamp_room.txt", mail)


def test_no_line_of_it_is_longer_than_72_characters_but_a_link(mail):
    assert [line for line in mail.text.splitlines() if len(line) > 72 and "://" not in line] == []


def test_every_item_of_a_newsletter_is_labelled_in_both_parts(mail):
    plain = " ".join(strip_tags(mail.html).split())
    assert plain.count("Newsletter, not Parliament") == 5
    assert " ".join(mail.text.split()).upper().count("NEWSLETTER, NOT PARLIAMENT") == 5


def test_both_parts_have_the_same_links(mail):
    sources = re.compile(r'https://[\w./-]+(?=[\s"])|http://localhost:8000/i/[\w-]+')
    assert len(set(sources.findall(mail.text))) == 4
    assert set(sources.findall(mail.text)) == set(sources.findall(mail.html))


@pytest.mark.django_db
def test_no_publisher_finds_its_whole_text_in_the_email_or_on_its_page(client):
    digest = lamp_room.read_digest()
    mail, page = letter(digest, MORNING), client.get(links.digest(digest)).content.decode()
    for text in Item.objects.exclude(text="").values_list("text", flat=True):
        for shown_there in (mail.text.replace("*", ""), strip_tags(mail.html), strip_tags(page)):
            assert " ".join(text.split()) not in " ".join(shown_there.split())


def test_on_the_page_of_the_digest_a_title_leads_to_the_words_that_matched(db, client):
    page = client.get(links.digest(lamp_room.read_digest())).content.decode()
    (path,) = re.findall(r'href="http://localhost:8000(/i/[^"]+)">Keep Little', page)
    assert path.endswith("?hl=harbour")
    assert "keep the <mark>harbour</mark> at" in client.get(path).content.decode()


def test_a_change_is_told_only_to_alerts_that_ask_for_changes(db):
    keen, calm = make_person(), make_person()
    for person, wanted in ((keen, True), (calm, False)):
        make_subscription(person, "foghorns", now=MORNING, wants_updated=wanted)
    changed = lamp_room.newsletter_item(1, make_source(kind=Source.Kind.FEED), "Horns", HORNS)
    happen("published", item=changed, baseline=True)
    happen("revised", item=changed, version="2")
    lamp_room.compose_due(MORNING)
    assert [person.digests.count() for person in (keen, calm)] == [1, 0]
    assert "Updated Tue 10 March. First published Tue 10 March." in letter(keen.digests.get(), MORNING).text


def test_an_email_of_newsletters_alone_does_not_speak_of_questions_or_parliament(db):
    person = make_person()
    make_subscription(person, "foghorns", now=MORNING)
    source = make_source(kind=Source.Kind.FEED, name="The Lamp Room")
    for day in (8, 9):
        happen("published", item=lamp_room.newsletter_item(day, source, f"Horns {day}", HORNS))
    lamp_room.compose_due(MORNING)

    mail = letter(person.digests.get(), MORNING)

    assert "2 results, all from newsletters. About 1 minute." in mail.text
    assert "question" not in mail.text and "Parliamentary information" not in mail.text + mail.html
    assert "--- Newsletters ---" not in mail.text
    assert "Newsletter items belong to their publishers" in " ".join(mail.text.split())


# ---- order and counts


def test_newsletters_stand_after_questions_however_new_they_are():
    old = fact("Foghorns.", heading="Old", happened_on=DAY - timedelta(days=5))
    (section,) = said(told("A", item("New"), old)).sections
    assert [(block.title, [r.title for r in block.results]) for block in section.blocks] == [
        ("Written questions", ["Old"]),
        ("Newsletters", ["New"]),
    ]


def test_newsletters_are_one_block_after_the_days_of_the_questions():
    facts = [fact(f"{n} foghorns.", heading=str(n), happened_on=DAY - timedelta(days=n)) for n in range(4)]
    items = [item(f"Item {n}", f"{n} {HORNS}", happened_on=DAY - timedelta(days=n)) for n in range(4)]
    (section,) = said(told("A", *facts, *items)).sections
    assert [block.title for block in section.blocks][-2:] == ["Sat 7 March", "Newsletters"]
    assert [r.title for r in section.blocks[-1].results] == ["Item 0", "Item 1", "Item 2", "Item 3"]
    assert said(told("A", *items)).sections[0].blocks[0].title == "Tue 10 March"


def test_items_of_one_day_stay_in_the_order_of_their_issue():
    issue = [item(f"Item {n}", f"{n} {HORNS}", position=n) for n in (1, 2, 3)]
    (section,) = said(told("A", item("Feed", source="Coast News"), *issue, item("Z", source="Zenith"))).sections
    assert shown(section) == ["Feed", "Item 1", "Item 2", "Item 3", "Z"]


def test_questions_and_newsletters_are_counted_apart_and_together():
    email = said(told("A", *different(2), fact(), fact()), told("B", item()))
    assert email.summary.startswith("4 results (4 questions, 1 newsletter item).")
    assert email.subject == "4 new: A, B"
    assert said(told("A", item())).summary.startswith("1 result, from a newsletter.")


def test_the_limits_count_both_and_the_rest_stays_apart():
    items = [item(f"Item {n}", f"{n} {HORNS}") for n in range(8)]
    (section,) = said(told("A", *different(8), *items)).sections
    assert [len(block.results) for block in section.blocks] == [8, 2]
    assert [(block.title, len(block.results)) for block in section.headings] == [("Also new in newsletters", 5)]
    assert (section.hidden, section.all_of_it) == (1, "16 results (8 questions, 8 newsletter items)")


@pytest.mark.parametrize(
    ("questions", "in_full", "brief"), [(12, [8, 2], [4, 1]), (40, [8, 2], [4, 1]), (3, [3, 7], [1])]
)
def test_questions_and_newsletters_never_crowd_each_other_out(questions, in_full, brief):
    items = [item(f"Item {n}", f"{n} {HORNS}") for n in range(8)]
    (section,) = said(told("A", *different(questions), *items)).sections
    assert [len(block.results) for block in section.blocks] == in_full
    assert [len(block.results) for block in section.headings] == brief


def test_older_items_of_newsletters_have_their_lines_beside_many_older_questions():
    items = [item(f"Item {n}", f"{n} {HORNS}", days_late=20) for n in range(3)]
    email = said(told("A", *different(30, days_late=20), *items))
    assert [len(block.results) for block in email.late] == [8, 2]
    assert email.late_hidden == 23


def test_older_items_of_newsletters_stand_under_older_questions():
    email = said(told("A", item(days_late=20), *different(1, days_late=20)))
    assert [block.title for block in email.late] == ["", "Newsletters"]
    assert in_blocks(email.late) == 2


def test_a_single_item_is_announced_with_its_newsletter():
    email = said(told("A", item("Gull Point has its horn back")))
    assert email.subject == "Gull Point has its horn back - The Lamp Room"
    assert email.preheader == ("Gull Point has its horn back: Published Tue 10 March.")


@pytest.mark.parametrize("title", ["Fog", "", "Everything that anybody ever said about the foghorns of the north " * 3])
def test_the_preheader_has_forty_to_ninety_characters(title):
    assert 40 <= len(said(told("A", item(title))).preheader) <= 90


def test_the_preheader_speaks_of_parliament_first():
    email = said(told("A", item("Gull Point")), told("B", fact("Foghorns.", heading="Foghorns: Repairs")))
    assert email.preheader.startswith("Foghorns: Repairs: Answered Tue 10 March.")


# ---- one text in several newsletters


def test_a_text_that_several_have_is_shown_once_and_names_them_all():
    one = item(source="The Lamp Room", own_link="https://www.example.org/petition/#top")
    two = item("Another title", "And other foghorns.", source="Harbour Notes", own_link="http://example.org/petition")
    three = item(one.heading, one.text.upper(), source="Coast News", own_link="https://coast.example/1")
    assert only(one, two, three).named_source == "Coast News, Harbour Notes and The Lamp Room"


@pytest.mark.parametrize(
    "other",
    [
        {"text": f"{HORNS} And more."},
        {"title": "Gull Point again"},
        {"title": ""},
    ],
)
def test_a_title_or_a_text_alone_does_not_make_one(other):
    assert len(shown(said(told("A", item(title="Gull Point"), item(**other))).sections[0])) == 2


def test_texts_without_a_title_are_one_and_titles_without_a_text_are_not():
    assert len(shown(said(told("A", item(""), item(""))).sections[0])) == 1
    assert len(shown(said(told("A", item("Foghorns", ""), item("Foghorns", ""))).sections[0])) == 2


def test_items_of_one_issue_are_not_one_though_two_sources_have_the_issue(db):
    person = make_person()
    make_subscription(person, "foghorns", now=MORNING)
    for number in (1, 2):
        source = make_source(kind=Source.Kind.ISSUES)
        issue = lamp_room.make_issue(source)
        url = {"issue": issue, "url": "https://lamproom.example/12"}
        happen(
            "published", item=lamp_room.newsletter_item(number, source, f"Horns {number}", f"{number} {HORNS}", **url)
        )
    lamp_room.compose_due(MORNING)
    assert "2 results, all from newsletters." in letter(person.digests.get(), MORNING).text


def test_a_link_that_one_source_uses_twice_says_nothing():
    link = {"own_link": "https://example.org/news"}
    one, two = item("One", f"1 {HORNS}", **link), item("Two", f"2 {HORNS}", **link)
    assert len(shown(said(told("A", one, two)).sections[0])) == 2


def test_items_without_an_address_are_only_themselves():
    one, two = (item(f"Item {n}", f"{n} {HORNS}", source=f"Source {n}", own_link="") for n in range(2))
    assert len(shown(said(told("A", one, two)).sections[0])) == 2


def test_a_question_and_a_newsletter_are_never_one():
    question = fact(HORNS, heading="Gull Point", text=HORNS, own_link="https://example.org/1")
    assert len(shown(said(told("A", question, item(own_link="https://example.org/1"))).sections[0])) == 2


def test_under_its_alert_stands_the_item_that_this_alert_found():
    link = {"own_link": "https://coast.example/1"}
    one, two = item("Foghorns", "Text.", **link), item("Sirens", source="Harbour Notes", **link)
    email = said(told("A", two, query="sirens"), told("B", one))
    assert shown(email.sections[0]) == ["Sirens"]
    assert email.sections[1].tally == "1 shown above"


# ---- what is said of one item


def test_the_extract_is_of_thirty_words_at_most_around_what_matched():
    found = only(item())
    assert "*foghorns*" in found.detail.excerpt.plain() and found.detail.excerpt.words <= 30


@pytest.mark.parametrize("words", [1, 2, 3, 10, 29, 30, 31, 44, 45, 46, 500])
def test_the_extract_is_never_the_whole_text(words):
    found = only(item("Foghorns", " ".join(f"w{n}" for n in range(words))))
    assert found.detail.excerpt.words <= min(30, words * 2 / 3)


def test_a_match_in_the_title_alone_shows_how_the_text_begins():
    found = only(item("Foghorns", LONG))
    assert found.detail.excerpt.text.startswith("The keepers of the northern coast")
    assert found.detail.why == "foghorns in title"


def test_words_are_said_to_be_in_title_or_text():
    found = only(item("The foghorn", HORNS), query='foghorns "for an hour"')
    assert found.detail.why == 'foghorns (as "foghorn") in title; "for an hour" in text'


def test_what_a_field_asked_for_is_named_without_a_place():
    about = About(type="newsletter", source="The Lamp Room")
    assert only(item(about=about), query='source:"lamp room"').detail.why == "published by The Lamp Room"
    assert only(item(about=about), query='foghorns source:"lamp room"').detail.why == "foghorns in text"


def test_an_item_without_a_title_says_so_and_marks_nothing_in_that():
    found = only(item(""), query="foghorns OR title")
    assert found.detail.heading.plain() == "Item without a title"


def test_a_changed_item_says_what_it_was():
    changed = {"kind": "revised", "first_on": DAY - timedelta(days=5)}
    assert (only(item(**changed)).status, only(item(**changed)).more) == (
        "Updated Tue 10 March.",
        "First published Thu 5 March.",
    )


def test_only_an_email_that_was_sent_showed_the_first_version(db):
    text = " ".join(letter(lamp_room.read_digest(on_friday=Message.State.FAILED), MORNING).text.split())
    assert "showed you" not in text and "Updated Tue 10 March. First published Thu 5 March." in text


# ---- links


def test_an_item_stands_at_its_own_address_or_at_that_of_its_issue():
    issue = Issue(url="https://lamproom.example/12")
    assert links.original(Item(url="https://lamproom.example/12#1", issue=issue)) == "https://lamproom.example/12#1"
    assert links.original(Item(issue=issue)) == "https://lamproom.example/12"
    for nowhere in ("", "javascript:alert(1)", "https://[broken", "https://", "/news"):
        assert links.original(Item(url=nowhere, issue=Issue(url=nowhere))) == ""


def test_links_do_not_carry_what_counts_whom_a_campaign_brought():
    url = "https://lamproom.example/12?page=2&utm_source=feed&utm_medium=atom#horns"
    assert links.original(Item(url=url)) == "https://lamproom.example/12?page=2#horns"
    assert links.original(Item(url="https://lamproom.example/12?utm_source=feed")) == "https://lamproom.example/12"


def test_a_machine_is_named_as_people_name_it():
    assert links.host("https://www.lamproom.example:8443/12") == "lamproom.example"
