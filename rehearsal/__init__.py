"""A rehearsal of the outside world: an HTTP server that behaves like Parliament's API and like publishers' feeds.

    with rehearsal.serve(FixedWorld([record]), now=noon) as server:
        fetch(server.url + "/api/writtenquestions/questions")

It imports nothing of the product but the clock, and nothing of the product imports it.
"""

from rehearsal import faults
from rehearsal.loading import load
from rehearsal.nights import NightsError, NightsWorld
from rehearsal.play import Development, ScriptedWorld
from rehearsal.posts import Feed, Post
from rehearsal.records import Attachment, Member, Partner, Record
from rehearsal.script import ScriptError
from rehearsal.server import Server, serve
from rehearsal.worlds import FixedWorld

__all__ = [
    "Attachment",
    "Development",
    "Feed",
    "FixedWorld",
    "Member",
    "NightsError",
    "NightsWorld",
    "Partner",
    "Post",
    "Record",
    "ScriptError",
    "ScriptedWorld",
    "Server",
    "faults",
    "load",
    "serve",
]
