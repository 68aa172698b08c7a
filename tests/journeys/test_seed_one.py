"""The first seed, from Parliament's API to the inbox: ten questions, five results, no answer twice."""

import datetime
import email
import email.policy
import json
import re
import urllib.request

import pytest

import rehearsal
from alerts.models import Event, Message, Source
from alerts.query import Document, matches, parse
from alerts.sources.poll import ensure_parliament
from alerts.tick import tick
from tests.factories import make_person, make_subscription
from tests.journeys import seed_one
from tests.shared_data import shared

WORDS = "babies OR neonatal"
BEFORE = datetime.datetime(2024, 1, 31, 9, 0, tzinfo=datetime.UTC)
EVENING = datetime.datetime(2024, 2, 13, 19, 0, tzinfo=datetime.UTC)
MORNING = datetime.datetime(2024, 2, 14, 7, 30, tzinfo=datetime.UTC)

pytestmark = [pytest.mark.shared_data, pytest.mark.django_db(transaction=True)]


def passages(text: str, length: int = 12) -> list[str]:
    """Every run of so many words; two answers of the seed have a sentence in common, so a run may be in both."""
    cut = text.split()
    return [" ".join(cut[start : start + length]) for start in range(len(cut) - length + 1)]


@pytest.fixture
def seed():
    return shared("seeds/000_aab3d60b8ab4f86a.txt")


@pytest.fixture
def parliament(seed, settings):
    """A rehearsal Parliament with nothing in it yet, and Hark's first poll of it done."""
    with rehearsal.serve(rehearsal.FixedWorld(), now=BEFORE) as server:
        settings.PARLIAMENT_URL = server.url
        settings.FETCH_ALLOW = frozenset({server.url.removeprefix("http://")})
        settings.FETCH_RATE = 1000.0
        ensure_parliament(BEFORE)
        tick(BEFORE)
        yield server


def mail_text() -> str:
    """The text part of the one digest, as it was sent."""
    message = Message.objects.get(kind="digest")
    assert message.state == "sent"
    parsed = email.message_from_bytes(bytes(message.body), policy=email.policy.default)
    return parsed.get_body(("plain",)).get_content()


def list_answer(parliament: rehearsal.Server, uin: str) -> str:
    """The answer as the list of the API gives it."""
    address = f"{parliament.url}/api/writtenquestions/questions?uIN={uin}"
    with urllib.request.urlopen(address, timeout=10) as response:
        return json.load(response)["results"][0]["value"]["answerText"]


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.replace("*", ""))


def test_ten_questions_make_one_digest_of_five_results(parliament, seed):
    make_subscription(make_person(), WORDS, now=BEFORE)
    parliament.world, parliament.now = seed_one.world(seed), EVENING
    tick(EVENING)
    tick(MORNING)

    assert Event.objects.filter(kind="answered", baseline=False).count() == 10
    text = mail_text()
    assert "5 results" in text
    assert len(re.findall(r"5 questions, one answer", text, re.IGNORECASE)) == 1
    assert len(re.findall(r"2 questions, one answer", text, re.IGNORECASE)) == 1
    assert text.count("Cancer: Children and Young People") == 1

    mailed = " ".join(words_of(text))
    answers = {" ".join(words_of(block["answer"])) for block in seed_one.blocks(seed)}
    shown = 0
    for answer in answers:
        for passage in passages(answer):
            if sum(passage in other for other in answers) == 1:
                assert mailed.count(passage) <= 1
                shown += passage in mailed
    assert shown > 40, "hardly any passage of an answer is in the mail"


def test_a_second_and_a_third_morning_tell_nothing_again(parliament, seed):
    make_subscription(make_person(), WORDS, now=BEFORE)
    parliament.world, parliament.now = seed_one.world(seed), EVENING
    for hours in range(0, 72, 6):
        tick(EVENING + datetime.timedelta(hours=hours))
    assert Message.objects.filter(kind="digest").count() == 1


def test_babies_in_the_fifth_paragraph_is_found_only_through_the_detail(parliament, seed):
    parliament.world, parliament.now = seed_one.world(seed), EVENING
    tick(EVENING)
    tree = parse("babies").tree
    cancer = Event.objects.filter(heading="Cancer: Children and Young People")
    assert cancer.count() == 5
    for event in cancer:
        listed = list_answer(parliament, event.item.uin)
        assert len(listed) == 258
        whole = Document.from_zones(heading=event.heading, question=event.question, answer=event.answer)
        cut = Document.from_zones(heading=event.heading, question=event.question, answer=listed)
        assert matches(tree, whole)
        assert not matches(tree, cut)
    assert Source.objects.get().last_error == ""
