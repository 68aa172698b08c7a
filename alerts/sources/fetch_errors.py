"""What can go wrong with a fetch, in words that finish the sentence "it cannot be read: ..."."""


class FetchError(Exception):
    """A fetch that brought no response; its message can be shown to anyone."""


class Unreachable(FetchError):
    """Nobody answers there: no such name, refused, reset, no trusted certificate."""


class UnknownName(Unreachable):
    """The name system knows no such host, and says so."""


class TimedOut(FetchError):
    """The answer was too slow to come, or to end."""


class TooLarge(FetchError):
    """The answer is larger than we take, packed or unpacked."""


class BrokenOff(FetchError):
    """The answer is no proper HTTP, or ended before it was complete."""


class Refused(FetchError):
    """An address we never fetch from."""


class TooManyRedirects(FetchError):
    """Sent on and on."""
