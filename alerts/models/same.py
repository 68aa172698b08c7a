"""What makes several events one result: the same answer, or one text in several newsletters. Pure."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from urllib.parse import urlsplit

LONG_ENOUGH = 40
"""Equal answers of so many words are one answer; shorter stock replies must also share member and heading."""

_TAG = re.compile(r"<[^>]+>")
_SIGNS = str.maketrans(dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″", '"') | dict.fromkeys("‐‑‒–—―−", "-"))


def normalised(answer: str) -> str:
    """An answer for comparing: without tags, with one kind of blank, quotation mark and dash."""
    folded = unicodedata.normalize("NFKC", _TAG.sub(" ", answer)).translate(_SIGNS)
    return " ".join(folded.split()).casefold()


def address(url: str) -> str:
    """A link for comparing: without scheme, `www.`, fragment and a slash at its end."""
    parts = urlsplit(url)
    return f"{parts.netloc.casefold().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


def answer_key(answer: str) -> int:
    """A number that equal answers share: positive where they are one answer, negative for a stock reply, 0 for none."""
    if not answer:
        return 0
    compared = normalised(answer)
    return _hash(compared) if len(compared.split()) >= LONG_ENOUGH else -_hash(compared)


def text_key(title: str, text: str) -> int:
    """A number that equal items of newsletters share; 0 where there is no text to compare."""
    compared = normalised(text)
    return _hash(f"{normalised(title)}\n{compared}") if compared else 0


def joined(signs: Sequence[Iterable[Hashable]]) -> list[list[int]]:
    """Things that share a sign, or are so joined through others: each group in order, as numbers from 0."""
    parent = list(range(len(signs)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = n = parent[parent[n]]
        return n

    first_with: dict[Hashable, int] = {}
    for n, own in enumerate(signs):
        for sign in own:
            parent[root(n)] = root(first_with.setdefault(sign, n))
    groups = defaultdict(list)
    for n in range(len(signs)):
        groups[root(n)].append(n)
    return list(groups.values())


def _hash(text: str) -> int:
    """From 1 up to what a column of 64 bits can hold."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1 or 1
