"""The email as its reader gets it: the text in full, the HTML by its rules."""

import re
import uuid
from datetime import timedelta
from email import policy
from email.parser import BytesParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from accounts import tokens
from alerts.digests.compose import compose_due
from alerts.digests.deliver import deliver
from alerts.digests.mail import Letter, as_bytes
from alerts.digests.page import page
from alerts.digests.render import letter
from alerts.models import Digest, Event, Item, Message, PollRun, Source, Subscription
from tests.digests.agreed import assert_same
from tests.digests.story import read_digest
from tests.digests.told import MORNING, percolate
from tests.factories import make_department, make_event, make_item, make_member, make_person, make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail() -> Letter:
    return letter(read_digest(), MORNING)


def test_the_text_is_the_one_we_agreed_on(mail):
    assert_golden("fortnight.txt", mail)


def assert_golden(name: str, mail: Letter) -> None:
    """The email's text, below its subject, is the one in the golden file."""
    assert_same(name, f"Subject: {mail.subject}\n\n{mail.text}")


def test_both_parts_have_the_same_results_and_links(mail):
    links = re.compile(r"http://localhost:8000/[qdmun]/[\w/-]+")
    in_text, in_html = set(links.findall(mail.text)), set(links.findall(mail.html))
    assert len(in_text) == 18
    assert in_text == in_html
    plain = " ".join(strip_tags(mail.html.replace("&#x27;", "'").replace("&quot;", '"')).split())
    for heading in ("Foghorns: Repairs", "Little Wick Harbour", "Question to Lighthouses", "Foghorns: History"):
        assert heading in plain and heading in mail.text


def test_the_html_keeps_to_the_rules_for_mail_programs(mail):
    html = mail.html
    assert (html.count("<h1"), html.count("<h2"), html.count("<h3")) == (1, 5, 7)
    assert html.count('lang="en-GB"') == 2, "on html, and on the wrapper for those who take html away"
    assert f"<title>{mail.subject}</title>" in html
    assert html.count("<table") == html.count('role="presentation"')
    assert 'width="600"' in html
    assert not re.search(r"<(img|script|link|iframe|form)\b|background-image|url\(|display:\s*flex", html)
    assert not re.search(r"#(fff|000)(fff|000)?\b", html, re.IGNORECASE)


def test_styles_stand_in_the_elements_and_the_dark_ones_are_kept(mail):
    head, _, body = mail.html.partition("</style>")
    assert "@media (prefers-color-scheme:dark)" in head
    assert "<style" not in body
    assert re.search(r'<b style="background:#ffe89a', body)
    assert '<meta name="color-scheme" content="light dark">' in head


def test_what_people_write_cannot_become_markup():
    digest = read_digest()
    digest.sections.update(name="<script>alert(1)</script> & more")
    mail = letter(digest, MORNING)
    assert "<script" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in mail.html
    assert "<SCRIPT>ALERT(1)</SCRIPT> & MORE" in mail.text, "plain text needs no escaping"


def test_the_headers_are_those_of_subscribed_mail(outbox):
    digest = read_digest()
    assert deliver(MORNING).sent == 1
    (path,) = outbox.glob("*.eml")
    assert path.stem == str(digest.message.uuid)
    mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    (unsubscribe,) = mail.get_all("List-Unsubscribe")
    assert re.fullmatch(r"<http://localhost:8000/u/[\w-]{52}>", unsubscribe)
    assert mail.get_all("List-Unsubscribe-Post") == ["List-Unsubscribe=One-Click"]
    assert mail.get_all("List-Id") == ["<alerts.localhost>"]
    assert mail["Feedback-ID"] == "digest:daily:hark:harkalerts"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, NRN, AutoReply, RN"
    assert mail["Date"].datetime == MORNING
    assert mail["Message-ID"] == digest.message.message_id
    assert [address.addr_spec for address in mail["To"].addresses] == ["reader@example.org"]
    assert max(len(line) for line in path.read_bytes().split(b"\r\n")) < 998


def test_an_email_for_one_alert_stops_that_one(outbox):
    digest = read_digest()
    subscription = digest.sections.first().subscription
    digest.sections.exclude(subscription=subscription).delete()
    digest.part = str(subscription.pk)
    digest.save()
    mail = letter(digest, MORNING)
    token = mail.headers["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    assert tokens.read(token, "unsub", MORNING).uuid == subscription.uuid


def test_an_email_that_would_be_too_large_is_cut_shorter_and_says_where_all_of_it_is():
    person = make_person()
    names = [f"Alert {n}" for n in range(4)]
    for position, name in enumerate(names):
        make_subscription(person, f"topic{position}", name=name, position=position, now=MORNING)
    percolate(*(long_answer(number, position) for position in range(4) for number in range(9)))
    compose_due(MORNING)

    mail = letter(Digest.objects.get(), MORNING)

    assert mail.subject == "36 new: Alert 0, Alert 1, Alert 2, Alert 3"
    for name in names:
        assert f"{name.upper()}   (9 results)" in mail.text
    assert "See all 9 results:" in mail.text
    message = Message(uuid=uuid.uuid4(), to_address="reader@example.org", message_id="<a@b>")
    assert 40_000 < len(as_bytes(mail, message, MORNING)) <= 80_000


def long_answer(number: int, position: int) -> Event:
    return make_event(
        heading=f"Long question {position}.{number}",
        question=f"To ask the Secretary of State for Lighthouses, what was said on topic{position}. " + "Why? " * 180,
        answer=f"On topic{position} number {number}: " + "“Ünd so weiter” " * 30 + "and much more of it. " * 30,
    )


def test_a_question_without_a_heading_says_what_it_asks_where_it_stands_in_a_line_too():
    """Parliament gives a heading with the answer only: without their words these lines would all be the same."""
    make_subscription(make_person(), "foghorns", now=MORNING, wants_tabled=True)
    places = [f"Station{number:02}" for number in range(14)]
    opening = "To ask the Secretary of State for Lighthouses, how many foghorns there are at"
    asked = {"heading": "", "department": make_department("Department for Lighthouses")}
    percolate(*(make_event("tabled", question=f"{opening} {place}.", **asked) for place in places))
    compose_due(MORNING)

    mail = letter(Digest.objects.get(), MORNING)

    assert mail.text.count("\n- Question to ") == 4
    assert "See all" not in mail.text
    assert [place for place in places if place not in mail.text or place not in mail.html] == []


def test_a_source_that_failed_is_mentioned_in_a_line():
    digest = read_digest()
    Source.objects.update(name="Written questions", fail_count=3, last_ok_at=MORNING - timedelta(hours=20))
    assert "We could not read Written questions since Tue 10 March, 11:30." in letter(digest, MORNING).text
    Source.objects.update(fail_count=1, last_ok_at=MORNING - timedelta(hours=1))
    assert "could not read" not in letter(digest, MORNING).text


def noted(digest: Digest) -> str:
    """The lines between the link to the page and the alerts, as one."""
    return " ".join(letter(digest, MORNING).text.partition("CORRECTED ANSWERS")[0].split())


def test_the_first_email_about_an_alert_says_so():
    digest = read_digest()
    assert "first email" not in noted(digest)
    digest.sections.update(first=True)
    assert "This is your first email about these alerts. You confirmed them on 10 March. Not you?" in noted(digest)
    digest.sections.exclude(name="Foghorns").update(first=False)
    assert "This is your first email about “Foghorns”. You confirmed it on 10 March." in noted(digest)


@pytest.mark.parametrize(
    ("away_for", "words"),
    [
        ("holiday", "This covers your pause."),
        ("paused", "This covers your pause."),
        ("stopped", "This covers the time it was stopped."),
        ("address", "This covers the time we could not write to you."),
    ],
)
def test_a_catch_up_says_what_it_covers_and_what_was_too_old(away_for, words):
    digest = read_digest()
    digest.sections.update(away_for=away_for, away_since=MORNING - timedelta(days=40))
    assert words in noted(digest)
    digest.sections.filter(position=0).update(left_behind=True)
    assert f"{words[:-1]}, of 30 days at most: what is older was left out." in noted(digest)


def test_after_a_holiday_that_was_to_be_left_out_it_is_said_that_it_was():
    digest = read_digest()
    digest.sections.update(away_for="skipped", away_since=MORNING)
    assert "What came during your pause was left out, as you chose. This covers what came since." in noted(digest)


def test_an_email_made_long_after_it_was_due_says_so():
    digest = read_digest()
    digest.due_at = MORNING - timedelta(hours=2)
    assert "This email is late" not in noted(digest)
    digest.due_at = MORNING - timedelta(days=2)
    assert "This email is late: it was due on Mon 9 March, 07:30. Nothing is lost." in noted(digest)


def test_parliaments_data_that_were_late_and_are_caught_up_are_mentioned():
    digest = read_digest()
    source = Source.objects.get()
    Source.objects.update(last_error_at=MORNING - timedelta(hours=8), last_ok_at=MORNING)
    digest.since = MORNING - timedelta(days=1)
    for hours in (23, 22, 13, 6, 1):
        moment = MORNING - timedelta(hours=hours)
        PollRun.objects.create(
            source=source, pass_name="answered", window_from=moment.date(), started_at=moment, finished_at=moment
        )
    assert "Parliament’s data was late from Tue 10 March, 09:30 to 18:30. Everything has been caught up" in noted(
        digest
    )
    Source.objects.update(last_error_at=MORNING - timedelta(days=3))
    assert "was late" not in noted(digest)


def test_the_page_of_a_digest_shows_everything_also_when_the_alerts_ended():
    digest = read_digest()
    Subscription.objects.update(ended_at=MORNING, end_reason="person")
    assert letter(digest, MORNING) is None
    said = page(digest, {}).said
    assert said.results == 8 and [part.count for part in said.sections] == [1, 6, 0, 0]


def test_what_was_hidden_is_gone_from_the_page_too():
    digest = read_digest()
    Item.objects.filter(heading="Sirens").update(hidden_at=MORNING)
    assert "sirens" not in letter(digest, MORNING).text
    Item.objects.update(hidden_at=MORNING)
    assert page(digest, {}).said is None


def test_words_are_marked_and_reasons_given_where_names_were_asked_for():
    names = {"department": make_department("Department for Lighthouses"), "asking_member": make_member("Ada Fenwick")}
    for words in ("foghorns dept:lighthouses -asked:marsh", 'asked:"Ada Fenwick"'):
        make_subscription(make_person(), words, now=MORNING)
    percolate(make_event(heading="On the coast", answer="The foghorns are well.", **names))
    compose_due(MORNING)

    both, asked = (letter(digest, MORNING).text for digest in Digest.objects.order_by("id"))

    assert "The *foghorns* are well." in both
    assert "Why: asked by Ada Fenwick." in asked


@pytest.mark.parametrize(("events", "read"), [(1, 7), (50, 8)])
def test_what_is_around_the_events_is_read_once_for_all(events, read):
    """Of many it is asked besides whether the alert finds too many, every week, to show more than headings."""
    make_subscription(make_person(), "foghorns", now=MORNING)
    percolate(*(make_event(department=make_department(f"Ministry {number % 9}")) for number in range(events)))
    compose_due(MORNING)
    digest = Digest.objects.get()
    with CaptureQueriesContext(connection) as seen:
        letter(digest, MORNING)
    asked = [query["sql"] for query in seen]
    assert len(asked) == read, "\n".join(asked)


def test_a_question_answered_later_by_a_reply_we_sent_before_says_so_in_a_line():
    make_subscription(make_person(), "foghorns", now=MORNING)
    first, late = (answered_with_others(uin) for uin in ("501", "502"))
    percolate(first)
    compose_due(MORNING)
    percolate(late)
    compose_due(MORNING + timedelta(days=1))

    one, two = (letter(digest, MORNING).text for digest in Digest.objects.order_by("id"))

    assert "The horns are well." in one
    assert "Also answered by the reply we sent on 11 March." in two
    assert "The horns are well." not in two
    assert "QUESTIONS, ONE ANSWER" not in two


SAME = "The horns are well. " * 12


def test_an_equal_answer_that_came_a_day_later_says_so_in_a_line_too():
    """Parliament does not always say what it answered together."""
    make_subscription(make_person(), "foghorns", now=MORNING)
    for morning, uin in enumerate(("501", "502")):
        when = MORNING + timedelta(days=morning)
        item = make_item(uin=uin, heading=f"Foghorns {uin}", answer=SAME)
        percolate(make_event("answered", item=item, happened_on=MORNING.date(), released_at=when))
        compose_due(when)

    one, two = (letter(digest, MORNING).text for digest in Digest.objects.order_by("id"))

    assert "The horns are well." in one
    assert "Also answered by the reply we sent on 11 March." in two
    assert "The horns are well." not in two


def test_a_reply_in_an_email_that_never_left_is_told_again():
    make_subscription(make_person(), "foghorns", now=MORNING)
    for morning, uin in enumerate(("501", "502")):
        percolate(answered_with_others(uin))
        compose_due(MORNING + timedelta(days=morning))
        Message.objects.filter(digest__made_at=MORNING).update(state=Message.State.CANCELLED, settled_at=MORNING)
    assert "The horns are well." in letter(Digest.objects.latest("id"), MORNING).text


def test_a_correction_says_when_the_wrong_answer_was_sent():
    make_subscription(make_person(), "foghorns", now=MORNING)
    first = make_event("answered", answer="There are 75 foghorns.")
    percolate(first)
    compose_due(MORNING)
    Message.objects.update(state=Message.State.SENT, settled_at=MORNING)
    percolate(make_event("corrected", item=first.item, answer="There are 57 foghorns.", version="c1"))
    compose_due(MORNING + timedelta(days=1))
    text = letter(Digest.objects.latest("id"), MORNING).text
    assert "We sent you this on 11 March." in text
    assert 'Was: "There are 75 foghorns."\nNow: "There are 57 foghorns."' in text


def answered_with_others(uin: str) -> Event:
    """An answer that 501 and 502 share."""
    day = MORNING.date()
    together = [{"uin": other, "tabled": day.isoformat()} for other in ("501", "502") if other != uin]
    item = make_item(uin=uin, tabled_on=day, heading="Foghorns", answer="The horns are well.", grouped_with=together)
    return make_event("answered", item=item, happened_on=day)
