"""Acronyms and places that are also common words, so that the bare word finds mostly something else."""

_ACRONYMS = frozenset(("AIDS", "IT", "MIND", "NICE", "PIP", "SAGE", "SEND", "US", "WHO"))
_PLACES = frozenset(
    (
        *("Barking", "Bath", "Battle", "Bury", "Deal", "Eye", "Flint", "Hull", "March", "Reading", "Rugby", "Rye"),
        *("Sale", "Sandwich", "Settle", "Slough", "Stone", "Street", "Ware", "Wells"),
    )
)


def is_also_a_common_word(typed: str) -> bool:
    """Whether the word, with the capitals it was typed in, is a name that reads as a common word without them."""
    return typed in _ACRONYMS or typed in _PLACES


def keeping(typed: str) -> str:
    """What to type for a word that is ignored, so that it counts: in its capitals if it is a name, else in quotes."""
    return f"={typed}" if is_also_a_common_word(typed) else f'"{typed}"'
