"""Text becomes words, and every word knows where it came from."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.query import Document
from alerts.query.analysis import cased_words, fold, in_ascii, stem, words

CUT = [
    ("COVID-19", "covid 19"),
    ("long-term and/or 10:30", "long term and or 10 30"),
    ("U.K. The", "u k the"),
    ("children's dogs' O'Brien rock'n'roll", "children dogs obrien rocknroll"),
    ("CHILDREN’S", "children"),
    ("'quoted' ''twice''", "quoted twice"),
    ("A&E, Health & Social Care", "a and e health and social care"),
    ("1,000 12,345,678 4.5 1,000.50", "1000 12345678 4.5 1000.50"),
    ("1,00 12,3456 1, 000", "1 00 12 3456 1 000"),
    ("12.03.2024. 5.a", "12.03.2024 5 a"),
    ("£5m + 20% of C++", "5m 20 of c"),
    ("snake_case #tag @name", "snake case tag name"),
    ("Siân café naïve", "sian cafe naive"),
    ("cafe\u0301 man\u0303ana", "cafe manana"),
    ("STRASSE straße", "strasse strasse"),
    ("soft\u00adhyphen zero\u200bwidth \ufeffmark", "softhyphen zerowidth mark"),
    ("nbsp\u00a0here narrow\u202fthere", "nbsp here narrow there"),
    ("en–dash em—dash non‑breaking minus−sign", "en dash em dash non breaking minus sign"),
    ("“curly” ‘single’ it’s", "curly single it"),
    ("people¹ 2023¹² ¹ note", "people 2023 1 note"),
    ("1234,567 ¹² note", "1234 567 12 note"),
    ("Zap™ Zip℠ ™", "zap zip"),
    ("CO₂ ﬁsh ＦＵＬＬ Ⅳ", "co2 fish full iv"),
    ("½ cup", "1 2 cup"),
    ("nul\x00l lone\ud800half", "nul l lone half"),
    ("", ""),
    ("... – !", ""),
]


@pytest.mark.parametrize(("text", "expected"), CUT)
def test_text_is_cut_into_folded_words(text, expected):
    assert list(words(text)) == expected.split()


@pytest.mark.parametrize(("text", "expected"), CUT)
def test_folding_twice_is_folding_once(text, expected):
    assert fold(fold(text)) == fold(text)
    assert words(" ".join(words(text))) == words(text)


def test_every_character_there_is_folds_to_something_that_stays():
    for code in range(sys.maxunicode + 1):
        folded = fold(chr(code))
        if folded != chr(code):
            assert fold(folded) == folded, hex(code)
            assert words(folded) == words(chr(code)), hex(code)


def test_forms_of_a_word_share_a_stem():
    assert stem("inequalities") == stem("inequality")
    assert stem("babies") == stem("baby")
    assert stem("maternity") != stem("paternity")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Maternity  Services: Safety", ["Maternity", "Services", "Safety"]),
        ("The children's A&E", ["The", "children", "A", "&", "E"]),
        ("Mr O’Brien’s 1,000 beds", ["Mr", "O’Brien", "1,000", "beds"]),
        ("soft\u00adhyphen ﬁsh STRAẞE", ["soft\u00adhyphen", "ﬁsh", "STRAẞE"]),
        ("a cafe\u0301 closed", ["a", "cafe\u0301", "closed"]),
        ("people¹, then", ["people", "then"]),
        ("½ x", ["½", "½", "x"]),
        ("one\n\n two\nthree", ["one", "two", "three"]),
        ("\u200b\u200bone", ["one"]),
    ],
)
def test_offsets_lead_back_to_the_original_text(text, pieces):
    [zone] = Document.from_zones(answer=text).zones

    spans = [span for paragraph in zone.paragraphs for span in paragraph.spans]

    assert [text[start:end] for start, end in spans] == pieces


def test_a_line_break_is_a_paragraph_border_and_empty_paragraphs_do_not_count():
    document = Document.from_zones(heading="Baby units", answer="First one.\n\n***\nSecond.")

    assert [paragraph.words for paragraph in document.paragraphs] == [("baby", "units"), ("first", "one"), ("second",)]
    assert document.words == {"baby", "units", "first", "one", "second"}
    assert document.stems >= {"babi", "unit"}


def test_documents_of_the_same_text_are_the_same_value():
    assert Document.from_zones(heading="x") == Document.from_zones(heading="x")
    assert hash(Document.from_zones(heading="x")) == hash(Document.from_zones(heading="x"))
    assert Document.from_zones(heading="x") != Document.from_zones(question="x")


def test_the_language_runs_where_no_framework_is_loaded():
    code = "import alerts.query, sys; print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "[]"


@given(
    st.text(alphabet=st.sampled_from("aB1 .,'&-’“™²³\xad\u0301éßİªſΣς日٣１㎢\n\u2028£_") | st.characters(), max_size=12)
)
def test_a_text_in_ascii_has_the_same_words_and_capitals(text):
    plain = in_ascii(text)
    if plain is not None:
        assert plain.isascii()
        assert plain.count("\n") == text.count("\n")
        assert [words(line) for line in plain.split("\n")] == [words(line) for line in text.split("\n")]
        assert [cased_words(line) for line in plain.split("\n")] == [cased_words(line) for line in text.split("\n")]


def test_only_a_text_with_other_letters_or_superscripts_cannot_be_put_in_ascii():
    assert in_ascii("£5m for “Siân’s” café – now") == " 5m for  Sian's  cafe - now"
    assert in_ascii("日本") is None
    assert in_ascii("people¹") is None
