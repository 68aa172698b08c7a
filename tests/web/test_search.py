"""The search box and the preview."""

import datetime
import html
import re

import pytest

from alerts.models import Source, Topic
from alerts.web import coverage
from config import clock
from tests.factories import NOW, make_department, make_event, make_item, make_member, make_source

pytestmark = pytest.mark.django_db


def today() -> datetime.date:
    return clock.now().date()


def answered(**fields):
    values = {
        "heading": "Foghorns: Repairs",
        "question": "To ask the Secretary of State for Lighthouses, how many foghorns were repaired.",
    }
    return make_event("answered", **{"happened_on": today(), "answer": "Four.", **values, **fields})


def test_the_first_page_has_one_box_three_examples_and_says_what_is_covered(client):
    make_source(last_ok_at=clock.now() - datetime.timedelta(minutes=6))
    page = client.get("/").content.decode()
    assert page.count('type="search"') == 1 and page.count("/preview?q=") == 3
    assert "Covers</a>: Commons and Lords written questions. Checked 6 min ago." in page
    assert "Independent of Parliament and government" in page and "Open Parliament Licence" in page


@pytest.mark.parametrize(
    ("fields", "words", "troubled"),
    [
        (None, "is about to begin", False),
        ({"baseline_at": None}, "The first reading of Parliament’s questions is under way", False),
        ({"last_ok_at": NOW - datetime.timedelta(seconds=20)}, "Checked just now.", False),
        ({"last_ok_at": NOW - datetime.timedelta(minutes=61)}, "Checked 1 hour ago.", False),
        ({"last_ok_at": NOW - datetime.timedelta(days=3)}, "Checked 3 days ago.", False),
        (
            {"last_ok_at": NOW.replace(hour=7, minute=10), "fail_count": 3},
            "Parliament’s service has been out of reach since 07:10. We keep trying; nothing is lost.",
            True,
        ),
        (
            {"last_ok_at": NOW - datetime.timedelta(days=1), "fail_count": 3},
            "out of reach since Mon 9 March, 09:00",
            True,
        ),
        ({"fail_count": 1, "baseline_at": None}, "Parliament’s service has not been reached yet.", True),
        ({"paused_at": NOW.replace(hour=8)}, "Reading has been paused since 08:00.", True),
    ],
)
def test_how_reading_goes_is_said_in_words(fields, words, troubled):
    if fields is not None:
        make_source(**fields)
    said = coverage.coverage(NOW)
    assert words in said.state and said.troubled is troubled


def read_at(name: str, **ago) -> Source:
    """A newsletter that was read this long ago."""
    return make_source(kind=Source.Kind.FEED, name=name, last_ok_at=clock.now() - datetime.timedelta(**ago))


def test_newsletters_that_are_read_are_counted_and_those_paused_or_never_read_are_not(client):
    make_source(last_ok_at=clock.now())
    read_at("The Lamp Room", minutes=6)
    assert coverage.coverage(clock.now()).covers == "Commons and Lords written questions, 1 newsletter"
    read_at("Harbour Notes", hours=7)
    Source.objects.filter(name="Harbour Notes").update(fail_count=3)
    make_source(kind=Source.Kind.ISSUES, last_ok_at=None, baseline_at=None)
    make_source(kind=Source.Kind.FEED, last_ok_at=clock.now(), paused_at=clock.now())
    assert "Covers</a>: Commons and Lords written questions, 2 newsletters. Checked just now." in squeezed(
        client.get("/")
    )


def test_summer_time_is_said_as_the_clocks_in_london_show_it():
    july = datetime.datetime(2026, 7, 1, 12, 0, tzinfo=datetime.UTC)
    source = Source(kind=Source.Kind.WRITTEN_QUESTIONS, last_ok_at=july.replace(hour=8), fail_count=1)
    assert "since 09:00" in coverage.describe(source, july)[0]


def test_the_preview_says_what_it_finds_counts_and_marks(client):
    day = datetime.timedelta(days=1)
    member = make_member("Ada Fenwick", party_abbreviation="Ind", member_from="Port Calder")
    answered(asking_member=member, department=make_department())
    answered(happened_on=today() - 40 * day, heading="Lamps", question="To ask what became of the foghorn.")
    answered(heading="Buoys", question="To ask about buoys.")
    page = client.get("/preview", {"q": "foghorns"}).content.decode()
    assert "Finds items with foghorns, in the heading, question or answer." in page
    assert "<strong>2 results</strong> in the last 90 days" in page and "1 in the last 30 days" in page
    assert "<mark>Foghorns</mark>: Repairs" in page and "How many <mark>foghorns</mark> were repaired." in page
    assert "Ada Fenwick (Ind, Port Calder)" in page and "Department for Lighthouses" in page
    assert "Buoys" not in page
    assert 'href="/subscribe?q=foghorns"' in page
    assert not Topic.objects.exists()


def test_a_match_in_the_answer_alone_is_tagged_and_shown_where_it_is(client):
    answered(answer="Long ago. " * 60 + "The walrus was repaired. " + "And so on. " * 60)
    page = client.get("/preview", {"q": "walrus"}).content.decode()
    assert "Mentioned in answer only" in page and "<mark>walrus</mark>" in page
    assert "<strong>1 result</strong> in the last 90 days" in page and ", it came in the last 30 days" in page


def test_results_and_questions_are_counted_apart_and_shown_week_by_week(client):
    shared = "Every walrus was repaired at the harbour in the spring. " * 6
    for question in ("To ask about the first walrus.", "To ask about the second walrus."):
        answered(question=question, answer=shared)
    answered(
        question="To ask about a third walrus.", answer="Not yet.", happened_on=today() - datetime.timedelta(days=8)
    )
    page = squeezed(client.get("/preview", {"q": "walrus"}))
    assert "<strong>2 results</strong> in the last 90 days (3 questions)" in page
    assert "all of them in the last 30 days" in page
    assert page.count('class="bar"') == 13 and page.count('<td class="number">1</td>') == 2
    assert "<dt>Once a day</dt><dd>about 1 email a week</dd>" in page and "1 results" not in page


def test_what_mentions_the_words_in_the_answer_only_can_be_left_out(client):
    answered(heading="Walrus")
    answered(answer="The walrus was repaired.")
    page = squeezed(client.get("/preview", {"q": "walrus"}))
    assert "1 of 2 only mentions your words in the answer." in page and "Leave it out</a>" in page
    left = re.search(r'answer\. <a href="([^"]+)">', page)[1]
    assert "<strong>1 result</strong>" in squeezed(client.get(html.unescape(left)))


def test_narrower_queries_are_links_with_what_they_find(client):
    answered(heading="Walrus", department=make_department())
    answered(heading="Walrus", department=make_department("Ministry of Bells"), answer="None.", house="Lords")
    page = squeezed(client.get("/preview", {"q": "walrus"}))
    assert 'href="/preview?q=walrus%20house%3Alords">Lords <span class="number">1' in page
    assert 'href="/preview?q=walrus%20dept%3Abells">Ministry of Bells <span class="number">1' in page


def test_two_words_say_what_they_find_apart_and_as_a_phrase(client):
    answered(heading="Young people")
    answered(heading="People who are young", answer="None.")
    page = squeezed(client.get("/preview", {"q": "young people"}))
    assert "(2 results now, 1 then)" in page and "the phrase" not in page


def test_one_answer_to_several_questions_is_shown_once(client):
    shared = "Every walrus was repaired at the harbour in the spring."
    for question in ("To ask about the first walrus.", "To ask about the second walrus."):
        answered(question=question, answer=shared, asking_member=make_member())
    answered(question="To ask about a third walrus.", answer="Not yet.")
    page = client.get("/preview", {"q": "walrus"}).content.decode()
    assert page.count("at the harbour in the spring") == 1
    assert page.count("2 questions, one answer") == 1 and page.count("· Ada Fenwick") == 1
    assert page.count("<mark>walrus</mark>") == 4


def test_each_result_leads_to_its_page_with_the_words_marked(client):
    event = answered()
    page = client.get("/preview", {"q": '"foghorns"'}).content.decode()
    address = f"/q/{event.item.tabled_on}/{event.item.uin}?hl=%22foghorns%22"
    assert f'href="{address}"' in page
    assert "<mark>foghorns</mark>" in client.get(address).content.decode()


def test_nothing_found_can_still_be_an_alert(client):
    page = client.get("/preview", {"q": "zebra"}).content.decode()
    assert (
        "<strong>0 results</strong> in the last 90 days" in page
        and "You can still set this alert" in page
        and 'href="/subscribe?q=zebra"' in page
    )


def test_ignored_words_and_advice_are_said(client):
    page = client.get("/preview", {"q": "cancer or tumours"}).content.decode()
    assert "Ignored: or." in page and "is ignored" in page
    assert 'href="/preview?q=cancer%20OR%20tumours"' in page


def test_a_mistake_has_a_caret_a_repair_and_no_results(client):
    answered()
    answer = client.get("/preview", {"q": "(foghorns"})
    page = answer.content.decode()
    assert answer.status_code == 200 and "<title>Error: " in page
    assert 'value="(foghorns"' in page and '<pre class="caret"' in page
    assert 'href="/preview?q=%28foghorns%29"' in page
    assert "Get this as an alert" not in page


def test_nothing_typed_asks_for_a_word(client):
    assert "Enter a word or phrase to follow" in client.get("/preview").content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        '"><img src=x>',
        "\x00",
        "a" * 5000,
        "(" * 1000,
        "' OR 1=1 --",
        "‮",
        "\n\r\t",
        "%00",
        "NOT",
    ],
)
def test_hostile_words_are_text_or_a_clear_error(client, typed):
    answered()
    for address in ("/preview", "/subscribe"):
        answer = client.get(address, {"q": typed})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "<script>" not in page and "<img" not in page


def test_markup_in_titles_and_names_stays_text(client):
    evil = "<script>alert(1)</script> walrus"
    event = answered(
        heading=evil, question=evil, answer="Walrus.", asking_member=make_member(evil), department=make_department(evil)
    )
    for address in ("/preview?q=walrus", f"/q/{event.item.tabled_on}/{event.item.uin}?hl=walrus"):
        page = client.get(address).content.decode()
        assert "<script>" not in page and "alert(1)" in page


def test_a_preview_asks_the_database_a_bounded_number_of_questions(client, django_assert_max_num_queries):
    for _ in range(8):
        answered(item=make_item(), asking_member=make_member(), department=make_department())
    with django_assert_max_num_queries(42):
        page = client.get("/preview", {"q": "foghorns"})
    assert "<mark>" in page.content.decode()


# ---- while somebody types


def followed(client, typed: str):
    """What htmx gets for these words."""
    return client.get("/preview", {"q": typed}, headers={"HX-Request": "true"})


def test_while_somebody_types_only_the_part_that_changes_is_sent(client):
    answered()
    answer = followed(client, "foghorns")
    page = squeezed(answer)
    assert "<title>foghorns – Hark</title>" in page and "<strong>1 result</strong>" in page
    assert "<html" not in page and 'id="q"' not in page
    assert '<p id="announced" hx-swap-oob="innerHTML">1 result in the last 90 days</p>' in page
    assert "HX-Request" in answer["Vary"] and "HX-Request" in client.get("/preview", {"q": "foghorns"})["Vary"]


def test_what_is_wrong_while_somebody_types_is_read_aloud_once(client):
    page = squeezed(followed(client, '"foghorns'))
    assert 'role="alert"' not in page and page.count("This quotation mark is never closed") == 2


def test_a_box_that_was_emptied_is_the_first_page_and_no_mistake(client):
    answer = followed(client, " ")
    assert answer["HX-Replace-Url"] == "/" and "There is a problem" not in answer.content.decode()
    assert "HX-Replace-Url" not in followed(client, "foghorns")


def test_a_page_that_the_browser_goes_back_to_is_whole(client):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get("/preview", {"q": "foghorns"}, headers=headers).content.decode()


# ---- newsletters


LONG = "The keepers of the northern coast have met again. " * 20


def published(name: str = "The Lamp Room", **fields):
    """An item of the newsletter of this name, published today."""
    source = Source.objects.filter(name=name).first() or make_source(kind=Source.Kind.FEED, name=name)
    usual = {"question": "", "uin": "", "house": "", "tabled_on": None, "url": "https://lamproom.example/12"}
    texts = {"heading": "Gull Point", "text": f"{LONG}They spoke of foghorns for an hour. {LONG}"}
    return make_event("published", item=make_item(source, **(usual | texts | fields)), happened_on=today())


def squeezed(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_newsletter_is_labelled_named_and_shown_as_an_extract_with_its_link(client):
    event = published(heading="A foghorn again")
    page = squeezed(client.get("/preview", {"q": 'foghorn "for an hour"'}))
    for words in (
        '<span class="tag newsletter">Newsletter, not Parliament</span> The Lamp Room',
        f'<a href="/i/{event.item.uuid}?hl=foghorn+%22for+an+hour%22">A <mark>foghorn</mark> again',
        f"Published {today():%a} {today().day} {today():%B %Y}",
        "They spoke of <mark>foghorns</mark> <mark>for an hour</mark>.",
        "Matched: foghorn in title; &quot;for an hour&quot; in text",
        '<a href="https://lamproom.example/12" rel="noopener">Read it at the source (lamproom.example)</a>',
        "<strong>1 result</strong> in the last 90 days, from a newsletter",
    ):
        assert words in page
    assert ">Written questions</h2>" not in page and page.count("The keepers of the northern coast") < 4


def test_newsletters_stand_after_questions_under_a_title_of_their_own(client):
    published()
    answered(happened_on=today() - datetime.timedelta(days=3))
    page = squeezed(client.get("/preview", {"q": "foghorns"}))
    titles = [page.index(f">{title}</h2>") for title in ("Written questions", "Newsletters")]
    assert titles[0] < page.index("Foghorns</mark>: Repairs") < titles[1] < page.index("Gull Point")


def test_a_text_that_several_newsletters_have_is_shown_once(client):
    for name in ("The Lamp Room", "Harbour Notes"):
        published(name)
    page = squeezed(client.get("/preview", {"q": "foghorns"}))
    assert page.count(">Gull Point</a>") == 1 and "Harbour Notes and The Lamp Room" in page


def test_a_newsletter_without_a_title_or_an_address_has_its_page(client):
    event = published(heading="", url="javascript:alert(1)")
    page = squeezed(client.get("/preview", {"q": "foghorns"}))
    assert "Item without a title" in page and f"/i/{event.item.uuid}" in page
    assert "javascript" not in page and "Read it at the source" not in page


@pytest.mark.parametrize(
    ("a_week", "said", "at_once", "is_offered"),
    [
        (25, None, "about 1 email a week", True),
        (
            26,
            "About 26 results a week. A daily email will be long; try once a week, or narrow it.",
            "about 1 email a week",
            True,
        ),
        (101, "About 101 results a week. A daily email will be long", "not for this search", True),
        (401, "This would match about 401 items a week. Please narrow it.", None, False),
    ],
)
def test_how_much_a_search_finds_is_said_in_real_numbers(client, a_week, said, at_once, is_offered):
    body = make_department()
    for number in range(a_week):
        named = {"department": body} if number % 5 else {"department": make_department("Ministry of Bells")}
        answered(heading=f"Walrus {number}", answer=f"{number} walruses.", **named)
    page = squeezed(client.get("/preview", {"q": "walrus"}))
    assert f"<strong>{a_week} results</strong>" in page
    notices = re.findall(r'<div class="notice[^"]*"><p>(.*?)</p>', page)
    assert len(notices) == bool(said) and all(notice.startswith(said) for notice in notices)
    assert re.findall("<dt>As it happens</dt><dd>(.*?)</dd>", page) == ([at_once] if at_once else [])
    assert ("Get this as an alert" in page) is is_offered
    assert f'Ministry of Bells <span class="number">{-(-a_week // 5)}<' in page
