"""The pages of a rehearsal server that the real service does not have: what this is, and the setting of its time."""

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from rehearsal.answers import Answer, problem
from rehearsal.posts import Feeds

if TYPE_CHECKING:
    from rehearsal.server import Server

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>The rehearsal Parliament</title>
<style>body {{ font: 1.1rem/1.5 sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem }}</style></head>
<body><h1>The rehearsal Parliament</h1>
<p>This is a stand-in for the written questions service of the UK Parliament and for the feeds of newsletters, for
trying things out.
It is <strong>not</strong> Parliament, and nothing here is sent to it or asked of it.</p>
<p>{what}</p>
<p>Here it is now {now} (UTC). There are {questions} written questions, of which {answered} have an answer.</p>
<p>Programs read <a href="/api/writtenquestions/questions?take=5">/api/writtenquestions/questions</a>, with the same
parameters and the same quirks as the real service. One question has the address
<code>/api/writtenquestions/questions/ID</code>.</p>
{feeds}
<p>{time}</p></body></html>
"""
STILL = "Its time stands still. To move it, POST a time such as 2024-11-06T00:07:00+00:00 to /rehearsal/now."
RUNS = "Its time runs by a clock; /rehearsal/now tells it."


def page(server: "Server", path: str) -> Answer | None:
    """The answer to GET for a page of ours, None for any other address."""
    if path == "/":
        return Answer(200, "text/html; charset=utf-8", _home(server).encode())
    if path == "/rehearsal/now":
        return _text(200, server.now.isoformat())
    return None


def change(server: "Server", path: str, body: bytes) -> Answer:
    """The answer to POST, which moves a time that stands still; a bad time changes nothing."""
    if path != "/rehearsal/now":
        return problem(405, "Method Not Allowed")
    if not server.stands_still:
        return _text(409, "The time runs by a clock and cannot be set.")
    try:
        server.now = datetime.fromisoformat(body.decode().strip())
    except ValueError:
        return _text(400, "Send one ISO time with its zone, such as 2024-11-06T00:07:00+00:00.")
    return _text(200, server.now.isoformat())


def _home(server: "Server") -> str:
    records = server.state.records
    return PAGE.format(
        what=escape(server.world.description),
        now=f"{server.now:%A %-d %B %Y, %H:%M}",
        questions=len(records),
        answered=sum(record.date_answered is not None for record in records),
        feeds=_feeds(server.feeds),
        time=STILL if server.stands_still else RUNS,
    )


def _feeds(feeds: Feeds) -> str:
    """The feeds there are, in a list."""
    lines = "".join(
        f'<li><a href="/feeds/{quote(name)}/">{escape(name if isinstance(feed, bytes) else feed.title)}</a></li>'
        for name, feed in feeds.items()
    )
    return f"<p>Publishers have feeds here:</p>\n<ul>{lines}</ul>" if lines else ""


def _text(status: int, text: str) -> Answer:
    return Answer(status, "text/plain; charset=utf-8", f"{text}\n".encode())
