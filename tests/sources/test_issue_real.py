"""Every real newsletter there is goes through the real poll as a feed of issues, and the second time nothing is new."""

from email import message_from_bytes
from email.policy import default
from html import escape

import pytest

from alerts.models import Event, Issue, Item, Source
from alerts.models.choices import Kind
from tests.shared_data import shared
from tests.sources.feed_stories import stage, told

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]

RULES = {"numbered_lines": 5, "blocks": 9, "headings": 6, "whole": 10}
"""Issues by the rule that split them; one of the pages is no issue but the archive's list of them."""


@pytest.fixture
def play(settings):
    with stage(settings) as play:
        yield play


def rss(*issues: tuple[str, str]) -> bytes:
    """A feed of whole issues, each with the address of its post, as WordPress writes it."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{escape(address)}</guid><link>{escape(address)}</link><title>An issue</title>"
        f"<content:encoded><![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]></content:encoded></item>"
        for address, text in issues
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Real issues</title><link>https://letters.example/</link>{items}</channel></rss>"
    ).encode()


def real(folder: str, pattern: str) -> list[tuple[str, str]]:
    paths = sorted(shared(f"newsletters/{folder}").glob(pattern))
    return [(f"https://letters.example/{path.stem}", path.read_text()) for path in paths]


def mailed() -> list[tuple[str, str]]:
    """What stands in mails, as their publisher would post it."""
    found = []
    for name in ("email_text.eml", "email_html.eml", "anymail/tests/test_files/sample_email.txt"):
        mail = message_from_bytes(shared(f"newsletters/inbound-mail/{name}").read_bytes(), policy=default)
        found.append((f"https://letters.example/{name}", mail.get_body(("html", "plain")).get_content()))
    return found


def poll_again(play) -> None:
    Source.objects.update(etag="", last_modified="", body_hash="")
    assert play.poll().new == 0


def test_every_newsletter_brings_items_and_a_second_time_nothing_new(play):
    play.follow("texts", rss(*real("nhs-bme-network", "20*.txt")), kind=Source.Kind.ISSUES)
    play.follow("mails", rss(*real("mailchimp", "*.html"), *mailed()), kind=Source.Kind.ISSUES)
    assert play.poll().troubles == []
    rules = list(Issue.objects.values_list("rule", flat=True))
    assert {rule: rules.count(rule) for rule in rules} == RULES
    before = Item.objects.count(), Event.objects.count(), Issue.objects.count()
    print(before)
    poll_again(play)
    assert (Item.objects.count(), Event.objects.count(), Issue.objects.count()) == before
    assert not Event.objects.filter(kind=Kind.REVISED).exists()
    assert not Item.objects.filter(text="").exists()


def test_issues_that_come_one_by_one_into_the_same_post_are_told_each_once(play):
    """As the publisher of the texts does: one post, which holds the next issue from now on."""
    first, *others = [text for _, text in real("nhs-bme-network", "20*.txt")]
    address = "https://letters.example/friday/"
    play.follow(shown=rss((address, first)), kind=Source.Kind.ISSUES)
    play.poll()
    for text in others:
        play.show(rss((address, text)))
        play.poll()
        poll_again(play)
    assert [kind for _, kind in told()] == ["published"] * 8
    assert Issue.objects.count() == 1


def test_two_issues_at_one_address_are_two(play):
    (address, one), (_, other) = real("nhs-bme-network", "2020-12-18*.txt")
    play.follow(shown=rss((address, one)), kind=Source.Kind.ISSUES)
    play.poll()
    play.show(rss((address, other)))
    summary = play.poll()
    assert (summary.new, [kind for _, kind in told()]) == (2, ["published", "published"])
    assert Item.objects.count() == 4


def test_an_issue_edited_in_one_of_its_items_revises_that_one(play):
    (address, text), *_ = real("nhs-bme-network", "2021-11-01*.txt")
    play.follow(shown=rss((address, text)), kind=Source.Kind.ISSUES)
    play.poll()
    beginning, sentence = text.rsplit("\n\n", 1)
    play.show(rss((address, f"{beginning}\n\nThe conference was put off, and nobody can say until when. {sentence}")))
    play.poll()
    second = Item.objects.get(position=2)
    assert told() == [(second.heading, "revised")]
