"""The past is searched and collapsed exactly: as the evaluator finds and as digests tell."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.digests.gather import gathered
from alerts.digests.grouping import groups, latest
from alerts.matching import past as searching
from alerts.matching.collapse import Collapse
from alerts.matching.columns import KINDS
from alerts.matching.fill import fill
from alerts.matching.kept import refill
from alerts.matching.lexemes import LONGEST, UNREAD, bounds, quoted, stored
from alerts.matching.past import Found, Span, past
from alerts.matching.percolate import percolate, percolate_due
from alerts.matching.preview import lately
from alerts.models import Digest, Event, Item, Section, Subscription, Topic
from alerts.query import Document, Node, matches, parse
from tests.factories import NOW, make_department, make_event, make_item, make_member, make_person, make_source
from tests.matching.rows import happen
from tests.matching.strategies import any_trees
from tests.query.grammar import documents

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
FEW = settings.default.max_examples // 5


def ids(found: Found) -> list[int]:
    return found.rows["id"].tolist()


def look(tree: Node) -> list[int]:
    return ids(past(tree, lately(TODAY)))


def meets(event: Event, document: Document, query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_to_tsvector(%s) @@ %s::tsquery", [stored(event, document).source_expressions[0].value, query]
        )
        return cursor.fetchone()[0]


happenings = st.lists(st.tuples(documents, st.sampled_from(KINDS)), min_size=1, max_size=3)


@settings(max_examples=FEW)
@given(happenings, st.lists(any_trees, min_size=10, max_size=10))
def test_the_database_is_sure_only_of_what_matches_and_of_nothing_that_cannot(happened, trees):
    with transaction.atomic():
        for event in [happen(*one) for one in happened]:
            document = event.document
            for tree in trees:
                surely, perhaps = (any(meets(event, document, one) for one in asked) for asked in bounds(tree))
                verdict = matches(tree, document)
                assert verdict <= perhaps and surely <= verdict, (tree, document)
                assert verdict == perhaps or not bounds(tree).exact
        transaction.set_rollback(True)


@settings(max_examples=FEW)
@given(happenings, st.lists(any_trees, min_size=10, max_size=10))
def test_the_past_is_what_the_evaluator_finds(happened, trees):
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "FEW", 0)
        events = [happen(*one) for one in happened]
        percolate(events[::2])
        for tree in trees:
            assert set(look(tree)) == {event.pk for event in events if matches(tree, event.document)}, tree
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "typed",
    [
        "foghorns",
        "foghorn*",
        '"foghorns"',
        '"four foghorns"',
        '"four foghorn*"',
        "=Foghorns",
        "heading:foghorns",
        "text:(foghorns -bells)",
        "foghorns dept:lighthouses -asked:fenwick",
        "foghorns (type:newsletter OR party:harbour OR status:answered)",
    ],
)
def test_these_the_database_decides_alone(typed):
    assert bounds(parse(typed).tree).exact


def test_an_or_of_more_than_one_question_to_the_database_finds_what_each_of_its_sides_does():
    words = [
        "bells",
        "buoys",
        "cranes",
        "docks",
        "ferries",
        "gulls",
        "harbours",
        "jetties",
        "keepers",
        "lamps",
        "masts",
        "nets",
        "oars",
    ]
    events = [make_event(question=f"How many {word}.") for word in words]
    elsewhere = make_event(answer="Oars, and bells.")
    percolate_due(NOW)
    said = f"({' OR '.join(words)})"
    assert len(bounds(parse(said).tree).perhaps) == 3
    assert set(look(parse(f"{said}").tree)) == {event.pk for event in [*events, elsewhere]}
    assert set(look(parse(f"question:{said}").tree)) == {event.pk for event in events}
    assert set(look(parse(f"{said} NOT oars").tree)) == {event.pk for event in events[:-1]}


@pytest.mark.parametrize("typed", ['"four foghorns were"', "four NEAR foghorns", '="Four Foghorns"', "=foghorns"])
def test_of_these_texts_have_the_last_word(typed):
    tree = parse(typed).tree
    event = make_event(question="Have four foghorns were?")
    capital = make_event(answer="Four foghorns were. Four Foghorns.")
    make_event(question="Why were foghorns four. And were were four?", answer="Bells, FOGHORNS.", heading="FOGHORNS")
    percolate_due(NOW)
    assert not bounds(tree).exact
    expected = [one.pk for one in Event.objects.order_by("-id") if matches(tree, one.document)]
    assert look(tree) == expected and {event.pk, capital.pk} & set(expected)


def test_a_word_longer_than_the_database_can_hold_is_still_found():
    long = "x" * 600
    event = make_event(answer=f"The code is {long}y.")
    make_event(answer=f"The code is {long}z.")
    percolate_due(NOW)
    assert look(parse(f"{long}y").tree) == [event.pk]
    assert len(f"a={long}") > LONGEST


def test_a_text_with_more_words_than_the_database_can_hold_is_read():
    event = make_event(answer=" ".join(f"{number:0>99}" for number in range(10_000)))
    percolate_due(NOW)
    assert Event.objects.extra(where=[f"features @@ $${quoted(UNREAD)}$$"]).get() == event
    assert look(parse("foghorns").tree) == [event.pk]
    assert look(parse("walrus").tree) == []


def test_more_texts_than_can_be_read_are_read_newest_first(monkeypatch):
    monkeypatch.setattr(searching, "MOST_READ", 3)
    events = [make_event(heading="One two three", happened_on=TODAY - timedelta(days=days)) for days in (9, 7, 5, 3, 1)]
    percolate_due(NOW)
    found = past(parse('"one two three"').tree, lately(TODAY))
    assert ids(found) == [event.pk for event in events[:1:-1]]
    assert found.unread_since == TODAY - timedelta(days=7)
    assert past(parse('"one two"').tree, lately(TODAY)).unread_since is None


SAID = (
    "Health and social care.",
    "(health and social care) or not",
    "HEALTH AND SOCIAL CARE?",
    "health\nand social care",
    "health and  social care",
    "health-and-social-care",
    "health and social caretakers",
    "mental-health and social care's",
    "Health and social care\u200bers, health and social",
    "health and social. Social care",
    "health and sócial care",
)


@pytest.mark.parametrize(
    "typed",
    [
        '"health and social care"',
        'heading:"health and social care"',
        'zebra OR text:"health and social care"',
        '"health and social care" -not',
        'zebra -"health and social care"',
        '"health and social care" OR "for old lighthouses"',
    ],
)
def test_long_phrases_that_texts_say_word_for_word_are_found_as_others_are(typed, monkeypatch):
    monkeypatch.setattr(searching, "FEW", 0)
    tree = parse(typed).tree
    events = [make_event(heading=said, question="A zebra", answer="") for said in SAID]
    events += [make_event(heading="Zebra", question=said, answer="") for said in SAID]
    percolate_due(NOW)
    assert set(look(tree)) == {event.pk for event in events if matches(tree, event.document)}


def test_where_texts_say_it_word_for_word_they_need_not_be_read(monkeypatch):
    monkeypatch.setattr(searching, "FEW", 0)
    monkeypatch.setattr(searching, "MOST_READ", 2)
    for said in SAID[:3] + SAID[4:6]:
        make_event(heading=said)
    percolate_due(NOW)
    found = past(parse('"health and social care"').tree, lately(TODAY))
    assert (len(found.rows), found.unread_since) == (5, None)


def test_what_corrects_an_answer_that_is_found_is_found_whatever_it_says():
    item = make_item()
    make_event("answered", item=item, answer="Four foghorns, said the walrus.", happened_on=TODAY - timedelta(days=100))
    corrected = make_event("corrected", item=item, answer="Three bells.")
    other = make_event("corrected", answer="Three bells, too.")
    assert look(parse("walrus").tree) == [corrected.pk]
    percolate_due(NOW)
    assert look(parse("walrus").tree) == [corrected.pk]
    assert look(parse("bells").tree) == [other.pk, corrected.pk]


def test_what_a_migration_emptied_is_found_meanwhile_and_made_anew():
    event = make_event(answer="Four foghorns, said the walrus.")
    percolate_due(NOW)
    before = Event.objects.filter(pk=event.pk).values("features", "same_key").get()
    Event.objects.update(features=None, same_key=None)
    assert look(parse("walrus").tree) == [event.pk]
    assert look(parse("tide").tree) == []
    assert (refill(NOW), refill(NOW)) == (1, 0)
    assert Event.objects.filter(pk=event.pk).values("features", "same_key").get() == before


LONG = "Foghorns are repaired every year by the keepers of each lighthouse " * 5
SAYINGS = (LONG, LONG.replace(" are ", "  <b>are</b> "), "Four foghorns.", "Four  FOGHORNS.", "None.", "")
HEADINGS = ("Foghorns", "Foghorns: Repairs", "")
LINKS = (
    "",
    "https://gazette.example.org/one",
    "http://www.gazette.example.org/one/",
    "https://gazette.example.org/two",
)


def a_life(chance: Random) -> None:
    """Questions that share answers, partners, askers and days, and newsletters that share texts and links."""
    bodies = [make_department(name) for name in ("Department for Lighthouses", "Ministry of Bells")]
    bodies.append(bodies[0])
    askers = [make_member(name) for name in ("Ada Fenwick", "Bo Marsh")]
    sources = [make_source("feed", name=name) for name in ("Gazette", "Tide Weekly")]
    items = []
    for number in range(14):
        day = TODAY - timedelta(days=chance.choice((1, 1, 1, 1, 40)))
        names = {"department": chance.choice(bodies), "asking_member": chance.choice(askers)}
        heading = chance.choice(HEADINGS)
        if chance.random() < 0.3:
            blank = {"question": "", "uin": "", "house": "", "tabled_on": None}
            item = make_item(chance.choice(sources), url=chance.choice(LINKS), state="published", **blank)
            make_event(
                "published",
                item=item,
                heading=heading,
                text=chance.choice(SAYINGS),
                question="",
                answer="",
                happened_on=day,
            )
            continue
        item = make_item(uin=f"1{number}", tabled_on=day, heading=chance.choice(HEADINGS))
        items.append(item)
        make_event("tabled", item=item, heading="", question="Foghorns?", happened_on=day, **names)
        if chance.random() < 0.8:
            answer = chance.choice(SAYINGS)
            make_event(
                "answered", item=item, heading=heading, question="Foghorns?", answer=answer, happened_on=day, **names
            )
            if chance.random() < 0.2:
                make_event(
                    "corrected",
                    item=item,
                    question="Why?",
                    heading=heading,
                    answer="Five bells.",
                    happened_on=day,
                    **names,
                )
    for item in items:
        partners = chance.sample(items, chance.choice((0, 0, 1, 2)))
        together = [{"uin": one.uin, "tabled": f"{one.tabled_on}T00:00:00"} for one in partners if one != item]
        Item.objects.filter(pk=item.pk).update(grouped_with=together)


def told(topics: dict[str, Topic], kinds: list[str], from_seq: int, to_seq: int) -> dict[str, set[frozenset[int]]]:
    """What sections of these words show before anything is cut: the ids of the events of each result."""
    reader = make_person()
    digest = Digest.objects.create(user=reader, frequency="daily", period_key="2026-03-10", made_at=NOW)
    for words, topic in topics.items():
        alert = Subscription.objects.create(user=reader, topic=topic, query=words, told_through=0, confirmed_at=NOW)
        span = {"kinds": kinds, "from_seq": from_seq, "to_seq": to_seq}
        Section.objects.create(digest=digest, subscription=alert, topic=topic, position=0, query=words, **span)
    shown = gathered([digest], {})[digest.pk].told
    return {
        section.query: {frozenset(fact.event_id for fact in group) for group in groups(latest(section.facts))}
        for section in shown
    }


def previewed(topic: Topic, kinds: list[str], from_seq: int, to_seq: int) -> set[frozenset[int]]:
    """The same by the search of the past."""
    span = Span(from_seq=from_seq, to_seq=to_seq, kinds=tuple(kinds))
    found = past(parse(topic.canonical).tree, span)
    results = Collapse(found.rows).results()
    return {frozenset(found.rows["id"][results.of(number)].tolist()) for number in range(len(results))}


WORDS = (
    "foghorns",
    "foghorns -bells",
    "heading:repairs",
    "answer:foghorns",
    '"four foghorns"',
    "gazette OR none",
    "foghorns NEAR/3 keepers OR four",
)


@settings(max_examples=FEW)
@given(st.integers(0, 2**32), st.integers(0, 20), st.integers(1, 60), st.sets(st.sampled_from(KINDS), min_size=2))
def test_the_preview_of_a_section_is_that_section(seed, from_seq, length, kinds):
    wanted = [kind for kind in KINDS if kind in kinds]
    with transaction.atomic():
        topics = {words: Topic.objects.opened(parse(words).tree, NOW) for words in WORDS}
        a_life(Random(seed))
        percolate_due(NOW)
        fill(NOW)
        to_seq = from_seq + length
        sections = told(topics, wanted, from_seq, to_seq)
        for words, topic in topics.items():
            assert previewed(topic, wanted, from_seq, to_seq) == sections.get(words, set()), words
        transaction.set_rollback(True)


def counted(*answers: dict) -> int:
    """The results that these answers of one day to one member are."""
    usual = {"department": make_department(), "asking_member": make_member()}
    for answer in answers:
        make_event("answered", **(usual | answer))
    percolate_due(NOW)
    return len(Collapse(past(parse("foghorns OR bells").tree, lately(TODAY)).rows).results())


def test_stock_replies_are_one_result_only_under_one_heading_to_one_member():
    assert counted({"heading": "Foghorns"}, {"heading": "Foghorns"}) == 1
    assert counted({"heading": "Bells"}) == 2
    assert counted({"heading": "Bells", "asking_member": make_member("Bo Marsh")}) == 3


def test_what_parliament_answered_together_is_one_result_whatever_the_answers_say():
    day = TODAY - timedelta(days=9)
    together = [{"uin": "11", "tabled": f"{day}T00:00:00"}]
    items = [
        make_item(uin=uin, tabled_on=day, grouped_with=together if uin > "11" else []) for uin in ("11", "12", "13")
    ]
    assert counted(*({"item": item, "answer": f"{number} foghorns."} for number, item in enumerate(items))) == 1


def test_two_that_were_answered_together_with_a_third_are_one_result_without_it():
    day = TODAY - timedelta(days=9)
    together = [{"uin": "11", "tabled": f"{day}T00:00:00"}]
    items = [make_item(uin=uin, tabled_on=day, grouped_with=together) for uin in ("12", "13")]
    assert counted(*({"item": item, "answer": f"{number} foghorns."} for number, item in enumerate(items))) == 1


def test_what_parliament_says_later_of_what_was_answered_together_counts_at_once():
    day = TODAY - timedelta(days=9)
    items = [make_item(uin=uin, tabled_on=day) for uin in ("11", "12", "13")]
    assert counted(*({"item": item, "answer": f"{number} foghorns."} for number, item in enumerate(items))) == 3
    for partner, results in (("11", 2), ("12", 2), ("13", 3), ("10", 3)):
        together = [{"uin": partner, "tabled": f"{day}T00:00:00"}]
        Item.objects.filter(pk=items[2].pk).update(grouped_with=together)
        assert counted() == results, partner
    Item.objects.filter(pk=items[2].pk).update(grouped_with=[])
    assert counted() == 3
