"""A feed in Atom 1.0, its texts escaped and not in CDATA."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from rehearsal.posts import Feed, Post

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def atom(feed: Feed, address: str) -> bytes:
    """The feed as it stands at `address`."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">',
        f"<title>{escape(feed.title)}</title>",
        f"<subtitle>{escape(feed.description)}</subtitle>",
        f"<id>{escape(feed.link)}</id>",
        f"<link href={quoteattr(feed.link)}/>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(address)}/>',
        f"<updated>{_date(feed.changed or NEVER)}</updated>",
        *(line for post in feed.latest for line in _entry(post)),
        "</feed>",
    ]
    return "\n".join([*lines, ""]).encode()


def _entry(post: Post) -> list[str]:
    return [
        "<entry>",
        f"<title>{escape(post.title)}</title>",
        f"<id>{escape(post.guid)}</id>",
        f'<link rel="alternate" type="text/html" href={quoteattr(post.link)}/>',
        f"<published>{_date(post.published)}</published>",
        f"<updated>{_date(post.changed)}</updated>",
        *([f"<author><name>{escape(post.author)}</name></author>"] if post.author else []),
        *([f'<summary type="html">{escape(post.summary)}</summary>'] if post.summary is not None else []),
        *([f'<content type="html">{escape(post.html)}</content>'] if post.html is not None else []),
        "</entry>",
    ]


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
