"""Reading a document for a compiled index: what is asked for is found in it, wherever and however it stands."""

import pytest
from hypothesis import given

from alerts.matching import reader
from alerts.matching.commonness import Commonness
from alerts.matching.compiled import CompiledIndex
from alerts.matching.compiler import compiled
from alerts.query import About, Document, parse
from alerts.query.document import ZONES, Paragraph
from tests.query.grammar import documents


def index_of(*queries: str) -> CompiledIndex:
    topics = [(number, parse(typed).tree) for number, typed in enumerate(queries, start=1)]
    return CompiledIndex(compiled(topics, Commonness({})))


def sure(index: CompiledIndex, document: Document) -> list[int]:
    """The topics of which the index is sure; it must not be unsure of any."""
    _, found, unsure = index.found(document)
    assert not len(unsure)
    return sorted(set(index.topics[found].tolist()))


NOTHING = index_of()


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ('"young people"', "Young\xad people’s"),
        ('"a and e"', "A&E."),
        ('"u k"', "(U.K.)"),
        ('"1000 nurses"', "1,000 nurses"),
        ('"version 4.5"', "version 4.5."),
        ("=Été", "in Été-日本"),
        ('"people met"', "people¹ met"),
        ('"special educational needs and disabilities"', "\nSpecial educational needs and disabilities\n"),
    ],
)
def test_words_are_found_whatever_signs_are_around_them(typed, text):
    index = index_of(typed, "elsewhere")
    assert sure(index, Document.from_zones(heading=text)) == [1]
    assert sure(index, Document.from_zones(heading="Other", answer=f"And so. {text}")) == [1]


@given(documents)
def test_a_document_is_for_the_evaluator_what_it_was_before_it_was_read(document):
    read, *_ = NOTHING.found(document)
    for before, after in ((document, read), *((document.only(zone), read.only(zone)) for zone in ZONES)):
        assert (after.words, after.stems, after.about) == (before.words, before.stems, before.about)
        assert list(map(known, after.paragraphs)) == list(map(known, before.paragraphs))


def known(paragraph: Paragraph) -> tuple:
    return paragraph.text, paragraph.start, paragraph.words, paragraph.stems, paragraph.cased, paragraph.spans


def test_a_phrase_crosses_neither_a_paragraph_nor_a_zone():
    index = index_of('"young people"', '"people who care"')
    assert sure(index, Document.from_zones(heading="young", question="people who\ncare")) == []
    assert sure(index, Document.from_zones(text="young people who care")) == [1, 2]


def test_a_phrase_is_asked_for_in_its_part_alone():
    index = index_of('heading:"young people"', 'text:"young people"', '"young people"')
    assert sure(index, Document.from_zones(heading="Young people")) == [1, 3]
    assert sure(index, Document.from_zones(heading="Young", answer="Young people")) == [2, 3]


def test_a_name_is_found_by_some_of_its_words_next_to_each_other():
    index = index_of('asked:"Ada Fenwick"', "asked:fenwick", 'asked:"Ada Weir"', "dept:transport")
    about = About(asked="Ms Ada Fenwick Weir", departments=("Department for Transport", "DfT"))
    assert sure(index, Document.from_zones(about=about)) == [1, 2, 4]


def test_it_goes_on_after_all_it_remembered_is_forgotten(monkeypatch):
    monkeypatch.setattr(reader, "MOST_REMEMBERED", 4)
    index = index_of('"young people"', "wards", "zebra")
    for _ in range(3):
        assert sure(index, Document.from_zones(heading="Young people", answer="Many wards for the old")) == [1, 2]
        assert sure(index, Document.from_zones(text=" ".join(f"word{number}" for number in range(40)))) == []


def test_a_first_document_may_have_more_words_than_there_is_room_for():
    text = " ".join(f"word{number}" for number in range(20_000))
    assert sure(index_of('"word19998 word19999"'), Document.from_zones(text=text)) == [1]


def test_an_index_of_nothing_finds_nothing():
    assert sure(index_of(), Document.from_zones(heading="Young people")) == []
    assert sure(index_of("wards"), Document.from_zones()) == []
