"""Index, preview and evaluator agree on real questions and on queries made of their words and names."""

from collections.abc import Sequence
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.matching.commonness import Commonness
from alerts.matching.compiled import CompiledIndex
from alerts.matching.compiler import compiled
from alerts.matching.index import TopicIndex
from alerts.matching.past import past
from alerts.matching.percolate import percolate
from alerts.matching.preview import lately
from alerts.models import Event
from alerts.models.about import type_of
from alerts.query import (
    About,
    And,
    Cased,
    Document,
    Field,
    In,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    canonical,
    matches,
)
from alerts.sources.html_text import plain
from alerts.sources.people import SHORT_NAMES
from alerts.sources.question_json import read_page
from alerts.sources.question_values import Question
from tests.factories import NOW
from tests.matching.rows import happen
from tests.shared_data import shared

pytestmark = pytest.mark.shared_data

EVERY = 25


@pytest.fixture(autouse=True)
def material():
    """The questions; skips where they are not there."""
    return real()


@cache
def real() -> tuple[Document, ...]:
    """Questions of one day, some of each House, with the names of everybody in them."""
    body = shared("written-questions/members/fetch_questions_get.json").read_bytes()
    return tuple(map(_document, read_page(body).questions[::EVERY]))


def _document(question: Question) -> Document:
    about = About(
        type=type_of(question.state),
        house=question.house,
        source="Written questions",
        status=question.state,
        departments=(question.department_name, *SHORT_NAMES.get(question.department_id, ())),
        asked=question.asker.name,
        answered=question.answerer.name if question.answerer else "",
        party=(question.asker.party, question.asker.party_abbreviation),
    )
    zones = {"heading": question.heading, "question": question.question, "answer": plain(question.answer)}
    return Document.from_zones(**zones, about=about)


def finding(chance: Random, document: Document) -> Node:
    """A leaf that finds the document, made of the words of one of its paragraphs."""
    paragraph = chance.choice(document.paragraphs)
    first = chance.randrange(len(paragraph.words))
    run = slice(first, first + chance.choice((1, 2, 2, 3)))
    words = paragraph.words[run]
    leaves = [Term(words[0]), Phrase(words), Cased(paragraph.cased[run])]
    if len(words[-1]) > 3:
        prefix = Prefix(words[-1][:-1])
        leaves += [prefix, Phrase((*words[:-1], prefix))] if len(words) > 1 else [prefix]
    return chance.choice(leaves)


def about(chance: Random, document: Document) -> Field:
    """A field that holds of the document."""
    known = {name: names for name, names in document.about.names.items() if names}
    name = chance.choice(sorted(known))
    words = chance.choice(known[name])
    return Field(name, words[:1] if name in ("asked", "answered") else words)


def leaf(chance: Random, documents: Sequence[Document]) -> Node:
    """A leaf that finds one of the texts at least, but for what is asked of a zone or to be near."""
    document = chance.choice(documents)
    one = finding(chance, document)
    near = Near((one, finding(chance, document)), chance.randint(1, 50))
    zoned = In(chance.choice(("heading", "question", "answer", "text")), one)
    return chance.choice((one, one, near, zoned, about(chance, document)))


def made(chance: Random, documents: Sequence[Document], depth: int = 2) -> Node:
    """A tree of such leaves."""
    kind = chance.choice((leaf, leaf, And, Or, Not)) if depth else leaf
    if kind is leaf:
        return leaf(chance, documents)
    if kind is Not:
        return Not(made(chance, documents, depth - 1))
    return kind(tuple(made(chance, documents, depth - 1) for _ in range(chance.randint(2, 3))))


@st.composite
def stories(draw) -> tuple[list[Document], dict[int, Node]]:
    """A few texts, and topics made of their words; they come from a seed, since drawing each word takes long."""
    chance = Random(draw(st.integers(0, 2**32)))
    documents = chance.sample(real(), 8)
    return documents, {topic: made(chance, documents) for topic in range(draw(st.integers(1, 12)))}


@given(stories(), st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
def test_the_index_finds_in_real_questions_what_the_evaluator_finds(story, dropped, late):
    documents, topics = story
    then = {topic: topics[0] if topic in late else topics[topic] for topic in topics}
    index = TopicIndex(compiled=CompiledIndex(compiled(then.items(), Commonness({}))))
    for topic in late & topics.keys():
        index.add(topic, topics[topic])
    index.drop(dropped)
    alive = topics.keys() - dropped
    for document in documents:
        assert index.matching(document) == {topic for topic in alive if matches(topics[topic], document)}


@pytest.mark.django_db
def test_the_past_is_what_the_evaluator_finds_in_real_questions():
    for document in real():
        happen(document, document.about.status)
    percolate(list(Event.objects.order_by("id"))[3:])
    rows = {event.pk: event.document for event in Event.objects.readable()}

    @given(stories())
    def agree(story):
        for tree in list(story[1].values())[:2]:
            found = past(tree, lately(NOW.date())).rows["id"]
            agreed = {event for event, document in rows.items() if matches(tree, document)}
            assert set(found.tolist()) == agreed, canonical(tree)

    agree()
