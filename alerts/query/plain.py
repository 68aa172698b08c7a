"""The typed text in its plain form: straight quotes, ordinary blanks, nothing invisible."""

import unicodedata

_QUOTES = "“”„‟″«»〝〞〟＂"
_WIDE = {"（": "(", "）": ")", "＊": "*", "﹡": "*", "＝": "=", "：": ":"}
_PLAIN = dict.fromkeys(map(ord, _QUOTES), '"') | {ord(sign): plain for sign, plain in _WIDE.items()}


class Plain:
    """The plain form of a typed text, and where each of its characters was typed."""

    def __init__(self, typed: str):
        self.typed = typed
        kept = [(_plain(character), place) for place, character in enumerate(typed)]
        self.text = "".join(character for character, _ in kept)
        self.places = [place for character, place in kept if character] + [len(typed)]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The typed stretch that this stretch of the plain text, at least one character, comes from."""
        return self.places[start], self.places[end - 1] + 1

    def replaced(self, start: int, end: int, instead: str = "") -> str:
        """The typed text with something else for this stretch of the plain text."""
        first, last = self.span(start, end)
        return self.typed[:first] + instead + self.typed[last:]


def trimmed(run: str) -> str:
    """The run without the signs around it; a full stop stays where it is part of an abbreviation."""
    ends = ",;:!?'’…/&-–—" if run.count(".") > 1 else ",;:!?'’…/&-–—."
    return run.strip(ends) or run


def _plain(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else " "
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if character.isspace() or category in ("Zs", "Zl", "Zp", "Cc", "Cs"):
        return " "
    return _PLAIN.get(ord(character), character)
