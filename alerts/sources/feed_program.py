"""The program of the process that reads feeds: `python -m alerts.sources.feed_program`, started by `feed_child`.

It takes a request and a body on stdin, answers on stdout, and ends when stdin does. Once it has read two feeds of its
own, so that all it will ever need is loaded, it can open nothing any more: no file and no connection, whatever a body
makes the parser try.
"""

import codecs
import resource
import sys
import traceback
from contextlib import suppress

from alerts.sources.feed_encoding import CODECS
from alerts.sources.feed_errors import BROKEN, FeedError
from alerts.sources.feed_frames import MEMORY, READY, SECONDS, decoded, encoded, packed, receive, send
from alerts.sources.feed_reading import read_feed

OPEN_STREAMS = 3
GOOD = b"""<rss version="2.0"><channel><title>A &amp;amp; B</title><item><guid>a</guid><link>/a</link><title>&lt;b&gt;
</title><description>&lt;p&gt;a&lt;/p&gt;</description><author>a@b.example (A)</author>
<pubDate>Mon, 06 Jan 2031 12:00:00</pubDate></item></channel></rss>"""
BROKEN_FEED = GOOD.replace(b"</channel>", b"&nbsp; &")


def main() -> None:
    """Answers requests until there are no more."""
    _load()
    _limit()
    send(sys.stdout.buffer, READY)
    # No traceback where the other side has gone; no answer where memory has.
    with suppress(EOFError, BrokenPipeError, MemoryError):
        while True:
            asked, body = decoded(receive(sys.stdin.buffer)), receive(sys.stdin.buffer)
            _grant_time()
            send(sys.stdout.buffer, _answer(asked, body))


def _load() -> None:
    for name in CODECS:
        codecs.lookup(name)
    for body in (GOOD, BROKEN_FEED):
        read_feed(body, {}, "https://site.example/")


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_STREAMS, OPEN_STREAMS))
    # Not every system knows this one.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _grant_time() -> None:
    """Lets one more feed be read, and no longer, even if nobody is left to kill us."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + SECONDS + 1, most))


def _answer(asked: dict, body: bytes) -> bytes:
    try:
        said = {"feed": packed(read_feed(body, asked["headers"], asked["url"]))}
    except FeedError as error:
        said = {"error": [str(error), error.code]}
    except MemoryError:
        raise
    except Exception:
        # A fault of ours: somebody has to see it, and the next feed is not to suffer.
        traceback.print_exc()
        said = {"error": ["a feed that we cannot read, by a fault of ours", BROKEN]}
    return encoded(said)


if __name__ == "__main__":
    main()
