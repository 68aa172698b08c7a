"""A newsletter is made safe once: nothing hidden, nothing personal, nothing that runs, and still good to read."""

import re

import pytest

from alerts.sources.html_text import plain
from alerts.sources.newsletter_html import cleaned
from tests.shared_data import shared

REL = ' rel="noopener noreferrer nofollow"'
READABLE = {
    "a paragraph": ("<p>Good <b>news</b> and <i>tea</i></p>", "<p>Good <strong>news</strong> and <em>tea</em></p>"),
    "a heading": ("<h2>The <b>harbour</b></h2><p>It froze.</p>", "<p><strong>The harbour</strong></p><p>It froze.</p>"),
    "a layout of tables": (
        "<table><tr><td><div>Left</div></td><td>Right</td></tr></table>",
        "<p>Left</p><p>Right</p>",
    ),
    "a line that is bold": (
        "<p><b>1. Lamps</b><br>They are lit.</p>",
        "<p><strong>1. Lamps</strong></p><p>They are lit.</p>",
    ),
    "a bold line that goes on": ("<p><b>Lamps,<br>lit</b></p>", "<p><strong>Lamps,<br>lit</strong></p>"),
    "line breaks for paragraphs": ("One<br><br>Two<br>three", "<p>One</p><p>Two<br>three</p>"),
    "a list in a list": (
        "<ul><li>one<p>more</p><ol start='3'><li>in</li></ol>out</li><li> </li></ul>",
        '<ul><li>one<br>more<ol start="3"><li>in</li></ol>out</li></ul>',
    ),
    "points of no list": ("<li>one</li><li>two</li>", "<p>one</p><p>two</p>"),
    "a quotation": (
        "<blockquote><p>a</p><ul><li>b</li></ul>c</blockquote>",
        "<blockquote><p>a</p><ul><li>b</li></ul><p>c</p></blockquote>",
    ),
    "bold by style": ('<span style="font-weight: 700">Loud</span> voice', "<p><strong>Loud</strong> voice</p>"),
    "a link around blocks": (
        '<a href="https://quay.example"><div>one</div><div>two</div></a>',
        f'<p><a href="https://quay.example"{REL}>one</a></p><p><a href="https://quay.example"{REL}>two</a></p>',
    ),
    "a line drawn with signs": ("<p>one</p><p>* * *</p><p>two</p>", "<p>one</p><p>two</p>"),
    "plain text": ("1. Lamps\n\nThey are lit & bright.\n", "<p>1. Lamps</p><p>They are lit &amp; bright.</p>"),
    "a list of plain text": ("As follows:\n\n  • one\n  • two", "<p>As follows:</p><ul><li>one</li><li>two</li></ul>"),
    "nothing": ("", ""),
}
HIDDEN = {
    "display": '<div style="display: none">Sshh</div>',
    "visibility": '<p style="visibility:hidden">Sshh</p>',
    "height": '<div style="max-height:0; overflow:hidden">Sshh</div>',
    "opacity": '<div style="opacity:0">Sshh</div>',
    "size": '<span style="font-size:1px">Sshh</span>',
    "an attribute": "<p hidden>Sshh</p>",
    "within": '<div style="display:none"><table><tr><td style="display:block">Sshh</td></tr></table></div>',
    "a preheader": '<span class="mcnPreviewText">Sshh</span>',
    "a style": "<style>.Sshh{}</style>",
    "a title": "<html><head><title>Sshh</title></head></html>",
    "a comment": "<!--[if mso]><p>Sshh</p><![endif]-->",
    "a picture": '<img src="https://post.example/open.gif?who=Sshh" alt="Sshh" width="1">',
}
PERSONAL = {
    "unsubscribe": '<p>You can <a href="https://news.us7.list-manage.com/unsubscribe?u=1&id=2&e=3">leave</a>.</p>',
    "preferences": '<p><a href="https://post.example/x">Update your preferences</a></p>',
    "the browser": '<p>Pictures gone? <a href="https://post.example/v/8">View this email in your browser</a></p>',
    "a friend": '<p><a href="http://us7.forward-to-friend.com/forward?u=1&e=3">Pass it on</a></p>',
    "unfilled": '<p>Sent to you, <a href="[[UNSUB_LINK]]">click here to unsubscribe</a>.</p>',
    "another sender": '<p><a href="https://x.mjt.lu/unsub?hl=en&a=1&b=2">Leave</a></p>',
    "by mail": '<p><a href="mailto:leave-unsub-77@post.example">Leave</a></p>',
    "a list of them": '<ul><li><a href="https://post.example/unsubscribe/77">Leave</a></li></ul>',
    "plain text": "Unsubscribe: https://post.example/unsubscribe/77",
}
ADDRESSES = {
    "of campaigns": ("https://a.example/?utm_source=x&id=4&utm_medium=y", "https://a.example/?id=4"),
    "of readers": ("https://a.example/p?mc_cid=1&mc_eid=2#top", "https://a.example/p#top"),
    "of an archive": (
        "https://mailchi.mp/quay/may?e=31c",
        "https://mailchi.mp/quay/may",
    ),
    "of an e that is no reader": ("https://a.example/?e=5", "https://a.example/?e=5"),
    "with a name to log in": ("http://ann:key@a.example/", "http://a.example/"),
    "relative": ("../map", "https://quay.example/map"),
    "a mail": ("mailto:ann@a.example", "mailto:ann@a.example"),
}


@pytest.mark.parametrize(("source", "expected"), READABLE.values(), ids=READABLE)
def test_what_is_good_to_read_stays(source, expected):
    assert cleaned(source) == expected


@pytest.mark.parametrize("source", HIDDEN.values(), ids=HIDDEN)
def test_what_nobody_sees_goes(source):
    assert cleaned(f"<p>Seen</p>{source}") == "<p>Seen</p>"


def test_text_in_a_cell_without_a_size_of_its_own_is_seen():
    cell = '<td style="font-size:0px"><div style="font-size:13px">Seen</div></td>'
    assert cleaned(f"<table><tr>{cell}</tr></table>") == "<p>Seen</p>"


@pytest.mark.parametrize("source", PERSONAL.values(), ids=PERSONAL)
def test_links_for_one_reader_go_with_the_notice_they_stand_in(source):
    assert cleaned(source) == ""


def test_a_long_paragraph_loses_only_the_personal_link():
    story = "The ferry ran late again. " * 12
    link = '<a href="https://post.example/unsubscribe?9">Unsubscribe</a>'
    assert cleaned(f"<p>{story}<br>{link}</p>") == f"<p>{story.strip()}</p>"
    assert cleaned(f"<p>{story} {link} today</p>") == f"<p>{story.strip()} today</p>"


def test_news_about_leaving_lists_is_no_notice():
    source = '<p><a href="https://ico.example/guide">Unsubscribe buttons must work, says the regulator</a></p>'
    assert "Unsubscribe buttons must work" in cleaned(source)


@pytest.mark.parametrize(("href", "expected"), ADDRESSES.values(), ids=ADDRESSES)
def test_addresses_tell_nothing_of_who_reads(href, expected):
    assert cleaned(f'<p><a href="{href}">here</a></p>', "https://quay.example/issues/") == (
        f'<p><a href="{expected}"{REL}>here</a></p>'
    )


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "*|ARCHIVE|*", "http://[bad/", "/map", ""])
def test_what_cannot_be_followed_is_no_link(href):
    assert cleaned(f'<p><a href="{href}">here</a></p>') == "<p>here</p>"


def test_a_link_that_names_another_host_shows_the_real_one():
    def link(text):
        return plain(cleaned(f'<a href="https://lure.example/in">{text}</a>'))

    assert link("www.quaybank.co.uk") == "www.quaybank.co.uk (lure.example)"
    assert link("https://lure.example/in") == "https://lure.example/in"
    assert link("Our new Node.js page, e.g. this") == "Our new Node.js page, e.g. this"


EVIL = """<svg><script>alert(1)</script></svg><math><mi href="javascript:alert(1)">m</mi></math>
<form action="https://lure.example"><input name="key"><button onclick="x()">Go</button></form>
<p style="background:url(x)" onmouseover="x()" class="a" id="b">Text <a href=" java&#10;script:x()">j</a></p>
<iframe src="x"></iframe><object data="x"></object><img src=x onerror=x()><style>p{}</style><base href="//x">"""


def test_nothing_that_runs_or_reports_gets_through():
    text = cleaned(EVIL)
    assert not re.search(r"\son\w+=|javascript|<(?:style|img|form|script|svg|math|iframe|input)|style=|class=", text)
    assert "Text" in text


@pytest.mark.parametrize("source", [EVIL, *(one for one, _ in READABLE.values()), *PERSONAL.values()])
def test_cleaning_again_changes_nothing(source):
    once = cleaned(source)
    assert cleaned(once) == once


def test_links_shown_for_what_they_are_stay_as_they_are():
    once = cleaned('<p><a href="https://lure.example/?utm_id=2">www.quaybank.co.uk</a> <a href="/a">b</a></p>')
    assert cleaned(once) == once


@pytest.mark.parametrize("depth", [5_000, 200_000])
def test_nesting_beyond_reason_gives_the_bare_text(depth):
    assert cleaned("<div>" * depth + "<p>Deep</p>") == "<p>Deep</p>"


@pytest.mark.shared_data
def test_real_newsletters_are_left_with_their_words_alone():
    for path in sorted(shared("newsletters/mailchimp").glob("*.html")):
        once = cleaned(path.read_text(), "https://archive.example/")
        assert not re.search(r"<(?!/?(?:p|br|a|em|strong|ul|ol|li|blockquote)\b)|style=|\*\||\[\[|unsub|utm_", once)
        assert cleaned(once) == once
        assert len(plain(once).split()) > 40
