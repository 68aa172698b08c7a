"""A feed as WordPress writes it: RSS 2.0 with the full text in content:encoded."""

from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from rehearsal.posts import Feed, Post

CONTENT_TYPE = "application/rss+xml; charset=UTF-8"
SPACES = " ".join(
    f'xmlns:{name}="{address}"'
    for name, address in {
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "atom": "http://www.w3.org/2005/Atom",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
    }.items()
)


def rss(feed: Feed, address: str) -> bytes:
    """The feed as it stands at `address`."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<rss version="2.0" {SPACES}>',
        "<channel>",
        f"<title>{escape(feed.title)}</title>",
        f'<atom:link href="{_quoted(address)}" rel="self" type="application/rss+xml" />',
        f"<link>{escape(feed.link)}</link>",
        f"<description>{escape(feed.description)}</description>",
        *([f"<lastBuildDate>{_date(feed.changed)}</lastBuildDate>"] if feed.changed else []),
        "<language>en-GB</language>",
        "<sy:updatePeriod>hourly</sy:updatePeriod>",
        "<sy:updateFrequency>1</sy:updateFrequency>",
        "<generator>a rehearsal, in the manner of WordPress</generator>",
        *(line for post in feed.latest for line in _item(post)),
        "</channel>",
        "</rss>",
    ]
    return "\n".join([*lines, ""]).encode()


def _item(post: Post) -> list[str]:
    return [
        "<item>",
        f"<title>{escape(post.title)}</title>",
        f"<link>{escape(post.link)}</link>",
        *([f"<dc:creator>{_data(post.author)}</dc:creator>"] if post.author else []),
        f"<pubDate>{_date(post.published)}</pubDate>",
        f'<guid isPermaLink="false">{escape(post.guid)}</guid>',
        *([f"<description>{_data(post.summary)}</description>"] if post.summary is not None else []),
        *([f"<content:encoded>{_data(post.html)}</content:encoded>"] if post.html is not None else []),
        "</item>",
    ]


def _data(text: str) -> str:
    """The text in CDATA, which its own end mark must not end."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))


def _quoted(text: str) -> str:
    return escape(text, {'"': "&quot;"})
