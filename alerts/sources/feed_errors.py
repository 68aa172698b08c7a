"""Why a body gives no feed, in words that finish the sentence "it sent ..."."""

EMPTY = "empty"
NOT_A_FEED = "not_a_feed"
BROKEN = "broken_feed"
ENTITIES = "declares_entities"
PARSE_TIMEOUT = "parse_timeout"


class FeedError(Exception):
    """A body that gives no feed; its message can be shown to anyone, `code` is one of the constants beside it.

    EMPTY is the mildest: sites send nothing for a moment while they are being changed.
    """

    def __init__(self, words: str, code: str):
        super().__init__(words)
        self.code = code


class TooCostly(FeedError):
    """A feed that takes more time or memory to read than any feed is given."""

    def __init__(self):
        super().__init__("a feed that takes too much time or memory to read", PARSE_TIMEOUT)
