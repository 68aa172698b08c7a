"""What we and the process that reads feeds say to each other: frames of bytes over pipes, a feed as JSON in one.

Imported on both sides, so it imports neither the parser nor the framework.
"""

import json
import struct
from datetime import datetime, timedelta
from typing import BinaryIO

from alerts.sources.feed_values import Entry, Feed

# A poll has a minute in all; the slowest real feed takes well under a second.
SECONDS = 20
# The parser needs 111 MB for 100,000 items in 4 MB, and 10 MB is the most that is fetched.
MEMORY = 400_000_000
LARGEST_FRAME = 60_000_000
READY = b"ready"
LENGTH = struct.Struct(">I")


def send(stream: BinaryIO, *frames: bytes) -> None:
    """Writes frames, each after its length."""
    for frame in frames:
        stream.write(LENGTH.pack(len(frame)))
        stream.write(frame)
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """The next frame; raises EOFError where the other side has ended, or says too much."""
    head = stream.read(LENGTH.size)
    length = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else LARGEST_FRAME + 1
    frame = stream.read(length) if length <= LARGEST_FRAME else b""
    if len(frame) != length:
        raise EOFError
    return frame


def packed(feed: Feed) -> dict:
    """A feed in what JSON can say."""
    return {
        "title": feed.title,
        "link": feed.link,
        "entries": [_packed(entry) for entry in feed.entries],
        "ttl": feed.ttl.total_seconds() if feed.ttl else None,
    }


def _packed(entry: Entry) -> list:
    published = entry.published.isoformat() if entry.published else None
    return [entry.guid, entry.link, entry.title, entry.html, entry.author, published, entry.is_last_of_cut_off]


def unpacked(said: dict) -> Feed:
    """The feed that was packed."""
    ttl = timedelta(seconds=said["ttl"]) if said["ttl"] else None
    return Feed(said["title"], said["link"], tuple(_unpacked(*each) for each in said["entries"]), ttl)


def _unpacked(guid, link, title, html, author, published, is_last_of_cut_off) -> Entry:
    date = datetime.fromisoformat(published) if published else None
    return Entry(guid, link, title, html, author, date, is_last_of_cut_off)


def encoded(said: dict) -> bytes:
    """A frame that says this."""
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def decoded(frame: bytes) -> dict:
    """What a frame says."""
    return json.loads(frame)
