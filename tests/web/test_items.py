"""The page of a written question."""

import datetime

import pytest

from alerts.models import Revision
from alerts.web.items import citation
from tests.factories import NOW, make_department, make_event, make_item, make_member

pytestmark = pytest.mark.django_db

HTML = (
    "<p>All but 212 <em>neo</em>natal units &amp; wards.</p>"
    "<p>Young</p><p>people <a href='https://example.org/x'>young people</a></p>"
)


def question(**fields):
    values = {
        "uin": "100147",
        "heading": "Neonatal Screening",
        "question": "To ask whether all newborn babies were tested.",
        "tabled_on": datetime.date(2026, 3, 5),
        "answered_on": datetime.date(2026, 3, 10),
        "state": "answered",
        "department": make_department(),
        "asking_member": make_member("Ada Fenwick", party_abbreviation="Ind", member_from="Port Calder"),
        "answering_member": make_member("Owen Marchbank"),
    }
    item = make_item(**values | fields)
    Revision.objects.create(item=item, number=1, at=NOW, state=item.state, answer_html="<p>Old.</p>", content_hash="1")
    Revision.objects.create(item=item, number=2, at=NOW, state=item.state, answer_html=HTML, content_hash="2")
    return item


def get(client, address="/q/2026-03-05/100147", **query):
    return client.get(address, query)


def test_it_shows_status_question_answer_people_and_the_official_page(client):
    item = question()
    page = get(client).content.decode()
    for words in (
        "Written question 100147 · Commons",
        "Tue 10 March 2026",
        "Ada Fenwick (Ind, Port Calder)",
        "Department for Lighthouses",
        "Owen Marchbank",
        "whether all newborn babies",
        "<p>All but 212 <em>neo</em>natal units &amp; wards.</p>",
        f'href="{item.url}"',
        "Open Parliament Licence v3.0",
    ):
        assert words in page
    assert "Old." not in page and "<mark>" not in page


def test_it_is_cited_in_one_sentence(client):
    item = question()
    cited = (
        "Ada Fenwick, “Neonatal Screening”, Commons written question 100147, tabled on 5 March 2026, "
        f"answered on 10 March 2026. {item.url}"
    )
    assert f'<span class="citation" id="citation">{cited}</span>' in get(client).content.decode()
    item.heading, item.answered_on, item.asking_member = "", None, None
    assert citation(item) == f"Commons written question 100147, tabled on 5 March 2026. {item.url}"


def test_its_topic_is_followed_by_the_words_one_came_with_or_by_its_heading(client):
    question()
    assert 'href="/preview?q=newborn%20babies">Follow this topic' in get(client, hl="newborn babies").content.decode()
    for typed in ("", '"never closed'):
        assert 'href="/preview?q=Neonatal%20Screening">Follow' in get(client, hl=typed).content.decode()


def test_marks_are_taken_off_and_put_back_by_a_link_that_keeps_the_words(client):
    question()
    page = get(client, hl="neonatal babies").content.decode()
    assert 'Marked: <span class="words">neonatal babies' in page
    assert 'href="?hl=neonatal%20babies&amp;marks=off">Show without marks' in page
    page = get(client, hl="neonatal babies", marks="off").content.decode()
    assert "<mark>" not in page and 'href="?hl=neonatal%20babies">Mark them' in page
    assert 'href="/preview?q=neonatal%20babies">Follow this topic' in page


def test_words_are_marked_across_tags_and_never_across_paragraphs(client):
    question()
    page = get(client, hl='neonatal OR "young people"').content.decode()
    assert "<mark>Neonatal</mark> Screening" in page
    assert "<em><mark>neo</mark></em><mark>natal</mark> units &amp; wards." in page
    assert "<p>Young</p><p>people <a" in page
    assert "<mark>young people</mark></a>" in page


def test_words_are_marked_where_a_name_was_asked_for_too(client):
    question()
    assert "<mark>babies</mark>" in get(client, hl="babies dept:lighthouses party:ind").content.decode()
    assert "<mark>" not in get(client, hl="babies dept:foghorns").content.decode()


def test_a_word_at_the_border_of_a_paragraph_is_a_word(client):
    question()
    assert "<p>Young</p><p><mark>people</mark> <a" in get(client, hl="people").content.decode()


def test_a_broken_hl_marks_nothing(client):
    question()
    answer = get(client, hl='"never closed')
    assert answer.status_code == 200 and b"<mark>" not in answer.content


def test_the_history_is_in_order_without_events_that_are_held(client):
    item = question()
    make_event("answered", item=item, happened_on=datetime.date(2026, 3, 10))
    make_event("holding", item=item, happened_on=datetime.date(2026, 3, 8), version="x")
    make_event("corrected", item=item, happened_on=datetime.date(2026, 3, 11), version="y", released=False)
    page = get(client).content.decode()
    history = page.partition("What happened")[2]
    assert history.index("Tabled") < history.index("Holding answer") < history.index("Answered")
    assert "corrected" not in history


def test_questions_with_the_same_answer_lead_to_each_other(client):
    other = make_item(uin="100150", tabled_on=datetime.date(2026, 3, 5), question="To ask about incubators.")
    stranger = make_item(uin="100150", tabled_on=datetime.date(2019, 3, 5), question="To ask about zebras.")
    question(grouped_with=[{"uin": "100150", "tabled": "2026-03-05"}, {"uin": "100151", "tabled": "2026-03-05"}])
    page = get(client).content.decode()
    assert "2 questions, one answer" in page and "incubators" in page
    assert f'href="/q/2026-03-05/{other.uin}"' in page and f'id="q{other.uin}"' in page and 'id="q100147"' in page
    assert '<a href="#together">2&nbsp;questions, one&nbsp;answer</a>' in page
    assert "zebras" not in page and stranger.pk


def test_an_address_keeps_working_when_the_date_changes(client):
    question()
    answer = get(client, "/q/2026-03-03/100147", hl="babies")
    assert (answer.status_code, answer["Location"]) == (301, "/q/2026-03-05/100147?hl=babies")
    assert get(client, "/q/2026-01-01/100147").status_code == 404, "that number is another session's question"


def test_a_question_without_a_heading_or_an_answer_has_a_page_too(client):
    question(heading="", state="tabled", answered_on=None, due_on=datetime.date(2026, 3, 12))
    Revision.objects.all().delete()
    page = get(client).content.decode()
    assert "Question to Department for Lighthouses" in page and "No answer yet." in page
    assert "answer due Thu 12 March" in page


def test_a_question_taken_down_says_when_and_why(client):
    question(hidden_at=NOW, hidden_reason="a name in it was wrong")
    answer = get(client)
    page = answer.content.decode()
    assert answer.status_code == 410 and "Tue 10 March" in page and "a name in it was wrong" in page
    assert "babies" not in page


@pytest.mark.parametrize(
    "address", ["/q/2026-03-05/999", "/q/2026-02-31/100147", "/q/0001-01-01/1", "/q/9999-12-31/1", "/q/x/1"]
)
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404
