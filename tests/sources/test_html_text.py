"""HTML becomes text in which no two words are glued, and HTML that is safe to show."""

import gzip
import html
import json
import re

import pytest

from alerts.sources.html_text import is_hostile, paragraphs, plain, sanitised, tidy
from tests.shared_data import shared

TEXTS = {
    "paragraphs": ("<p>nationally.</p><p>Based upon</p>", "nationally.\nBased upon"),
    "a line break": ("<p>one<br>two<br/>three</p>", "one\ntwo\nthree"),
    "inline elements": ("<p>the 6<sup>th</sup> of <b>May</b>, CO<sub>2</sub></p>", "the 6th of May, CO2"),
    "entities, once": ("<p>A&amp;E &lt;b&gt; &amp;amp; &quot;x&quot; &pound;5</p>", 'A&E <b> &amp; "x" £5'),
    "strange blanks": ("<p>a&nbsp;b\u202fc\u200bd\ufeff</p>", "a b cd"),
    "a list": ("<p>as follows:</p><ul><li>one</li><li>two</li></ul><p>end</p>", "as follows:\n• one\n• two\nend"),
    "numbers": ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
    "numbers that go on": ('<ol start="4"><li><p>a</p></li><li>b</li></ol>', "4. a\n5. b"),
    "lists in lists": ("<ol><li>a<ul><li>x</li></ul></li><li>b</li></ol>", "1. a\n• x\n2. b"),
    "an empty point": ("<ul><li></li></ul><p>after</p>", "after"),
    "a table": (
        "<table><tbody><tr><td><p>Category</p></td><td>2019</td></tr><tr><th>Total</th><td>7</td></tr></tbody></table>",
        "Category | 2019\nTotal | 7",
    ),
    "two paragraphs in a cell": ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a b | c"),
    "bare text": (
        "No paragraph &amp; <a href='https://x.example'>a link</a>\nand a line",
        "No paragraph & a link\nand a line",
    ),
    "line breaks of the source": ("<p>one\n   two</p>", "one two"),
    "unknown blocks": ("<div>a</div><section>b</section><h3>c</h3>", "a\nb\nc"),
    "a lone less-than": ("<p>(<12 months) a < b</p>", "(<12 months) a < b"),
    "a script": ("<p>a</p><script>alert('x')</script><style>p{}</style><p>b</p>", "a\nb"),
    "a comment": ("<p>a<!-- <p>hidden</p> -->b</p>", "ab"),
    "a greater-than in an attribute": ('<p title="a>b">text</p>', "text"),
    "never closed": ("<p>a<p>b<li>c", "a\nb\n• c"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("source", "text"), TEXTS.values(), ids=TEXTS)
def test_html_becomes_text(source, text):
    assert plain(source) == text


@pytest.mark.parametrize("source", [source for source, _ in TEXTS.values()], ids=TEXTS)
def test_tidying_text_a_second_time_changes_nothing(source):
    assert tidy(plain(source)) == plain(source)


def test_what_may_be_shown_stays():
    source = (
        "<p>a <strong>b</strong> <em>c</em><br>6<sup>th</sup> H<sub>2</sub></p>"
        '<ol start="3"><li>d</li></ol><ul><li>e</li></ul><blockquote>f</blockquote>'
        '<table><tr><th colspan="2" scope="row">g</th></tr>'
        '<tr><td rowspan="2">h</td></tr></table>'
    )
    shown = sanitised(source)
    for piece in ["<strong>b</strong>", "<br>", '<ol start="3">', "<blockquote>f</blockquote>", 'colspan="2"', "<sub>"]:
        assert piece in shown


NASTY = {
    "a script": "<script>alert(1)</script>",
    "a handler": '<p onclick="x()">a</p>',
    "a picture": '<img src="https://tracker.example/p.gif">',
    "a style": '<p style="position:fixed" class="x">a</p><style>p{}</style>',
    "a form": '<form action="https://x.example"><input name="q"></form>',
    "a frame": '<iframe src="https://x.example"></iframe>',
    "vectors": '<svg onload="x()"><a xlink:href="javascript:x()">a</a></svg><math><mtext></mtext></math>',
    "a clever link": '<a href="java&#10;script:alert(1)">a</a><a href="data:text/html,x">b</a>',
    "an unclosed tag": '<a href="https://x.example" onmouseover="x()"',
}


@pytest.mark.parametrize("source", NASTY.values(), ids=NASTY)
def test_nothing_that_acts_is_left(source):
    shown = sanitised(f"<p>before</p>{source}")
    assert shown.startswith("<p>before</p>")
    for piece in ["script", "on", "<img", "style", "<form", "<input", "<iframe", "<svg", "<math", "data:", "tracker"]:
        assert piece not in shown.replace("noopener", "").replace("before", "")


def test_links_lead_out_and_carry_nothing():
    shown = sanitised(
        '<a href="https://x.example/a" target="_blank">a</a><a href="/inside">b</a><a href="mailto:a@x.example">c</a>'
    )
    assert shown == (
        '<a href="https://x.example/a" rel="noopener noreferrer nofollow">a</a>'
        '<a rel="noopener noreferrer nofollow">b</a>'
        '<a href="mailto:a@x.example" rel="noopener noreferrer nofollow">c</a>'
    )


DEEP = {
    "fifty thousand levels": "<div>" * 50_000 + "deep",
    "closed by the wrong tag": "<div></span>" * 20_000 + "deep",
    "unclosed inline elements": "<b>" * 1000 + "deep",
    "a very long one": "<p>long</p>" * 100_000 + "deep",
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_html_that_would_take_for_ever_is_flattened(source):
    assert is_hostile(source)
    assert plain(source).endswith("deep")
    assert sanitised(source).endswith("<p>deep</p>")


def test_an_ordinary_long_answer_is_not_hostile():
    assert not is_hostile("<p>a<br>b</p><ul><li>c<li>d</ul>" * 2000)


def test_plain_text_becomes_escaped_paragraphs():
    assert paragraphs("a < b\n& c") == "<p>a &lt; b</p><p>&amp; c</p>"


INLINE = re.compile(r"</?(?:a|b|i|u|em|strong|sup|sub|span)\b[^>]*>")
MARKS = {"•", "|"}
BREAKING = re.compile(r"<[^>]*>")


@pytest.mark.shared_data
def test_real_answers_keep_every_word_and_glue_none():
    seen = 0
    for path in sorted(shared("written-questions/details").glob("*.jsonl.gz"))[:2]:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            sources = [json.loads(line)["answer_text"] for line in lines]
        for source in sources:
            raw = html.unescape(BREAKING.sub(" ", INLINE.sub("", source))).replace("\u200b", "")
            words = [word for word in raw.split() if word not in MARKS]
            if "<ol" not in source:
                assert [word for word in plain(source).split() if word not in MARKS] == words
                seen += 1
    assert seen > 1000
