"""The formats of feeds: Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org). Pure."""

import json

from django.utils.feedgenerator import Atom1Feed

from alerts.web.feed_entries import Entry, Feed

AUTHOR, LANGUAGE = "Hark", "en-GB"
ATOM, JSON_FEED = "application/atom+xml; charset=utf-8", "application/feed+json; charset=utf-8"


class _Atom(Atom1Feed):
    """The framework's Atom with two things that it leaves out: where an entry comes from, and when an empty feed is."""

    def latest_post_date(self):
        return self.feed["updated_at"]

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["official"]:
            handler.addQuickElement("link", "", {"rel": "via", "href": item["official"]})


def atom(feed: Feed, address: str) -> str:
    """The feed, which is at this address, as Atom."""
    written = _Atom(
        title=feed.title,
        link=feed.home,
        description=feed.about,
        subtitle=feed.about,
        language=LANGUAGE,
        author_name=AUTHOR,
        feed_url=address,
        feed_guid=feed.ident,
        updated_at=feed.updated_at,
    )
    for entry in feed.entries:
        written.add_item(
            title=entry.title,
            link=entry.url,
            description=entry.html,
            unique_id=entry.ident,
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
            item_copyright=entry.rights or None,
            official=entry.official,
        )
    return written.writeString("utf-8")


def json_feed(feed: Feed, address: str) -> str:
    """The feed, which is at this address, as JSON Feed."""
    written = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.home,
        "feed_url": address,
        "language": LANGUAGE,
        "authors": [{"name": AUTHOR}],
        "expired": feed.is_over,
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(written, ensure_ascii=False, indent=1)


def _item(entry: Entry) -> dict[str, str]:
    written = {
        "id": entry.ident,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "date_published": entry.published_at.isoformat(),
        "date_modified": entry.updated_at.isoformat(),
    }
    return written | ({"external_url": entry.official} if entry.official else {})
